"""The forms of meetings, rolls and ballots: shape and wording of input, never rights or law."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yishi.core.forms import day
from yishi.decisions.forms import document
from yishi.decisions.models import Booth, Decision, NoticeDelivery, Result
from yishi.decisions.voting.kinds import MODES
from yishi.decisions.voting.tallying import APART, FIELDS

MODE_WORDS = {"adults": _("按 18 周岁以上的人开会"), "households": _("按户派代表开会"), "groups": _("按小组代表开会")}
REASONS = [("death", _("去世")), ("loss_of_status", _("丧失资格")), ("joined", _("新加入")), ("correction", _("更正"))]
WHEN = {"type": "datetime-local"}


class MeetingForm(forms.Form):
    """Convene a meeting."""

    decisions = forms.MultipleChoiceField(label=_("要表决的事项"), widget=forms.CheckboxSelectMultiple)
    title = forms.CharField(label=_("会议名称"), max_length=120)
    place = forms.CharField(label=_("地点"), max_length=120, required=False)
    meets_at = forms.DateTimeField(label=_("开会时间"), widget=forms.DateTimeInput(WHEN, "%Y-%m-%dT%H:%M"))
    votes_until = forms.DateTimeField(
        label=_("投票截止"), required=False, widget=forms.DateTimeInput(WHEN, "%Y-%m-%dT%H:%M"),
        help_text=_("会后还要继续收票的（如业主书面表决）才填。"),
    )  # fmt: skip
    mode = forms.ChoiceField(
        label=_("开会方式"), required=False, choices=[("", _("不适用")), *((m, MODE_WORDS[m]) for m in MODES)],
        help_text=_("村（居）民会议须在通知时选定一种，不得混用。"),
    )  # fmt: skip

    merged = forms.BooleanField(
        label=_("提议和商议合并召开"), required=False,
        help_text=_("只有书记、主任由一人担任时才可合并；两步各有名册，分别表决。"),
    )  # fmt: skip

    def __init__(self, *args: Any, ready: Iterable[Decision], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ready = {str(d.pk): d for d in ready}
        if not any(d.settings.get("same_head") and d.step == "propose" for d in self.ready.values()):
            self.fields.pop("merged")
        choices = [(pk, f"{d.title}（{d.organisation.shown}）") for pk, d in self.ready.items()]
        self.fields["decisions"].choices = choices  # type: ignore[attr-defined]

    def chosen(self) -> list[Decision]:
        """The decisions ticked."""
        return [self.ready[pk] for pk in self.cleaned_data["decisions"]]


class NoticeForm(forms.Form):
    """What the notice states, and how spoiled ballots count; fixed before the vote."""

    states = forms.MultipleChoiceField(
        label=_("通知写明了"), widget=forms.CheckboxSelectMultiple,
        choices=[("time", _("时间")), ("place", _("地点")), ("matters", _("审议事项和方案全文"))],
    )  # fmt: skip
    participating = forms.MultipleChoiceField(
        label=_("哪些无效票算参与表决"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[("blank", _("空白票")), ("double", _("重复勾选"))],
        help_text=_("按议事规则事先确定；不勾选就都不算。弃权一直算参与。"),
    )  # fmt: skip
    proof = forms.CharField(
        label=_("已有的通知凭证"), required=False, max_length=120, help_text=_("也可以之后逐条登记送达。")
    )
    special_circumstances = forms.BooleanField(
        label=_("因特殊情况缩短通知期"), required=False, help_text=_("只有法律允许的会议才能缩短。")
    )


class DeliveryForm(forms.Form):
    """One proof that the notice was delivered."""

    way = forms.ChoiceField(label=_("送达方式"), choices=NoticeDelivery.Way.choices)
    number = forms.IntegerField(
        label=_("名册序号"), required=False, min_value=1, help_text=_("送给一个人时填；张贴、广播不填。")
    )
    words = forms.CharField(label=_("说明"), required=False, max_length=200)
    photo = forms.FileField(
        label=_("照片或回执"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
    )


class RollFileForm(forms.Form):
    """A roll, or units with owners, from a list."""

    file = forms.FileField(
        label=_("文件"), widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
        help_text=_("Excel 或 CSV，列名：户号（房号）、姓名、面积、股份。"),
    )  # fmt: skip
    what = forms.ChoiceField(
        label=_("是什么"),
        choices=[("roll", _("名册")), ("units", _("房屋和业主"))],
        widget=forms.RadioSelect,
        initial="roll",
    )


class ChangeForm(forms.Form):
    """A change of a frozen roll."""

    number = forms.IntegerField(label=_("名册序号"), required=False, min_value=1)
    reason = forms.ChoiceField(label=_("变动原因"), choices=REASONS)
    words = forms.CharField(label=_("说明"), max_length=200)


class NumbersForm(forms.Form):
    """Numbers of the printed roll."""

    numbers = forms.CharField(label=_("名册序号"), max_length=2000, help_text=_("例如 1-20，23，25"))
    door = forms.BooleanField(label=_("送票上门"), required=False)


class ProxyForm(forms.Form):
    """A written proxy, by the numbers of the roll."""

    principal = forms.IntegerField(label=_("委托人序号"), min_value=1)
    agent = forms.IntegerField(label=_("受托人序号"), min_value=1)
    relation = forms.CharField(label=_("关系"), max_length=40, required=False)
    scope = forms.CharField(
        label=_("委托事项"), max_length=200, required=False, help_text=_("不填为本次会议全部事项。")
    )
    written = forms.BooleanField(label=_("已收到书面委托书"), required=False)


class RecusalForm(forms.Form):
    """Who stands aside for an item, and why."""

    number = forms.IntegerField(label=_("名册序号"), min_value=1)
    reason = forms.CharField(label=_("理由"), max_length=200)


class VoteForm(forms.Form):
    """A ballot."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    entry = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**63 - 1)
    mark = forms.ChoiceField(label=_("您的选择"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, choices: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mark"].choices = list(choices)  # type: ignore[attr-defined]


class PaperForm(forms.Form):
    """A signed paper ballot that came back."""

    serial = forms.IntegerField(label=_("票号"), min_value=1)
    marks = forms.MultipleChoiceField(
        label=_("票上勾选了"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("空白票不勾；勾了两项就勾两项，照票录入。"),
    )  # fmt: skip

    def __init__(self, *args: Any, choices: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["marks"].choices = list(choices)  # type: ignore[attr-defined]


class BoothForm(forms.Form):
    """A tablet registered as an offline booth."""

    label = forms.CharField(label=_("票箱名称"), max_length=40, help_text=_("例如：3号楼流动票箱"))
    who = forms.CharField(
        label=_("交给谁"), max_length=40, help_text=_("带这台设备去收票的人：姓名或电话末尾几位，须在住户名册中。")
    )
    device = forms.CharField(max_length=64, widget=forms.HiddenInput, required=False)


class SealForm(forms.Form):
    """The seal of a booth, as its screen shows it."""

    count = forms.IntegerField(label=_("张数"), min_value=0, max_value=5000)
    code = forms.CharField(
        label=_("校验码"), max_length=60, help_text=_("26 位字母和数字，空格和大小写不论。")
    )  # fmt: skip
    how = forms.ChoiceField(
        label=_("怎么知道的"), widget=forms.RadioSelect, choices=[c for c in Booth.How.choices if c[0] != "online"]
    )


class CountForm(forms.Form):
    """One person's count of the box: each mark, what did not count, and the papers reconciled."""

    def __init__(self, *args: Any, choices: Iterable[tuple[str, str]], words: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [*choices, *((name, words[name]) for name in (*APART, *FIELDS))]
        for name, text in names:
            self.fields[f"n_{name}"] = forms.IntegerField(
                label=text, min_value=0, max_value=10_000_000, initial=0,
                widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
            )  # fmt: skip

    def numbers(self, names: Iterable[str]) -> dict[str, int]:
        """The numbers of these names."""
        return {name: self.cleaned_data[f"n_{name}"] for name in names if f"n_{name}" in self.cleaned_data}

    def part(self, names: Iterable[str]) -> list[forms.BoundField]:
        """The fields of these names."""
        return [self[f"n_{name}"] for name in names if f"n_{name}" in self.fields]


class RecountForm(forms.Form):
    """A recount, a correction order or a judgment: what changed, why, and the paper that says so."""

    basis = forms.ChoiceField(label=_("依据"), choices=[c for c in Result.Basis.choices if c[0] != "count"])
    reason = forms.CharField(label=_("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    document = document(_("责令改正通知书或裁判文书"), _("重新计票不用附；已有人附上的不用再附。"))

    def __init__(self, *args: Any, counts: Mapping[str, tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (text, value) in counts.items():
            self.fields[f"n_{name}"] = forms.CharField(label=text, initial=value, max_length=20)


class TextForm(forms.Form):
    """A text: minutes, a correction, a reason."""

    text = forms.CharField(label=_("内容"), widget=forms.Textarea(attrs={"rows": 12}), max_length=20_000)


class ReceiptForm(forms.Form):
    """A receipt to be looked up."""

    receipt = forms.CharField(label=_("回执号"), max_length=60)


class PostedRollForm(forms.Form):
    """What is wrong with the posted roll: someone is missing, should not be on it, or is wrongly written."""

    WHAT = (("missing", _("名单上漏了人")), ("not_here", _("这个人不应在名单上")), ("wrong", _("姓名或户号写错了")))

    what = forms.ChoiceField(label=_("哪里不对"), choices=WHAT, widget=forms.RadioSelect)
    number = forms.IntegerField(
        label=_("名单上的序号"), required=False, min_value=1, max_value=999_999, help_text=_("漏了人的不用填。")
    )
    words = forms.CharField(
        label=_("写明是谁、为什么"), max_length=440, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("别写手机号和身份证号。"),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """A line that is wrong is named by its number."""
        given: dict[str, Any] = super().clean() or {}
        if given.get("what") in ("not_here", "wrong") and not given.get("number") and "number" not in self.errors:
            self.add_error("number", _("请填名单上的序号。"))
        return given

    def told(self) -> str:
        """All of it in a sentence, as it is kept and ruled on."""
        given, what = self.cleaned_data, dict(self.WHAT)
        head = gettext("第 %(n)s 号") % {"n": given["number"]} if given["number"] else ""
        return f"{head} {what[given['what']]}：{given['words']}".strip()


class RulingForm(forms.Form):
    """A ruling on an objection to the posted roll."""

    objection = forms.IntegerField(widget=forms.HiddenInput, min_value=1)
    upheld = forms.TypedChoiceField(
        label=_("结论"), coerce=lambda v: v == "yes", widget=forms.RadioSelect,
        choices=[("yes", _("成立，更正名单")), ("no", _("不成立"))],
    )  # fmt: skip
    reason = forms.CharField(label=_("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class MendForm(forms.Form):
    """A line put on the posted roll or taken off it."""

    reason = forms.ChoiceField(
        label=_("变动原因"),
        choices=[("correction", _("申诉成立")), ("death", _("去世")), ("loss_of_status", _("丧失选民资格"))],
    )  # fmt: skip
    number = forms.IntegerField(label=_("从名单上去掉的序号"), required=False, min_value=1, max_value=999999)
    who = forms.CharField(
        label=_("补入名单的人"), required=False, max_length=40, help_text=_("姓名或电话末尾几位；须在住户名册中。")
    )
    words = forms.CharField(label=_("说明"), max_length=200)


class ElectionForm(forms.Form):
    """Election day; candidates by their numbers on the roll."""

    election_on = day(_("选举日"), required=False)
    numbers = forms.CharField(
        label=_("候选人的名册序号"), max_length=200, required=False, help_text=_("例如 12，35，48")
    )
