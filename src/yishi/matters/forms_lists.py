"""The forms by which lists are narrowed, and by which several matters are acted on at once."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yishi.core.forms import day
from yishi.matters.models import Assignment, Matter, Report

Any_ = [("", _("全部"))]
SORTS = [
    ("newest", _("最近反映的")),
    ("due", _("先到期的")),
    ("changed", _("最近有进展的")),
    ("oldest", _("最早反映的")),
]


def _one(label: Any, choices: Any, **given: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=[*Any_, *choices], required=False, **given)


class FilterForm(forms.Form):
    """Everything by which matters can be found; an address with any of it can be kept or sent on."""

    q = forms.CharField(
        label=_("搜索"), required=False, max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("电梯、下水道、编号")}),
    )  # fmt: skip
    stage = _one(_("状态"), [("open", _("未办结")), *Matter.Stage.choices])
    community = _one(_("社区"), [])
    category = _one(_("类别"), [])
    channel = _one(_("怎么来的"), Report.Channel.choices)
    nature = _one(_("类型"), Report.Nature.choices)
    size = _one(_("大小"), Matter.Size.choices)
    lead = _one(_("主办"), [])
    since = day(_("从"), required=False)
    until = day(_("到"), required=False)
    overdue = forms.BooleanField(label=_("已逾期"), required=False)
    due_soon = forms.BooleanField(label=_("快到期"), required=False)
    sort = forms.ChoiceField(label=_("排序"), choices=SORTS, required=False)

    def __init__(self, *args: Any, choices: dict[str, Any] | None = None, **given: Any) -> None:
        super().__init__(*args, **given)
        for name, options in (choices or {}).items():
            self.fields[name].choices = [*Any_, *options]  # type: ignore[attr-defined]

    def found(self) -> dict[str, Any]:
        """What can be read of the query; a value that makes no sense is left out, never an error page."""
        self.is_valid()
        return {k: v for k, v in self.cleaned_data.items() if v not in ("", None, False)}


class BulkForm(forms.Form):
    """An act on several matters at once."""

    DOINGS = (
        ("sign", pgettext_lazy("act", "签收")),
        ("assign", pgettext_lazy("act", "派单")),
        ("tell", pgettext_lazy("act", "记下已告知")),
    )

    pick = forms.MultipleChoiceField(label=_("勾选的事项"), error_messages={"required": _("请先勾选几件。")})
    do = forms.ChoiceField(label=_("一起办"), choices=DOINGS)
    organisation_id = forms.TypedChoiceField(label=_("派给"), coerce=int, empty_value=None, required=False)
    how = forms.ChoiceField(label=_("怎么告知的"), choices=[("", "—"), *Report.Told.choices], required=False)
    role = Assignment.Role.LEAD

    def __init__(self, *args: Any, organisations: Any = (), picks: Any = (), **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["organisation_id"].choices = [("", "—"), *organisations]  # type: ignore[attr-defined]
        self.fields["pick"].choices = [(p, p) for p in picks]  # type: ignore[attr-defined]
        acts = {p.split(":")[0] for p in picks}
        if acts:
            self.fields["do"].choices = [d for d in self.DOINGS if d[0] in acts]  # type: ignore[attr-defined]
        for act, needed in (("assign", "organisation_id"), ("tell", "how")):
            if acts and act not in acts:
                del self.fields[needed]

    def clean(self) -> dict[str, Any]:
        """Assigning needs to whom, telling needs how."""
        found = super().clean() or {}
        if found.get("do") == "assign" and not found.get("organisation_id"):
            self.add_error("organisation_id", _("请选择派给谁。"))
        if found.get("do") == "tell" and not found.get("how"):
            self.add_error("how", _("请选择怎么告知的。"))
        return found
