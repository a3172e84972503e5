"""Lists: filters, words, pages, kept lists, exports, feeds, the map. The same rules of seeing for all of them."""

import csv
import io
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from tests.matters.pages.counting import cold_questions, questions
from tests.matters.stages import Desk, told

from yishi.matters import services
from yishi.matters.models import Matter
from yishi.network.viewers import Viewer

Clients = Callable[[Viewer], Client]
HTMX = {"HX-Request": "true"}


def raise_some(desk: Desk, by: Viewer, count: int, **given: Any) -> list[Matter]:
    return [services.raise_matter(by, told(title=f"第 {n} 处", **given), desk.at).matter for n in range(count)]


@pytest.fixture
def matters(desk: Desk, alice: Viewer) -> list[Matter]:
    """Two open to everyone, one that only the desk sees yet."""
    lift = services.raise_matter(
        alice,
        told(
            title="建议加装电梯",
            text="六楼老人下楼难，希望加装电梯。",
            nature="suggest",
            latitude=23.112,
            longitude=113.121,
            place="御水岸 5 栋",
        ),
        desk.at,
    ).matter
    drain = services.raise_matter(alice, told(title="=下水道堵了", text="电话 13912345678"), desk.at).matter
    desk.accepted(lift, decider="department")
    desk.doing(drain)
    return [lift, drain, services.raise_matter(alice, told(title="还没受理"), desk.at).matter]


def titles(client: Client, query: str) -> set[str]:
    page = client.get(f"/matters/?{query}", headers=HTMX).content.decode()
    return {t for t in ("建议加装电梯", "下水道堵了", "还没受理") if t in page}


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"建议加装电梯", "下水道堵了"}),
        ("q=电梯", {"建议加装电梯"}),
        ("q=dt", {"建议加装电梯"}),
        ("stage=open", {"建议加装电梯", "下水道堵了"}),
        ("stage=doing", {"下水道堵了"}),
        ("stage=settled", set()),
        ("nature=suggest", {"建议加装电梯"}),
        ("channel=web&size=everyday", {"建议加装电梯", "下水道堵了"}),
        ("since=2026-09-28&until=2026-09-28", {"建议加装电梯", "下水道堵了"}),
        ("until=2026-09-27", set()),
        ("overdue=on", set()),
        ("sort=due", {"建议加装电梯", "下水道堵了"}),
        ("stage=nonsense&community=x&since=yesterday&page=minus", {"建议加装电梯", "下水道堵了"}),
    ],
)
def test_everyone_filters_what_is_public(matters: list[Matter], query: str, found: set[str]) -> None:
    assert titles(Client(), query) == found


def test_any_lead_can_be_asked_for(matters: list[Matter], town: Any) -> None:
    assert titles(Client(), f"lead={town.dawei_committee.pk}") == {"下水道堵了"}
    assert titles(Client(), f"lead={town.urban_management.pk}") == set()


def test_the_desk_sees_what_waits_and_others_do_not(
    matters: list[Matter], officer: Viewer, other_officer: Viewer, client_for: Clients
) -> None:
    assert "还没受理" in titles(client_for(officer), "")
    assert "还没受理" not in titles(client_for(other_officer), "")
    page = client_for(officer).get("/matters/").content.decode()
    assert "<table" in page
    assert "<table" not in Client().get("/matters/").content.decode()


def test_words_of_both_languages_and_an_empty_list_that_helps(town: Any) -> None:
    client = Client()
    assert "还没有人反映事项" in client.get("/matters/").content.decode()
    client.cookies["django_language"] = "en"
    page = client.get("/matters/?q=nothing").content.decode()
    assert "No matter fits" in page


def test_twenty_a_page_and_the_same_few_questions(
    desk: Desk, alice: Viewer, officer: Viewer, client_for: Clients
) -> None:
    counts: dict[str, set[int]] = {"anyone": set(), "officer": set()}
    cold = set()
    for more in (3, 30):
        for matter in raise_some(desk, alice, more):
            desk.accepted(matter)
        for who, client in (("anyone", Client()), ("officer", client_for(officer))):
            cold.add(cold_questions(client, "/matters/"))
            counts[who].add(questions(client, "/matters/"))
    page = client_for(officer).get("/matters/").content.decode()
    assert max(cold) <= 8
    assert "下一页" in page
    assert page.count('data-label="状态"') == 20
    assert "上一页" in Client().get("/matters/?page=2").content.decode()
    assert all(max(seen) - min(seen) <= 1 for seen in counts.values())  # the count of a second page


