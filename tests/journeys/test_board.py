"""A posting from the desk to the archive: printed, hung up, looked at, objected to, corrected, run anew; and without scripts."""

import datetime as dt
import io
import xml.etree.ElementTree as Xml
from collections.abc import Callable
from typing import Any

import pytest
from pypdf import PdfReader
from tests.journeys.conftest import DESK, PHONE
from tests.journeys.world_notices import picture
from tests.people_fixtures import MOMENT

from yishi.core import clock
from yishi.network.viewers import Viewer
from yishi.publication import services
from yishi.publication.models import Objection, Posting

pytestmark = pytest.mark.django_db(transaction=True)
Look = Callable[..., None]
ATOM = "{http://www.w3.org/2005/Atom}"
A3 = (842, 1191)
WORDS = "收入 120000.00 元，支出 83500.50 元。\n\n经办人电话 13800138000。"


def later(days: int) -> None:
    """The server's clock, so many days on."""
    clock.stand_process_at(MOMENT + dt.timedelta(days=days))


def photo() -> dict[str, Any]:
    return {"name": "board.png", "mimeType": "image/png", "buffer": picture().getvalue()}


def act(page: Any, posting: Posting, link: str, **given: Any) -> None:
    """From the posting's page to an act's form; fill it in (``photo=True`` adds one) and send it."""
    page.goto(f"/notices/{posting.reference}/")
    page.get_by_role("link", name=link, exact=True).first.click()
    if given.pop("photo", False):
        page.locator("input[type=file]").set_input_files(photo())
    for label, value in given.items():
        page.get_by_label(label).fill(value)
    page.get_by_role("button", name=link, exact=True).click()
    page.get_by_role("heading", name="由谁、在哪里、到几时").wait_for()
    posting.refresh_from_db()


def prepared(page: Any, look: Look) -> Posting:
    page.goto("/notices/desk")
    page.get_by_role("link", name="拟一张").first.click()
    page.get_by_label("由谁发布").select_option(label="大圩社区居民委员会")
    page.get_by_label("目录里的哪一项").select_option("committee_accounts")
    page.get_by_label("标题", exact=True).fill("8 月财务收支")
    page.get_by_label("正文", exact=True).fill(WORDS)
    page.get_by_label("张贴在哪里").fill("大圩公示栏")
    page.get_by_label("异议电话").fill("0757-85550000")
    look(page, "prepare")
    page.get_by_role("button", name="拟好").click()
    page.get_by_text("已遮盖 1 处个人信息").wait_for()
    look(page, "prepared")
    return Posting.objects.get()


def objected(page: Any, posting: Posting, look: Look | None = None) -> Objection:
    """Found on the board, read, objected to."""
    page.goto("/notices/?q=财务收支")
    page.get_by_role("link", name="8 月财务收支").first.click()
    assert page.get_by_text("138****8000").first.is_visible() and page.get_by_text("13800138000").count() == 0
    page.get_by_role("link", name="提异议", exact=True).click()
    if look:
        look(page, "object")
    page.get_by_role("button", name="提交异议").click()
    assert page.get_by_label("事实和理由").is_visible()  # refused: nothing was written, and the form is still there
    page.get_by_label("对哪一条有异议").fill("支出 83500.50 元")
    page.get_by_label("事实和理由").fill("没有看到票据。")
    page.get_by_label("您的要求").fill("请公布票据。")
    page.get_by_role("button", name="提交异议").click()
    page.get_by_text("等待答复").first.wait_for()
    return Objection.objects.get(posting=posting)


def test_from_the_desk_to_the_archive(open_page: Any, look: Look, officer: Viewer, alice: Viewer, town: Any) -> None:
    desk = open_page(officer, size=DESK)
    first = prepared(desk, look)
    printed = PdfReader(io.BytesIO(desk.request.get(f"/notices/{first.reference}/a3.pdf").body()))
    assert tuple(round(float(n)) for n in printed.pages[0].mediabox[2:]) == A3
    assert "138****8000" in printed.pages[0].extract_text() and first.code_shown in printed.pages[-1].extract_text()
    act(desk, first, "张贴", photo=True)
    assert (first.state, first.ends_on) == ("up", dt.date(2026, 10, 14))
    later((first.check_on - MOMENT.date()).days)
    desk.goto("/notices/desk")
    look(desk, "to-check")
    act(desk, first, "查看张贴", photo=True)
    assert first.checks.filter(kind="middle", seen=True).exists() and first.ends_on == dt.date(2026, 10, 14)
    phone = open_page(alice, size=PHONE)
    made = objected(phone, first, look)
    look(phone, "objected")
    upheld_and_corrected(desk, look, first)
    made.refresh_from_db()
    phone.reload()
    assert phone.get_by_text("票据确实漏附。").is_visible() and made.ruling == "upheld"
    look(phone, "answered")
    runs_anew(open_page, look, officer, Posting.objects.get(replaces=first))


