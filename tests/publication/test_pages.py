"""The board, a posting, the desk, objecting and answering, through the pages, in both languages."""

import datetime as dt
import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader
from tests.publication.conftest import accounts, moment, picture

from yishi.core import clock
from yishi.network.viewers import Viewer
from yishi.publication import services
from yishi.publication.models import Objection, Posting

pytestmark = pytest.mark.django_db
Clients = Callable[[Viewer], Client]
LATER = {"places": "大圩社区公示栏\n永东街口"}


def titles(client: Client, query: str, known: tuple[str, ...]) -> set[str]:
    page = client.get(f"/notices/?{query}").content.decode()
    return {t for t in known if t in page}


@pytest.fixture
def board(officer: Viewer, president: Viewer, up: Posting, town: Any) -> tuple[str, ...]:
    """Four titles: accounts that hang, an announcement that came down, a cooperative's, and one that is inside."""
    made = []
    for viewer, given, day in (
        (officer, accounts(town, item="announcement", title="六月停水公告", text="检修停水。"), 1),
        (president, accounts(town, organisation_id=town.cooperative.pk, item="cooperative_accounts", title="白界西六月账目"), 2),
        (officer, accounts(town, title="内部材料"), 3),
    ):  # fmt: skip
        posting = services.prepare_posting(viewer, given, moment(7, day))
        made.append(services.open_posting(viewer, posting, picture(), moment(7, day), places=["栏"]))
    services.end_posting(officer, made[0], picture(), moment(7, 6))
    Posting.objects.filter(pk=made[2].pk).update(visibility="inside")
    return (up.title, "六月停水公告", "白界西六月账目", "内部材料")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {0, 1, 2}),
        ("state=now", {0, 2}),
        ("state=archive", {1}),
        ("kind=announcement", {1}),
        ("kind=disclosure", {0, 2}),
        ("q=停水", {1}),
        ("q=白界西", {2}),
        ("item=cooperative_accounts", {2}),
        ("since=2026-07-02&until=2026-07-02", {2}),
        ("objected=on", set()),
        ("sort=ending", {0, 1, 2}),
        ("state=nonsense&community=x&page=minus&since=yesterday", {0, 1, 2}),
    ],
)
def test_everyone_filters_the_board(board: tuple[str, ...], query: str, found: set[int]) -> None:
    assert titles(Client(), query, board) == {board[i] for i in found}


def test_what_is_inside_is_for_its_own(
    board: tuple[str, ...], officer: Viewer, president: Viewer, client_for: Clients
) -> None:
    assert board[3] in titles(client_for(officer), "", board)
    assert board[3] not in titles(client_for(president), "", board)
    inside = Posting.objects.get(title=board[3])
    assert client_for(president).get(f"/notices/{inside.reference}/").status_code == 404


def test_community_feed_and_exports(board: tuple[str, ...], town: Any) -> None:
    client = Client()
    assert titles(client, f"community={town.taiping.pk}", board) == {board[2]}
    feed = client.get("/notices/feed.atom?kind=announcement")
    assert feed["Content-Type"].startswith("application/atom+xml")
    entries = ET.fromstring(feed.content).findall("{http://www.w3.org/2005/Atom}entry")
    assert len(entries) == 1 and "[公告] 六月停水公告" in feed.content.decode()
    table = client.get("/notices/export.csv?state=now").content.decode()
    assert board[0] in table and board[1] not in table and board[3] not in table
    assert client.get("/notices/export.xlsx").content[:2] == b"PK"


