"""Being recognised as a resident: by the roll, or by the household's code."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from tests.people_fixtures import MOMENT, SINCE, Town, viewer_of_person

from yishi.core import audit
from yishi.core.verdicts import Refusal
from yishi.people import rolls, services
from yishi.people.models import Capacity, Household, HouseholdMember, Person, User, VerificationRequest

from yishi.network.viewers import Viewer  # isort: skip


@pytest.fixture
def roll_person(town: Town) -> Person:
    """Someone on the roll of DW-0001 without an account."""
    person = Person.objects.create(town=town.area, name="石小川", phone="+8619911110000", created_at=MOMENT)
    HouseholdMember.objects.create(household=town.household, person=person, relation="子", since=SINCE)
    return person


def _ask(viewer: Viewer, town: Town, **fields: str) -> VerificationRequest:
    given = {"name": "石小川", "household_number": "DW-0001", "address": ""} | fields
    return services.ask_verification(viewer, community_id=town.dawei.pk, at=MOMENT, **given)


def test_the_roll_shows_who_may_be_meant(stranger: Viewer, officer: Viewer, town: Town, roll_person: Person) -> None:
    request = _ask(stranger, town)
    found = rolls.candidates(rolls.get_request_for(officer, request.pk))
    assert [(c.member.person, c.reasons) for c in found] == [(roll_person, ("name", "number"))]


def test_accepting_makes_account_and_roll_one_person(
    stranger: Viewer, officer: Viewer, town: Town, roll_person: Person
) -> None:
    request = _ask(stranger, town)
    capacity = services.verify_resident(officer, request, town.household.pk, MOMENT, roll_person_id=roll_person.pk)
    assert capacity.person == roll_person and capacity.verified_by_id == officer.person_id
    assert User.objects.get(pk=stranger.user_id).person == roll_person
    assert viewer_of_person(roll_person.pk).is_verified_in(town.dawei.path)
    assert HouseholdMember.objects.filter(person=roll_person, until=None).count() == 1
    assert [e.verb for e in audit.chain(request)] == ["people.verification_asked", "people.verification_accepted"]
    with pytest.raises(Refusal):
        services.verify_resident(officer, request, town.household.pk, MOMENT)


def test_refusing_needs_a_reason_and_asking_again_is_possible(stranger: Viewer, officer: Viewer, town: Town) -> None:
    request = _ask(stranger, town)
    assert _ask(stranger, town, address="大圩路 2 号").pk == request.pk
    with pytest.raises(ValidationError):
        services.refuse_verification(officer, request, " ", MOMENT)
    services.refuse_verification(officer, request, "名册上没有,请带户口簿来", MOMENT)
    assert _ask(stranger, town).pk != request.pk


def test_only_an_officer_of_that_community_answers(
    stranger: Viewer, other_officer: Viewer, alice: Viewer, town_officer: Viewer, secretary: Viewer, town: Town
) -> None:
    request = _ask(stranger, town)
    for viewer in (other_officer, alice, town_officer, stranger):
        with pytest.raises(Refusal):
            services.verify_resident(viewer, request, town.household.pk, MOMENT)
        with pytest.raises(Refusal):
            rolls.get_request_for(viewer, request.pk)
    assert services.verify_resident(secretary, request, town.household.pk, MOMENT).verified_at == MOMENT


def test_a_request_needs_something_to_look_up(stranger: Viewer, town: Town) -> None:
    with pytest.raises(ValidationError, match="户号或住址"):
        _ask(stranger, town, household_number=" ")


def test_the_queue_works_in_the_browser(
    stranger: Viewer, officer: Viewer, town: Town, roll_person: Person, client_for: Callable[[Viewer], Client],
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:  # fmt: skip
    community, address = town.dawei.pk, {"name": "石小川", "address": "大圩路"}
    client_for(stranger).post(reverse("people:ask"), {"community": community} | address)
    request = VerificationRequest.objects.get()
    client = client_for(officer)
    assert "石小川" in client.get(reverse("people:queue")).content.decode()
    assert "DW-0001" in client.get(reverse("people:request", args=[request.pk])).content.decode()
    who = f"{town.household.pk}:{roll_person.pk}"
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        assert client.post(reverse("people:accept", args=[request.pk]), {"who": who}).status_code == 303
    assert "您已核实为住户" in client_for(stranger).get(reverse("inbox:inbox")).content.decode()


def test_a_code_verifies_and_joins_the_namesake_on_the_roll(
    stranger: Viewer, officer: Viewer, town: Town, roll_person: Person
) -> None:
    code = services.make_invitation(officer, town.household, days=14, uses=2, at=MOMENT)
    capacity = services.redeem_invitation(stranger, code.lower().replace("-", " "), MOMENT)
    assert capacity.person == roll_person and capacity.basis == "invitation"
    again = services.redeem_invitation(viewer_of_person(roll_person.pk), code, MOMENT)
    assert again == capacity
    assert Household.objects.get(pk=town.household.pk).invitation_uses_left == 1


def test_a_code_ends_by_use_by_day_and_by_hand(
    stranger: Viewer, bob: Viewer, officer: Viewer, other_officer: Viewer, town: Town
) -> None:
    code = services.make_invitation(officer, town.household, days=14, uses=1, at=MOMENT)
    with pytest.raises(ValidationError):
        services.redeem_invitation(bob, code, MOMENT + dt.timedelta(days=15))
    services.redeem_invitation(stranger, code, MOMENT)
    with pytest.raises(ValidationError, match="用完"):
        services.redeem_invitation(bob, code, MOMENT)
    code = services.make_invitation(officer, town.household, days=14, uses=1, at=MOMENT)
    with pytest.raises(Refusal):
        services.revoke_invitation(other_officer, town.household, MOMENT)
    services.revoke_invitation(officer, town.household, MOMENT)
    with pytest.raises(ValidationError, match="没有这个邀请码"):
        services.redeem_invitation(bob, code, MOMENT)


def test_the_code_is_shown_once_and_kept_as_a_digest(
    officer: Viewer, town: Town, client_for: Callable[[Viewer], Client]
) -> None:
    client = client_for(officer)
    page = client.post(reverse("people:invite", args=[town.household.pk]), {"days": 14, "uses": 3})
    code = page.context["code"]
    assert code in page.content.decode() and page["Cache-Control"] == "no-store"
    kept = Household.objects.get(pk=town.household.pk)
    assert code.replace("-", "") not in kept.invitation_digest
    assert code not in client.get(reverse("people:household", args=[kept.pk])).content.decode()


def test_residence_is_granted_once(alice: Viewer, officer: Viewer, town: Town) -> None:
    code = services.make_invitation(officer, town.household, days=1, uses=1, at=MOMENT)
    services.redeem_invitation(alice, code, MOMENT)
    assert Capacity.objects.filter(person_id=alice.person_id or 0).count() == 1
