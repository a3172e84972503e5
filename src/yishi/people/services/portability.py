"""The right to a copy, and the right to be erased (PIPL arts 45, 47)."""

import datetime as dt
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction

from yishi.core import audit, clock
from yishi.core.verdicts import require
from yishi.people import permissions
from yishi.people.actors import Actor
from yishi.people.models import ApiToken, Capacity, Consent, HelperSession, HouseholdMember, Person, User
from yishi.people.services.holdings import holdings


@transaction.atomic
def export_own_data(viewer: Actor, at: dt.datetime) -> dict[str, Any]:
    """Everything held about the viewer, as plain data; each app adds its part.

    Raises:
        Refusal: not signed in as a person.
    """
    person = Person.objects.select_for_update().filter(pk=viewer.person_id or 0).first()
    require(permissions.may_take_own_data(viewer, person, at))
    assert person is not None
    audit.record("people.data_copied", person, at=at, actor_id=viewer.person_id, on_behalf_of_id=viewer.helping_id)
    own: dict[str, Any] = {
        "person": {
            "name": person.name, "shown_as": person.shown_as, "phone": person.phone, "email": person.email,
            "birth_date": person.birth_date, "id_last4": person.id_last4, "since": person.created_at,
        },
        "households": list(
            person.households.values("household__number", "household__address", "relation", "since", "until")
        ),
        "capacities": list(person.capacities.values("kind", "area__name", "basis", "since", "until", "verified_at")),
        "consents": list(person.consents.values("purpose", "manner", "given_at", "withdrawn_at")),
        "helped_by": list(person.helped_by.values("helper__name", "started_at", "ended_at")),
    }  # fmt: skip
    return own | {name: holding.collect(person.pk) for name, holding in sorted(holdings.items())}


@transaction.atomic
def erase_own_data(viewer: Actor, at: dt.datetime) -> int:
    """Delete the viewer's account and personal data; statutory archives are restricted, not deleted.

    Returns how many archived records stay, without contact or identity data.

    Raises:
        Refusal: not signed in as a person, or still in office (hand over first).
    """
    person = Person.objects.select_for_update().filter(pk=viewer.person_id or 0).first()
    require(permissions.may_erase_own_data(viewer, person, at))
    assert person is not None
    archived = sum(holding.archived(person.pk) for holding in holdings.values())
    for holding in holdings.values():
        holding.erase(person.pk)
    _forget_person(person, archived, at)
    audit.record(
        "people.data_erased", person, at=at, actor_id=viewer.person_id, on_behalf_of_id=None, archived=archived
    )
    return archived


def _forget_person(person: Person, archived: int, at: dt.datetime) -> None:
    day = clock.local_day(at)
    for user in User.objects.filter(person=person):
        EmailAddress.objects.filter(user=user).delete()
        ApiToken.objects.filter(user=user).delete()
        user.delete()
    Capacity.objects.filter(person=person, until=None, since__lte=day).update(until=day)
    HouseholdMember.objects.filter(person=person, until=None, since__lte=day).update(until=day)
    HelperSession.objects.filter(helper=person, ended_at=None).update(ended_at=at)
    Consent.objects.filter(person=person, withdrawn_at=None).update(withdrawn_at=at, note="")
    if not archived:
        person.name = person.name_initials = "—"
    person.phone = person.email = person.id_last4 = person.id_digest = person.shown_as = ""
    person.import_key, person.birth_date, person.erased_at = f"erased:{person.pk}", None, at
    person.save()