def test_the_board_asks_the_same_number_of_questions_however_many(
    board: tuple[str, ...], officer: Viewer, town: Any
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            Client().get("/notices/", headers={"Cache-Control": "no-cache"})
        return len(seen)

    asked()
    few = asked()
    for n in range(6):
        posting = services.prepare_posting(officer, accounts(town, title=f"第 {n} 张"), moment(7, 4))
        services.open_posting(officer, posting, picture(), moment(7, 4), places=["栏"])
    asked()
    assert asked() == few


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_posting_and_its_sheet(up: Posting, officer: Viewer, bob: Viewer, client_for: Clients, language: str) -> None:
    services.check_posting(officer, up, None, moment(7, 10))
    made = services.object_to_posting(bob, up, _objection(), moment(7, 6))
    services.answer_objection(officer, made, "rejected", "票据在财务室。", moment(7, 7))
    for viewer in (bob, officer):
        client = client_for(viewer)
        client.cookies["django_language"] = language
        page = client.get(f"/notices/{up.reference}/").content.decode()
        for said in (up.text, "没有看到票据。", "票据在财务室。", up.code_shown, "0757-85550000"):
            assert said in page
        assert ("缺失，顺延一日" if language == "zh-hans" else "Missing: one day added") in page
        sheet = client.get(f"/notices/{up.reference}/sheet").content.decode()
        assert up.text in sheet and up.code_shown in sheet


def _objection() -> Any:
    import uuid

    return services.ObjectionInput(uuid.uuid4(), "第二项", "没有看到票据。", "请公布票据。")


def test_from_the_desk_to_the_archive(officer: Viewer, bob: Viewer, town: Any, client_for: Clients) -> None:
    desk, phone = client_for(officer), client_for(bob)
    with clock.standing_at(moment(7, 1)):
        assert "现在没有要办的" in desk.get("/notices/desk").content.decode()
        given = {
            "organisation_id": town.dawei_committee.pk,
            "item": "committee_accounts",
            "title": "六月账目",
            "text": "收支如下。",
        }
        empty = desk.post("/notices/desk/new", given | {"text": ""})
        assert empty.status_code == 422 and "六月账目" in empty.content.decode()
        few = desk.post("/notices/desk/new", given | {"days": 3})
        assert few.status_code == 422 and "至少张贴 15 日" in few.content.decode()
        assert desk.post("/notices/desk/new", given).status_code == 303
        posting = Posting.objects.get()
        page = f"/notices/{posting.reference}/"
        assert phone.get(page).status_code == 404
        assert desk.post(f"{page}open/", LATER).status_code == 422
        assert desk.post(f"{page}open/", LATER | {"photo": picture()}).status_code == 303
    with clock.standing_at(moment(7, 6)):
        assert phone.get(f"{page}object").status_code == 200 and phone.get(f"{page}enter").status_code == 403
        key = "7f3a1d7c-0000-4000-8000-000000000001"
        words = {"key": key, "clause": "第二项", "fact": "没有票据", "demand": "请公布"}
        assert phone.post(f"{page}object", words | {"fact": ""}).status_code == 422
        assert phone.post(f"{page}object", words).status_code == phone.post(f"{page}object", words).status_code == 303
        entered = words | {"key": key[:-1] + "2", "channel": "desk", "name": "何伯"}
        assert desk.post(f"{page}enter", entered).status_code == 303
        assert [o.number for o in Objection.objects.all()] == [1, 2]
        assert "等待答复的异议" in desk.get("/notices/desk").content.decode()
        assert (
            phone.get(f"{page}objections/1").status_code == 403 and desk.get(f"{page}objections/9").status_code == 404
        )
        for number in (1, 2):
            assert desk.post(f"{page}objections/{number}", {"ruling": "rejected"}).status_code == 422
            assert (
                desk.post(f"{page}objections/{number}", {"ruling": "rejected", "reason": "附有票据。"}).status_code
                == 303
            )
    with clock.standing_at(moment(7, 9)):
        assert "今天要查看的" in desk.get("/notices/desk").content.decode()
        assert desk.post(f"{page}check/", {"photo": picture()}).status_code == 303
    with clock.standing_at(moment(7, 16)):
        early = desk.get(f"{page}end/")
        assert early.status_code == 403 and "2026-07-17" in early.content.decode()
    with clock.standing_at(moment(7, 17)):
        assert "满期可以撤下" in desk.get("/notices/desk").content.decode()
        assert desk.post(f"{page}end/", {"photo": picture()}).status_code == 303
    posting.refresh_from_db()
    assert (posting.state, posting.ended_on) == ("ended", dt.date(2026, 7, 17))
    assert phone.get(f"{page}dance/").status_code == 404


def test_a_file_that_is_no_photo_loses_nothing(prepared: Posting, officer: Viewer, client_for: Clients) -> None:
    wrong = io.BytesIO(b"not a picture")
    wrong.name = "x.png"
    answer = client_for(officer).post(f"/notices/{prepared.reference}/open/", LATER | {"photo": wrong})
    assert answer.status_code == 422 and "永东街口" in answer.content.decode()
    prepared.refresh_from_db()
    assert prepared.state == "planned" and not prepared.checks.exists()


def test_duties_page_and_export(officer: Viewer, bob: Viewer, town: Any, client_for: Clients) -> None:
    services.raise_disclosure_duties(moment(7, 2))
    desk = client_for(officer)
    page = desk.get("/notices/desk/duties").content.decode()
    assert "村（社区）财务收支" in page and "逾期" in page
    assert desk.get("/notices/desk/duties?all=on&page=x").status_code == 200
    assert desk.get("/notices/desk/duties.xlsx").content[:2] == b"PK"
    duty = town.dawei_committee.pk
    first = next(line for line in page.split('"') if line.startswith("/notices/desk/new?duty="))
    assert f'value="{duty}" selected' in desk.get(first).content.decode()
    for address in ("/notices/desk", "/notices/desk/new", "/notices/desk/duties", "/notices/desk/duties.xlsx"):
        assert client_for(bob).get(address).status_code == 403


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_papers_of_a_posting(up: Posting, officer: Viewer, bob: Viewer, client_for: Clients, language: str) -> None:
    services.object_to_posting(bob, up, _objection(), moment(7, 6))
    client = client_for(bob)
    client.cookies["django_language"] = language
    for name, pages in (("a4", 1), ("large", 2), ("a3", 2), ("objections", 1)):
        made = client.get(f"/notices/{up.reference}/{name}.pdf")
        reader = PdfReader(io.BytesIO(made.content))
        said = re.sub(r"\s+", "", "".join(p.extract_text() for p in reader.pages))
        assert up.digest in said and len(reader.pages) <= pages, name
        if name == "objections":
            assert "没有看到票据。" in said
        else:
            assert re.sub(r"\s+", "", up.text) in said and up.code_shown in said
        assert client.get(f"/notices/{up.reference}/{name}.docx").content[:2] == b"PK"
    assert client.get(f"/notices/{up.reference}/b5.pdf").status_code == 404
