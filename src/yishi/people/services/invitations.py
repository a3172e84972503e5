"""A household's invitation code: it verifies the household's own members, for a while, a few times."""

import datetime as dt
import hashlib

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from yishi.core import audit, clock
from yishi.core.verdicts import require
from yishi.people import permissions
from yishi.people.actors import Actor
from yishi.people.identity import plain
from yishi.people.models import Capacity, Household, HouseholdMember, Person, User
from yishi.people.services.persons import join_records
from yishi.people.services.verification import grant_residence

CODE_LENGTH = 12
LONGEST_DAYS = 90
MOST_USES = 12


def digest_of(code: str) -> str:
    """What is kept of a code; blanks, dashes, width and case do not matter."""
    return hashlib.sha256(plain(code).replace("-", "").upper().encode()).hexdigest()


def spoken(code: str) -> str:
    """A code in groups of four, as it is printed."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


@transaction.atomic
def make_invitation(viewer: Actor, household: Household, *, days: int, uses: int, at: dt.datetime) -> str:
    """A fresh code for a household, shown this once; a former code ends.

    Raises:
        ValidationError: days or uses out of bounds.
        Refusal: the viewer is not an officer of the household's community.
    """
    locked = _locked(household.pk)
    require(permissions.may_make_invitation(viewer, locked, at))
    if not 1 <= days <= LONGEST_DAYS or not 1 <= uses <= MOST_USES:
        raise ValidationError(_("有效期请在 1 至 90 天之间，人数在 1 至 12 人之间。"))
    code = clock.new_code(CODE_LENGTH)
    locked.invitation_digest, locked.invitation_by_id = digest_of(code), viewer.person_id
    locked.invitation_until = clock.local_day(at) + dt.timedelta(days=days)
    locked.invitation_uses_left = uses
    _save(locked)
    audit.record(
        "people.invitation_made", locked, at=at, actor_id=viewer.person_id, on_behalf_of_id=viewer.helping_id,
        days=days, uses=uses,
    )  # fmt: skip
    return spoken(code)


@transaction.atomic
def revoke_invitation(viewer: Actor, household: Household, at: dt.datetime) -> Household:
    """End a household's code at once.

    Raises:
        Refusal: the viewer is not an officer of the household's community.
    """
    locked = _locked(household.pk)
    require(permissions.may_make_invitation(viewer, locked, at))
    if locked.invitation_digest:
        _forget(locked)
        _save(locked)
        audit.record(
            "people.invitation_revoked", locked, at=at, actor_id=viewer.person_id, on_behalf_of_id=viewer.helping_id
        )
    return locked


@transaction.atomic
def redeem_invitation(viewer: Actor, code: str, at: dt.datetime) -> Capacity:
    """Be verified as a resident of the household whose code it is. Redeeming twice is once.

    A member of the household's roll with the same name and no account becomes one with
    the account's record; otherwise the person is added to the roll.

    Raises:
        ValidationError: the code is unknown, ended or used up.
        Refusal: not signed in as a person.
    """
    require(permissions.may_redeem_invitation(viewer, at))
    digest = digest_of(code)
    household = Household.objects.select_for_update(of=("self",)).filter(invitation_digest=digest).first()
    if household is None or not household.invitation_until:
        raise ValidationError(_("没有这个邀请码。请核对 12 位字母和数字，或请社区工作人员重新开一张。"))
    person = Person.objects.get(pk=viewer.person_id or 0)
    held = Capacity.objects.filter(
        person=person, household=household, kind=Capacity.Kind.RESIDENT, until=None, verified_at__isnull=False
    ).first()
    if held is not None:
        return held
    if household.invitation_until < clock.local_day(at) or not household.invitation_uses_left:
        raise ValidationError(_("这个邀请码已过期或已用完。请社区工作人员重新开一张。"))
    person = _on_the_roll(viewer, person, household, at)
    capacity = grant_residence(person, household, verified_by_id=household.invitation_by_id, basis="invitation", at=at)
    household.invitation_uses_left -= 1
    _save(household)
    audit.record(
        "people.invitation_redeemed", household, at=at, actor_id=person.pk, on_behalf_of_id=viewer.helping_id,
        capacity=capacity.pk,
    )  # fmt: skip
    return capacity


def _on_the_roll(viewer: Actor, person: Person, household: Household, at: dt.datetime) -> Person:
    """Who the person is on the household's roll: the one free namesake, else themself."""
    members = HouseholdMember.objects.filter(household=household, until=None).select_related("person")
    namesakes = [m.person for m in members if m.person.name == person.name and m.person_id != person.pk]
    free = [p for p in namesakes if not User.objects.filter(person=p).exists()]
    if len(free) != 1 or any(m.person_id == person.pk for m in members):
        return person
    return join_records(User.objects.get(person=person), free[0], viewer, at)


def _locked(household_id: int) -> Household:
    return Household.objects.select_for_update(of=("self",)).select_related("area").get(pk=household_id)


def _forget(household: Household) -> None:
    household.invitation_digest, household.invitation_until = "", None
    household.invitation_uses_left, household.invitation_by = 0, None


def _save(household: Household) -> None:
    household.save(update_fields=["invitation_digest", "invitation_until", "invitation_uses_left", "invitation_by"])
