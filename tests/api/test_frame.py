"""The frame of the API: who is asking, problem documents, pages, a truthful description."""

import datetime as dt

import pytest
from django.test import Client

from yishi.network.viewers import Viewer
from yishi.people.services.tokens import issue_token, revoke_token

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 9, 28, 9, tzinfo=dt.UTC)


def bearer(viewer: Viewer, *scopes: str) -> dict[str, str]:
    _, secret = issue_token(viewer, "测试", scopes, 300, dt.datetime.now(dt.UTC))
    return {"HTTP_AUTHORIZATION": f"Bearer {secret}"}


def test_what_is_public_needs_no_token(client: Client, town: object) -> None:
    answer = client.get("/api/v1/network/communities?per_page=2")
    assert answer.status_code == 200
    assert {"items", "page", "pages", "count", "capped"} == set(answer.json())


@pytest.mark.parametrize("header", ["Bearer nothing", "Basic abc", "Bearer", ""])
def test_a_wrong_token_is_refused_everywhere(client: Client, town: object, header: str) -> None:
    for path in ("/api/v1/network/communities", "/api/v1/inbox/messages"):
        answer = client.get(path, HTTP_AUTHORIZATION=header)
        assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
        assert answer["WWW-Authenticate"] == "Bearer"


def test_ones_own_needs_a_token_of_the_scope(client: Client, alice: Viewer) -> None:
    path = "/api/v1/inbox/messages"
    assert client.get(path).status_code == 401
    refused = client.get(path, **bearer(alice, "matters:read"))
    assert (refused.status_code, refused["Content-Type"]) == (403, "application/problem+json")
    assert "inbox:read" in refused.json()["detail"]
    assert client.get(path, **bearer(alice, "inbox:read")).status_code == 200


def test_a_session_does_not_count(client: Client, alice: Viewer, client_for: object) -> None:
    signed_in = client_for(alice)  # type: ignore[operator]
    assert signed_in.get("/api/v1/inbox/messages").status_code == 401


def test_a_revoked_token_ends_at_once(client: Client, alice: Viewer) -> None:
    token, secret = issue_token(alice, "测试", ["inbox:read"], 3, dt.datetime.now(dt.UTC))
    header = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}
    assert client.get("/api/v1/inbox/messages", **header).status_code == 200
    revoke_token(alice, token.pk, AT)
    assert client.get("/api/v1/inbox/messages", **header).status_code == 401


def test_faults_are_named_by_field(client: Client, town: object) -> None:
    answer = client.get("/api/v1/network/communities?per_page=1000")
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert any("per_page" in field for field in answer.json()["errors"])


def test_the_reference_is_made_from_the_description(client: Client, town: object) -> None:
    described = client.get("/api/v1/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    page = client.get("/api/").content.decode()
    for path in described["paths"]:
        assert path in page


def test_a_garbled_form_is_a_problem_too(client: Client, alice: Viewer) -> None:
    answer = client.generic(
        "POST", "/api/v1/matters/raise/with-files", b"--x\r\nnothing", "multipart/form-data; boundary=",
        **bearer(alice, "matters:write"),
    )  # fmt: skip
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


def test_a_bare_number_is_no_day(client: Client, town: object) -> None:
    assert client.get("/api/v1/figures/rates?since=0&until=2026-09-30").status_code == 422
