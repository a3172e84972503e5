"""Forms of the acts on a matter: their shape and wording. Whether an act may be done is a permission's business."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yishi.core.forms import ActForm, day, line, prose
from yishi.matters.forms_raise import PhotosField
from yishi.matters.models import Assignment, Matter, Report, VisitBack

Size, Decider = Matter.Size, Matter.Decider


class ReasonForm(ActForm):
    """An act that needs a reason and nothing else."""

    reason = prose(_("理由"), _("会写进办理过程，任何人都能看到。"))


class AcceptForm(ActForm):
    """受理和分类: category, size, whose decision it is, who may see it."""

    category_id = forms.TypedChoiceField(label=_("类别"), coerce=int, empty_value=None, required=False)
    size = forms.ChoiceField(label=_("大小"), choices=Size.choices, widget=forms.RadioSelect)
    size_reason = prose(_("为什么是这个大小"), _("会告诉反映人；反映人可以申诉一次。"), rows=2)
    decider = forms.ChoiceField(
        label=_("这件事该由谁决定"),
        help_text=_("政府部门职责内的事或违法行为，不能交给社区主办。"),
        choices=Decider.choices,
        widget=forms.RadioSelect,
    )
    decider_reason = prose(_("为什么由它决定"), rows=2)
    visibility = forms.ChoiceField(
        label=_("谁能看到"),
        choices=Matter.Visibility.choices,
        widget=forms.RadioSelect,
        initial=Matter.Visibility.PUBLIC,
    )


class DeclineForm(ActForm):
    """不予受理: why, by which rule, and where to go instead."""

    reason = prose(_("为什么不能受理"))
    where_to_go = prose(_("可以找谁"), _("写清部门、地址、电话，让人知道下一步去哪里。"))
    clause = line(_("依据"), _("文件名和条款；没有就写“无”。"), longest=200)


class CorrectForm(ActForm):
    """更正 of title, text or place; the old words stay in the audit."""

    title = line(_("标题"), longest=120)
    text = prose(_("内容"), rows=5, longest=4000)
    place = line(_("地点"), longest=200, required=False)
    reason = prose(_("为什么更正"), rows=2)


class NatureForm(ActForm):
    """The nature of a report sets its clock, counted anew from the day it was received."""

    nature = forms.ChoiceField(label=_("类型"), choices=Report.Nature.choices, widget=forms.RadioSelect)
    reason = prose(_("理由"), _("时限会从收到那天重新计算。"), rows=2)


class AppealForm(ActForm):
    """The proposer thinks the matter is of another size."""

    asked_size = forms.ChoiceField(label=_("您认为应当是"), choices=Size.choices, widget=forms.RadioSelect)
    reason = prose(_("理由"), longest=500)


class AnswerAppealForm(ActForm):
    """The officer's answer to such an appeal."""

    accept = forms.TypedChoiceField(
        label=_("答复"), choices=[("yes", _("采纳，改为申诉的大小")), ("no", _("不采纳，维持原来的大小"))],
        coerce=lambda v: v == "yes", widget=forms.RadioSelect,
    )  # fmt: skip
    answer = prose(_("说明"), longest=500)


class AssignForm(ActForm):
    """派单: to whom, to lead or to assist, why."""

    organisation_id = forms.TypedChoiceField(label=_("交给"), coerce=int)
    role = forms.ChoiceField(
        label=_("角色"), choices=Assignment.Role.choices, widget=forms.RadioSelect, initial=Assignment.Role.LEAD
    )
    reason = prose(_("理由"), rows=2)


class AskReturnForm(ActForm):
    """退单: once, with reason and law; the dispatcher rules."""

    reason = prose(_("为什么不属于本单位"), _("每件事只能申请一次；裁定后必须办理。"))
    clause = line(_("法律或职责依据"), _("写明文件名和条款。"), longest=200)


class RuleForm(ActForm):
    """The ruling on a return."""

    grant = forms.TypedChoiceField(
        label=_("裁定"), choices=[("yes", _("同意退单，改派")), ("no", _("不同意，由原单位办理"))],
        coerce=lambda v: v == "yes", widget=forms.RadioSelect,
    )  # fmt: skip
    to_organisation_id = forms.TypedChoiceField(
        label=_("改派给"),
        help_text=_("同意退单时选；不选就回到受理人那里再派。"),
        coerce=int,
        empty_value=None,
        required=False,
    )
    ruling = prose(_("裁定理由"))


