"""Signing up and in by phone or e-mail; the second factor that offices wait for."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.urls import reverse
from tests.people_fixtures import PASSWORD, Town, viewer_of_person

from yishi.inbox.sms import MemoryBackend
from yishi.network import selectors
from yishi.network.viewers import Viewer
from yishi.people.models import User

SIGN_UP = {"name": "何小梅", "phone": "199 1234 0001", "email": "", "password1": "a-long-enough-word"}


def test_sign_up_by_phone_opens_a_record_and_signs_in(town: Town) -> None:
    client = Client()
    assert client.post(reverse("account_signup"), SIGN_UP).status_code == 302
    user = User.objects.get(phone="+8619912340001")
    assert user.person is not None and user.person.name == "何小梅" and user.person.town_id == town.area.pk
    assert user.person.name_initials == "hxm"
    assert client.get(reverse("people:me")).status_code == 200


def test_sign_up_by_email_twice_leaves_room_for_many_without_phone(town: Town) -> None:
    for i in (1, 2):
        data = SIGN_UP | {"phone": "", "email": f"neighbour{i}@example.org"}
        assert Client().post(reverse("account_signup"), data).status_code == 302
    assert User.objects.filter(phone=None, email__startswith="neighbour").count() == 2


def test_sign_up_needs_a_phone_or_an_email_and_keeps_what_was_typed(town: Town) -> None:
    answer = Client().post(reverse("account_signup"), SIGN_UP | {"phone": ""})
    assert "二者填一" in answer.content.decode() and "何小梅" in answer.content.decode()
    assert not User.objects.exists()


@pytest.mark.parametrize("written", ["19900000001", "１９９ 0000 0001", "+86 199-0000-0001"])
def test_sign_in_reads_a_phone_however_it_is_written(alice: Viewer, written: str) -> None:
    client = Client()
    answer = client.post(reverse("account_login"), {"login": written, "password": PASSWORD})
    assert answer.status_code == 302
    assert client.get(reverse("people:me")).status_code == 200


def test_a_wrong_password_says_so_without_signing_in(alice: Viewer) -> None:
    answer = Client().post(reverse("account_login"), {"login": "19900000001", "password": "wrong"})
    assert answer.status_code == 200 and 'role="alert"' in answer.content.decode()


def test_with_a_gateway_the_phone_is_confirmed_by_a_code(town: Town, settings: Any) -> None:
    settings.SMS_BACKEND = "yishi.inbox.sms.MemoryBackend"
    settings.ACCOUNT_PHONE_VERIFICATION_ENABLED = True
    MemoryBackend.sent.clear()
    client = Client()
    answer = client.post(reverse("account_signup"), SIGN_UP)
    assert answer["Location"].startswith(reverse("account_verify_phone"))
    phone, text = MemoryBackend.sent[-1]
    assert phone == "+8619912340001"
    found = re.search(r"验证码 (\S+)，", text)
    assert found
    client.post(reverse("account_verify_phone"), {"code": found[1]})
    assert User.objects.get(phone=phone).phone_verified


def _code(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def test_offices_count_only_with_a_second_factor(
    officer: Viewer, alice: Viewer, settings: Any, client_for: Callable[[Viewer], Client]
) -> None:
    settings.STAFF_SECOND_FACTOR = True
    waiting = viewer_of_person(officer.person_id or 0)
    assert waiting.offices == () and waiting.offices_waiting
    assert not viewer_of_person(alice.person_id or 0).offices_waiting
    client = client_for(officer)
    assert client.get(reverse("people:queue")).status_code == 403
    assert reverse("people:second_factor") in client.get(reverse("people:me")).content.decode()


@pytest.mark.django_db(transaction=True)
def test_setting_up_an_authenticator_brings_the_offices_into_force(
    officer: Viewer, settings: Any, client_for: Callable[[Viewer], Client]
) -> None:
    settings.STAFF_SECOND_FACTOR = True
    client = client_for(officer)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    assert client.post(reverse("mfa_activate_totp"), {"code": _code(secret)}).status_code == 302
    assert client.get(reverse("people:queue")).status_code == 200
    client.post(reverse("mfa_deactivate_totp"))
    assert client.get(reverse("people:queue")).status_code == 403


def test_signing_in_with_the_second_factor_confirms_the_session(officer: Viewer, settings: Any) -> None:
    settings.STAFF_SECOND_FACTOR = True
    user = User.objects.get(pk=officer.user_id)
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    client = Client()
    answer = client.post(reverse("account_login"), {"login": user.phone, "password": PASSWORD})
    assert answer["Location"].startswith(reverse("mfa_authenticate"))
    assert client.get(reverse("people:queue")).status_code == 302
    client.post(reverse("mfa_authenticate"), {"code": _code("JBSWY3DPEHPK3PXP")})
    assert client.get(reverse("people:queue")).status_code == 200


def test_a_signed_in_page_loads_its_viewer_in_four_queries(
    officer: Viewer, client_for: Callable[[Viewer], Client], django_assert_max_num_queries: Any
) -> None:
    user = User.objects.get(pk=officer.user_id)
    from yishi.people.backends import AccountBackend

    with django_assert_max_num_queries(4):
        loaded = AccountBackend().get_user(user.pk)
        assert loaded is not None
        viewer = selectors.viewer_of_account(loaded, officer.at)
    assert viewer == officer


def test_there_is_no_superuser_and_no_admin(town: Town) -> None:
    assert not hasattr(User, "is_superuser") and not hasattr(User.objects, "create_superuser")
    assert Client().get("/admin/").status_code == 404
