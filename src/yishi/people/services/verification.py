"""A resident asks to be recognised; a community officer checks the household roll and answers."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from yishi.core import audit, clock
from yishi.core.verdicts import require
from yishi.people import events, permissions, places
from yishi.people.actors import Actor
from yishi.people.models import Capacity, Household, HouseholdMember, Person, User, VerificationRequest
from yishi.people.services.persons import clean_name, join_records

State = VerificationRequest.State


@transaction.atomic
def ask_verification(
    viewer: Actor, *, community_id: int, name: str, household_number: str, address: str, at: dt.datetime
) -> VerificationRequest:
    """Ask to be recognised as a resident of a community. One open request a person: asking again mends it.

    Raises:
        ValidationError: no such community, no name, or neither household number nor address.
        Refusal: not signed in as a person.
    """
    person = Person.objects.select_for_update().filter(pk=viewer.person_id or 0).first()
    require(permissions.may_ask_verification(viewer, person, at))
    assert person is not None
    if not places.communities().filter(pk=community_id).exists():
        raise ValidationError(_("请选择您居住的社区。"))
    if not household_number.strip() and not address.strip():
        raise ValidationError(_("请填写户号或住址，工作人员据此核对名册。"))
    person.name = clean_name(name)
    person.save(update_fields=["name"])
    request, fresh = VerificationRequest.objects.update_or_create(
        person=person, state=State.OPEN,
        defaults={"community_id": community_id, "household_number": household_number.strip()[:30],
                  "address": address.strip()[:200], "town_id": person.town_id},
        create_defaults={"community_id": community_id, "household_number": household_number.strip()[:30],
                         "address": address.strip()[:200], "town_id": person.town_id, "asked_at": at},
    )  # fmt: skip
    audit.record(
        "people.verification_asked", request, at=at, actor_id=viewer.person_id, on_behalf_of_id=viewer.helping_id,
        community=community_id, again=not fresh,
    )  # fmt: skip
    return request


@transaction.atomic
def verify_resident(
    viewer: Actor,
    request: VerificationRequest,
    household_id: int,
    at: dt.datetime,
    *,
    roll_person_id: int | None = None,
) -> Capacity:
    """Accept: the person is a resident, of that household; ``roll_person_id`` is who they are on the roll.

    Raises:
        ValidationError: the household lies elsewhere, or the person on the roll is not of it.
        Refusal: the viewer is not an officer of that community, or verifies themself.
    """
    locked = _open_request(viewer, request, at)
    household = Household.objects.select_related("area").filter(pk=household_id).first()
    if household is None or not household.area.path.startswith(locked.community.path):
        raise ValidationError(_("请选择本社区名册上的一户。"))
    person = locked.person
    if roll_person_id is not None and roll_person_id != person.pk:
        member = household.members.filter(person_id=roll_person_id, until=None).select_related("person").first()
        if member is None:
            raise ValidationError(_("这个人不在这一户的名册上。"))
        person = join_records(User.objects.get(person=person), member.person, viewer, at)
        locked.refresh_from_db()
    capacity = grant_residence(person, household, verified_by_id=viewer.person_id, basis="roll", at=at)
    _answer(viewer, locked, State.ACCEPTED, "", at)
    return capacity


@transaction.atomic
def refuse_verification(
    viewer: Actor, request: VerificationRequest, reason: str, at: dt.datetime
) -> VerificationRequest:
    """Refuse, with the reason that the person is told.

    Raises:
        ValidationError: no reason.
        Refusal: the viewer is not an officer of that community.
    """
    locked = _open_request(viewer, request, at)
    if not reason.strip():
        raise ValidationError(_("请写明未通过的原因和可以怎么补。"))
    return _answer(viewer, locked, State.REFUSED, reason.strip()[:200], at)


def _open_request(viewer: Actor, request: VerificationRequest, at: dt.datetime) -> VerificationRequest:
    locked = (
        VerificationRequest.objects.select_for_update(of=("self",))
        .select_related("person", "community").get(pk=request.pk)
    )  # fmt: skip
    require(permissions.may_verify_resident(viewer, locked, at))
    return locked


def _answer(
    viewer: Actor, request: VerificationRequest, state: str, reason: str, at: dt.datetime
) -> VerificationRequest:
    request.state, request.reason, request.answered_at, request.answered_by_id = state, reason, at, viewer.person_id
    request.save(update_fields=["state", "reason", "answered_at", "answered_by"])
    audit.record(
        f"people.verification_{state}", request, at=at, actor_id=viewer.person_id, on_behalf_of_id=viewer.helping_id
    )
    events.announce_answer(request.pk, request.person_id, accepted=state == State.ACCEPTED)
    return request


def grant_residence(
    person: Person, household: Household, *, verified_by_id: int | None, basis: str, at: dt.datetime
) -> Capacity:
    """The verified capacity of a resident of a household, and membership on its roll; granting twice is once."""
    day = clock.local_day(at)
    HouseholdMember.objects.get_or_create(household=household, person=person, until=None, defaults={"since": day})
    capacity, _fresh = Capacity.objects.get_or_create(
        person=person, kind=Capacity.Kind.RESIDENT, household=household, until=None,
        defaults={"area_id": household.area_id, "since": day, "basis": basis,
                  "verified_by_id": verified_by_id, "verified_at": at},
    )  # fmt: skip
    if capacity.verified_at is None:
        capacity.verified_at, capacity.verified_by_id, capacity.basis = at, verified_by_id, basis
        capacity.save(update_fields=["verified_at", "verified_by", "basis"])
    return capacity
