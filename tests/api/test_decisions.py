"""Decisions by program: reading needs no token; proposing, commenting, signing need the scope and the right."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.test import Client
from tests.decisions.halls import homes, people
from tests.decisions.stages import proposal

from yishi.decisions import services
from yishi.decisions.models import Decision, MotionComment
from yishi.network.viewers import Viewer
from yishi.people.services.tokens import issue_token

pytestmark = pytest.mark.django_db
PLACE = "/api/v1/decisions"


def bearer(viewer: Viewer, *scopes: str) -> dict[str, str]:
    _, secret = issue_token(viewer, "测试", scopes, 300, dt.datetime.now(dt.UTC))
    return {"HTTP_AUTHORIZATION": f"Bearer {secret}"}


def lease(town: Any) -> dict[str, Any]:
    return {
        "key": str(uuid.uuid4()), "organisation": town.cooperative.pk, "subject": "lease", "title": "厂房出租",
        "text": "出租五年。", "years": 5, "amount_per_year": "320000", "conflict": False,
    }  # fmt: skip


def test_a_proposal_is_routed_and_made_once(client: Client, president: Viewer, town: Any) -> None:
    given = lease(town)
    assert client.post(PLACE, given, "application/json").status_code == 401
    assert client.post(PLACE, given, "application/json", **bearer(president, "matters:write")).status_code == 403
    for _twice in range(2):
        answer = client.post(PLACE, given, "application/json", **bearer(president, "decisions:write"))
        assert answer.status_code == 200
    made = Decision.objects.get()
    told = client.get(f"{PLACE}/{made.reference}").json()
    assert (told["resolve"], told["report"]["step"], told["organisation"]) == ("REO-MRA", "draft", "白界西经济社")
    assert client.get(f"{PLACE}?procedure=four_deliberations&q=厂房").json()["count"] == 1


def test_what_is_missing_is_named(client: Client, president: Viewer, town: Any) -> None:
    given = lease(town) | {"years": None}
    answer = client.post(PLACE, given, "application/json", **bearer(president, "decisions:write"))
    assert answer.status_code == 422 and "年限" in answer.json()["errors"]["subject"][0]


def test_not_by_anyone(client: Client, alice: Viewer, town: Any) -> None:
    answer = client.post(PLACE, lease(town), "application/json", **bearer(alice, "decisions:write"))
    assert answer.status_code == 403 and answer.json()["what_now"]


def test_comments_and_signatures(client: Client, owner: Viewer, town: Any, at: dt.datetime) -> None:
    homes(town.yushuian, [[owner.person_id], *([one.pk] for one in people(town.area, 9))])
    given = proposal(town.owners, "owners_8", title="建充电棚", by_petition=True)
    made = services.start_decision(owner, given, at)
    petition = services.open_petition(owner, made, "owners", at)
    said = {"key": str(uuid.uuid4()), "text": "离楼远一点。"}
    token = bearer(owner, "decisions:write")
    for _twice in range(2):
        told = client.post(f"{PLACE}/{made.reference}/comments", said, "application/json", **token).json()
    assert [c["text"] for c in told["comments"]] == ["离楼远一点。"] and MotionComment.objects.count() == 1
    signed = client.post(f"{PLACE}/{made.reference}/petitions/{petition.pk}/sign", **token)
    assert signed.status_code == 200
    assert client.get(f"{PLACE}/{made.reference}").json()["petitions"][0]["signed"] == 1


def test_inside_is_not_there(client: Client, town: Any, branch_secretary: Viewer, at: dt.datetime) -> None:
    made = services.start_decision(branch_secretary, proposal(town.cooperative_branch, "party_matter"), at)
    assert client.get(f"{PLACE}/{made.reference}").status_code == 404
    assert client.get(PLACE).json()["count"] == 0
