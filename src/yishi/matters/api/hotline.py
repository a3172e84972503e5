"""The hotline's lists: taken in with every row accounted for, and what goes back."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from ninja import Field, File, Form, Query, Schema
from ninja.files import UploadedFile

from yishi.core import clock
from yishi.core.rest import Asked, Day, Id, Listed, Truth, answers, cut, scoped, streams
from yishi.core.verdicts import require
from yishi.matters import permissions
from yishi.matters.api.router import hotline
from yishi.matters.imports import reporting, uploads
from yishi.matters.imports.columns import LAYOUTS
from yishi.matters.models import HotlineBatch
from yishi.network import selectors as network
from yishi.network.viewers import viewer_of

WRITE = "matters:write"
LONGEST_REFUSALS = 1000


class RowRefused(Schema):
    """A row that was not taken in (or taken in without a clock: ``kept``), and what to mend."""

    row: int
    why: str
    kept: bool = False


class BatchOut(Schema):
    """A list and its account: every row is added, unchanged or refused."""

    id: int
    layout: str
    file_name: str
    file_digest: str
    at: dt.datetime
    rows: int
    added: int
    unchanged: int
    refused: int
    state: str = Field("", description="waiting, running, done or failed")
    why: str = ""


class Upload(Schema):
    """How the list is laid out; empty: recognised by its columns."""

    layout: str = Field("", pattern=f"^({'|'.join(('', *LAYOUTS))})$")


class Begin(Schema):
    """Which column holds which field (by the columns' names where nothing is said), and who may read the matters."""

    columns: dict[str, str] = Field(default_factory=dict, max_length=30)
    community: Id | None = None
    public: Truth = False


class ResultOut(Schema):
    """What became of a ticket of the hotline."""

    ticket: str
    matter: str
    received_at: dt.datetime
    due_on: dt.date | None = None
    lead: str
    state: str
    contacted_at: dt.datetime | None = None
    replied_at: dt.datetime | None = None
    reply: str
    settled_at: dt.datetime | None = None
    solved: str
    satisfaction: str
    url: str


def _shown(batch: HotlineBatch) -> HotlineBatch:
    standing = uploads.standing(batch)
    batch.state, batch.why = standing.state, standing.why  # type: ignore[attr-defined]
    return batch


@hotline.get("/batches", response=answers(Listed[BatchOut]), operation_id="list_batches")
@scoped("matters:read")
def list_batches(request: HttpRequest, asked: Query[Asked]) -> Any:
    """The lists of the town, the newest first, for its desk."""
    viewer = viewer_of(request)
    require(permissions.may_import_reports(viewer, clock.now()))
    found = HotlineBatch.objects.filter(town_id=viewer.town_id or network.the_town().pk).order_by("-pk")
    return cut(found, asked, _shown)


@hotline.post("/batches", response=answers(BatchOut), operation_id="upload_batch")
@scoped(WRITE)
def upload_batch(request: HttpRequest, given: Form[Upload], file: File[UploadedFile]) -> Any:
    """Upload a list (Excel or CSV, a form of several parts); nothing is taken in yet."""
    return _shown(uploads.receive(viewer_of(request), streams([file])[0], file.name or "", given.layout, clock.now()))


@hotline.get("/batches/{batch_id}", response=answers(BatchOut), operation_id="get_batch")
@scoped("matters:read")
def get_batch(request: HttpRequest, batch_id: Id) -> Any:
    """How far a list is, and its account."""
    return _shown(uploads.get_batch_for(viewer_of(request), batch_id))


@hotline.get("/batches/{batch_id}/refused", response=answers(list[RowRefused]), operation_id="list_refused_rows")
@scoped("matters:read")
def list_refused_rows(request: HttpRequest, batch_id: Id) -> Any:
    """The rows that were not taken in, with what to mend; the first thousand."""
    return uploads.get_batch_for(viewer_of(request), batch_id).refusals[:LONGEST_REFUSALS]


@hotline.post("/batches/{batch_id}/begin", response=answers(BatchOut), operation_id="begin_batch")
@scoped(WRITE)
def begin_batch(request: HttpRequest, batch_id: Id, given: Begin) -> Any:
    """Take an uploaded list in, in the background, once."""
    viewer = viewer_of(request)
    batch = uploads.get_batch_for(viewer, batch_id)
    uploads.begin(viewer, batch, given.columns, given.community, given.public, clock.now())
    batch.refresh_from_db()
    return _shown(batch)


class Returned(Schema):
    """Tickets answered between two days, both counted."""

    since: Day
    until: Day


@hotline.post("/results", response=answers(list[ResultOut]), operation_id="return_results")
@scoped(WRITE)
def return_results(request: HttpRequest, given: Returned) -> Any:
    """What goes back to the hotline for a period; taking it is on the record."""
    viewer = viewer_of(request)
    town = viewer.town_id or network.the_town().pk
    require(permissions.may_import_reports(viewer, clock.now()))
    lines = list(reporting.results(reporting.to_return(town, None, given.since, given.until), settings.SITE_URL))
    uploads.give_back(viewer, town, len(lines), clock.now(), None)
    return [_result(line) for line in lines]


def _result(line: list[Any]) -> dict[str, Any]:
    names = (
        "ticket", "matter", "", "received_at", "due_on", "lead", "state", "contacted_at", "replied_at", "reply", "",
        "settled_at", "", "", "", "solved", "satisfaction", "url",
    )  # fmt: skip
    return {name: value for name, value in zip(names, line, strict=True) if name}
