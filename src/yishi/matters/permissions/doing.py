"""Doing, answering, judging and seeing who reported: who may."""

import datetime as dt

from django.utils.translation import gettext as _

from yishi.core.verdicts import YES, Verdict, first_refusal, hidden, no
from yishi.matters.models import Matter, Report, SavedView
from yishi.matters.permissions.facts import entered, is_assigned, is_handler, may_see_matter, owns
from yishi.matters.permissions.parts import Stage, State, at_stage, by_desk, by_work, is_live
from yishi.network.viewers import Viewer

# --- doing -----------------------------------------------------------------------------------

_WORKING = (Stage.ACCEPTED, Stage.ASSIGNED, Stage.DOING, Stage.SUSPENDED, Stage.ANSWERED)


def may_contact_reporter(viewer: Viewer, report: Report, at: dt.datetime) -> Verdict:
    by = YES if entered(viewer, report) else by_work(viewer, report.matter)
    return first_refusal(by, is_live(report), at_stage(report.matter, Matter.OPEN))


def may_add_note(viewer: Viewer, matter: Matter, at: dt.datetime) -> Verdict:
    by = YES if is_assigned(viewer, matter) else by_desk(viewer, matter)
    return first_refusal(by, at_stage(matter, _WORKING))


def may_extend_report(viewer: Viewer, report: Report, at: dt.datetime) -> Verdict:
    """Once for each report; how far is the pack's own limit."""
    if report.extended:
        return no(_("这条反映已经延期过一次。"), what_now=_("确实办不了的，可以挂账并写明条件、计划和复核日期。"))
    waiting = report.state in (State.OPEN, State.REOPENED)
    return first_refusal(
        by_work(viewer, report.matter),
        at_stage(report.matter, _WORKING),
        is_live(report),
        YES if waiting else no(_("已经答复，不需要延期。")),
    )


def may_suspend_matter(viewer: Viewer, matter: Matter, at: dt.datetime) -> Verdict:
    return first_refusal(by_work(viewer, matter), at_stage(matter, {Stage.ACCEPTED, Stage.DOING}))


def may_resume_matter(viewer: Viewer, matter: Matter, at: dt.datetime) -> Verdict:
    by = by_desk(viewer, matter) or by_work(viewer, matter)
    return first_refusal(by, at_stage(matter, {Stage.SUSPENDED}))


def may_make_commitment(viewer: Viewer, matter: Matter, at: dt.datetime) -> Verdict:
    by = by_desk(viewer, matter) or by_work(viewer, matter)
    return first_refusal(by, at_stage(matter, _WORKING))


# --- answering -------------------------------------------------------------------------------


def may_reply_to_report(viewer: Viewer, report: Report, at: dt.datetime) -> Verdict:
    answered = report.state not in (State.OPEN, State.REOPENED, State.REPLIED)
    return first_refusal(
        by_work(viewer, report.matter), at_stage(report.matter, _WORKING), is_live(report),
        no(_("已经答复并告知。")) if answered else YES,
    )  # fmt: skip


def may_reply_to_all(viewer: Viewer, matter: Matter, at: dt.datetime) -> Verdict:
    return first_refusal(by_work(viewer, matter), at_stage(matter, _WORKING))


def may_tell_reporter(viewer: Viewer, report: Report, at: dt.datetime) -> Verdict:
    by = YES if entered(viewer, report) else by_work(viewer, report.matter) or by_desk(viewer, report.matter)
    replied = report.state in (State.REPLIED, State.TOLD)
    return first_refusal(by, is_live(report), YES if replied else no(_("请先写好答复，再告知反映人。")))


def may_visit_back(viewer: Viewer, report: Report, at: dt.datetime) -> Verdict:
    """The desk asks the reporter; never the one who handled it."""
    if not (desk := by_desk(viewer, report.matter)):
        return desk
    if is_handler(viewer, report.matter) or report.replied_by_id == viewer.person_id:
        return no(_("经办人不能回访自己办的事。"), what_now=_("请由其他工作人员回访。"))
    return YES if _judgeable(report, {State.TOLD}) else no(_("告知反映人之后才能回访，评价过的不再回访。"))


def may_judge_report(viewer: Viewer, report: Report, at: dt.datetime) -> Verdict:
    if not owns(viewer, report):
        return first_refusal(may_see_matter(viewer, report.matter), no(_("只有反映人能评价自己的反映。")))
    if _judgeable(report, {State.REPLIED, State.TOLD}):
        return YES
    return no(_("有了答复之后再请您评价；已经评价过的不再重复。"))


def _judgeable(report: Report, states: set[str]) -> bool:
    """Answered and not judged; also after settling, so that nobody is silenced by a quick ending."""
    settled = report.state == State.CLOSED and report.matter.stage == Stage.SETTLED
    return report.withdrawn_at is None and (report.state in states or settled)


def may_settle_matter(viewer: Viewer, matter: Matter, at: dt.datetime) -> Verdict:
    """By the desk or the lead; whether anything stands in the way is told by ``selectors.in_the_way``."""
    by = by_desk(viewer, matter) or by_work(viewer, matter)
    return first_refusal(by, at_stage(matter, {Stage.ANSWERED}))


# --- seeing who reported ---------------------------------------------------------------------


def may_view_contact(viewer: Viewer, report: Report, at: dt.datetime) -> Verdict:
    """Only the signed handler of the lead, or the officer who wrote it down; every view is logged."""
    if not (seen := may_see_matter(viewer, report.matter)):
        return seen
    if report.matter.is_open and (is_handler(viewer, report.matter) or entered(viewer, report)):
        return YES
    return no(
        _("反映人的身份只有主办单位签收的经办人，或当时登记的工作人员在办理期间能看。"),
        _("信访工作条例第18条；《北京市接诉即办工作条例》第8条（参照）"),
    )


def may_save_view(viewer: Viewer, query: str, at: dt.datetime) -> Verdict:
    return YES if viewer.person_id is not None else no(_("请先登录，再保存列表。"))


def may_drop_view(viewer: Viewer, view: SavedView | None, at: dt.datetime) -> Verdict:
    return YES if view is not None and view.person_id == viewer.person_id else hidden()
