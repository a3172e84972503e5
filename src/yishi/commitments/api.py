"""Commitments through the API: who does what by when with which money, and who accepts it."""

import datetime as dt
from decimal import Decimal
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Form, Query, Router, Schema
from pydantic import StringConstraints

from yishi.commitments import selectors, services
from yishi.commitments.models import Commitment
from yishi.core import clock, files
from yishi.core.rest import NO_FILES, Asked, Day, Id, Listed, Uploads, answers, cut, scoped, streams
from yishi.network.viewers import Viewer

router = Router(tags=["commitments"])
WRITE = "commitments:write"
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class CommitmentOut(Schema):
    """A promise: what, who, by when, with which money, how far."""

    id: int
    subject: str = Field(..., description="Kind and number of what it was made on")
    what: str
    organisation_id: int
    organisation: str = Field(..., alias="organisation.name")
    made_at: dt.datetime
    due_on: dt.date
    state: str
    percent: int
    budget: Decimal
    spent: Decimal
    overdue: bool

    @staticmethod
    def resolve_subject(row: Commitment) -> str:
        """As ``matters.matter:12``."""
        return f"{row.subject_kind}:{row.subject_id}"

    @staticmethod
    def resolve_overdue(row: Commitment) -> bool:
        """Computed, never stored."""
        return selectors.is_overdue(row, clock.today())


class ProgressOut(Schema):
    """A step of the doing; ``photos`` and ``receipts`` are addresses of this site."""

    kind: str
    at: dt.datetime
    words: str
    percent: int | None = None
    spent: Decimal | None = None
    photos: list[str]
    receipts: list[str]


class Progress(Schema):
    """How far it is, and the money spent since the last step."""

    words: Words
    percent: int = Field(..., ge=0, le=100)
    spent: Decimal = Field(Decimal(0), ge=0, le=10**9, decimal_places=2)


class Said(Schema):
    """What is said of it."""

    words: Words


class Delay(Schema):
    """A later day, and why."""

    new_due_on: Day
    reason: Reason


class Because(Schema):
    """Why."""

    reason: Reason


class Accepted(Schema):
    """What was seen when the work was looked at."""

    words: str = Field("", max_length=2000)


def loaded(request: HttpRequest, commitment_id: Id) -> tuple[Viewer, Commitment]:
    """Who asks, and the commitment."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return viewer, selectors.get_commitment_for(viewer, commitment_id)


def _fresh(viewer: Viewer, commitment: Commitment) -> Commitment:
    return selectors.get_commitment_for(viewer, commitment.pk)


@router.get("", response=answers(Listed[CommitmentOut]), operation_id="list_commitments")
@scoped(WRITE)
def list_commitments(request: HttpRequest, asked: Query[Asked]) -> Any:
    """One's own commitments and those of one's organisations."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return cut(selectors.own_commitments(viewer).select_related("organisation"), asked)


@router.get("/{commitment_id}", response=answers(CommitmentOut), operation_id="get_commitment")
def get_commitment(request: HttpRequest, commitment_id: Id) -> Any:
    """One commitment, as public as what it was made on."""
    return loaded(request, commitment_id)[1]


@router.get("/{commitment_id}/progress", response=answers(Listed[ProgressOut]), operation_id="list_progress")
def list_progress(request: HttpRequest, commitment_id: Id, asked: Query[Asked]) -> Any:
    """The steps of a commitment with their pictures; receipts for those inside alone."""
    viewer, commitment = loaded(request, commitment_id)
    return cut(selectors.progress_of(viewer, commitment), asked, _step)


def _step(line: selectors.ProgressLine) -> dict[str, Any]:
    step = line.step
    return {
        "kind": step.kind, "at": step.at, "words": step.words, "percent": step.percent, "spent": step.spent,
        "photos": [files.url_of(f) for f in line.photos], "receipts": [files.url_of(f) for f in line.receipts],
    }  # fmt: skip


@router.post("/{commitment_id}/progress", response=answers(CommitmentOut), operation_id="report_progress")
@scoped(WRITE)
def report_progress(
    request: HttpRequest, commitment_id: Id, given: Form[Progress], photos: Uploads = NO_FILES,
    receipts: Uploads = NO_FILES,
) -> Any:  # fmt: skip
    """Tell how far it is, with photos and receipts, as a form of several parts."""
    viewer, found = loaded(request, commitment_id)
    services.report_progress(
        viewer, found, given.words, given.percent, given.spent, streams(photos), clock.now(), streams(receipts)
    )
    return _fresh(viewer, found)


@router.post("/{commitment_id}/done", response=answers(CommitmentOut), operation_id="report_done")
@scoped(WRITE)
def report_done(request: HttpRequest, commitment_id: Id, given: Form[Said], photos: Uploads = NO_FILES) -> Any:
    """Say that it is done, with photos, as a form of several parts; someone else accepts it."""
    viewer, found = loaded(request, commitment_id)
    services.report_done(viewer, found, given.words, streams(photos), clock.now())
    return _fresh(viewer, found)


@router.post("/{commitment_id}/delay", response=answers(CommitmentOut), operation_id="delay_commitment")
@scoped(WRITE)
def delay_commitment(request: HttpRequest, commitment_id: Id, given: Delay) -> Any:
    """Move the day, with a reason that everyone reads."""
    viewer, found = loaded(request, commitment_id)
    services.delay_commitment(viewer, found, given.new_due_on, given.reason, clock.now())
    return _fresh(viewer, found)


@router.post("/{commitment_id}/accept", response=answers(CommitmentOut), operation_id="accept_commitment")
@scoped(WRITE)
def accept_commitment(request: HttpRequest, commitment_id: Id, given: Accepted) -> Any:
    """Accept the work; never one's own."""
    viewer, found = loaded(request, commitment_id)
    services.accept_commitment(viewer, found, given.words, clock.now())
    return _fresh(viewer, found)


@router.post("/{commitment_id}/return", response=answers(CommitmentOut), operation_id="return_commitment")
@scoped(WRITE)
def return_commitment(request: HttpRequest, commitment_id: Id, given: Because) -> Any:
    """Do not accept it yet."""
    viewer, found = loaded(request, commitment_id)
    services.return_commitment(viewer, found, given.reason, clock.now())
    return _fresh(viewer, found)


@router.post("/{commitment_id}/cancel", response=answers(CommitmentOut), operation_id="cancel_commitment")
@scoped(WRITE)
def cancel_commitment(request: HttpRequest, commitment_id: Id, given: Because) -> Any:
    """Take a promise back, with the reason; not one's own."""
    viewer, found = loaded(request, commitment_id)
    services.cancel_commitment(viewer, found, given.reason, clock.now())
    return _fresh(viewer, found)
