"""The desk: what waits for an officer; what callers, walk-ins and paper slips say; corrections and undoing."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query, Schema

from yishi.core import clock
from yishi.core.rest import Asked, Id, Listed, Truth, answers, cut, scoped
from yishi.core.verdicts import Refusal, hidden
from yishi.matters import selectors, services
from yishi.matters.api import shapes
from yishi.matters.api.acts import WRITE, Given, assignment_of, fresh, loaded
from yishi.matters.api.router import desk, router
from yishi.matters.models import Matter, SizeAppeal
from yishi.network.viewers import viewer_of


class Waiting(Schema):
    """What waits for the owner of the token: the act, what it is done to, by when."""

    matter: str = Field(..., alias="matter.reference")
    title: str = Field(..., alias="matter.title")
    act: str
    blocked: str = Field(..., description="What it waits for, in words")
    subject_id: int | None = Field(None, description="The report, assignment or appeal it is done to")
    due_on: dt.date | None = None
    overdue: bool


class ForSomeone(shapes.Raise):
    """What a caller, a walk-in or a paper slip says; a name or number only with consent."""

    channel: str = Field(..., pattern="^(phone|walk_in|paper)$")
    name: str = Field("", max_length=60)
    phone: str = Field("", max_length=30)
    address: str = Field("", max_length=200)
    shown_as: str = Field("", max_length=40, description="How the public page calls them")
    consent: Truth = Field(False, description="They agreed that their name or number is kept for the handler")
    consent_note: str = Field("", max_length=200, description="Who, when, how they agreed")


class Correct(Schema):
    """What is mended, and why; what is not named stays."""

    reason: shapes.Words
    title: str | None = Field(None, max_length=120)
    text: str | None = Field(None, max_length=5000)
    place: str | None = Field(None, max_length=200)
    latitude: float | None = Field(None, ge=-90, le=90)
    longitude: float | None = Field(None, ge=-180, le=180)
    community: Id | None = None
    category: Id | None = None


class Answered(Schema):
    """The answer to an appeal against the size."""

    accept: Truth
    answer: shapes.Words


class AppealOut(Schema):
    """An appeal against the size, and its answer."""

    id: int
    asked_size: str
    reason: str
    at: dt.datetime
    state: str
    answer: str


@desk.get("/queue", response=answers(Listed[Waiting]), operation_id="list_queue")
@scoped("matters:read")
def list_queue(request: HttpRequest, asked: Query[Asked]) -> Any:
    """What waits for an officer, the most pressing first."""
    return cut(selectors.queue_for(viewer_of(request)), asked)


@desk.post("/matters", response=answers(shapes.ReportOut), operation_id="raise_for_someone")
@scoped(WRITE)
def raise_for_someone(request: HttpRequest, told: ForSomeone) -> Any:
    """Write down what someone says at the desk, with the consent to keep how to reach them."""
    if (told.name or told.phone or told.address) and not told.consent:
        raise ValidationError({"consent": _("记录姓名或联系方式前，请先得到反映人的同意并记录。")})
    reachable = bool(told.phone or told.address)
    contact = services.ContactInput(told.name, told.phone, told.address, told.shown_as, reachable)
    data = told.as_input(told.channel, contact=contact)
    return services.raise_with_contact(viewer_of(request), data, told.consent_note, clock.now())


@router.post("/{reference}/correct", response=answers(shapes.MatterOut), operation_id="correct_matter")
@scoped(WRITE)
def correct_matter(request: HttpRequest, reference: str, given: Correct) -> Any:
    """Mend what a matter says, with the reason."""
    viewer, matter = loaded(request, reference)
    services.correct_matter(
        viewer, matter, given.reason, clock.now(), title=given.title, text=given.text, place=given.place,
        latitude=given.latitude, longitude=given.longitude, community_id=given.community, category_id=given.category,
    )  # fmt: skip
    return fresh(viewer, reference)


@router.get("/{reference}/appeals", response=answers(list[AppealOut]), operation_id="list_appeals")
@scoped("matters:read")
def list_appeals(request: HttpRequest, reference: str) -> Any:
    """Appeals against the size of a matter, for its reporters and those who work with it."""
    viewer, matter = loaded(request, reference)
    may_read = any(selectors.may_read_report(viewer, r) for r in matter.reports.all())
    return list(matter.size_appeals.order_by("pk")) if may_read else []


@router.post("/{reference}/appeals/{appeal_id}/answer", response=answers(AppealOut), operation_id="answer_appeal")
@scoped(WRITE)
def answer_appeal(request: HttpRequest, reference: str, appeal_id: Id, given: Answered) -> Any:
    """Answer an appeal against the size."""
    viewer, matter = loaded(request, reference)
    return services.answer_size_appeal(viewer, _appeal(matter, appeal_id), given.accept, given.answer, clock.now())


def _appeal(matter: Matter, appeal_id: Id) -> SizeAppeal:
    found = SizeAppeal.objects.filter(pk=appeal_id, matter=matter).first()
    if found is None:
        raise Refusal(hidden())
    found.matter = matter
    return found


@router.get("/{reference}/assignments", response=answers(list[Given]), operation_id="list_assignments")
@scoped("matters:read")
def list_assignments(request: HttpRequest, reference: str) -> Any:
    """To whom a matter was given, for those who work with it."""
    viewer, matter = loaded(request, reference)
    return list(matter.assignments.order_by("pk")) if selectors.is_inside(viewer, matter) else []


@router.post("/{reference}/assignments/{assignment_id}/undo", response=answers(Given), operation_id="undo_assignment")
@scoped(WRITE)
def undo_assignment(request: HttpRequest, reference: str, assignment_id: Id) -> Any:
    """Take back an assignment just given."""
    viewer = viewer_of(request)
    return services.undo_assignment(viewer, assignment_of(viewer, reference, assignment_id), clock.now())


@router.post(
    "/{reference}/assignments/{assignment_id}/undo-signature", response=answers(Given), operation_id="undo_signature"
)
@scoped(WRITE)
def undo_signature(request: HttpRequest, reference: str, assignment_id: Id) -> Any:
    """Take back a signature just given."""
    viewer = viewer_of(request)
    return services.undo_signature(viewer, assignment_of(viewer, reference, assignment_id), clock.now())
