"""Postings by program: read without a token, done within scope and right, never with the names of those who object."""

import io
import json
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.api.test_decisions import bearer
from tests.publication.conftest import TEXT, moment, picture

from yishi.core import clock
from yishi.network.viewers import Viewer
from yishi.publication import services
from yishi.publication.models import Objection, Posting

pytestmark = pytest.mark.django_db
PLACE = "/api/v1/postings"
WRITE = "publication:write"
NAMES = ("alice", "officer", "other_officer", "town_officer", "deliberator", "president", "stranger")
Say = Callable[..., Any]


@pytest.fixture
def say(client: Client) -> Say:
    """Send JSON (or a form with a photo) as someone's program."""

    def send(viewer: Viewer, place: str, given: Any = None, *, scope: str = WRITE, photo: Any = None) -> Any:
        token = bearer(viewer, scope)
        if photo is not None:
            return client.post(f"{PLACE}{place}", (given or {}) | {"photo": photo}, **token)
        if given is None:
            return client.get(f"{PLACE}{place}", **token)
        return client.post(f"{PLACE}{place}", given, "application/json", **token)

    return send


def words(**more: Any) -> dict[str, Any]:
    told = {"clause": "第二项支出", "fact": "没有看到票据，电话 13800138000。", "demand": "请公布票据。"}
    return {"key": str(uuid.uuid4()), **told, **more}


def june(town: Any, **more: Any) -> dict[str, Any]:
    return {
        "organisation": town.dawei_committee.pk, "item": "committee_accounts", "title": "2026 年 6 月财务收支",
        "text": TEXT, "places": ["大圩社区公示栏"], "phone": "0757-85550000", **more,
    }  # fmt: skip


def image() -> Any:
    found = picture()
    found.name = "board.png"
    return found


def test_from_prepared_to_the_end(say: Say, client: Client, officer: Viewer, town: Any) -> None:
    with clock.standing_at(moment(7, 1)):
        made = say(officer, "", june(town)).json()
        assert say(officer, "", june(town)).json()["reference"] == made["reference"]
        place = f"/{made['reference']}"
        assert client.get(f"{PLACE}{place}").status_code == 404
        refused = say(officer, f"{place}/open", {})
        assert refused.status_code == 422 and "照片" in refused.json()["errors"]["photo"][0]
        opened = say(officer, f"{place}/open", {"places": ["村口", "祠堂"]}, photo=image()).json()
        assert (opened["state"], opened["ends_on"], opened["places"]) == ("up", "2026-07-17", ["村口", "祠堂"])
        assert "check" in opened["may"] and "open" not in opened["may"]
    with clock.standing_at(moment(7, 8)):
        looked = say(officer, f"{place}/checks", {"seen": "false", "note": "被雨打掉"}, photo=image()).json()
        assert (looked["checks"][-1]["seen"], looked["ends_on"]) == (False, "2026-07-18")
    with clock.standing_at(moment(7, 17)):
        early = say(officer, f"{place}/end", {}, photo=image())
        assert early.status_code == 403 and "2026-07-18" in early.json()["detail"]
    with clock.standing_at(moment(7, 18)):
        assert say(officer, f"{place}/end", {}, photo=image()).json()["state"] == "ended"
        anyone = client.get(f"{PLACE}?state=archive&q=财务").json()
        assert [p["reference"] for p in anyone["items"]] == [made["reference"]] and anyone["capped"] is False
        told = client.get(f"{PLACE}{place}").json()
        assert [c["kind"] for c in told["checks"]] == ["start", "middle", "end"] and told["may"] == []
        assert all(c["photos"] for c in told["checks"])


def test_an_upheld_objection_and_the_corrected_one(
    say: Say, client: Client, officer: Viewer, alice: Viewer, up: Posting
) -> None:
    place = f"/{up.reference}"
    with clock.standing_at(moment(7, 3)):
        given = words(shown_as="街坊梁")
        for _twice in range(2):
            assert say(alice, f"{place}/objections", given).json()["number"] == 1
        assert Objection.objects.count() == 1
        told = client.get(f"{PLACE}{place}").json()
        shown = json.dumps(told["objections"], ensure_ascii=False)
        assert "138****8000" in shown and "街坊梁" not in shown and alice.name not in shown
        assert say(alice, f"{place}/objections/1/answer", {"ruling": "rejected", "reason": "不成立"}).status_code == 403
        assert say(officer, f"{place}/objections/2/answer", {"ruling": "upheld", "reason": "属实"}).status_code == 404
        answered = say(officer, f"{place}/objections/1/answer", {"ruling": "upheld", "reason": "漏了票据"}).json()
        assert answered["ruling"] == "upheld" and not answered["may_answer"]
        fixed = say(officer, f"{place}/correct", {"title": "更正", "text": "票据附后。", "why": "漏了票据"}).json()
        assert (fixed["state"], fixed["replaces"], fixed["days"]) == ("planned", up.reference, 15)
        assert client.get(f"{PLACE}{place}").json()["replaced_by"] is None  # not yet to be known of
        assert say(officer, place).json()["replaced_by"] == fixed["reference"]


