"""A matter from raised to settled through the API alone, and who may not."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.test import Client

from yishi.matters.models import Matter, Report
from yishi.network.viewers import Viewer
from yishi.people.services.tokens import issue_token

pytestmark = pytest.mark.django_db
SCOPES = ("matters:read", "matters:write")


class Caller:
    """A program with a token of somebody's."""

    def __init__(self, viewer: Viewer | None, *scopes: str) -> None:
        self.client, self.headers = Client(), {}
        if viewer is not None:
            _, secret = issue_token(viewer, "测试", scopes or SCOPES, 300, dt.datetime.now(dt.UTC))
            self.headers = {"HTTP_AUTHORIZATION": f"Bearer {secret}"}

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1/matters{path}", query, **self.headers)

    def post(self, path: str, **body: Any) -> Any:
        return self.client.post(f"/api/v1/matters{path}", body, content_type="application/json", **self.headers)


def raised(caller: Caller, **more: Any) -> dict[str, Any]:
    body = {
        "key": str(uuid.uuid4()),
        "text": "大圩路口的路灯坏了三天,晚上看不清",
        "place": "大圩路 1 号",
        "nature": "help",
        **more,
    }
    answer = caller.post("", **body)
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_from_raised_to_settled(alice: Viewer, officer: Viewer, dispatcher: Viewer, town: Any) -> None:
    resident, desk = Caller(alice), Caller(officer)
    report = raised(resident, community=town.dawei.pk)
    number, one = report["matter"], f"/reports/{report['id']}"
    assert report["due_on"] == "2026-10-16"
    sorting = {"size": "everyday", "size_reason": "一处路灯", "decider": "community", "decider_reason": "社区日常服务"}
    assert desk.post(f"/{number}/accept", **sorting).json()["stage"] == "accepted"
    given = desk.post(f"/{number}/assignments", organisation=town.dawei_committee.pk).json()
    assert desk.post(f"/{number}/assignments/{given['id']}/sign").json()["state"] == "signed"
    assert desk.post(f"/{number}/notes", words="已报修,电工到场").status_code == 200
    assert desk.post(f"{one}/reply", reply="路灯已于今天修好。").json()["state"] == "replied"
    assert desk.post(f"{one}/tell", how="in_app").json()["state"] == "told"
    assert resident.post(f"{one}/judge", solved=True, satisfaction="satisfied").json()["state"] == "judged"
    settled = desk.post(f"/{number}/settle", result="更换灯泡,恢复照明")
    assert settled.json()["stage"] == "settled", settled.content
    page = Caller(None).get(f"/{number}").json()
    assert page["timeline"][0]["kind"] == "raised"
    assert "何秀英" not in str(page)
    assert Caller(None).get("", q="路灯").json()["items"][0]["reference"] == number


def test_the_same_key_is_one_report(alice: Viewer) -> None:
    caller, key = Caller(alice), str(uuid.uuid4())
    assert raised(caller, key=key)["id"] == raised(caller, key=key)["id"]
    assert Report.objects.count() == 1


@pytest.mark.parametrize("who", ["bob", "stranger", "other_officer", "anonymous"])
def test_what_is_not_public_is_not_there(alice: Viewer, who: str, request: pytest.FixtureRequest) -> None:
    viewer = request.getfixturevalue(who)
    report = raised(Caller(alice))
    caller = Caller(None if viewer.is_anonymous else viewer)
    assert caller.get(f"/{report['matter']}").status_code == 404
    assert caller.get("").json()["items"] == []
    if not viewer.is_anonymous:
        assert caller.get(f"/reports/{report['id']}").status_code == 404
        assert caller.post(f"/reports/{report['id']}/withdraw", reason="x").status_code == 404


def test_a_token_does_no_more_than_its_scopes(alice: Viewer) -> None:
    report = raised(Caller(alice))
    reader = Caller(alice, "matters:read")
    assert reader.get(f"/reports/{report['id']}").status_code == 200
    refused = reader.post(f"/reports/{report['id']}/withdraw", reason="不用了")
    assert (refused.status_code, refused["Content-Type"]) == (403, "application/problem+json")
    assert "matters:write" in refused.json()["detail"]


def test_a_refusal_tells_the_reason(alice: Viewer, officer: Viewer, town: Any) -> None:
    number = raised(Caller(alice), community=town.dawei.pk)["matter"]
    refused = Caller(officer).post(f"/{number}/settle", result="好了")
    assert refused.status_code == 403
    assert refused.json()["detail"]


def test_merge_and_split_keep_every_report(alice: Viewer, bob: Viewer, officer: Viewer, town: Any) -> None:
    desk = Caller(officer)
    numbers = []
    for viewer in (alice, bob):
        number = raised(Caller(viewer), community=town.dawei.pk)["matter"]
        desk.post(f"/{number}/accept", size="everyday", size_reason="一处", decider="community", decider_reason="日常")
        numbers.append(number)
    merged = desk.post(f"/{numbers[1]}/merge", into=numbers[0], reason="同一盏灯")
    assert merged.json()["report_count"] == 2, merged.content
    assert desk.post(f"/{numbers[1]}/split", reason="不是同一盏").json()["report_count"] == 1
    assert Matter.objects.get(reference=numbers[0]).report_count == 1


def test_the_map_and_what_is_similar(alice: Viewer, officer: Viewer, town: Any) -> None:
    number = raised(Caller(alice), community=town.dawei.pk, latitude=23.11, longitude=113.12)["matter"]
    Caller(officer).post(
        f"/{number}/accept", size="everyday", size_reason="一处", decider="community", decider_reason="日常"
    )
    anyone = Caller(None)
    box = {"west": 113, "south": 23, "east": 114, "north": 24, "zoom": 17}
    assert [p["reference"] for p in anyone.get("/map", **box).json()] == [number]
    assert anyone.get("/map", **(box | {"west": 200})).status_code == 422
    similar = anyone.get("/similar", text="大圩路口路灯坏了").json()
    assert similar[0]["reference"] == number
    assert similar[0]["shared"]
