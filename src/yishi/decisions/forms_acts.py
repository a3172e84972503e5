"""Forms of the acts on a decision."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yishi.core.forms import ActForm, day, line, prose
from yishi.decisions.forms import document, money
from yishi.decisions.models import MotionComment, Payment


class ReasonForm(ActForm):
    """An act that needs a reason."""

    reason = prose(_("理由"), _("会写进记录，任何人都能看到。"))


class AnnulForm(ActForm):
    """Who annulled the result, why, and the document."""

    by = forms.ChoiceField(
        label=_("由谁撤销"), widget=forms.RadioSelect,
        choices=[("court", _("人民法院")), ("town_government", _("镇街"))],
    )  # fmt: skip
    reason = prose(_("理由"), _("会写进记录，任何人都能看到。"))
    ruling = document(_("裁判文书或撤销决定"))


class ChangeForm(ActForm):
    """The motion as it shall be."""

    text = prose(_("方案全文"), rows=12, longest=20000)
    budget = money(_("预算（元）"))
    changed = forms.ChoiceField(label=_("改的是哪一项"), required=False)
    material = forms.TypedChoiceField(
        label=_("是实质修改还是勘误"), coerce=lambda v: v == "yes", widget=forms.RadioSelect, initial="yes",
        choices=[("yes", _("实质修改：退回确定这一项的步骤，其后的步骤重做")), ("no", _("勘误：只改错别字和标点，不动数字和金额"))],
    )  # fmt: skip
    reason = prose(_("为什么改"), rows=2)


class RedraftForm(ActForm):
    """A new draft after a vote that did not pass."""

    text = prose(_("新的方案全文"), rows=12, longest=20000)
    budget = money(_("预算（元）"))
    reason = prose(_("和上次有什么不同，为什么"), rows=2)


class ConflictForm(ActForm):
    """Whether one has an interest."""

    interested = forms.TypedChoiceField(
        label=_("您本人或近亲属与这件事有没有利害关系"), coerce=lambda v: v == "yes", widget=forms.RadioSelect,
        choices=[("no", _("没有")), ("yes", _("有"))],
    )  # fmt: skip
    words = line(_("是什么利害关系"), longest=300, required=False)


class StepForm(ActForm):
    """The papers of a deed: words or a file for each."""

    def build(self, choices: dict[str, Any]) -> None:
        """Two fields for each paper that the step asks for."""
        for name, title in choices.get("papers", ()):
            self.fields[name] = prose(title, _("写在这里，或上传文件。"), rows=5, longest=5000, required=False)
            self.fields[f"{name}_file"] = document(_("%(paper)s（文件）") % {"paper": title})


class ReviewForm(ActForm):
    """Pass or return."""

    result = forms.ChoiceField(
        label=_("审查结论"), widget=forms.RadioSelect,
        choices=[("pass", _("通过")), ("return", _("退回重拟"))],
    )  # fmt: skip
    reason = prose(_("理由和依据"), _("退回必须写明。"), required=False)


class CommentForm(ActForm):
    """What someone says of the motion."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    text = prose(_("您的意见"), _("会和答复一起公开；显示的是您选的称呼，不是全名。"), rows=5, longest=1000)


class AnswerForm(ActForm):
    """Adopted, partly or not, and why."""

    answer = forms.ChoiceField(label=_("答复"), widget=forms.RadioSelect, choices=MotionComment.Answer.choices)
    reason = prose(_("理由；采纳的写明改在哪里"), rows=3, longest=500)


class PetitionForm(ActForm):
    """What counts; of how many, the register tells."""

    quantity = forms.ChoiceField(label=_("谁来联名"), widget=forms.RadioSelect)


class SignForm(ActForm):
    """The button, and the text that was read."""

    digest = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)


class PaperSignatureForm(ActForm):
    """Who signed on paper."""

    who = line(_("签名的人"), _("姓名、姓名首字母或电话末尾几位；有同名的，请写电话。"), longest=40)


class MoneyForm(ActForm):
    """A contract, a payment, the final account."""

    kind = forms.ChoiceField(label=_("登记什么"), widget=forms.RadioSelect, choices=Payment.Kind.choices)
    amount = money(_("金额（元）"), required=True)
    to = line(_("收款方"), _("决算不用填。"), required=False)
    words = line(_("说明"), _("决算为零的必填：写明为什么没有花钱。"), longest=300, required=False)
    receipt = document(_("合同、发票或凭证"), _("只给办理、监督的人看。"))


class AcceptForm(ActForm):
    """What was found on acceptance."""

    words = prose(_("验收结论"), _("写明数量、质量、与方案是否一致。"))


class CommitForm(ActForm):
    """A promise: who does what by when."""

    what = line(_("做什么"), longest=300)
    organisation_id = forms.TypedChoiceField(label=_("由哪个单位"), coerce=int)
    due_on = day(_("完成日期"))
    budget = money(_("经费（元）"))
