"""Reads of the household roll, for those who keep it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Count, Q, QuerySet

from yishi.core.verdicts import Refusal, hidden, require
from yishi.people import permissions
from yishi.people.actors import Actor
from yishi.people.models import Household, HouseholdMember, Person, VerificationRequest


@dataclass(frozen=True, slots=True)
class Candidate:
    """A member of the roll who may be the one who asks, and what speaks for it."""

    member: HouseholdMember
    reasons: tuple[str, ...]
    has_account: bool


def _within(viewer: Actor, prefix: str) -> Q:
    """Rows that lie in the areas whose roll the viewer keeps; none where there are none."""
    paths = [office.area_path for office in permissions.roll_areas(viewer)]
    return reduce(or_, (Q(**{f"{prefix}path__startswith": path}) for path in paths), Q(pk__in=[]))


def requests_for(viewer: Actor, *, open_only: bool = True) -> QuerySet[VerificationRequest]:
    """Requests that the viewer may answer, the oldest first; or those answered, the latest first."""
    found = VerificationRequest.objects.filter(_within(viewer, "community__")).select_related("person", "community")
    if open_only:
        return found.filter(state=VerificationRequest.State.OPEN).order_by("asked_at", "pk")
    return found.exclude(state=VerificationRequest.State.OPEN).order_by("-answered_at", "-pk")


def get_request_for(viewer: Actor, request_id: int) -> VerificationRequest:
    """A request that the viewer may see.

    Raises:
        Refusal: hidden, where it is another community's or does not exist.
    """
    found = requests_for_any(viewer).filter(pk=request_id).first()
    if found is None:
        raise Refusal(hidden())
    return found


def requests_for_any(viewer: Actor) -> QuerySet[VerificationRequest]:
    """Requests of the viewer's communities in any state."""
    return VerificationRequest.objects.filter(_within(viewer, "community__")).select_related("person", "community")


def households_for(viewer: Actor, at: dt.datetime, query: str = "") -> QuerySet[Household]:
    """Households on the viewer's rolls whose number, address or member's name holds the query.

    Raises:
        Refusal: the viewer keeps no roll.
    """
    require(permissions.may_keep_roll(viewer, at))
    found = Household.objects.filter(_within(viewer, "area__")).select_related("area")
    if words := query.strip():
        named = HouseholdMember.objects.filter(person__name__contains=words, until=None).values("household_id")
        found = found.filter(Q(number__icontains=words) | Q(address__contains=words) | Q(pk__in=named))
    return found.annotate(member_count=Count("members", filter=Q(members__until=None))).order_by("area_id", "number")


def get_household_for(viewer: Actor, household_id: int) -> Household:
    """A household on the viewer's rolls.

    Raises:
        Refusal: hidden, where it is another community's or does not exist.
    """
    found = Household.objects.filter(_within(viewer, "area__"), pk=household_id).select_related("area").first()
    if found is None:
        raise Refusal(hidden())
    return found


def members_of(household: Household) -> QuerySet[HouseholdMember]:
    """Who belongs to a household today."""
    return household.members.filter(until=None).select_related("person", "person__user").order_by("since", "pk")


def candidates(request: VerificationRequest, limit: int = 12) -> list[Candidate]:
    """Members of the community's roll who share name, phone, household number or address with the one who asks."""
    person = request.person
    alike = Q(person__name=person.name)
    if person.phone:
        alike |= Q(person__phone=person.phone)
    if request.household_number:
        alike |= Q(household__number=request.household_number)
    if request.address:
        alike |= Q(household__address__contains=request.address) | Q(household__address=request.address)
    rows = (
        HouseholdMember.objects.filter(
            alike, until=None, household__area__path__startswith=request.community.path
        ).exclude(person=person).select_related("household__area", "person", "person__user")[: limit * 5]
    )  # fmt: skip
    found = [Candidate(m, _reasons(m, request), hasattr(m.person, "user")) for m in rows]
    return sorted(found, key=lambda c: (-len(c.reasons), c.member.pk))[:limit]


def _reasons(member: HouseholdMember, request: VerificationRequest) -> tuple[str, ...]:
    """Which facts agree: ``name``, ``phone``, ``number``, ``address``."""
    person, household = request.person, member.household
    facts = (
        ("name", member.person.name == person.name),
        ("phone", bool(person.phone) and member.person.phone == person.phone),
        ("number", bool(request.household_number) and household.number == request.household_number),
        ("address", bool(request.address) and request.address in household.address),
    )
    return tuple(name for name, agrees in facts if agrees)


def people_to_help(viewer: Actor, query: str, limit: int = 12) -> Sequence[Person]:
    """Whom the viewer may help: housemates; for those in office also anyone of the town by name, initials or phone."""
    households = [s.household_id for s in viewer.standings if s.household_id]
    mates = Q(households__household__in=households, households__until=None)
    words = query.strip()
    if viewer.offices and (len(words) >= 2 or not words.isascii()):
        who = Q(name__startswith=words) | Q(name_initials=words.lower()) | Q(phone__endswith=words[-11:])
    else:
        who = mates
    found = Person.objects.filter(who, town_id=viewer.town_id or 0, erased_at=None).exclude(pk=viewer.person_id or 0)
    return list(found.distinct().prefetch_related("households__household").order_by("name", "pk")[:limit])
