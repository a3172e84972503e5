"""Lists of matters, quick at any size: filters on indexes, pages by number, counts that stop at a thousand."""

import datetime as dt
import re
from dataclasses import dataclass, replace

from django.db.models import Q, QuerySet
from django.utils import timezone

from yishi.core import clock, generations, search
from yishi.core.paging import COUNT_UP_TO, Page, page_of
from yishi.matters import permissions
from yishi.matters.models import Assignment, Matter, Report, Suspension
from yishi.network import selectors as network
from yishi.network.viewers import Viewer

Stage = Matter.Stage
PAGE_SIZE = 20
SOON_DAYS = 3
RUNNING = (Stage.RAISED, Stage.ACCEPTED, Stage.ASSIGNED, Stage.DOING, Stage.ANSWERED)
SORTS = {
    "newest": ("-raised_at", "-pk"),
    "oldest": ("raised_at", "pk"),
    "changed": ("-changed_at", "-pk"),
    "due": ("due_on", "pk"),
}
_REFERENCE = re.compile(r"\d{6}-[0-9A-Za-z]{5}")


@dataclass(frozen=True, slots=True)
class MatterFilter:
    """What a list shows. Empty values leave a filter out; ``stages`` are ``Matter.Stage`` values."""

    q: str = ""
    stages: tuple[str, ...] = ()
    category: int | None = None
    community: int | None = None
    channel: str = ""
    size: str = ""
    nature: str = ""
    decider: str = ""
    overdue: bool = False
    due_soon: bool = False
    lead: int | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    mine: bool = False
    sort: str = "newest"
    town_id: int | None = None


def visible(viewer: Viewer) -> Q:
    """Which matters this viewer may meet in a list. Sealed matters stand in no list at all."""
    if viewer.holding(permissions.DESK_DUTIES, permissions.TOWN_DESK):
        return Q(sealed=False)
    seen = Q(visibility=Matter.Visibility.PUBLIC)
    desks = viewer.holding(permissions.DESK_DUTIES, permissions.COMMUNITY_DESK)
    for town_id, path in dict.fromkeys((o.town_id, o.area_path) for o in desks if o.area_path):
        seen |= Q(community_id__in=_communities_within(town_id, path))
    if serving := [o.organisation_id for o in viewer.holding(permissions.DOING_DUTIES)]:
        given = Assignment.objects.filter(organisation_id__in=serving, state__in=permissions.ACTIVE)
        seen |= Q(pk__in=given.values("matter_id"))
    return Q(seen, sealed=False)


def _communities_within(town_id: int, path: str) -> list[int]:
    """The communities of an area, asked for once until the next act anywhere."""

    def within() -> list[int]:
        found = network.communities(town_id).filter(path__startswith=path)
        return list(found.order_by("pk").values_list("pk", flat=True))

    return generations.kept(("matters.communities", town_id, path), within)


def overdue_on(day: dt.date) -> Q:
    """Late on a day: a running matter past its due day, a suspended one past its review day."""
    reviewed = Suspension.objects.filter(ended_at=None, review_on__lt=day).values("matter_id")
    return Q(stage__in=RUNNING, due_on__lt=day) | Q(stage=Stage.SUSPENDED, pk__in=reviewed)


def matching(viewer: Viewer, wanted: MatterFilter) -> QuerySet[Matter]:
    """The matters of a filter, unordered."""
    town_id = wanted.town_id or viewer.town_id or network.the_town().pk
    found = Matter.objects.filter(town_id=town_id)
    if wanted.mine:
        own = Report.objects.filter(reporter_id=viewer.for_id or 0)
        found = found.filter(pk__in=own.values("matter_id"))
    else:
        found = found.filter(visible(viewer))
    for name in ("category", "community", "lead"):
        if (value := getattr(wanted, name)) is not None:
            found = found.filter(**{f"{name}_id": value})
    for name in ("channel", "size", "nature", "decider"):
        if value := getattr(wanted, name):
            found = found.filter(**{name: value})
    alone = replace(wanted, q="", town_id=None) == MatterFilter()
    return _by_state(_by_words(_by_days(found, wanted), wanted.q, town_id, viewer, alone=alone), wanted)


def _by_days(found: QuerySet[Matter], wanted: MatterFilter) -> QuerySet[Matter]:
    """Raised between two local days, both included."""
    zone = timezone.get_current_timezone()
    if wanted.since is not None:
        found = found.filter(raised_at__gte=dt.datetime.combine(wanted.since, dt.time.min, zone))
    if wanted.until is not None:
        found = found.filter(raised_at__lt=dt.datetime.combine(wanted.until + dt.timedelta(days=1), dt.time.min, zone))
    return found


def _by_state(found: QuerySet[Matter], wanted: MatterFilter) -> QuerySet[Matter]:
    day = clock.today()
    if wanted.overdue:
        found = found.filter(overdue_on(day))
    if wanted.due_soon:
        found = found.filter(stage__in=RUNNING, due_on__gte=day, due_on__lte=day + dt.timedelta(days=SOON_DAYS))
    if wanted.sort == "due":
        found = found.filter(due_on__isnull=False)
    return found.filter(stage__in=wanted.stages) if wanted.stages else found.exclude(stage=Stage.MERGED)


def _by_words(found: QuerySet[Matter], words: str, town_id: int, viewer: Viewer, *, alone: bool) -> QuerySet[Matter]:
    """By number, or by words and initials; never by who reported.

    Words alone that stand in more than a thousand matters give the newest; with other filters, all are looked at.
    """
    words = words.strip()
    if not words:
        return found
    if _REFERENCE.fullmatch(words):
        return found.filter(reference=words.upper())
    public_only = not viewer.offices
    newest = search.find("matters.matter", words, town_id=town_id, public_only=public_only, limit=COUNT_UP_TO + 1)
    if len(newest) <= COUNT_UP_TO or alone:
        return found.filter(pk__in=newest)
    return found.filter(pk__in=search.ids_matching("matters.matter", words, town_id=town_id, public_only=public_only))


def list_matters(viewer: Viewer, wanted: MatterFilter, page: int = 1, size: int = PAGE_SIZE) -> Page[Matter]:
    """One page of a list: two queries whatever the number of rows. Pages beyond the deepest give the deepest."""
    rows = matching(viewer, wanted).select_related("community", "category", "lead").defer("text", "result")
    return page_of(rows.order_by(*SORTS.get(wanted.sort, SORTS["newest"])), page, size)


def own_matters(viewer: Viewer, page: int = 1) -> Page[Matter]:
    """The viewer's own matters (or those of the person they help), newest first."""
    return list_matters(viewer, MatterFilter(mine=True), page)
