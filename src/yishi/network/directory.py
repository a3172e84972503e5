"""Reads for the pages of the network: the town at a glance, an area, an organisation, who holds what on a day."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from yishi.core import search
from yishi.core.verdicts import Refusal, hidden
from yishi.network import findable, permissions
from yishi.network.models import Area, Edge, Organisation, Post, Term
from yishi.network.selectors import held_on, open_on, the_town
from yishi.network.viewers import Viewer
from yishi.people import selectors as people

KIND = Organisation.Kind
SORTS = {
    "organisation": ("post__organisation__area__path", "post__organisation__name", "post__title"),
    "title": ("post__title", "post__organisation__name"),
    "name": ("person__name", "post__organisation__name"),
    "since": ("since", "post__organisation__name"),
    "-since": ("-since", "post__organisation__name"),
}


@dataclass(frozen=True, slots=True)
class CommunityLine:
    """A community and how many of what lie in it."""

    area: Area
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Holding:
    """A term as it may be shown: the full name in office, the masked one after."""

    term: Term
    shown: str
    in_office: bool
    may_open: bool


def get_area_for(viewer: Viewer, area_id: int) -> Area:
    """An area of the town; the network is public.

    Raises:
        Refusal: hidden, where there is none.
    """
    area = Area.objects.filter(pk=area_id).select_related("parent", "town").first()
    if area is None:
        raise Refusal(hidden())
    return area


def get_organisation_for(viewer: Viewer, organisation_id: int) -> Organisation:
    """An organisation; the network is public, closed ones too.

    Raises:
        Refusal: hidden, where there is none.
    """
    found = Organisation.objects.filter(pk=organisation_id).select_related("area__parent", "town").first()
    if found is None:
        raise Refusal(hidden())
    return found


def overview(town: Area, day: dt.date) -> tuple[list[CommunityLine], Counter[str]]:
    """Every community with its counts by kind of organisation, and the town's totals; two queries."""
    totals: Counter[str] = Counter()
    by_community: dict[str, Counter[str]] = {}
    depth = len(town.path.split("/"))
    rows = Organisation.objects.filter(open_on(day), town=town).values_list("area__path", "kind")
    for path, kind in rows:
        totals[kind] += 1
        by_community.setdefault("/".join(path.split("/")[:depth]) + "/", Counter())[kind] += 1
    areas = Area.objects.filter(open_on(day), town=town, kind=Area.Kind.COMMUNITY).order_by("code", "name")
    return [CommunityLine(a, dict(by_community.get(a.path, {}))) for a in areas], totals


def organisations_in(area: Area, day: dt.date, tree: str = "") -> QuerySet[Organisation]:
    """The organisations in an area and below on a day, Party or civil or both."""
    found = Organisation.objects.filter(open_on(day), area__path__startswith=area.path).select_related("area")
    if tree:
        found = found.filter(tree=tree)
    return found.order_by("area__path", "kind", "name")


def matching(town: Area, query: str) -> QuerySet[Organisation]:
    """Organisations found by parts of their name, initials, place or English name."""
    ids = search.ids_matching(findable.KIND, query, town_id=town.pk, public_only=True)
    return Organisation.objects.filter(pk__in=ids).select_related("area").order_by("area__path", "name")


def sees_former_names(viewer: Viewer, town_id: int) -> bool:
    """Whether former holders are shown by full name."""
    return bool(permissions.may_see_history(viewer, 0, town_id, viewer.at))


def filtered(
    town: Area,
    day: dt.date,
    *,
    query: str = "",
    duty: str = "",
    kind: str = "",
    area: Area | None = None,
    sort: str = "",
    today: dt.date,
) -> QuerySet[Term]:
    """The terms of a day, narrowed and sorted as the list page asks.

    By name only those in office ``today`` are found, so that asking does not tell the name behind a masked one.
    """
    found = Term.objects.filter(held_on(day), post__organisation__town=town).select_related(
        "person", "post__organisation__area"
    )
    if words := query.strip():
        ids = search.ids_matching(findable.KIND, words, town_id=town.pk, public_only=True)
        named = Q(person__name__contains=words) | Q(person__name_initials=words.lower())
        who = named & Q(person__in=Term.objects.filter(held_on(today)).values("person_id"))
        found = found.filter(who | Q(post__organisation__in=ids) | Q(post__title__contains=words))
    if duty:
        found = found.filter(post__duty=duty)
    if kind:
        found = found.filter(post__organisation__kind=kind)
    if area is not None:
        found = found.filter(post__organisation__area__path__startswith=area.path)
    return found.order_by(*SORTS.get(sort, SORTS["organisation"]), "pk")


def shown(viewer: Viewer, rows: Iterable[Term], town_id: int, today: dt.date) -> list[Holding]:
    """Terms as this viewer may see them: one query for who is in office today."""
    listed = list(rows)
    present = set(
        Term.objects.filter(held_on(today), person__in=[t.person_id for t in listed]).values_list(
            "person_id", flat=True
        )
    )
    full = sees_former_names(viewer, town_id)
    return [
        Holding(
            t,
            t.person.name if full or t.person_id in present else people.shown_name(t.person),
            t.person_id in present,
            full or t.person_id in present,
        )
        for t in listed
    ]


@dataclass(frozen=True, slots=True)
class PostLine:
    """A post and who holds it on the day."""

    post: Post
    holders: list[Holding]

    @property
    def vacant(self) -> int:
        """How many seats nobody holds."""
        return max(0, self.post.seats - len(self.holders))


def posts_of(viewer: Viewer, organisation: Organisation, day: dt.date, today: dt.date) -> list[PostLine]:
    """The posts of an organisation with their holders on a day."""
    held = Term.objects.filter(held_on(day), post__organisation=organisation).select_related("person", "post")
    lines: dict[int, list[Holding]] = {}
    for holding in shown(viewer, held.order_by("since", "pk"), organisation.town_id, today):
        lines.setdefault(holding.term.post_id, []).append(holding)
    posts = Post.objects.filter(open_on(day), organisation=organisation).order_by("pk")
    return [PostLine(post, lines.get(post.pk, [])) for post in posts]


def ties_of(organisation: Organisation, day: dt.date) -> list[Edge]:
    """The ties that hold on a day, upwards first."""
    return list(
        Edge.objects.filter(held_on(day), Q(child=organisation) | Q(parent=organisation))
        .select_related("child__area", "parent__area").order_by("kind", "since", "pk")
    )  # fmt: skip


def history_of(viewer: Viewer, person_id: int, today: dt.date) -> tuple[list[Term], bool]:
    """The posts of a person: all of them for those who may see the history, else those held today.

    Returns the terms, the latest first, and whether they are the whole history.

    Raises:
        Refusal: hidden, where there is nothing to see.
    """
    found = (
        Term.objects.filter(person_id=person_id)
        .select_related("person", "post__organisation__area")
        .order_by("-since", "-pk")
    )
    whole = bool(permissions.may_see_history(viewer, person_id, the_town().pk, viewer.at))
    rows = list(found if whole else found.filter(held_on(today)))
    if not rows:
        raise Refusal(hidden())
    return rows, whole


def area_trail(area: Area) -> list[Area]:
    """The areas from the town down to this one."""
    chain = [int(step) for step in area.path.split("/") if step]
    return list(Area.objects.filter(pk__in=chain).exclude(kind=Area.Kind.DISTRICT).order_by("path"))
