"""The notice board: what hangs now and what hung, by any filter."""

import datetime as dt
import re
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Q, QuerySet

from yishi.core import search
from yishi.network import selectors as network
from yishi.network.viewers import Viewer
from yishi.publication.models import Posting
from yishi.publication.services._acts import SEARCH_KIND

PAGE_SIZE = 20
_REFERENCE = re.compile(r"G\d{6}-[0-9A-Z]{5}")
SORTS = {
    "newest": ("-posted_at", "-pk"),
    "ending": ("ends_on", "pk"),
    "oldest": ("posted_at", "pk"),
    "changed": ("-changed_at", "-pk"),
}


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """What the board shows. ``state`` is ``now`` (hangs), ``archive`` (came down) or empty (both)."""

    q: str = ""
    kind: str = ""
    item: str = ""
    organisation: int | None = None
    community: int | None = None
    state: str = ""
    objected: bool = False
    since: dt.date | None = None
    until: dt.date | None = None
    sort: str = "newest"


def visible(viewer: Viewer) -> Q:
    """What this viewer may meet on the board: all that is public, and what is inside their organisations."""
    inside = {o.organisation_id for o in viewer.offices} | {s.organisation_id for s in viewer.standings}
    seen = Q(visibility=Posting.Visibility.PUBLIC) | Q(organisation_id__in=inside - {None})
    return seen & ~Q(posted_on=None)


def matching(viewer: Viewer, wanted: BoardFilter) -> QuerySet[Posting]:
    """The postings of a filter, ordered."""
    town_id = viewer.town_id or network.the_town().pk
    found = Posting.objects.filter(visible(viewer), town_id=town_id).select_related("organisation", "area")
    for name in ("kind", "item"):
        if value := getattr(wanted, name):
            found = found.filter(**{name: value})
    if wanted.organisation is not None:
        found = found.filter(organisation_id=wanted.organisation)
    if wanted.community is not None:
        community = network.area(wanted.community)
        found = found.filter(area__path__startswith=community.path if community else "-")
    hangs = Q(state__in=(Posting.State.UP, Posting.State.SUSPENDED))
    if wanted.state:
        found = found.filter(hangs) if wanted.state == "now" else found.exclude(hangs)
    if wanted.objected:
        found = found.filter(objections__isnull=False).distinct()
    return _by_words(_by_days(found, wanted), wanted.q, town_id, viewer).order_by(
        *SORTS.get(wanted.sort, SORTS["newest"])
    )


def _by_days(found: QuerySet[Posting], wanted: BoardFilter) -> QuerySet[Posting]:
    if wanted.since is not None:
        found = found.filter(posted_on__gte=wanted.since)
    return found.filter(posted_on__lte=wanted.until) if wanted.until is not None else found


def _by_words(found: QuerySet[Posting], words: str, town_id: int, viewer: Viewer) -> QuerySet[Posting]:
    words = words.strip()
    if not words:
        return found
    if _REFERENCE.fullmatch(words.upper()):
        return found.filter(reference=words.upper())
    public_only = not (viewer.offices or viewer.standings)
    return found.filter(pk__in=search.ids_matching(SEARCH_KIND, words, town_id=town_id, public_only=public_only))


def list_postings(viewer: Viewer, wanted: BoardFilter, page: int = 1) -> Page[Posting]:
    """One page of the board; a number past the end gives the last."""
    return Paginator(matching(viewer, wanted), PAGE_SIZE).get_page(page)
