"""Reads of the network: who is looking, who holds what, what lies where."""

import datetime as dt
import math
from collections.abc import Iterable

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from yishi.core import clock
from yishi.core.verdicts import Refusal, no
from yishi.network.facts import facts_of
from yishi.network.models import Area, Edge, Organisation, Post, Term
from yishi.network.viewers import Office, Viewer, nobody
from yishi.people import selectors as people


def held_on(day: dt.date) -> Q:
    """Terms (or any rows with ``since`` and ``until``) that hold on a day; both ends count."""
    return Q(since__lte=day) & (Q(until=None) | Q(until__gte=day))


def open_on(day: dt.date, prefix: str = "") -> Q:
    """Organisations, areas or posts that exist on a day; the day of closing still counts."""
    opened, closed = f"{prefix}opened_on", f"{prefix}closed_on"
    return (Q(**{opened: None}) | Q(**{f"{opened}__lte": day})) & (Q(**{closed: None}) | Q(**{f"{closed}__gte": day}))


def offices_of(person_id: int, on: dt.date) -> tuple[Office, ...]:
    """The posts that a person holds on a day."""
    terms = Term.objects.filter(
        held_on(on), open_on(on, "post__"), open_on(on, "post__organisation__"), person_id=person_id
    ).select_related("post__organisation__area")
    return tuple(
        Office(t.post_id, t.post.duty, t.post.title, o.pk, o.kind, o.name, o.area_id, o.area.path, o.town_id)
        for t in terms
        for o in [t.post.organisation]
    )


def as_helped(viewer: Viewer) -> Viewer:
    """Whose affair it is, where someone helps: the helped person with their capacities and no office; else the viewer."""
    if viewer.helping_id is None:
        return viewer
    facts = facts_of(viewer.helping_id, clock.local_day(viewer.at))
    return Viewer(
        at=viewer.at, person_id=viewer.helping_id, name=viewer.helping_name, town_id=viewer.town_id,
        standings=facts.standings,
    )  # fmt: skip


def viewer_from(request: HttpRequest) -> Viewer:
    """Who is looking at this request: one query for someone signed in, none for nobody."""
    user = request.user
    if not isinstance(user, people.Account):
        return nobody(clock.now())
    return viewer_of_account(user, clock.now(), second_factor=people.has_second_factor(request))


def viewer_of_account(user: people.Account, at: dt.datetime, *, second_factor: bool = False) -> Viewer:
    """The viewer that an account is at a moment.

    Where the installation asks staff for a second factor, offices count only in
    a session confirmed by one; until then ``offices_waiting`` says so.
    """
    person = user.person
    if person is None:
        return Viewer(at=at, user_id=user.pk, name=str(user), second_factor=second_factor, is_keeper=user.is_keeper)
    facts = facts_of(person.pk, clock.local_day(at))
    waiting = bool(facts.offices) and settings.STAFF_SECOND_FACTOR and not second_factor
    return Viewer(
        at=at, user_id=user.pk, person_id=person.pk, name=person.name, town_id=person.town_id,
        offices=() if waiting else facts.offices, offices_waiting=waiting, standings=facts.standings,
        helping_id=facts.helping_id, helping_name=facts.helping_name, second_factor=second_factor,
        is_keeper=user.is_keeper, unread=facts.unread,
    )  # fmt: skip


def the_town() -> Area:
    """The installation's town: the one named by ``YISHI_TOWN``, else the only one (else the first made).

    Raises:
        Refusal: no town has been set up yet.
    """
    towns = Area.objects.filter(kind=Area.Kind.TOWN).order_by("pk")
    if settings.TOWN:
        towns = towns.filter(slug=settings.TOWN)
    town = towns.first()
    if town is None:
        raise Refusal(
            no(
                _("这里还没有建立镇街。"),
                what_now=_("请系统管理员导入组织架构（yishi import network）或载入演示镇街（yishi demo）。"),
            )
        )
    return town