def upheld_and_corrected(desk: Any, look: Look, posting: Posting) -> None:
    desk.goto(f"/notices/{posting.reference}/")
    desk.get_by_role("link", name="答复 1").click()
    desk.get_by_label("成立", exact=True).check()
    desk.get_by_label("理由", exact=True).fill("票据确实漏附。")
    look(desk, "answer")
    desk.get_by_role("button", name="答复", exact=True).click()
    desk.get_by_text("已撤下更正").first.wait_for()
    desk.get_by_role("link", name="更正", exact=True).click()
    desk.get_by_label("正文").fill(f"{WORDS}\n\n票据见附件。")
    desk.get_by_label("为什么更正").fill("补上票据。")
    look(desk, "correct")
    desk.get_by_role("button", name="更正", exact=True).click()
    desk.get_by_text("更正后的材料待张贴").first.wait_for()


def runs_anew(open_page: Any, look: Look, officer: Viewer, fresh: Posting) -> None:
    desk = open_page(officer, size=DESK)
    act(desk, fresh, "张贴", photo=True)
    assert (fresh.ends_on - fresh.posted_on).days == 16
    later((fresh.check_on - MOMENT.date()).days)
    act(open_page(officer, size=DESK), fresh, "查看张贴", photo=True)
    later((fresh.ends_on - MOMENT.date()).days)
    desk = open_page(officer, size=DESK)
    act(desk, fresh, "期满撤下", photo=True)
    assert fresh.state == "ended" and fresh.checks.count() == 3
    look(desk, "ended")
    anyone = open_page(size=PHONE)
    anyone.goto("/notices/?state=archive")
    assert anyone.locator(".notices a.matter-title").count() == 2
    anyone.goto(f"/notices/{fresh.replaces.reference}/")
    anyone.get_by_role("link", name="8 月财务收支", exact=True).click()
    anyone.wait_for_url(f"**/notices/{fresh.reference}/")
    look(anyone, "archive")


@pytest.fixture
def up(officer: Viewer, town: Any) -> Posting:
    """The accounts, hanging since today."""
    given = services.PostingInput(
        organisation_id=town.dawei_committee.pk, item="committee_accounts", title="8 月财务收支", text=WORDS,
        phone="0757-85550000", places=["大圩公示栏"],
    )  # fmt: skip
    return services.open_posting(officer, services.prepare_posting(officer, given, MOMENT), picture(), MOMENT)


def test_read_and_objected_to_without_scripts(open_page: Any, alice: Viewer, officer: Viewer, up: Posting) -> None:
    phone = open_page(alice, size=PHONE, javascript=False)
    objected(phone, up)
    desk = open_page(officer, size=DESK, javascript=False)
    desk.goto("/notices/desk")
    desk.get_by_role("link", name="支出 83500.50 元").click()
    desk.get_by_label("不成立", exact=True).check()
    desk.get_by_label("理由", exact=True).fill("票据在财务室，可以查看。")
    desk.get_by_role("button", name="答复", exact=True).click()
    phone.reload()
    assert phone.get_by_text("票据在财务室，可以查看。").is_visible()
    anyone = open_page(size=PHONE, javascript=False, language="en")
    anyone.goto(f"/notices/{up.reference}/")
    assert anyone.get_by_text("Please sign in").first.is_visible()
    assert anyone.get_by_text(alice.name).count() == 0


def test_the_feed_is_atom(open_page: Any, up: Posting) -> None:
    page = open_page()
    page.goto("/notices/")
    answer = page.request.get(page.locator("link[type='application/atom+xml']").get_attribute("href"))
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = Xml.fromstring(answer.body())
    assert feed.tag == f"{ATOM}feed"
    for part in (feed, *feed.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert part.findtext(f"{ATOM}{name}"), name
        assert dt.datetime.fromisoformat(part.findtext(f"{ATOM}updated") or "").tzinfo is not None
    entry = feed.find(f"{ATOM}entry")
    assert entry is not None and entry.find(f"{ATOM}author/{ATOM}name") is not None
    link = entry.find(f"{ATOM}link")
    assert link is not None and link.attrib["href"].endswith(f"/notices/{up.reference}/")
    assert "13800138000" not in answer.text()
