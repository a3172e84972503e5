"""Entering people on the town's roll in bulk, for imports: each act of an import is audited as one by its caller."""

import datetime as dt
from typing import Any

from django.db.models import Model

from yishi.people import names
from yishi.people.identity import BadNumber, Identity, read_identity, read_phone
from yishi.people.models import Capacity, Household, HouseholdMember, Person

__all__ = [
    "BadNumber", "Capacity", "Household", "Identity", "Person", "enter_capacity", "enter_household", "enter_member",
    "enter_person", "known_people", "mend_person", "read_identity", "read_phone", "update",
]  # fmt: skip


def update(thing: Model, **values: Any) -> bool:
    """Set what differs and is given (nothing given changes nothing); returns whether anything did."""
    fresh = {k: v for k, v in values.items() if v not in (None, "") and getattr(thing, k) != v}
    for key, value in fresh.items():
        setattr(thing, key, value)
    if fresh:
        thing.save(update_fields=list(fresh))
    return bool(fresh)


def known_people(town_id: int) -> list[Person]:
    """Everyone on the town's roll."""
    return list(Person.objects.filter(town_id=town_id, erased_at=None))


def enter_person(
    town_id: int,
    called: str,
    known: Identity | None,
    phone: str,
    import_key: str,
    birth: dt.date | None,
    at: dt.datetime,
) -> Person:
    """A new person of the town; of an identity number only digest, last four and day of birth are kept."""
    return Person.objects.create(
        town_id=town_id, name=called, name_initials=names.initials(called), phone=phone,
        id_digest=known.digest if known else "", id_last4=known.last4 if known else "",
        birth_date=known.birth_date if known else birth, import_key=import_key[:80], created_at=at,
    )  # fmt: skip


def mend_person(person: Person, known: Identity | None, phone: str, birth: dt.date | None) -> bool:
    """Add what the row knows and the record does not; a phone once known is never overwritten."""
    return update(
        person,
        phone=phone if not person.phone else "",
        id_digest=known.digest if known else "",
        id_last4=known.last4 if known else "",
        birth_date=known.birth_date if known else (birth if person.birth_date is None else None),
    )


def enter_household(town_id: int, area_id: int, number: str, address: str) -> tuple[Household, bool]:
    """The household of a number in an area, made where it is new; returns whether it is."""
    return Household.objects.get_or_create(
        town_id=town_id, area_id=area_id, number=number[:30], defaults={"address": address[:200]}
    )


def enter_member(household: Household, person: Person, relation: str, since: dt.date) -> str:
    """Membership of a household; returns ``added``, ``changed`` or ``unchanged``."""
    member, fresh = HouseholdMember.objects.get_or_create(
        household=household, person=person, until=None, defaults={"relation": relation[:20], "since": since}
    )
    return "added" if fresh else "changed" if update(member, relation=relation[:20]) else "unchanged"


def enter_capacity(
    person: Person, kind: str, area_id: int, household: Household, organisation_id: int | None, since: dt.date,
    at: dt.datetime,
) -> str:  # fmt: skip
    """A capacity that follows from the roll; the roll is the town's own, so it counts as verified."""
    _row, fresh = Capacity.objects.get_or_create(
        person=person, kind=kind, area_id=area_id, household=household, until=None,
        defaults={"organisation_id": organisation_id, "since": since, "basis": "roll", "verified_at": at},
    )  # fmt: skip
    return "added" if fresh else "unchanged"