def test_suspended_and_resumed_and_entered_for_someone(say: Say, officer: Viewer, alice: Viewer, up: Posting) -> None:
    place = f"/{up.reference}"
    with clock.standing_at(moment(7, 3)):
        assert say(officer, f"{place}/suspend", {"why": ""}).status_code == 422
        assert say(officer, f"{place}/suspend", {"why": "有人来查账"}).json()["suspended_why"] == "有人来查账"
        assert say(officer, f"{place}/resume", {}).json()["state"] == "up"
        paper = words(channel="paper", name="区婆婆", contact="大圩 3 巷")
        assert say(alice, f"{place}/objections", paper).status_code == 403
        assert say(officer, f"{place}/objections", paper).json()["channel"] == "paper"
        assert "区婆婆" not in json.dumps(say(officer, place).json(), ensure_ascii=False)


def test_who_may_by_program(request: pytest.FixtureRequest, say: Say, up: Posting, town: Any) -> None:
    """Every act by every persona; what is refused is told in words."""
    people = {name: request.getfixturevalue(name) for name in NAMES}
    desk, everyone = {"officer", "town_officer"}, set(NAMES)
    place = f"/{up.reference}"
    acts: dict[str, tuple[str, Callable[[], Any], set[str], int]] = {
        "prepare": ("", lambda: june(town), desk, 403),
        "suspend": (f"{place}/suspend", lambda: {"why": "查账"}, desk, 403),
        "resume": (f"{place}/resume", dict, desk, 403),
        "check": (f"{place}/checks", dict, desk | {"deliberator"}, 403),
        "object": (f"{place}/objections", words, everyone, 403),
        "desk": ("/desk/waiting", lambda: None, desk | {"other_officer", "president"}, 403),
    }
    wrong = []
    with clock.standing_at(moment(7, 3)):
        for act, (where, given, able, status) in acts.items():
            for name, viewer in people.items():
                scope = "publication:read" if act == "desk" else WRITE
                Posting.objects.filter(pk=up.pk).update(
                    state="suspended" if act == "resume" else "up", suspended_why=""
                )
                photo = {} if act != "check" else {"photo": image()}
                answer = say(viewer, where, given(), scope=scope, **photo)
                expected = 200 if name in able else status
                if answer.status_code != expected or (expected == 403 and not answer.json()["detail"]):
                    wrong.append((act, name, answer.status_code))
    assert wrong == []


def test_scopes_and_nobody(say: Say, client: Client, officer: Viewer, up: Posting, town: Any) -> None:
    with clock.standing_at(moment(7, 3)):
        assert client.post(PLACE, june(town), "application/json").status_code == 401
        assert say(officer, "", june(town), scope="matters:write").status_code == 403
        assert client.get(f"{PLACE}/desk/waiting").status_code == 401
        assert client.get("/api/v1/duties").status_code == 401
        Posting.objects.filter(pk=up.pk).update(visibility="inside")
        assert client.get(f"{PLACE}/{up.reference}").status_code == 404
        assert client.get(PLACE).json()["count"] == 0
        assert say(officer, f"/{up.reference}", scope="matters:read").status_code == 200


def test_duties_with_what_is_overdue(client: Client, officer: Viewer, alice: Viewer, town: Any) -> None:
    services.raise_disclosure_duties(moment(7, 1))
    with clock.standing_at(moment(8, 1)):
        token = bearer(officer, "publication:read", WRITE)
        late = client.get("/api/v1/duties?per_page=100", **token).json()
        assert late["items"] and all(d["late"] > 0 and d["basis"]["zh"] for d in late["items"])
        first = next(d for d in late["items"] if d["organisation_id"] == town.dawei_committee.pk)
        given = june(town, item=first["item"], duty=first["id"])
        made = client.post(PLACE, given, "application/json", **token).json()
        again = client.get("/api/v1/duties?per_page=100", **token).json()["items"]
        assert next(d for d in again if d["id"] == first["id"])["prepared"] == made["reference"]
        assert client.get("/api/v1/duties", **bearer(alice, "publication:read")).status_code == 403


def test_the_ledger(client: Client, officer: Viewer, up: Posting) -> None:
    services.take_in(moment(7, 1))
    kept = client.get("/api/v1/ledger/checkpoint").json()
    assert kept["size"] == 1 and kept["checkpoint"].endswith("\n") and "+" in kept["key"]
    told = client.get(f"/api/v1/ledger/proofs/{up.code_shown}").json()
    assert told["about"]["url"].endswith(f"{up.reference}/") and told["entries"][0]["what"] == "posting_opened"
    assert told["entries"][0]["checkpoint"] == kept["checkpoint"]
    assert client.get("/api/v1/ledger/proofs/ABCD-EFGH").status_code == 404
    Posting.objects.filter(pk=up.pk).update(visibility="inside")
    assert client.get(f"/api/v1/ledger/proofs/{up.code_shown}").json()["about"] is None


def test_no_photo_is_no_photo(say: Say, officer: Viewer, prepared: Posting) -> None:
    junk = io.BytesIO(b"not a picture")
    junk.name = "board.png"
    with clock.standing_at(moment(7, 1)):
        answer = say(officer, f"/{prepared.reference}/open", {"places": ["村口"]}, photo=junk)
    assert answer.status_code == 422 and answer.json()["errors"]
    assert Posting.objects.get(pk=prepared.pk).state == "planned"


def test_catalogue(client: Client) -> None:
    items = client.get(f"{PLACE}/catalogue?per_page=100").json()["items"]
    assert {"committee_accounts", "voter_roll"} <= {i["code"] for i in items}
