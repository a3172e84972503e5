"""Reading postings: the catalogue, the board, one posting with its days, looks and objections."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Query

from yishi.core import clock, files
from yishi.core.rest import Asked, Listed, answers, cut, paged
from yishi.network.viewers import Viewer, viewer_of
from yishi.publication import permissions, selectors
from yishi.publication.api.router import postings
from yishi.publication.api.shapes import ItemOut, PostingLine, PostingOut, Wanted
from yishi.publication.models import Posting
from yishi.publication.rules import CATALOGUE

COUNTED = 1000
ACTS = {
    name: getattr(permissions, f"may_{name}_posting")
    for name in ("open", "check", "end", "suspend", "resume", "correct", "object_to")
}


def counted(found: QuerySet[Any], asked: Asked, shape: Callable[[Any], Any] = lambda row: row) -> dict[str, Any]:
    """A page of rows whose counting stops at a thousand."""
    start = (asked.page - 1) * asked.per_page
    many = found.values("pk")[: COUNTED + 1].count()
    rows = [shape(row) for row in found[start : start + asked.per_page]]
    return paged(rows, asked, min(many, COUNTED), capped=many > COUNTED)


def whole(viewer: Viewer, posting: Posting) -> dict[str, Any]:
    """The posting as :class:`PostingOut` reads it."""
    at, period, about = clock.now(), selectors.period_of(posting), selectors.subject_of(viewer, posting)
    newer = posting.replaced_by.first()
    shown = PostingLine.from_orm(posting).model_dump(by_alias=True)
    names = ("text", "text_en", "clause", "verified", "motion_digest", "places", "phone", "masks", "suspended_why")
    return shown | {name: getattr(posting, name) for name in names} | {
        "arithmetic": period.arithmetic if period else {},
        "replaces": posting.replaces.reference if posting.replaces else None,
        "replaced_by": newer.reference if newer and permissions.may_see_posting(viewer, newer, at) else None,
        "about": {"title": about[0], "url": about[1]} if about[0] else None,
        "checks": [_check(line) for line in selectors.checks_of(posting)],
        "objections": [objection_out(line) for line in selectors.objections_of(viewer, posting)],
        "may": [name for name, may in ACTS.items() if may(viewer, posting, at)],
    }  # fmt: skip


def _check(line: selectors.CheckLine) -> dict[str, Any]:
    check = line.check
    return {
        "kind": check.kind, "on": check.on, "place": check.place, "seen": check.seen, "note": check.note,
        "photo_digest": check.photo_digest, "photos": [files.url_of(f) for f in line.photos],
    }  # fmt: skip


def objection_out(line: selectors.ObjectionLine) -> dict[str, Any]:
    """An objection without whose it is."""
    row = line.objection
    return {
        "number": row.number, "at": row.at, "due_on": row.due_on, "late": line.late, "channel": row.channel,
        "clause": line.clause, "fact": line.fact, "demand": line.demand, "ruling": row.ruling, "reason": row.reason,
        "answered_at": row.answered_at, "may_answer": line.may_answer,
    }  # fmt: skip


def fresh(viewer: Viewer, reference: str) -> dict[str, Any]:
    """The posting after an act."""
    return whole(viewer, selectors.get_posting_for(viewer, reference))


@postings.get("", response=answers(Listed[PostingLine]), operation_id="list_postings")
def list_postings(request: HttpRequest, wanted: Query[Wanted], asked: Query[Asked]) -> Any:
    """Notices, disclosures and announcements that hang or hung, by any filter; the count stops at a thousand."""
    return counted(selectors.matching(viewer_of(request), wanted.as_filter()), asked)


@postings.get("/catalogue", response=answers(Listed[ItemOut]), operation_id="list_catalogue")
def list_catalogue(request: HttpRequest, asked: Query[Asked]) -> Any:
    """What has to be made known, by whom, how often, for how long and on which basis."""
    return cut(list(CATALOGUE.values()), asked)


@postings.get("/{reference}", response=answers(PostingOut), operation_id="get_posting")
def get_posting(request: HttpRequest, reference: str) -> Any:
    """One posting: words, days with their arithmetic, looks with photos, objections with their answers."""
    return fresh(viewer_of(request), reference)
