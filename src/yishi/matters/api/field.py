"""Work in the field: patrols of lanes by the half-month, and the visit diary."""

import datetime as dt
import uuid
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Schema
from pydantic import StringConstraints

from yishi.core import clock
from yishi.core.rest import Asked, Day, Id, Listed, Number, Truth, answers, cut, scoped
from yishi.core.verdicts import Refusal, hidden, require
from yishi.matters import permissions
from yishi.matters.api import shapes
from yishi.matters.api.acts import WRITE
from yishi.matters.api.router import patrols, visits
from yishi.matters.models import Lane, Lead, PatrolPlan
from yishi.matters.selectors import field as reads
from yishi.matters.services import patrol
from yishi.matters.services import visits as diary
from yishi.network.viewers import Viewer, viewer_of

READ = "matters:read"
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Degree = Annotated[float | None, Field(ge=-180, le=180)]


class PlanOut(Schema):
    """A plan of patrols: its hall, its checklist."""

    id: int
    name: str
    hall_id: int
    hall: str = Field(..., alias="hall.name")
    checklist: list[str]
    since: dt.date
    until: dt.date | None = None


class LaneOut(Schema):
    """A lane of a plan."""

    id: int
    plan_id: int
    number: int
    name: str
    latitude: float | None = None
    longitude: float | None = None
    closed_on: dt.date | None = None


class AlarmOut(Schema):
    """A half-month in which a lane was not walked."""

    id: int
    lane_id: int
    starts_on: dt.date
    ends_on: dt.date
    ended_at: dt.datetime | None = None
    ended_because: str


class LaneTodayOut(Schema):
    """A lane in this half-month."""

    lane: LaneOut
    walked_at: dt.datetime | None = None
    alarm: AlarmOut | None = None
    may_walk: bool


class AnswerOut(Schema):
    """The answer to a question of the checklist; what was found became a report."""

    number: int
    fine: bool
    words: str
    report_id: int | None = None


class WalkOut(Schema):
    """A walk along a lane."""

    key: uuid.UUID
    lane_id: int
    walked_at: dt.datetime
    note: str
    answers: list[AnswerOut]


class Plan(Schema):
    """A plan to make."""

    hall: Id
    name: Name
    checklist: list[Annotated[str, StringConstraints(max_length=200)]] = Field(..., min_length=1, max_length=30)
    since: Day


class NewLane(Schema):
    """A lane to add."""

    number: Number = Field(..., ge=1, le=999)
    name: Name
    latitude: float | None = Field(None, ge=-90, le=90)
    longitude: Degree = None


class Found(Schema):
    """An answer; what is not fine becomes a report, under a key of your own choice."""

    number: Number = Field(..., ge=1, le=30)
    fine: Truth
    words: str = Field("", max_length=500)
    report_key: uuid.UUID | None = None
    place: str = Field("", max_length=200)
    latitude: float | None = Field(None, ge=-90, le=90)
    longitude: Degree = None


class Walk(Schema):
    """A walk; the same key again is the same walk."""

    key: uuid.UUID
    lane: Id
    walked_at: dt.datetime | None = Field(None, description="Now, where it is not said")
    note: str = Field("", max_length=2000)
    answers: list[Found] = Field(default_factory=list, max_length=60)


class LeadOut(Schema):
    """Something heard on a visit; ``matter`` once it was raised."""

    id: int
    kind: str
    words: str
    report_id: int | None = None
    matter: str | None = Field(None, alias="report.matter.reference")
    dropped_because: str


class VisitOut(Schema):
    """A visit; its note is for its author unless shared."""

    id: int
    key: uuid.UUID
    visited_on: dt.date
    community: str = Field(..., alias="community.name")
    household_id: int | None = None
    place: str
    note: str
    shared: bool
    leads: list[LeadOut]


class NewLead(Schema):
    """Something heard."""

    kind: Lead.Kind = Lead.Kind.ISSUE
    words: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class NewVisit(Schema):
    """A visit to write down; the same key again is the same visit."""

    key: uuid.UUID
    visited_on: Day
    community: Id | None = None
    household: Id | None = None
    place: str = Field("", max_length=200)
    note: str = Field("", max_length=4000)
    shared: Truth = False
    leads: list[NewLead] = Field(default_factory=list, max_length=20)


class ChangeVisit(Schema):
    """What a visit's note says now, and whether colleagues read it."""

    note: str = Field(..., max_length=4000)
    shared: Truth


# --- patrols ---------------------------------------------------------------------------------


def _plan(viewer: Viewer, plan_id: Id) -> PatrolPlan:
    return reads.get_plan_for(viewer, plan_id)


@patrols.get("/lanes", response=answers(Listed[LaneTodayOut]), operation_id="list_lanes_today")
@scoped(READ)
def list_lanes_today(request: HttpRequest, asked: Query[Asked]) -> Any:
    """One's lanes in this half-month, those still to be walked first."""
    viewer, at = viewer_of(request), clock.now()
    require(permissions.may_see_patrols(viewer, at))
    return cut(reads.lanes_today(viewer, at), asked)


@patrols.get("/plans", response=answers(Listed[PlanOut]), operation_id="list_plans")
@scoped(READ)
def list_plans(request: HttpRequest, asked: Query[Asked]) -> Any:
    """The plans of one's halls."""
    return cut(reads.plans_for(viewer_of(request)), asked)


@patrols.post("/plans", response=answers(PlanOut), operation_id="plan_patrol")
@scoped(WRITE)
def plan_patrol(request: HttpRequest, given: Plan) -> Any:
    """Plan the patrols of a hall."""
    viewer = viewer_of(request)
    return patrol.plan_patrol(viewer, given.hall, given.name, given.checklist, given.since, clock.now())


