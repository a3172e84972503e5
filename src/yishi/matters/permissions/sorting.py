"""Raising, sorting and routing: who may."""

import datetime as dt

from django.utils.translation import gettext as _

from yishi.core.verdicts import YES, Verdict, first_refusal, hidden, no
from yishi.matters.models import Assignment, Matter, Merge, Report, SizeAppeal
from yishi.matters.permissions.facts import (
    DESK_DUTIES,
    FEED_CHANNELS,
    STAFF_CHANNELS,
    TOWN_DESK,
    assignments_of,
    entered,
    may_see_matter,
    owns,
    reports_of,
    serves_in,
)
from yishi.matters.permissions.parts import Stage, State, at_stage, by_desk, by_work, is_live
from yishi.network.viewers import Duty, Viewer


def may_raise_matter(viewer: Viewer, channel: str, at: dt.datetime) -> Verdict:
    """Anyone raises for themselves; officers and hosts of halls for callers; deliberators from patrols; the town desk
    from the hotline."""
    if channel in STAFF_CHANNELS and not (viewer.is_officer or viewer.holding({Duty.HOST})):
        return no(_("代人登记要由在任工作人员来做。"), what_now=_("您可以在网上以自己的名义反映。"))
    patrols = viewer.is_officer or viewer.holding({Duty.DELIBERATOR, Duty.HOST})
    if channel == Report.Channel.PATROL and not patrols:
        return no(_("巡查登记要由议事员或工作人员来做。"))
    if channel in FEED_CHANNELS and not (viewer.holding(DESK_DUTIES, TOWN_DESK) or viewer.is_keeper):
        return no(_("导入热线和留言要由镇热线办工作人员来做。"))
    if channel == Report.Channel.API and viewer.is_anonymous:
        return no(_("请用有权限的令牌调用接口。"))
    return YES


def may_withdraw_report(viewer: Viewer, report: Report, at: dt.datetime) -> Verdict:
    """The reporter (or who wrote it down for them) takes it back while it is not answered."""
    if not (owns(viewer, report) or entered(viewer, report)):
        return hidden()
    if report.state == State.OPEN:
        return is_live(report)
    return no(_("已经答复的反映不能撤回。"), what_now=_("您可以在评价里写下您的意见。"))


# --- sorting ---------------------------------------------------------------------------------


def may_accept_matter(viewer: Viewer, matter: Matter, at: dt.datetime) -> Verdict:
    return first_refusal(by_desk(viewer, matter), at_stage(matter, {Stage.RAISED}))


def may_decline_matter(viewer: Viewer, matter: Matter, at: dt.datetime) -> Verdict:
    return first_refusal(by_desk(viewer, matter), at_stage(matter, {Stage.RAISED, Stage.ACCEPTED}))


def may_correct_matter(viewer: Viewer, matter: Matter, at: dt.datetime) -> Verdict:
    by = by_desk(viewer, matter) or by_work(viewer, matter)
    return first_refusal(by, at_stage(matter, Matter.OPEN))


def may_set_nature(viewer: Viewer, report: Report, at: dt.datetime) -> Verdict:
    answered = report.state not in (State.OPEN, State.REOPENED)
    return first_refusal(
        by_desk(viewer, report.matter), is_live(report),
        no(_("已经答复，不能再改类型。")) if answered else YES,
    )  # fmt: skip


def may_appeal_size(viewer: Viewer, matter: Matter, at: dt.datetime) -> Verdict:
    """The proposer appeals once against the size they were told."""
    if not any(owns(viewer, r) and r.withdrawn_at is None for r in reports_of(matter)):
        return first_refusal(may_see_matter(viewer, matter), no(_("大小由反映人申诉。")))
    if not matter.size:
        return no(_("这件事还没有分大小。"))
    if any(a.by_id == viewer.for_id for a in matter.size_appeals.all()):
        return no(_("您已经申诉过一次；答复会告诉您。"))
    if any(a.state == SizeAppeal.State.OPEN for a in matter.size_appeals.all()):
        return no(_("已有一份申诉在等答复。"))
    return at_stage(matter, Matter.OPEN)


def may_answer_size_appeal(viewer: Viewer, appeal: SizeAppeal, at: dt.datetime) -> Verdict:
    done = appeal.state != SizeAppeal.State.OPEN
    return first_refusal(by_desk(viewer, appeal.matter), no(_("这份申诉已经答复。")) if done else YES)


def may_merge_matter(viewer: Viewer, matter: Matter, at: dt.datetime) -> Verdict:
    return first_refusal(by_desk(viewer, matter), at_stage(matter, Matter.OPEN))


def may_split_matter(viewer: Viewer, merge: Merge, at: dt.datetime) -> Verdict:
    done = merge.split_at is not None
    return first_refusal(by_desk(viewer, merge.into), no(_("已经拆分过了。")) if done else YES)


# --- routing ---------------------------------------------------------------------------------


def may_assign_matter(viewer: Viewer, matter: Matter, at: dt.datetime) -> Verdict:
    return first_refusal(by_desk(viewer, matter), at_stage(matter, {Stage.ACCEPTED, Stage.ASSIGNED, Stage.DOING}))


def _served(viewer: Viewer, assignment: Assignment) -> Verdict:
    if not (seen := may_see_matter(viewer, assignment.matter)):
        return seen
    return YES if serves_in(viewer, assignment.organisation_id) else no(_("由接单单位的工作人员来做。"))


def may_sign_assignment(viewer: Viewer, assignment: Assignment, at: dt.datetime) -> Verdict:
    sent = assignment.state == Assignment.State.SENT
    return first_refusal(_served(viewer, assignment), YES if sent else no(_("这张单不在待签收状态。")))


def may_ask_return(viewer: Viewer, assignment: Assignment, at: dt.datetime) -> Verdict:
    """Once for each organisation, never after a ruling; the time limit is checked by the service."""
    if not (served := _served(viewer, assignment)):
        return served
    if assignment.by_ruling or assignment.ruled_at is not None:
        return no(_("已经裁定，不能再退单。"), what_now=_("请依裁定办理；需要协助的，可以请受理人增加协办单位。"))
    earlier = [a for a in assignments_of(assignment.matter) if a.organisation_id == assignment.organisation_id]
    if any(a.return_asked_at is not None for a in earlier):
        return no(_("一个单位只能申请退单一次。"))
    if assignment.state not in (Assignment.State.SENT, Assignment.State.SIGNED):
        return no(_("这张单不能退。"))
    return at_stage(assignment.matter, {Stage.ASSIGNED, Stage.DOING})


def may_rule_on_return(viewer: Viewer, assignment: Assignment, at: dt.datetime) -> Verdict:
    if not (desk := by_desk(viewer, assignment.matter)):
        return desk
    if viewer.serves(assignment.organisation_id):
        return no(_("不能裁定本单位的退单申请。"), what_now=_("请由镇或热线办的其他工作人员裁定。"))
    asked = assignment.state == Assignment.State.RETURN_ASKED
    return YES if asked else no(_("没有待裁定的退单申请。"))