def test_a_list_is_kept_under_a_name(matters: list[Matter], bob: Viewer, client_for: Clients) -> None:
    client = client_for(bob)
    answer = client.post("/matters/save-view", {"name": "御水岸的电梯", "query": "q=电梯"})
    assert answer["Location"] == "/matters/?q=%E7%94%B5%E6%A2%AF"
    assert "御水岸的电梯" in client.get("/matters/").content.decode()
    assert "御水岸的电梯" not in Client().get("/matters/").content.decode()
    assert Client().post("/matters/save-view", {"name": "x", "query": ""}).status_code == 403


def test_csv_and_excel_say_what_the_list_shows_and_run_nothing(matters: list[Matter]) -> None:
    raw = b"".join(Client().get("/matters/export.csv").streaming_content)  # type: ignore[attr-defined]
    assert raw.startswith("\ufeff".encode())
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert [r[1] for r in rows] == ["标题", "'=下水道堵了", "建议加装电梯"]
    assert "13912345678" not in raw.decode()
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(Client().get("/matters/export.xlsx?q=电梯").content))
    assert [row[1].value for row in book.active] == ["标题", "建议加装电梯"]


@pytest.mark.parametrize(
    ("address", "item"), [("feed.atom", "{http://www.w3.org/2005/Atom}entry"), ("feed.rss", "item")]
)
def test_feeds_of_any_filter_hold_what_is_public(
    matters: list[Matter], officer: Viewer, client_for: Clients, address: str, item: str
) -> None:
    for client in (Client(), client_for(officer)):
        tree = ET.fromstring(client.get(f"/matters/{address}").content)
        assert len(list(tree.iter(item))) == 2
    one = ET.fromstring(Client().get(f"/matters/{address}?q=电梯").content)
    assert len(list(one.iter(item))) == 1


def test_the_feed_of_one_matter(matters: list[Matter], officer: Viewer, client_for: Clients) -> None:
    answer = Client().get(f"/matters/{matters[1].reference}/feed.atom")
    assert "签收" in answer.content.decode()
    assert client_for(officer).get(f"/matters/{matters[2].reference}/feed.atom").status_code == 404


def test_the_map_gives_points_names_and_a_list(matters: list[Matter]) -> None:
    points = Client().get("/matters/map/points?bbox=113.0,23.0,113.3,23.2&zoom=17").json()["features"]
    assert {f["properties"].get("name") for f in points} >= {"大圩社区", "太平社区", "黄岐社区"}
    found = [f["properties"] for f in points if "url" in f["properties"]]
    assert [f["title"] for f in found] == ["建议加装电梯"]
    page = Client().get("/matters/map").content.decode()
    assert "大圩社区" in page
    assert "2 件" in page


@pytest.mark.parametrize("query", ["", "bbox=1,2,3", "bbox=nan,nan,nan,nan&zoom=3", "bbox=200,0,0,0&zoom=x"])
def test_a_box_that_is_none_is_told_so(town: Any, query: str) -> None:
    assert Client().get(f"/matters/map/points?{query}").status_code == 400


def test_mine_asks_for_an_account_and_shows_clocks(matters: list[Matter], alice: Viewer, client_for: Clients) -> None:
    assert Client().get("/matters/mine").status_code == 302
    page = client_for(alice).get("/matters/mine").content.decode()
    assert page.count("个工作日") == 3


def test_the_home_page_shows_what_is_near_and_what_was_settled(
    matters: list[Matter], desk: Desk, alice: Viewer, client_for: Clients
) -> None:
    cache.clear()
    page = Client().get("/").content.decode()
    assert "建议加装电梯" in page
    assert "还没受理" not in page
    matter = matters[1]
    report = matter.reports.get()
    services.reply_to_report(desk.officer, report, "经现场核查，已疏通。", desk.at)
    services.judge_report(alice, report, True, "satisfied", "", desk.at)
    services.settle_matter(desk.other, matter, "已疏通并清洗。", desk.at)
    page = Client().get("/").content.decode()
    assert "1/1 位满意" in page
