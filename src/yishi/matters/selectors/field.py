"""Reads for work in the field: lanes and their half-months, walks, visits."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet

from yishi.core import clock
from yishi.core.verdicts import Refusal, hidden, require
from yishi.matters.models import Lane, LaneAlarm, Lead, Patrol, PatrolPlan, Visit
from yishi.matters.permissions import patrols, visits
from yishi.matters.rules.half_months import half_month_of
from yishi.network.viewers import COMMUNITY_KINDS, Viewer


@dataclass(frozen=True, slots=True)
class LaneToday:
    """A lane, whether it was walked in this half-month, and an alarm that still stands."""

    lane: Lane
    walked_at: dt.datetime | None
    alarm: LaneAlarm | None
    may_walk: bool


def plans_for(viewer: Viewer) -> QuerySet[PatrolPlan]:
    """The plans of the viewer's halls and of the halls in their communities."""
    halls = [o.organisation_id for o in viewer.offices]
    within = Q(hall_id__in=halls)
    for office in viewer.holding(patrols.WALKING, COMMUNITY_KINDS):
        within |= Q(hall__area__path__startswith=office.area_path)
    return PatrolPlan.objects.filter(within, town_id=viewer.town_id).select_related("hall__area").order_by("name", "pk")


def lanes_today(viewer: Viewer, at: dt.datetime) -> list[LaneToday]:
    """Every lane that the viewer may walk or plan, those still to be walked first; four queries."""
    day = clock.local_day(at)
    half = half_month_of(day)
    lanes = (
        Lane.objects.filter(plan__in=plans_for(viewer), plan__since__lte=day)
        .filter(Q(closed_on=None) | Q(closed_on__gt=day), Q(plan__until=None) | Q(plan__until__gte=day))
        .select_related("plan__hall__area").order_by("plan__name", "number")
    )  # fmt: skip
    walked = dict(
        Patrol.objects.filter(
            lane__in=lanes, walked_at__date__gte=half.starts_on, walked_at__date__lte=half.ends_on
        ).order_by("walked_at").values_list("lane_id", "walked_at")
    )  # fmt: skip
    alarms = {a.lane_id: a for a in LaneAlarm.objects.filter(lane__in=lanes, ended_at=None).order_by("starts_on")}
    found = [
        LaneToday(lane, walked.get(lane.pk), alarms.get(lane.pk), bool(patrols.may_walk_lane(viewer, lane, at)))
        for lane in lanes
    ]
    return sorted(found, key=lambda item: (item.walked_at is not None, item.alarm is None))


def get_plan_for(viewer: Viewer, plan_id: int) -> PatrolPlan:
    """A plan that the viewer walks or plans.

    Raises:
        Refusal: hidden, to everyone else.
    """
    found = plans_for(viewer).filter(pk=plan_id).prefetch_related("lanes").first()
    if found is None:
        raise Refusal(hidden())
    return found


def get_lane_for(viewer: Viewer, lane_id: int, at: dt.datetime) -> Lane:
    """A lane that the viewer may walk.

    Raises:
        Refusal: hidden, or closed.
    """
    found = Lane.objects.select_related("plan__hall__area").filter(pk=lane_id).first()
    require(patrols.may_walk_lane(viewer, found, at))
    assert found is not None
    return found


def get_alarm_for(viewer: Viewer, alarm_id: int) -> LaneAlarm:
    """An alarm of a plan of the viewer's.

    Raises:
        Refusal: hidden, to everyone else.
    """
    found = LaneAlarm.objects.select_related("lane__plan").filter(pk=alarm_id, lane__plan__in=plans_for(viewer)).first()
    if found is None:
        raise Refusal(hidden())
    return found


def get_walk_for(viewer: Viewer, key: str) -> Patrol:
    """A walk, for who walked it and those who plan it.

    Raises:
        Refusal: hidden, to everyone else.
    """
    found = (
        Patrol.objects.select_related("lane__plan__hall__area", "by")
        .prefetch_related("answers__report__matter").filter(key=key).first()
    )  # fmt: skip
    if found is None or not (
        found.by_id == viewer.person_id or plans_for(viewer).filter(pk=found.lane.plan_id).exists()
    ):
        raise Refusal(hidden())
    return found


def walks_of(plan: PatrolPlan) -> QuerySet[Patrol]:
    """The walks of a plan, newest first."""
    return Patrol.objects.filter(lane__plan=plan).select_related("lane", "by").order_by("-walked_at")


def visits_for(viewer: Viewer) -> QuerySet[Visit]:
    """One's own visits and those that colleagues shared, newest first."""
    seen = Q(by_id=viewer.person_id or 0)
    for office in viewer.holding(visits.VISITING, COMMUNITY_KINDS):
        seen |= Q(shared=True, community__path__startswith=office.area_path)
    leads = Prefetch("leads", Lead.objects.select_related("report__matter").order_by("pk"))
    return (
        Visit.objects.filter(seen).select_related("community", "by", "household").prefetch_related(leads)
        .order_by("-visited_on", "-pk")
    )  # fmt: skip


def get_visit_for(viewer: Viewer, visit_id: int, at: dt.datetime) -> Visit:
    """A visit of one's own, or one that was shared.

    Raises:
        Refusal: hidden, to everyone else.
    """
    found = Visit.objects.select_related("community", "by", "household").filter(pk=visit_id).first()
    if found is None:
        raise Refusal(hidden())
    require(visits.may_see_visit(viewer, found, at))
    return found


def get_lead_for(viewer: Viewer, lead_id: int, at: dt.datetime) -> Lead:
    """A lead of a visit of one's own.

    Raises:
        Refusal: hidden, to everyone else.
    """
    found = Lead.objects.select_related("visit__community").filter(pk=lead_id).first()
    if found is None:
        raise Refusal(hidden())
    require(visits.may_see_visit(viewer, found.visit, at))
    return found
