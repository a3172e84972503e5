"""The pages of people open for those who may see them, in both languages, and for nobody else."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from yishi.network.viewers import Viewer

MINE = ["people:me", "people:tokens", "people:data", "people:second_factor", "people:ask", "people:join",
        "people:helping", "inbox:inbox", "inbox:follows", "inbox:preferences"]  # fmt: skip
ROLL = ["people:queue", "people:households"]
ENTRANCE = ["account_login", "account_signup", "account_reset_password"]
SECURITY = ["mfa_index", "account_change_password", "account_email", "account_change_phone"]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", [*MINE, *SECURITY])
def test_own_pages_open_when_signed_in_alone(
    name: str, language: str, alice: Viewer, client_for: Callable[[Viewer], Client]
) -> None:
    client = client_for(alice)
    client.cookies["django_language"] = language
    assert client.get(reverse(name)).status_code == 200
    answer = Client().get(reverse(name))
    assert answer.status_code == 302 and "/account/login/" in answer["Location"]


@pytest.mark.parametrize("name", ENTRANCE)
def test_entrance_pages_open_for_anyone(name: str, town: object) -> None:
    assert Client().get(reverse(name)).status_code == 200


@pytest.mark.parametrize("name", ROLL)
def test_the_roll_is_for_officers_of_a_community(
    name: str, alice: Viewer, officer: Viewer, president: Viewer, town_officer: Viewer,
    client_for: Callable[[Viewer], Client],
) -> None:  # fmt: skip
    assert client_for(officer).get(reverse(name)).status_code == 200
    for viewer in (alice, president, town_officer):
        assert client_for(viewer).get(reverse(name)).status_code == 403
