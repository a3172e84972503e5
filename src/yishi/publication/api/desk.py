"""What waits for those who post, and the duties of disclosure that nothing posted has met."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Schema

from yishi.core import clock
from yishi.core.rest import Asked, Id, Listed, answers, scoped
from yishi.core.verdicts import require
from yishi.network.viewers import Viewer, viewer_of
from yishi.publication import permissions, selectors
from yishi.publication.api.reads import counted
from yishi.publication.api.router import duties, postings
from yishi.publication.api.shapes import PostingLine
from yishi.publication.models import DisclosureDuty
from yishi.publication.rules import CATALOGUE

READ = "publication:read"


class Waiting(Schema):
    """An objection that waits for its answer."""

    reference: str = Field(..., alias="posting.reference")
    number: int
    due_on: dt.date


class DeskOut(Schema):
    """What waits, most urgent first: to hang up, look at, take down, answer, correct; what else hangs."""

    to_post: list[PostingLine]
    to_check: list[PostingLine]
    to_end: list[PostingLine]
    to_answer: list[Waiting]
    to_correct: list[PostingLine]
    hanging: list[PostingLine]
    overdue: int = Field(..., description="Duties of disclosure past their day")


class DutyOut(Schema):
    """What an organisation has to make known for a period; ``late`` counts days past ``due_on``."""

    id: int
    organisation_id: int
    organisation: str
    item: str
    title: dict[str, str]
    period_start: dt.date
    period_end: dt.date
    due_on: dt.date
    late: int
    basis: dict[str, str]
    verified: bool
    prepared: str | None = Field(None, description="The posting that is prepared for it and does not hang yet")


class Due(Schema):
    """Which duties."""

    overdue: bool = Field(True, description="False: all that is raised and not met")
    organisation: Id | None = None


def _poster(request: HttpRequest) -> Viewer:
    viewer = viewer_of(request)
    require(permissions.may_use_desk(viewer, clock.now()))
    return viewer


@postings.get("/desk/waiting", response=answers(DeskOut), operation_id="get_posting_desk")
@scoped(READ)
def get_posting_desk(request: HttpRequest) -> Any:
    """What waits for the token's owner at the desk of postings."""
    viewer, today = _poster(request), clock.today()
    found = selectors.desk_of(viewer, today)
    names = ("to_post", "to_check", "to_end", "to_answer", "to_correct", "hanging")
    overdue = selectors.duties_of(viewer, today).count()
    return {**{name: getattr(found, name) for name in names}, "overdue": overdue}


@duties.get("", response=answers(Listed[DutyOut]), operation_id="list_duties")
@scoped(READ)
def list_duties(request: HttpRequest, wanted: Query[Due], asked: Query[Asked]) -> Any:
    """What the catalogue asks for and nothing posted has met: overdue, or all that is raised."""
    viewer, today = _poster(request), clock.today()
    found = selectors.duties_of(viewer, today, overdue=wanted.overdue, organisation=wanted.organisation)
    return counted(found, asked, lambda duty: _duty(duty, today))


def _duty(duty: DisclosureDuty, today: dt.date) -> dict[str, Any]:
    item = CATALOGUE[duty.item]
    return {
        "id": duty.pk, "organisation_id": duty.organisation_id, "organisation": duty.organisation.name,
        "item": duty.item, "title": item.title, "period_start": duty.period_start, "period_end": duty.period_end,
        "due_on": duty.due_on, "late": max((today - duty.due_on).days, 0), "basis": item.basis,
        "verified": item.verified, "prepared": duty.posting.reference if duty.posting else None,
    }  # fmt: skip
