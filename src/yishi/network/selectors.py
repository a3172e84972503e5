"""Reads of the network: who is looking, who holds what, what lies where."""

from django.db.models import Q
from django.http import HttpRequest

from yishi.core import clock
from yishi.network.models import Term
from yishi.network.viewers import Office, Standing, Viewer, nobody
from yishi.people.models import Capacity, HelperSession


def offices_of(person_id: int, on: object) -> tuple[Office, ...]:
    """The posts that a person holds on a day."""
    terms = Term.objects.filter(
        Q(until=None) | Q(until__gte=on), person_id=person_id, since__lte=on, post__organisation__closed_on=None
    ).select_related("post__organisation__area")
    return tuple(
        Office(
            t.post_id, t.post.duty, t.post.title, o.pk, o.kind, o.name, o.area_id, o.area.path, o.town_id
        )  # fmt: skip
        for t in terms
        for o in [t.post.organisation]
    )


def standings_of(person_id: int, on: object) -> tuple[Standing, ...]:
    """The verified capacities of a person on a day."""
    found = Capacity.objects.filter(
        Q(until=None) | Q(until__gte=on), person_id=person_id, since__lte=on, verified_at__isnull=False
    ).select_related("area")
    return tuple(
        Standing(c.kind, c.area_id, c.area.path if c.area else "", c.organisation_id, c.household_id) for c in found
    )


def viewer_of(request: HttpRequest) -> Viewer:
    """Who is looking at this request."""
    at = clock.now()
    user = request.user
    if not user.is_authenticated:
        return nobody(at)
    person = user.person
    if person is None:
        return Viewer(at=at, user_id=user.pk, name=str(user), is_keeper=user.is_keeper)
    day = clock.local_day(at)
    helping = HelperSession.objects.filter(helper=person, ended_at=None).select_related("helped").first()
    return Viewer(
        at=at, user_id=user.pk, person_id=person.pk, name=person.name, town_id=person.town_id,
        offices=offices_of(person.pk, day), standings=standings_of(person.pk, day),
        helping_id=helping.helped_id if helping else None, helping_name=helping.helped.name if helping else "",
        is_keeper=user.is_keeper,
    )  # fmt: skip
