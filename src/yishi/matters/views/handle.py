"""Handling: assign, sign, return, rule, note, commit, extend, suspend, settle."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from yishi.commitments import services as commitments
from yishi.core.forms import SureForm
from yishi.matters import forms_acts as forms
from yishi.matters import selectors, services
from yishi.matters.models import Assignment, Matter
from yishi.matters.views import reads
from yishi.matters.views.acts import Act
from yishi.network.viewers import Viewer


def _takers(viewer: Viewer, matter: Matter) -> dict[str, Any]:
    return {"organisation_id": reads.organisation_choices(matter)}


def _other_takers(viewer: Viewer, assignment: Assignment) -> dict[str, Any]:
    others = [
        c for c in reads.flat(reads.organisation_choices(assignment.matter)) if c[0] != assignment.organisation_id
    ]
    return {"to_organisation_id": [("", _("回到受理人")), *others]}


ACTS = (
    Act(
        slug="assign", on="matter", may="assign_matter", form=forms.AssignForm, icon="send",
        title=pgettext_lazy("act", "派单"), button=pgettext_lazy("act", "派单"), done=_("已派出，等对方签收。"), choices=_takers,
        lead=_("每件事只有一个主办；政府部门职责内的事不能让社区主办。"), beside="matters/_whose.html",
        run=lambda viewer, matter, given, at: services.assign_matter(viewer, matter, **given, at=at),
    ),
    Act(
        slug="sign", on="assignment", may="sign_assignment", form=SureForm, icon="signature",
        title=pgettext_lazy("act", "签收"), button=pgettext_lazy("act", "签收"), done=_("已签收，由您经办。"),
        lead=_("签收后由您联系反映人；时限从收到反映那天算起。"),
        run=lambda viewer, assignment, given, at: services.sign_assignment(viewer, assignment, at=at),
    ),
    Act(
        slug="ask-return", on="assignment", may="ask_return", form=forms.AskReturnForm, icon="arrow-back-up",
        title=pgettext_lazy("act", "申请退单"), button=pgettext_lazy("act", "申请退单"), done=_("退单申请已提交，等派单员裁定。"),
        run=lambda viewer, assignment, given, at: services.ask_return(viewer, assignment, **given, at=at),
    ),
    Act(
        slug="rule", on="assignment", may="rule_on_return", form=forms.RuleForm, icon="gavel",
        title=pgettext_lazy("act", "裁定退单"), button=pgettext_lazy("act", "裁定"), done=_("已裁定。"), choices=_other_takers,
        beside="matters/_return_asked.html",
        run=lambda viewer, assignment, given, at: services.rule_on_return(viewer, assignment, **given, at=at),
    ),
    Act(
        slug="note", on="matter", may="add_note", form=forms.NoteForm, icon="notes",
        title=pgettext_lazy("act", "记一笔办理情况"), button=pgettext_lazy("act", "记下"), done=_("已记下。"),
        run=lambda viewer, matter, given, at: services.add_note(viewer, matter, **given, at=at),
    ),
    Act(
        slug="commit", on="matter", may="make_commitment", form=forms.CommitmentForm, icon="checklist",
        title=pgettext_lazy("act", "立责任事项"), button=pgettext_lazy("act", "立下"), done=_("责任事项已立下。"), choices=_takers,
        lead=_("谁、做什么、几时做完、花多少钱。做的人不能验收自己做的事。"),
        run=lambda viewer, matter, given, at: commitments.make_commitment(
            viewer, matter, **given, doer_id=None, at=at
        ),
    ),
    Act(
        slug="suspend", on="matter", may="suspend_matter", form=forms.SuspendForm, icon="player-pause",
        title=pgettext_lazy("act", "挂账"), button=pgettext_lazy("act", "挂账"), done=_("已挂账，到复核日会提醒。"),
        lead=_("挂账的事仍算在未办结里；要写明条件、计划和复核日期。"),
        run=lambda viewer, matter, given, at: services.suspend_matter(viewer, matter, **given, at=at),
    ),
    Act(
        slug="resume", on="matter", may="resume_matter", form=forms.ReasonForm, icon="player-play",
        title=pgettext_lazy("act", "恢复办理"), button=pgettext_lazy("act", "恢复办理"), done=_("已恢复办理。"),
        run=lambda viewer, matter, given, at: services.resume_matter(viewer, matter, **given, at=at),
    ),
    Act(
        slug="settle", on="matter", may="settle_matter", form=forms.SettleForm, icon="circle-check",
        title=pgettext_lazy("act", "办结"), button=pgettext_lazy("act", "办结"), done=_("已办结。"),
        lead=_("每位能联系上的反映人都告知了、责任事项都验收了，才能办结。"),
        start=lambda viewer, matter: {"result": matter.result}, beside="matters/_in_the_way.html",
        help=lambda viewer, matter: {"in_the_way": selectors.in_the_way(matter)},
        run=lambda viewer, matter, given, at: services.settle_matter(viewer, matter, **given, at=at),
    ),
)  # fmt: skip