def communities(town_id: int, on: dt.date | None = None) -> QuerySet[Area]:
    """The communities of a town, by code and name; with ``on``, those that exist that day."""
    found = Area.objects.filter(town_id=town_id, kind=Area.Kind.COMMUNITY)
    return (found.filter(open_on(on)) if on else found.filter(closed_on=None)).order_by("code", "name")


def community_of(area_id: int) -> Area | None:
    """The community in which an area lies (itself, when it is one); None above the communities."""
    path = Area.objects.values_list("path", flat=True).get(pk=area_id)
    chain = [int(step) for step in path.split("/") if step]
    return Area.objects.filter(pk__in=chain, kind=Area.Kind.COMMUNITY).first()


def area_by_place(latitude: float, longitude: float) -> Area | None:
    """The community of the installation's town whose middle is nearest; None where none has coordinates."""
    narrowing = math.cos(math.radians(latitude))

    def distance(area: Area) -> float:
        north = (area.latitude or 0) - latitude
        east = ((area.longitude or 0) - longitude) * narrowing
        return north * north + east * east

    placed = communities(the_town().pk).exclude(latitude=None).exclude(longitude=None)
    return min(placed, key=distance, default=None)


def area(area_id: int) -> Area | None:
    """An area by its id."""
    return Area.objects.filter(pk=area_id).first()


def organisation(organisation_id: int) -> Organisation | None:
    """An organisation by its id, closed ones too, with its area."""
    return Organisation.objects.select_related("area").filter(pk=organisation_id).first()


def organisations(town_id: int, kinds: Iterable[str] = (), area_path: str = "") -> QuerySet[Organisation]:
    """Open organisations of a town, of these kinds (empty: any), within an area (empty: anywhere)."""
    found = Organisation.objects.filter(town_id=town_id, closed_on=None).select_related("area")
    if kind_list := list(kinds):
        found = found.filter(kind__in=kind_list)
    if area_path:
        found = found.filter(area__path__startswith=area_path)
    return found.order_by("area__path", "tree", "kind", "name")


def holders_on(post_or_org: Post | Organisation, day: dt.date) -> QuerySet[Term]:
    """The terms held on a day in a post or in all posts of an organisation, with person and post."""
    where = Q(post=post_or_org) if isinstance(post_or_org, Post) else Q(post__organisation=post_or_org)
    return Term.objects.filter(where, held_on(day)).select_related("person", "post").order_by("post_id", "since", "pk")


def holders_of(organisation_id: int, day: dt.date) -> QuerySet[Term]:
    """As :func:`holders_on`, of the organisation with this number."""
    return (
        Term.objects.filter(held_on(day), post__organisation_id=organisation_id)
        .select_related("person", "post").order_by("post_id", "since", "pk")
    )  # fmt: skip


def organisations_tied(organisation_id: int, kinds: Iterable[str]) -> list[int]:
    """Open organisations of these kinds that are tied to one, upwards or downwards, today."""
    chosen, today = list(kinds), clock.today()
    tied = Edge.objects.filter(held_on(today), Q(child_id=organisation_id) | Q(parent_id=organisation_id))
    pairs = tied.values_list("child_id", "parent_id", "child__kind", "parent__kind")
    found = {
        c if p == organisation_id else p for c, p, ck, pk in pairs if (ck if p == organisation_id else pk) in chosen
    }
    return sorted(found)


def edges_on(organisation: Organisation, day: dt.date) -> QuerySet[Edge]:
    """The ties of an organisation, upwards and downwards, that hold on a day."""
    return (
        Edge.objects.filter(Q(child=organisation) | Q(parent=organisation))
        .filter(held_on(day)).select_related("child", "parent").order_by("kind", "since", "pk")
    )  # fmt: skip


def people_in_office(organisation_ids: Iterable[int], duties: Iterable[str], day: dt.date) -> set[int]:
    """The persons who hold one of these duties in one of these organisations on a day."""
    found = Term.objects.filter(
        held_on(day), post__organisation_id__in=list(organisation_ids), post__duty__in=list(duties)
    )
    return set(found.values_list("person_id", flat=True))