@patrols.get("/plans/{plan_id}/lanes", response=answers(Listed[LaneOut]), operation_id="list_lanes")
@scoped(READ)
def list_lanes(request: HttpRequest, plan_id: Id, asked: Query[Asked]) -> Any:
    """The lanes of a plan."""
    return cut(_plan(viewer_of(request), plan_id).lanes.order_by("number"), asked)


@patrols.post("/plans/{plan_id}/lanes", response=answers(LaneOut), operation_id="add_lane")
@scoped(WRITE)
def add_lane(request: HttpRequest, plan_id: Id, given: NewLane) -> Any:
    """Add a lane to a plan."""
    viewer = viewer_of(request)
    return patrol.add_lane(
        viewer, _plan(viewer, plan_id), given.number, given.name, clock.now(), latitude=given.latitude,
        longitude=given.longitude,
    )  # fmt: skip


@patrols.post("/plans/{plan_id}/lanes/{lane_id}/close", response=answers(LaneOut), operation_id="close_lane")
@scoped(WRITE)
def close_lane(request: HttpRequest, plan_id: Id, lane_id: Id) -> Any:
    """Walk a lane no more."""
    viewer = viewer_of(request)
    lane = Lane.objects.filter(pk=lane_id, plan=_plan(viewer, plan_id)).first()
    if lane is None:
        raise Refusal(hidden())
    return patrol.close_lane(viewer, lane, clock.now())


@patrols.get("/plans/{plan_id}/walks", response=answers(Listed[WalkOut]), operation_id="list_walks")
@scoped(READ)
def list_walks(request: HttpRequest, plan_id: Id, asked: Query[Asked]) -> Any:
    """The walks of a plan, the newest first."""
    return cut(reads.walks_of(_plan(viewer_of(request), plan_id)).prefetch_related("answers"), asked)


@patrols.post("/walks", response=answers(WalkOut), operation_id="walk_lane")
@scoped(WRITE)
def walk_lane(request: HttpRequest, given: Walk) -> Any:
    """Send a walk; what was found becomes reports."""
    viewer, at = viewer_of(request), clock.now()
    found = [patrol.AnswerInput(**answer.model_dump()) for answer in given.answers]
    walk = patrol.WalkInput(given.key, given.lane, given.walked_at or at, given.note, found)
    done = patrol.walk_lane(viewer, walk, at)
    return reads.get_walk_for(viewer, str(done.key))


@patrols.post("/alarms/{alarm_id}/end", response=answers(AlarmOut), operation_id="end_alarm")
@scoped(WRITE)
def end_alarm(request: HttpRequest, alarm_id: Id, given: shapes.Reason) -> Any:
    """Say why a lane was not walked."""
    viewer = viewer_of(request)
    return patrol.end_alarm(viewer, reads.get_alarm_for(viewer, alarm_id), given.reason, clock.now())


# --- visits ----------------------------------------------------------------------------------


@visits.get("", response=answers(Listed[VisitOut]), operation_id="list_visits")
@scoped(READ)
def list_visits(request: HttpRequest, asked: Query[Asked]) -> Any:
    """One's own visits and those that colleagues shared, the newest first."""
    return cut(reads.visits_for(viewer_of(request)), asked)


@visits.post("", response=answers(VisitOut), operation_id="write_visit")
@scoped(WRITE)
def write_visit(request: HttpRequest, given: NewVisit) -> Any:
    """Write a visit down."""
    leads = [diary.LeadInput(lead.kind.value, lead.words) for lead in given.leads]
    data = diary.VisitInput(
        given.key, given.visited_on, given.community, given.household, given.place, given.note, given.shared, leads
    )
    return diary.write_visit(viewer_of(request), data, clock.now())


@visits.get("/{visit_id}", response=answers(VisitOut), operation_id="get_visit")
@scoped(READ)
def get_visit(request: HttpRequest, visit_id: Id) -> Any:
    """A visit of one's own, or one that was shared."""
    return reads.get_visit_for(viewer_of(request), visit_id, clock.now())


@visits.post("/{visit_id}", response=answers(VisitOut), operation_id="change_visit")
@scoped(WRITE)
def change_visit(request: HttpRequest, visit_id: Id, given: ChangeVisit) -> Any:
    """Change the note of a visit of one's own, or whom it is shared with."""
    viewer, at = viewer_of(request), clock.now()
    visit = reads.get_visit_for(viewer, visit_id, at)
    return diary.change_visit(viewer, visit, note=given.note, shared=given.shared, at=at)


@visits.post("/leads/{lead_id}/raise", response=answers(shapes.ReportOut), operation_id="lead_to_matter")
@scoped(WRITE)
def lead_to_matter(request: HttpRequest, lead_id: Id) -> Any:
    """Make a matter of something heard on a visit."""
    viewer, at = viewer_of(request), clock.now()
    return diary.lead_to_matter(viewer, reads.get_lead_for(viewer, lead_id, at), at)


@visits.post("/leads/{lead_id}/drop", response=answers(LeadOut), operation_id="drop_lead")
@scoped(WRITE)
def drop_lead(request: HttpRequest, lead_id: Id, given: shapes.Reason) -> Any:
    """Leave something heard on a visit, with the reason."""
    viewer, at = viewer_of(request), clock.now()
    return diary.drop_lead(viewer, reads.get_lead_for(viewer, lead_id, at), given.reason, at)
