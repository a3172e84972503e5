"""Lists of decisions: filters on indexes, one page at a time, nothing that the viewer may not see."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from yishi.core import search
from yishi.core.paging import COUNT_UP_TO, Page, page_of
from yishi.decisions.models import Decision
from yishi.network import selectors as network
from yishi.network.viewers import Viewer

PAGE_SIZE = 20
SORTS = {
    "changed": ("-changed_at", "-pk"), "newest": ("-created_at", "-pk"), "oldest": ("created_at", "pk"),
    "title": ("title", "pk"),
}  # fmt: skip
LOST = ("failed", "void")


@dataclass(frozen=True, slots=True)
class DecisionFilter:
    """What a list shows; empty values leave a filter out. ``body`` is an ``Organisation.Kind``. ``lost``: only
    those whose vote did not pass or is void, or none of them.
    """

    q: str = ""
    body: str = ""
    organisation: int | None = None
    procedure: str = ""
    status: str = ""
    step: str = ""
    sort: str = "changed"
    lost: bool | None = None


def visible(viewer: Viewer) -> Q:
    """Which decisions this viewer may meet: public ones, those of their own organisations, their own."""
    found = Q(visibility=Decision.Visibility.PUBLIC)
    inside = {o.organisation_id for o in viewer.offices} | {
        s.organisation_id for s in viewer.standings if s.kind == "party_member" and s.organisation_id
    }
    if inside:
        found |= Q(organisation_id__in=inside)
    if viewer.person_id is not None:
        found |= Q(proposer_id=viewer.person_id)
    return found


def matching(viewer: Viewer, wanted: DecisionFilter) -> QuerySet[Decision]:
    """The decisions of a filter, unordered."""
    town_id = network.the_town().pk
    found = Decision.objects.filter(visible(viewer), town_id=town_id)
    if wanted.body:
        found = found.filter(organisation__kind=wanted.body)
    if wanted.organisation:
        found = found.filter(organisation_id=wanted.organisation)
    for name in ("procedure", "status", "step"):
        if value := getattr(wanted, name):
            found = found.filter(**{name: value})
    if wanted.lost is not None:
        found = found.filter(phase__in=LOST) if wanted.lost else found.exclude(phase__in=LOST)
    if words := wanted.q.strip():
        found = found.filter(_by_words(words, town_id, viewer))
    return found


def _by_words(words: str, town_id: int, viewer: Viewer) -> Q:
    """By number, or by words and initials of title and motion."""
    hits = search.find(
        "decisions.decision", words, town_id=town_id, public_only=viewer.person_id is None, limit=COUNT_UP_TO
    )
    return Q(reference=words.upper()) | Q(pk__in=hits)


def list_decisions(viewer: Viewer, wanted: DecisionFilter, page: int = 1, size: int = PAGE_SIZE) -> Page[Decision]:
    """One page of a list; three queries at most, whatever the number of rows, one more with words."""
    rows = matching(viewer, wanted).select_related("organisation", "area")
    return page_of(rows.order_by(*SORTS.get(wanted.sort, SORTS["changed"])), page, size)


def of_matter(viewer: Viewer, matter_id: int) -> list[Decision]:
    """The decisions that a matter was brought to, oldest first."""
    return list(Decision.objects.filter(visible(viewer), matter_id=matter_id).order_by("created_at", "pk"))
