"""Who runs and sees a vote: from :mod:`.facts` held at the moment. Who counts and certifies: :mod:`.counting`."""

import datetime as dt

from django.utils.translation import gettext as _

from yishi.core.verdicts import YES, Verdict, hidden, no
from yishi.decisions.models import AgendaItem, BallotBox, Decision, Meeting, RollEntry, lines_through
from yishi.decisions.permissions.facts import IN_CHARGE, convening_office, is_concerned, may_see_decision, supervises
from yishi.network.viewers import Viewer


def may_convene_meeting(viewer: Viewer, decision: Decision | None, at: dt.datetime) -> Verdict:
    """Officers of the deciding body, its Party organisation, or the community it lies in."""
    if decision is None or not may_see_decision(viewer, decision):
        return hidden()
    if decision.status != Decision.Status.RUNNING:
        return no(_("这项决定已经终结，不能再召集会议。"))
    if convening_office(viewer, decision) is not None:
        return YES
    return no(
        _("会议由本组织、党组织或所在社区的负责人召集。"),
        what_now=_("联名达到法定人数而不召集的，联名人可以报请镇街；报请以后镇街也可以召集。"),
    )


def agenda_of(meeting: Meeting) -> list[AgendaItem]:
    """The items of a meeting with what rights on them follow from; one query."""
    return list(meeting.items.select_related("decision__area", "decision__organisation"))


def open_to(viewer: Viewer, item: AgendaItem) -> bool:
    """Whether an item may be met: who may see its decision, or is on its roll, not through someone whom they help."""
    if may_see_decision(viewer, item.decision):
        return True
    return not viewer.helping_id and holds_line(viewer, item.roll_id)


def runs(viewer: Viewer, meeting: Meeting) -> bool:
    """Whether the viewer runs the meeting: its host, recorder, convener, or an officer who could convene it."""
    items = agenda_of(meeting)
    if any(is_concerned(viewer, i.decision) or not open_to(viewer, i) for i in items):
        return False
    if viewer.person_id is not None and viewer.person_id in (
        meeting.host_id, meeting.recorder_id, meeting.convened_by_id,
    ):  # fmt: skip
        return True
    office_ids = {o.organisation_id for o in viewer.holding(IN_CHARGE)}
    if meeting.organisation_id in office_ids:
        return True
    return any(convening_office(viewer, item.decision) for item in items)


def may_run_meeting(viewer: Viewer, meeting: Meeting | None, at: dt.datetime) -> Verdict:
    """Host, recorder, convener and the officers of the convening organisation."""
    if meeting is None:
        return hidden()
    if not runs(viewer, meeting):
        return hidden() if not may_see_meeting(viewer, meeting, at) else no(_("会议由主持人、记录员和召集人操作。"))
    return YES


def may_close_ballot(viewer: Viewer, meeting: Meeting | None, at: dt.datetime) -> Verdict:
    """Who runs the meeting, in their own name."""
    if viewer.helping_id:
        return no(_("停止投票须本人操作，请先结束代办。"))
    return may_run_meeting(viewer, meeting, at)


def holds_line(viewer: Viewer, roll_id: int | None) -> bool:
    """Whether the viewer, or the person they help, is on a roll."""
    if viewer.for_id is None or roll_id is None:
        return False
    return RollEntry.objects.filter(pk__in=lines_through(viewer.for_id), roll_id=roll_id).exists()


def may_see_meeting(viewer: Viewer, meeting: Meeting | None, at: dt.datetime) -> Verdict:
    """Those who run or supervise it, and those on a roll once notice is given."""
    if meeting is None:
        return hidden()
    items = agenda_of(meeting)
    if not all(open_to(viewer, i) for i in items):
        return hidden()
    if runs(viewer, meeting) or any(supervises(viewer, i.decision) for i in items):
        return YES
    noticed = meeting.state not in (Meeting.State.DRAFT, Meeting.State.CANCELLED)
    if noticed and any(holds_line(viewer, i.roll_id) for i in items):
        return YES
    return hidden()


def may_look_up_receipts(viewer: Viewer, box: BallotBox | None, at: dt.datetime) -> Verdict:
    """Anyone, of a public decision; of one inside an organisation those who may see it or were on its roll."""
    if box is None or box.item.meeting.state == Meeting.State.CANCELLED:
        return hidden()
    return YES if open_to(viewer, box.item) else hidden()
