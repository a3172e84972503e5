"""Changes of the network, by the town's organisation officers: organisations, ties, posts and terms."""

import datetime as dt
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, File, Schema
from ninja.files import UploadedFile
from pydantic import StringConstraints

from yishi.core import clock
from yishi.core.rest import Day, Id, Number, answers, scoped
from yishi.core.verdicts import Refusal, hidden
from yishi.network import directory, selectors, services
from yishi.network.api.reads import OrganisationOut, PostOut, TieOut
from yishi.network.api.router import router
from yishi.network.models import Edge, Organisation, Post, Term
from yishi.network.viewers import Viewer

WRITE = "network:write"
MOST_FAULTS = 1000
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]


class Found(Schema):
    """An organisation to set up."""

    area: Id
    kind: Organisation.Kind
    name: Name
    name_en: str = Field("", max_length=120)
    opened_on: Day


class OnDay(Schema):
    """On which day."""

    on: Day


class Tie(Schema):
    """A tie to another organisation, from a day on."""

    parent: Id
    kind: Edge.Kind
    since: Day


class NewPost(Schema):
    """A post to set up."""

    duty: Post.Duty
    title: Name
    seats: Number = Field(1, ge=1, le=200)


class Appoint(Schema):
    """Whom, from which day on."""

    person: Id
    since: Day


class End(Schema):
    """The last day in office, and why."""

    until: Day
    because: Name


class HandOver(Schema):
    """To whom, from which day on, and why."""

    person: Id
    since: Day
    because: Name


class HeldOut(Schema):
    """A term after the act."""

    id: int
    post_id: int
    since: dt.date
    until: dt.date | None = None


class FaultOut(Schema):
    """A row that was not taken in, and what to mend."""

    sheet: str = Field(..., alias="row.sheet")
    number: int = Field(..., alias="row.number")
    words: str


class ImportOut(Schema):
    """What an import did (or would do): rows by what became of them, and those to mend (the first thousand)."""

    rows: int
    added: int
    changed: int
    unchanged: int
    refused: int
    faults: list[FaultOut]


def _viewer(request: HttpRequest) -> Viewer:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return viewer


def _organisation(request: HttpRequest, pk: Id) -> Organisation:
    return directory.get_organisation_for(_viewer(request), pk)


def _term(pk: Id) -> Term:
    found = Term.objects.filter(pk=pk).select_related("post__organisation").first()
    if found is None:
        raise Refusal(hidden())
    return found


@router.post("/organisations", response=answers(OrganisationOut), operation_id="add_organisation")
@scoped(WRITE)
def add_organisation(request: HttpRequest, given: Found) -> Any:
    """Set up an organisation in an area."""
    viewer = _viewer(request)
    area = directory.get_area_for(viewer, given.area)
    return services.add_organisation(
        viewer, area, given.kind.value, given.name, given.opened_on, clock.now(), name_en=given.name_en
    )


@router.post(
    "/organisations/{organisation_id}/close", response=answers(OrganisationOut), operation_id="close_organisation"
)
@scoped(WRITE)
def close_organisation(request: HttpRequest, organisation_id: Id, given: OnDay) -> Any:
    """Close an organisation; its history stays."""
    found = _organisation(request, organisation_id)
    return services.close_organisation(_viewer(request), found, given.on, clock.now())


@router.post("/organisations/{organisation_id}/ties", response=answers(TieOut), operation_id="tie_organisations")
@scoped(WRITE)
def tie_organisations(request: HttpRequest, organisation_id: Id, given: Tie) -> Any:
    """Tie an organisation to another from a day on."""
    child, parent = _organisation(request, organisation_id), _organisation(request, given.parent)
    return services.tie_organisations(_viewer(request), child, parent, given.kind.value, given.since, clock.now())


@router.post("/ties/{tie_id}/end", response=answers(TieOut), operation_id="end_tie")
@scoped(WRITE)
def end_tie(request: HttpRequest, tie_id: Id, given: OnDay) -> Any:
    """End a tie on a day."""
    found = Edge.objects.filter(pk=tie_id).first()
    if found is None:
        raise Refusal(hidden())
    return services.end_edge(_viewer(request), found, given.on, clock.now())


@router.post("/organisations/{organisation_id}/posts", response=answers(PostOut), operation_id="add_post")
@scoped(WRITE)
def add_post(request: HttpRequest, organisation_id: Id, given: NewPost) -> Any:
    """Set up a post in an organisation."""
    found = _organisation(request, organisation_id)
    return services.add_post(_viewer(request), found, given.duty.value, given.title, given.seats, clock.now())


@router.post("/posts/{post_id}/appoint", response=answers(HeldOut), operation_id="appoint")
@scoped(WRITE)
def appoint(request: HttpRequest, post_id: Id, given: Appoint) -> Any:
    """Put someone into a post from a day on; twice is once."""
    found = Post.objects.filter(pk=post_id).first()
    if found is None:
        raise Refusal(hidden())
    return services.appoint(_viewer(request), found, given.person, given.since, clock.now())


@router.post("/terms/{term_id}/end", response=answers(HeldOut), operation_id="end_term")
@scoped(WRITE)
def end_term(request: HttpRequest, term_id: Id, given: End) -> Any:
    """End a term on a day."""
    return services.end_term(_viewer(request), _term(term_id), given.until, given.because, clock.now())


@router.post("/terms/{term_id}/transfer", response=answers(HeldOut), operation_id="transfer_post")
@scoped(WRITE)
def transfer_post(request: HttpRequest, term_id: Id, given: HandOver) -> Any:
    """Hand a post over from a day on."""
    found = _term(term_id)
    return services.transfer(_viewer(request), found, given.person, given.since, given.because, clock.now())


@router.post("/import", response=answers(ImportOut), operation_id="import_network")
@scoped(WRITE)
def import_network(request: HttpRequest, file: File[UploadedFile], dry_run: bool = True) -> Any:
    """Take an Excel file in, as a form of several parts; with ``dry_run`` only say what it would do."""
    viewer, town = _viewer(request), selectors.the_town()
    done = services.import_network(viewer, town, file.read(), file.name or "", clock.now(), dry_run=dry_run)
    counts = {what: done.total(what) for what in ("rows", "added", "changed", "unchanged", "refused")}
    return counts | {"faults": done.faults[:MOST_FAULTS]}
