"""Forms of lists and of a new decision: their shape and wording. Whether it may be done is a permission's business."""

import uuid
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yishi.core.forms import line, prose
from yishi.decisions.models import Decision
from yishi.decisions.routing import FACTS

ANY = [("", _("全部"))]
FAILED = "failed"
STATES = [*Decision.Status.choices[:1], (FAILED, _("未通过")), *Decision.Status.choices[1:]]
SORTS = [
    ("changed", _("最近有进展的")),
    ("newest", _("最近提出的")),
    ("oldest", _("最早提出的")),
    ("title", _("按标题")),
]


def money(label: Any, help_text: Any = "", *, required: bool = False) -> forms.CharField:
    """A field for a sum in yuan, as people write it; the command reads it exactly."""
    box = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    return forms.CharField(label=label, help_text=help_text, max_length=20, required=required, widget=box)


def document(label: Any, help_text: Any = "") -> forms.FileField:
    """A field for a PDF, Word or Excel file."""
    box = forms.FileInput(attrs={"accept": ".pdf,.doc,.docx,.xls,.xlsx"})
    return forms.FileField(label=label, help_text=help_text, required=False, widget=box)


class ListForm(forms.Form):
    """Everything by which decisions can be found."""

    q = forms.CharField(
        label=_("搜索"), required=False, max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("充电棚、分配方案、编号")}),
    )  # fmt: skip
    status = forms.ChoiceField(label=_("状态"), choices=[*ANY, *STATES], required=False)
    body = forms.ChoiceField(label=_("由谁决定"), required=False)
    procedure = forms.ChoiceField(label=_("程序"), required=False)
    step = forms.ChoiceField(label=_("走到哪一步"), required=False)
    sort = forms.ChoiceField(label=_("排序"), choices=SORTS, required=False)

    def __init__(self, *args: Any, choices: dict[str, Any] | None = None, **given: Any) -> None:
        super().__init__(*args, **given)
        for name, options in (choices or {}).items():
            self.fields[name].choices = [*ANY, *options]  # type: ignore[attr-defined]

    def found(self) -> dict[str, Any]:
        """What can be read of the query; a value that makes no sense is left out, never an error page."""
        self.is_valid()
        found = {k: v for k, v in self.cleaned_data.items() if v not in ("", None, False)}
        if found.get("status") in (FAILED, Decision.Status.RUNNING):  # what failed is not said to be under way
            found |= {"lost": found["status"] == FAILED, "status": str(Decision.Status.RUNNING)}
        return found


class OrganisationForm(forms.Form):
    """First: whose matter it is, and of which type."""

    organisation = forms.TypedChoiceField(label=_("由哪个组织提出"), coerce=int)
    subject = forms.ChoiceField(
        label=_("是哪一类事"), help_text=_("由谁决定、怎么走、怎么投票，由类型和金额定，不能挑选。")
    )

    def __init__(self, *args: Any, organisations: Any = (), subjects: Any = (), **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["organisation"].choices = organisations  # type: ignore[attr-defined]
        self.fields["subject"].choices = subjects  # type: ignore[attr-defined]


class NewForm(forms.Form):
    """Then: the numbers that decide the route, the motion, and whether one has an interest."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    matter = forms.CharField(widget=forms.HiddenInput, required=False)
    title = line(_("标题"), _("一句话说清要决定什么。"))
    text = prose(
        _("方案全文"),
        _("写明做什么、在哪里、多少钱、谁来做、钱从哪里来。通知、选票、记录和公示都用这份全文。"),
        rows=10,
        longest=20000,
    )
    budget = money(_("预算（元）"), _("没有就不填。"))
    concerned = forms.TypedChoiceField(
        label=_("要罢免谁"), coerce=int, help_text=_("被提出罢免的人不能召集、主持、计票或确认，可以申辩。")
    )
    conflict = forms.TypedChoiceField(
        label=_("您本人或近亲属与这件事有没有利害关系"), coerce=lambda v: v == "yes", widget=forms.RadioSelect,
        choices=[("no", _("没有")), ("yes", _("有"))], empty_value=None,
    )  # fmt: skip
    conflict_words = line(_("是什么利害关系"), longest=300, required=False)
    legality = forms.BooleanField(label=_("请镇街先作合法性审查"), required=False)
    wider = forms.BooleanField(label=_("主动提交更广的会议决定"), required=False)
    delegated = forms.BooleanField(label=_("村民会议已经授权村民代表会议决定这类事"), required=False)

    def __init__(self, *args: Any, facts: tuple[str, ...] = (), leave_out: tuple[str, ...] = (), people: Any = (), **given: Any) -> None:  # fmt: skip
        super().__init__(*args, **given)
        self.fields["concerned"].choices = [("", _("请选择")), *people]  # type: ignore[attr-defined]
        for name in leave_out:
            del self.fields[name]
        asked = {name: _fact(name) for name in facts}
        self.fields = {"key": self.fields["key"], **asked, **{k: f for k, f in self.fields.items() if k != "key"}}

    def facts_given(self, names: tuple[str, ...]) -> dict[str, Decimal | int]:
        """The numbers that decide the route, as far as they were given and can be read."""
        return {n: v for n in names if (v := getattr(self, "cleaned_data", {}).get(n)) is not None}

    def clean(self) -> dict[str, Any]:
        """Who has an interest says which."""
        found = super().clean() or {}
        if found.get("conflict") and not found.get("conflict_words", "").strip():
            self.add_error("conflict_words", _("请写明是什么利害关系。"))
        return found


def _fact(name: str) -> forms.Field:
    label = str(FACTS[name])
    if name in ("years", "seats"):
        return forms.IntegerField(label=label, min_value=1, max_value=100)
    return forms.DecimalField(label=label, min_value=Decimal("0.01"), max_digits=14, decimal_places=2)
