"""Who convenes, runs and sees a vote: from facts held at the moment. Who counts and certifies: :mod:`.counting`.

Convening: officers of the deciding organisation, of the Party organisation and committees seated in
its area, and of the community. Certifying: its supervisors, or the town. Closing, counting and
certifying are three people's acts; the procedure checks proposer, counters and candidates besides.
"""

import datetime as dt

from django.db.models import Q
from django.utils.translation import gettext as _

from yishi.core.verdicts import YES, Verdict, hidden, no
from yishi.decisions.models import AgendaItem, BallotBox, Decision, Meeting, RollEntry
from yishi.decisions.permissions.facts import is_concerned, may_see_decision
from yishi.network.viewers import COMMUNITY_KINDS, Duty, Kind, Office, Viewer

CONVENING = frozenset(
    {
        Duty.SECRETARY, Duty.DEPUTY_SECRETARY, Duty.DIRECTOR, Duty.PRESIDENT, Duty.COMMITTEE_MEMBER, Duty.OFFICER,
    }
)  # fmt: skip
SEATED = frozenset(
    {
        Kind.PARTY_BRANCH, Kind.GENERAL_PARTY_BRANCH, Kind.ECONOMIC_COOPERATIVE, Kind.COOPERATIVE_UNION,
        Kind.OWNERS_COMMITTEE, *COMMUNITY_KINDS,
    }
)  # fmt: skip


def _convenes(office: Office, decision: Decision) -> bool:
    if office.duty not in CONVENING or office.organisation_kind not in SEATED:
        return office.duty in CONVENING and office.organisation_id == decision.organisation_id
    own = office.organisation_id == decision.organisation_id or office.area_id == decision.area_id
    return own or (office.organisation_kind in COMMUNITY_KINDS and office.covers(decision.area.path))


def convening_office(viewer: Viewer, decision: Decision) -> Office | None:
    """The office by which the viewer convenes for this decision, that of its own organisation first."""
    if is_concerned(viewer, decision) or not may_see_decision(viewer, decision):
        return None
    found = [o for o in viewer.offices if _convenes(o, decision)] or _of_town_asked(viewer, decision)
    return min(found, key=lambda o: o.organisation_id != decision.organisation_id, default=None)


def _of_town_asked(viewer: Viewer, decision: Decision) -> list[Office]:
    """The town's offices, once a petition that binds was put before it because nobody convened."""
    town = [o for o in viewer.holding(CONVENING, {Kind.TOWN_GOVERNMENT}) if o.town_id == decision.town_id]
    return town if town and decision.petitions.exclude(escalated_at=None).exists() else []


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
    office_ids = {o.organisation_id for o in viewer.holding(CONVENING)}
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


def supervises(viewer: Viewer, decision: Decision) -> bool:
    """Whether the viewer supervises the deciding organisation, or is the town's officer; never on what concerns them."""
    if is_concerned(viewer, decision) or not may_see_decision(viewer, decision):
        return False
    for office in viewer.offices:
        if office.organisation_kind == Kind.TOWN_GOVERNMENT and office.duty in CONVENING:
            return office.town_id == decision.town_id
        own = office.organisation_id == decision.organisation_id and office.duty == Duty.SUPERVISOR
        committee = office.organisation_kind == Kind.SUPERVISION_COMMITTEE and office.covers(decision.area.path)
        if own or committee:
            return True
    return False


def holds_line(viewer: Viewer, roll_id: int | None) -> bool:
    """Whether the viewer, or the person they help, is on a roll."""
    if viewer.for_id is None or roll_id is None:
        return False
    mine = Q(person_id=viewer.for_id) | Q(holders__person_id=viewer.for_id)
    return RollEntry.objects.filter(mine, roll_id=roll_id).exists()


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
