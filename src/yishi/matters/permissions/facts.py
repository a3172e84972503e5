"""Facts from which rights on a matter follow: its desk, its lead, its reporters, and who may see it."""

import datetime as dt

from django.db.models import prefetch_related_objects

from yishi.core.verdicts import YES, Verdict, hidden
from yishi.matters.models import Assignment, Matter, Report
from yishi.network.viewers import COMMUNITY_KINDS, Duty, Kind, Office, Viewer

Role = Assignment.Role
DESK_DUTIES = frozenset(
    {Duty.SECRETARY, Duty.DEPUTY_SECRETARY, Duty.DIRECTOR, Duty.COMMITTEE_MEMBER, Duty.OFFICER, Duty.DISPATCHER}
)
DOING_DUTIES = DESK_DUTIES | {Duty.PRESIDENT, Duty.GRID_WORKER, Duty.HOST}
TOWN_DESK = frozenset({Kind.HOTLINE_CENTRE, Kind.TOWN_GOVERNMENT})
COMMUNITY_DESK = COMMUNITY_KINDS | {Kind.PARTY_COMMITTEE, Kind.GENERAL_PARTY_BRANCH}
ACTIVE = frozenset({Assignment.State.SENT, Assignment.State.SIGNED, Assignment.State.RETURN_ASKED})
STAFF_CHANNELS = frozenset({Report.Channel.PHONE, Report.Channel.WALK_IN, Report.Channel.PAPER, Report.Channel.VISIT})
FEED_CHANNELS = frozenset({Report.Channel.HOTLINE, Report.Channel.MESSAGE_BOARD})


def assignments_of(matter: Matter) -> list[Assignment]:
    """The assignments of a matter, read once for each instance."""
    prefetch_related_objects([matter], "assignments")
    return list(matter.assignments.all())


def reports_of(matter: Matter) -> list[Report]:
    """The reports of a matter, read once for each instance."""
    prefetch_related_objects([matter], "reports")
    return list(matter.reports.all())


def desk_offices(viewer: Viewer) -> tuple[Office, ...]:
    """The viewer's offices that sort matters somewhere."""
    return viewer.holding(DESK_DUTIES, TOWN_DESK | COMMUNITY_DESK)


def at_desk(viewer: Viewer, matter: Matter) -> bool:
    """Whether the viewer sorts this matter: its hall when sealed, else the town's or its community's desk."""
    if matter.sealed:
        return any(o.organisation_id == matter.hall_id for o in viewer.holding(DESK_DUTIES | {Duty.HOST}))
    path = matter.community.path if matter.community else ""
    return any(
        (o.organisation_kind in TOWN_DESK and o.town_id == matter.town_id) or (path and o.covers(path))
        for o in desk_offices(viewer)
    )


def serves_in(viewer: Viewer, organisation_id: int | None) -> bool:
    """Whether the viewer holds an office there that does work."""
    return any(o.organisation_id == organisation_id for o in viewer.holding(DOING_DUTIES))


def lead_of(matter: Matter) -> Assignment | None:
    """The assignment that leads now, if any."""
    return next((a for a in assignments_of(matter) if a.role == Role.LEAD and a.state in ACTIVE), None)


def works_on(viewer: Viewer, matter: Matter) -> bool:
    """Whether the viewer does the work: an officer of the signed lead; the desk itself while nobody leads."""
    if not viewer.offices:
        return False
    lead = lead_of(matter)
    if lead is None:
        return at_desk(viewer, matter)
    signed = lead.signed_at is not None and serves_in(viewer, lead.organisation_id)
    return signed and (not matter.sealed or lead.handler_id == viewer.person_id)


def is_handler(viewer: Viewer, matter: Matter) -> bool:
    """Whether the viewer signed for the lead and still holds an office there."""
    lead = lead_of(matter) if viewer.offices else None
    return (
        lead is not None and lead.signed_at is not None and viewer.person_id is not None
        and lead.handler_id == viewer.person_id and serves_in(viewer, lead.organisation_id)
    )  # fmt: skip


def owns(viewer: Viewer, report: Report) -> bool:
    """Whether it is the viewer's own report, or that of the person they help."""
    return report.reporter_id is not None and report.reporter_id == viewer.for_id


def entered(viewer: Viewer, report: Report) -> bool:
    """Whether the viewer wrote the report down for someone, and still holds an office."""
    return report.entered_by_id is not None and report.entered_by_id == viewer.person_id and bool(viewer.offices)


def is_assigned(viewer: Viewer, matter: Matter) -> bool:
    """Whether the matter was given to an organisation in which the viewer works (sealed: to the viewer)."""
    if not viewer.offices:
        return False
    for a in assignments_of(matter):
        known = not matter.sealed or a.handler_id in (None, viewer.person_id)
        if known and a.state in ACTIVE and serves_in(viewer, a.organisation_id):
            return True
    return False


def may_see_matter(viewer: Viewer, matter: Matter, at: dt.datetime | None = None) -> Verdict:
    """Public matters: everyone. Others: their reporters, their desk, those they are given to; to all others, 404."""
    if matter.is_public and not matter.sealed:
        return YES
    if any(owns(viewer, r) or entered(viewer, r) for r in reports_of(matter)):
        return YES
    return YES if at_desk(viewer, matter) or is_assigned(viewer, matter) else hidden()
