"""Forms of the board and its desk: shape and wording only."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yishi.core.forms import ActForm, day
from yishi.publication.models import Objection, Posting
from yishi.publication.rules import CATALOGUE, said

SORTS = [
    ("newest", _("最近张贴的")),
    ("ending", _("快期满的")),
    ("changed", _("最近有变化的")),
    ("oldest", _("最早张贴的")),
]


def _prose(label: Any, longest: int, *, rows: int = 4, **given: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, widget=forms.Textarea(attrs={"rows": rows}), **given)


def _photo(label: Any, **given: Any) -> forms.FileField:
    return forms.FileField(label=label, widget=forms.ClearableFileInput(attrs={"accept": "image/*"}), **given)


class BoardForm(forms.Form):
    """By what the board is narrowed; an address with any of it can be sent on."""

    q = forms.CharField(
        label=_("查找"), max_length=80, required=False, widget=forms.TextInput(attrs={"type": "search"})
    )
    state = forms.ChoiceField(
        label=_("状态"),
        required=False,
        choices=[("", _("全部")), ("now", _("张贴中")), ("archive", pgettext_lazy("board", "已撤下"))],
    )
    kind = forms.ChoiceField(
        label=_("公示、公开或公告"), required=False, choices=[("", _("全部")), *Posting.Kind.choices]
    )
    community = forms.ChoiceField(label=_("社区"), required=False)
    item = forms.ChoiceField(label=_("目录"), required=False)
    sort = forms.ChoiceField(label=_("排序"), required=False, choices=SORTS)
    organisation = forms.IntegerField(required=False, widget=forms.HiddenInput)
    since = day(_("张贴日期从"), required=False)
    until = day(_("到"), required=False)
    objected = forms.BooleanField(label=_("有异议的"), required=False)

    def __init__(self, *given: Any, communities: Any = (), **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["community"].choices = [("", _("全部")), *communities]  # type: ignore[attr-defined]
        self.fields["item"].choices = [("", _("全部")), *((i.code, said(i.title)) for i in CATALOGUE.values())]  # type: ignore[attr-defined]

    def found(self) -> dict[str, Any]:
        """What was asked for and can be understood; nonsense is left out."""
        self.is_valid()
        return {k: v for k, v in self.cleaned_data.items() if v not in (None, "", False)}


class PrepareForm(forms.Form):
    """What is to be posted."""

    organisation_id = forms.TypedChoiceField(label=_("由谁发布"), coerce=int)
    item = forms.ChoiceField(label=_("目录里的哪一项"))
    title = forms.CharField(label=_("标题"), max_length=120)
    text = _prose(_("正文"), 20_000, rows=12, help_text=_("手机号、身份证号、银行卡号和门牌会自动遮盖。"))
    title_en = forms.CharField(label=_("英文标题"), max_length=200, required=False)
    text_en = _prose(_("英文正文"), 20_000, rows=4, required=False)
    days = forms.IntegerField(
        label=_("张贴几日"),
        required=False,
        min_value=1,
        max_value=365,
        help_text=_("不填按目录的最少天数；张贴当天不算。"),
    )
    places = _prose(_("张贴在哪里（一行一处）"), 2000, rows=2, required=False)
    phone = forms.CharField(label=_("异议电话"), max_length=40, required=False)
    reading = forms.FileField(
        label=_("读报录音"), required=False, help_text=_("可以录一段普通话或粤语，供老人收听。"),
        widget=forms.ClearableFileInput(attrs={"accept": "audio/*"}),
    )  # fmt: skip

    def __init__(self, *given: Any, organisations: Any = (), items: Any = (), **more: Any) -> None:
        super().__init__(*given, **more)
        self.fields["organisation_id"].choices = organisations  # type: ignore[attr-defined]
        self.fields["item"].choices = items  # type: ignore[attr-defined]

    def clean_places(self) -> list[str]:
        """One board a line."""
        return str(self.cleaned_data["places"]).splitlines()


class OpenForm(ActForm):
    """Hung up: where, with a photo."""

    places = _prose(_("张贴在哪里（一行一处）"), 2000, rows=2)
    check_on = day(_("中期查看日期"), required=False, help_text=_("不填取张贴期的中间一天。"))
    photo = _photo(_("公示栏的照片"), required=False)

    def clean_places(self) -> list[str]:
        """One board a line."""
        return str(self.cleaned_data["places"]).splitlines()


class CheckForm(ActForm):
    """Looked: there or not."""

    photo = _photo(_("现在的照片"), required=False, help_text=_("没有照片按缺失计，张贴期顺延一日。"))
    place = forms.CharField(label=_("地点"), max_length=120, required=False)
    note = forms.CharField(label=_("说明"), max_length=300, required=False)
    missing = forms.BooleanField(label=_("不见了或看不清"), required=False)


class EndForm(ActForm):
    """Taken down, with a last photo."""

    photo = _photo(_("撤下前的照片"), required=False)


class SuspendForm(ActForm):
    """Why it is suspended."""

    why = _prose(_("为什么暂停"), 300)


class CorrectForm(ActForm):
    """The corrected words, and why."""

    title = forms.CharField(label=_("标题"), max_length=120)
    text = _prose(_("正文"), 20_000, rows=12)
    why = _prose(_("为什么更正"), 300, rows=2)


class ObjectionForm(forms.Form):
    """What is objected."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    clause = forms.CharField(label=_("对哪一条有异议"), max_length=200)
    fact = _prose(_("事实和理由"), 4000, rows=6)
    demand = _prose(_("您的要求"), 500, rows=2)
    shown_as = forms.CharField(
        label=_("公开时怎么称呼您"), max_length=40, required=False, help_text=_("不填显示“某先生”“某女士”；电话住址不会公开。")
    )  # fmt: skip


class EnterObjectionForm(ObjectionForm):
    """Entered for someone who came, rang or wrote."""

    channel = forms.ChoiceField(
        label=_("怎么提出的"), choices=[c for c in Objection.Channel.choices if c[0] != Objection.Channel.WEB]
    )
    name = forms.CharField(label=_("提出人姓名"), max_length=60)
    contact = forms.CharField(label=_("联系方式"), max_length=120, required=False)


class AnswerForm(forms.Form):
    """A ruling and its reason."""

    ruling = forms.ChoiceField(label=_("结论"), choices=Objection.Ruling.choices, widget=forms.RadioSelect)
    reason = _prose(_("理由"), 4000, rows=6)
