"""Reads of people: accounts, public names, households, requests."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yishi.people import names
from yishi.people.actors import Actor
from yishi.people.models import (
    ApiToken,
    Capacity,
    Consent,
    HouseholdMember,
    Person,
    User,
    VerificationRequest,
)

CONFIRMED = "second_factor_confirmed"
Account = User  # the door by which other apps name the type


def has_second_factor(request: HttpRequest) -> bool:
    """Whether this session was confirmed with a second factor or a passkey."""
    if request.session.get(CONFIRMED):
        return True
    user = request.user if isinstance(request.user, User) else None
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, user))


def shown_name(person: Person | None) -> str:
    """How someone is called in public: as they chose, else 张先生， 何女士， or 何街坊 where nothing is known.

    English: ``Mr Zhang``, ``Ms He``, ``Neighbour He``.
    """
    if person is None:
        return _("一位街坊")
    if person.erased_at:
        return _("已注销的街坊")
    if person.shown_as:
        return person.shown_as
    return names.public_name(person.name, person.id_last4, english=(get_language() or "").startswith("en"))


@dataclass(frozen=True, slots=True)
class Contact:
    """Where someone can be reached outside; empty where not known."""

    person_id: int
    email: str
    phone: str


def contacts_of(person_ids: Iterable[int]) -> list[Contact]:
    """Addresses of persons: their account's, else the record's. Only confirmed phones of accounts are used."""
    found = Person.objects.filter(pk__in=list(person_ids), erased_at=None).select_related("user").order_by("pk")
    return [_contact(person) for person in found]


def _contact(person: Person) -> Contact:
    user = getattr(person, "user", None)
    phone = user.phone if user and user.phone_verified else person.phone
    return Contact(person.pk, (user.email if user else "") or person.email, phone or "")


def person(person_id: int) -> Person:
    """A person by number."""
    return Person.objects.get(pk=person_id)


def locked_person(person_id: int) -> Person:
    """The person, locked for an act on their record."""
    return Person.objects.select_for_update().get(pk=person_id)


@dataclass(frozen=True, slots=True)
class RightHolder:
    """Someone with a verified capacity on a day. ``is_woman`` is None where no number tells it."""

    person_id: int
    name: str
    born: dt.date | None
    household_id: int | None
    household: str
    basis: str
    is_woman: bool | None


def right_holders(
    kinds: Iterable[str], day: dt.date, *, organisation_id: int | None = None, area_path: str = ""
) -> list[RightHolder]:
    """Those whose capacity of one of these kinds holds on a day, once each, by household and name.

    Of an organisation's members, or of everyone within an area.
    """
    found = Capacity.objects.filter(
        Q(until=None) | Q(until__gte=day), kind__in=list(kinds), since__lte=day, person__erased_at=None
    ).exclude(verified_at=None)
    if organisation_id is not None:
        found = found.filter(organisation_id=organisation_id)
    if area_path:
        found = found.filter(area__path__startswith=area_path)
    rows = found.order_by("household__number", "person__name", "person_id", "pk").values_list(
        "person_id", "person__name", "person__birth_date", "household_id", "household__number", "basis",
        "person__id_last4",
    )  # fmt: skip
    holders: dict[int, RightHolder] = {}
    for person_id, called, born, household_id, number, basis, last4 in rows:
        digit = last4[2:3]
        woman = int(digit) % 2 == 0 if digit.isdigit() else None
        holder = RightHolder(person_id, called, born, household_id, number or "", basis, woman)
        holders.setdefault(person_id, holder)
    return list(holders.values())


def households_of(person_ids: Iterable[int]) -> dict[int, str]:
    """The household number of each person today; those without one are left out."""
    rows = HouseholdMember.objects.filter(person_id__in=list(person_ids), until=None)
    return dict(rows.order_by("-pk").values_list("person_id", "household__number"))


def people_named(town_id: int, area_path: str) -> dict[tuple[str, str], list[int]]:
    """Persons of the households of an area by (household number, name), for lists that come on paper."""
    rows = HouseholdMember.objects.filter(
        until=None, household__town_id=town_id, household__area__path__startswith=area_path, person__erased_at=None
    ).values_list("household__number", "person__name", "person_id")
    found: dict[tuple[str, str], list[int]] = {}
    for number, called, person_id in rows:
        found.setdefault((number, called), []).append(person_id)
    return found


def names_of(person_ids: Iterable[int]) -> dict[int, str]:
    """The names of persons, for those who may see them."""
    return dict(Person.objects.filter(pk__in=list(person_ids)).values_list("pk", "name"))


@dataclass(frozen=True, slots=True)
class OwnRecord:
    """What someone sees of themself."""

    user: User
    person: Person | None
    capacities: list[Capacity]
    households: list[HouseholdMember]
    consents: list[Consent]
    request: VerificationRequest | None

    @property
    def name_is_checked(self) -> bool:
        """Whether the name has been checked against the roll."""
        return any(c.verified_at for c in self.capacities)


def own_record(viewer: Actor) -> OwnRecord:
    """The viewer's own account, capacities with who verified them, households, consents, last request."""
    user = User.objects.select_related("person").get(pk=viewer.user_id or 0)
    person = user.person
    if person is None:
        return OwnRecord(user, None, [], [], [], None)
    return OwnRecord(
        user,
        person,
        list(
            person.capacities.select_related("area", "organisation", "household", "verified_by").order_by("since", "pk")
        ),
        list(person.households.filter(until=None).select_related("household__area").order_by("since", "pk")),
        list(person.consents.select_related("recorded_by").order_by("-given_at", "-pk")[:50]),
        person.verification_requests.select_related("community").order_by("-asked_at", "-pk").first(),
    )


def own_tokens(viewer: Actor) -> list[ApiToken]:
    """The viewer's API tokens, the newest first."""
    return list(ApiToken.objects.filter(user_id=viewer.user_id or 0).order_by("-created_at", "-pk"))


def has_authenticator(user: User) -> bool:
    """Whether the account has an authenticator app or a passkey."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return bool(Authenticator.objects.filter(user=user, type__in=kinds).exists())


def find_people(town_id: int, query: str, limit: int = 12) -> list[Person]:
    """People of a town by the beginning of a name, initials, or phone; nothing for fewer than two characters."""
    words = query.strip()
    if len(words) < 2 and words.isascii():
        return []
    who = Q(name__startswith=words) | Q(name_initials=words.lower()) | Q(phone__endswith=words[-11:])
    found = Person.objects.filter(who, town_id=town_id, erased_at=None)
    return list(found.prefetch_related("households__household").order_by("name", "pk")[:limit])


def verifications_waiting(viewer: Actor) -> int:
    """How many residents wait for this officer to verify them; none for those who keep no roll."""
    from yishi.people import permissions, rolls

    return rolls.requests_for(viewer).count() if permissions.roll_areas(viewer) else 0


def is_of_town(person_id: int, town_id: int) -> bool:
    """Whether there is such a person in the town."""
    return Person.objects.filter(pk=person_id, town_id=town_id, erased_at=None).exists()
