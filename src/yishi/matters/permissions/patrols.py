"""Who plans and who walks: the hall's host and its community plan; its deliberators walk too."""

import datetime as dt
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from yishi.core import clock
from yishi.core.verdicts import YES, Verdict, hidden, no
from yishi.matters.models import Lane
from yishi.network import selectors as network
from yishi.network.viewers import COMMUNITY_KINDS, HALL_KINDS, Duty, Viewer

if TYPE_CHECKING:
    from yishi.network.models import Organisation

PLANNING = frozenset({Duty.SECRETARY, Duty.DEPUTY_SECRETARY, Duty.DIRECTOR, Duty.COMMITTEE_MEMBER, Duty.OFFICER})
WALKING = PLANNING | {Duty.GRID_WORKER}


def _of_community(viewer: Viewer, hall: "Organisation", duties: frozenset[str]) -> bool:
    return any(o.covers(hall.area.path) for o in viewer.holding(duties, COMMUNITY_KINDS))


def _of_hall(viewer: Viewer, hall: "Organisation", duties: frozenset[str]) -> bool:
    return any(o.organisation_id == hall.pk for o in viewer.holding(duties))


def may_plan_patrol(viewer: Viewer, hall: "Organisation | None", at: dt.datetime) -> Verdict:
    """The hall's host, and officers of its community."""
    if hall is None or hall.kind not in HALL_KINDS:
        return hidden()
    if _of_hall(viewer, hall, frozenset({Duty.HOST})) or _of_community(viewer, hall, PLANNING):
        return YES
    return no(_("巡查计划由议事厅主持人或所在社区的工作人员安排。"))


def may_walk_lane(viewer: Viewer, lane: Lane | None, at: dt.datetime) -> Verdict:
    """The hall's deliberators and host, and workers of its community, while the lane is walked."""
    if lane is None:
        return hidden()
    hall = lane.plan.hall
    if not (_of_hall(viewer, hall, frozenset({Duty.DELIBERATOR, Duty.HOST})) or _of_community(viewer, hall, WALKING)):
        return hidden()
    if lane.closed_on is not None and lane.closed_on <= clock.local_day(at):
        return no(_("这条街巷已不再巡查。"))
    return YES


def may_see_patrols(viewer: Viewer, at: dt.datetime) -> Verdict:
    """Anyone who plans or walks somewhere."""
    if viewer.holding({Duty.DELIBERATOR, Duty.HOST}, HALL_KINDS) or viewer.holding(WALKING, COMMUNITY_KINDS):
        return YES
    return no(_("这一页给议事员和社区工作人员使用。"))


def who_hears_of(lane: Lane, day: dt.date) -> list[int]:
    """Who is told when a lane was missed: the hall's hosts and the officers of its community."""
    hall = lane.plan.hall
    hosts = network.holders_on(hall, day).filter(post__duty=Duty.HOST).values_list("person_id", flat=True)
    found = set(hosts)
    for committee in network.organisations(hall.town_id, COMMUNITY_KINDS):
        if hall.area.path.startswith(committee.area.path):
            held = network.holders_on(committee, day).filter(post__duty__in=PLANNING)
            found |= set(held.values_list("person_id", flat=True))
    return sorted(found)