class ContactForm(ActForm):
    """The handler has spoken with the reporter."""

    note = prose(_("联系情况"), _("只有经办人能看到。"), rows=2, required=False)


class NoteForm(ActForm):
    """A step of the handling, public or for handlers alone."""

    words = prose(_("办理情况"), rows=4, longest=2000)
    public = forms.BooleanField(label=_("公开这一条"), required=False, initial=True)
    photos = PhotosField(label=_("照片"), required=False)


class ExtendForm(ActForm):
    """延期: a new due day and why."""

    new_due_on = day(_("新的到期日"))
    reason = prose(_("为什么需要更多时间"), _("会告诉反映人。"))


class SuspendForm(ActForm):
    """挂账: condition, plan, review day."""

    condition = prose(_("挂账条件"), _("缺什么，所以现在办不了。"))
    plan = prose(_("工作计划"), _("等待期间做什么，谁来做。"), longest=500)
    review_on = day(_("复核日期"), _("到这一天必须重新看一次。"))


class ReplyForm(ActForm):
    """The answer to a reporter."""

    reply = prose(
        _("答复"), _("回答问了什么，写明依据、已办或下一步、时间和联系人。"), rows=8, longest=4000
    )  # fmt: skip


class TellForm(ActForm):
    """How the reporter was told."""

    how = forms.ChoiceField(label=_("怎么告知的"), choices=Report.Told.choices, widget=forms.RadioSelect)


def _yes_no(value: str) -> bool | None:
    return {"yes": True, "no": False}.get(value)


class JudgeForm(ActForm):
    """The reporter judges: solved? satisfied?"""

    SATISFACTIONS = [c for c in VisitBack.Satisfaction.choices if c[0] != VisitBack.Satisfaction.NO_ANSWER]

    solved = forms.TypedChoiceField(
        label=_("事情解决了吗"), choices=[("yes", _("解决了")), ("no", _("没有解决"))], coerce=_yes_no,
        widget=forms.RadioSelect,
    )  # fmt: skip
    satisfaction = forms.ChoiceField(label=_("对办理满意吗"), choices=SATISFACTIONS, widget=forms.RadioSelect)
    words = prose(_("想说的话"), rows=2, longest=500, required=False)


class VisitBackForm(ActForm):
    """回访 by phone, at the door or on paper."""

    satisfaction = forms.ChoiceField(
        label=_("对办理满意吗"), choices=VisitBack.Satisfaction.choices, widget=forms.RadioSelect
    )
    solved = forms.TypedChoiceField(
        label=_("事情解决了吗"), choices=[("yes", _("解决了")), ("no", _("没有解决")), ("", _("没有问到"))],
        coerce=_yes_no, empty_value=None, required=False, widget=forms.RadioSelect,
    )  # fmt: skip
    words = prose(_("反映人的话"), rows=2, longest=500, required=False)
    excluded_because = line(
        _("不计入三率的理由"), _("例如：号码错误、反映人不愿评价。留空就计入。"), required=False
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Whoever answered was asked whether it is solved."""
        found = super().clean() or {}
        if found.get("satisfaction") not in (None, VisitBack.Satisfaction.NO_ANSWER) and found.get("solved") is None:
            self.add_error("solved", _("接通了就请问一句：解决了没有。"))
        return found


class SettleForm(ActForm):
    """办结: the result as everyone will read it."""

    result = prose(_("办理结果"), _("做了什么、谁做的、现在怎样。会公开。"), rows=5, longest=2000)


class MergeForm(ActForm):
    """并入: into which matter, why."""

    into = line(_("并入哪一件（编号）"), longest=16)
    reason = prose(_("为什么是同一件事"), rows=2)


class CommitmentForm(ActForm):
    """责任事项: who does what by when with which money."""

    what = prose(_("做什么"), rows=2)
    organisation_id = forms.TypedChoiceField(label=_("谁来做"), coerce=int)
    due_on = day(_("完成日期"))
    budget = forms.DecimalField(label=_("经费（元）"), min_value=0, max_digits=14, decimal_places=2, initial=0)


class RevealForm(ActForm):
    """Why the handler needs the contact; the view is logged."""

    why = line(_("为什么需要查看"), _("例如：电话联系核实地点。查看会留下记录。"), longest=200)
