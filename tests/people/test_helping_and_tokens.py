"""Helper mode, API tokens, consents, and one's own data."""

import datetime as dt
import json
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from tests.people_fixtures import MOMENT, SINCE, Town, viewer_of_person

from yishi.core import audit
from yishi.core.verdicts import Refusal
from yishi.inbox import services as inbox
from yishi.inbox.models import Notification
from yishi.network.viewers import Viewer
from yishi.people import services
from yishi.people.models import ApiToken, HelperSession, HouseholdMember, Person, User


def test_every_act_in_helper_mode_names_helper_and_helped(officer: Viewer, alice: Viewer) -> None:
    session = services.start_helping(officer, alice.person_id, "spoken", "在大厅", MOMENT)
    helping = viewer_of_person(officer.person_id or 0)
    assert helping.helping_id == alice.person_id and helping.for_id == alice.person_id
    consent = services.record_consent(helping, alice.person_id, "report", "spoken", "", MOMENT)
    entry = audit.chain(consent)[0]
    assert (entry.actor_id, entry.on_behalf_of_id) == (officer.person_id, alice.person_id)
    assert services.end_helping(helping, MOMENT)
    assert not services.end_helping(helping, MOMENT)
    assert [e.verb for e in audit.chain(session)] == ["people.helping_started", "people.helping_ended"]
    assert viewer_of_person(officer.person_id or 0).helping_id is None


def test_a_helper_helps_one_at_a_time(officer: Viewer, alice: Viewer, bob: Viewer) -> None:
    services.start_helping(officer, alice.person_id, "spoken", "", MOMENT)
    services.start_helping(officer, bob.person_id, "written", "", MOMENT)
    assert HelperSession.objects.get(ended_at=None).helped_id == bob.person_id


def test_housemates_help_each_other_and_nobody_else(alice: Viewer, bob: Viewer, stranger: Viewer, town: Town) -> None:
    mother = Person.objects.create(town=town.area, name="何母", created_at=MOMENT)
    HouseholdMember.objects.create(household=town.household, person=mother, since=SINCE)
    assert services.start_helping(alice, mother.pk, "spoken", "", MOMENT).helped == mother
    for viewer, helped in ((bob, mother.pk), (alice, bob.person_id), (stranger, None), (alice, alice.person_id)):
        with pytest.raises(Refusal):
            services.start_helping(viewer, helped, "spoken", "", MOMENT, name="某人")


def test_someone_without_a_record_is_helped_by_name(officer: Viewer, client_for: Callable[[Viewer], Client]) -> None:
    client = client_for(officer)
    data = {"name": "陈婆婆", "phone": "0757-1234", "manner": "spoken", "note": ""}
    assert "看不懂" in client.post(reverse("people:helping"), data).content.decode()
    assert client.post(reverse("people:helping"), data | {"phone": ""}).status_code == 303
    assert "陈婆婆" in client.get(reverse("people:me")).content.decode()
    assert client.post(reverse("people:end_helping")).status_code == 303
    assert not HelperSession.objects.filter(ended_at=None).exists()


def test_a_token_is_shown_once_lives_until_its_end_and_dies_by_hand(alice: Viewer, bob: Viewer) -> None:
    token, secret = services.issue_token(alice, "看板", ["matters:read"], 30, MOMENT)
    assert secret not in token.digest
    found = services.use_token(secret, MOMENT)
    assert found is not None and found.scopes == ["matters:read"] and found.user_id == alice.user_id
    assert services.use_token(secret, MOMENT + dt.timedelta(days=31)) is None
    assert services.use_token(secret + "x", MOMENT) is None
    with pytest.raises(Refusal):
        services.revoke_token(bob, token.pk, MOMENT)
    services.revoke_token(alice, token.pk, MOMENT)
    assert services.use_token(secret, MOMENT) is None


@pytest.mark.parametrize(("scopes", "days"), [([], 30), (["all"], 30), (["matters:read"], 0), (["matters:read"], 400)])
def test_a_token_needs_known_scopes_and_an_end(alice: Viewer, scopes: list[str], days: int) -> None:
    with pytest.raises(ValidationError):
        services.issue_token(alice, "看板", scopes, days, MOMENT)


def test_the_secret_is_not_on_the_page_a_second_time(alice: Viewer, client_for: Callable[[Viewer], Client]) -> None:
    client = client_for(alice)
    page = client.post(reverse("people:tokens"), {"name": "看板", "scopes": ["matters:read"], "days": 9})
    secret = page.context["secret"]
    assert secret in page.content.decode()
    assert secret not in client.get(reverse("people:tokens")).content.decode()
    client.post(reverse("people:revoke_token", args=[ApiToken.objects.get().pk]))
    assert services.use_token(secret, MOMENT) is None


def test_consent_is_recorded_by_those_who_may_and_withdrawn_by_its_giver(
    alice: Viewer, bob: Viewer, officer: Viewer, anonymous: Viewer
) -> None:
    consent = services.record_consent(officer, alice.person_id, "report", "spoken", "", MOMENT)
    assert services.record_consent(anonymous, None, "report", "online", "", MOMENT).person_id is None
    for viewer in (bob, officer):
        with pytest.raises(Refusal):
            services.withdraw_consent(viewer, consent, MOMENT)
    with pytest.raises(Refusal):
        services.record_consent(bob, alice.person_id, "report", "spoken", "", MOMENT)
    assert services.withdraw_consent(alice, consent, MOMENT).withdrawn_at == MOMENT


def test_a_copy_of_my_data_holds_mine_alone(alice: Viewer, bob: Viewer, client_for: Callable[[Viewer], Client]) -> None:
    subject = Person.objects.get(pk=alice.person_id)
    inbox.notify([alice.person_id or 0], "k", subject, "给何秀英", "For her", "", "", "/", MOMENT)
    copy = json.loads(client_for(alice).post(reverse("people:copy_data")).content)
    assert copy["person"]["name"] == "何秀英" and copy["messages"][0]["title"] == "给何秀英"
    assert copy["households"][0]["household__number"] == "DW-0001"
    other = client_for(bob).post(reverse("people:copy_data")).content.decode()
    assert "何秀英" not in other


def test_erasing_ends_account_and_leaves_no_contact(alice: Viewer, client_for: Callable[[Viewer], Client]) -> None:
    client = client_for(alice)
    client.post(reverse("people:erase_data"))
    assert User.objects.filter(pk=alice.user_id).exists()
    assert client.post(reverse("people:erase_data"), {"sure": "delete"}).status_code == 200
    person = Person.objects.get(pk=alice.person_id)
    assert not User.objects.filter(pk=alice.user_id).exists()
    assert (person.phone, person.email, person.id_digest, person.erased_at is not None) == ("", "", "", True)
    assert person.name == "—" and not Notification.objects.filter(person=person).exists()
    assert client.get(reverse("people:me")).status_code == 302


def test_office_holders_hand_over_before_erasing(officer: Viewer) -> None:
    with pytest.raises(Refusal, match="在任职务"):
        services.erase_own_data(officer, MOMENT)
