"""Matters in a browser: a phone without script, an officer with htmx and keyboard, every page by axe."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.journeys.conftest import DESK, PHONE
from tests.matters.stages import Desk, told

from yishi.core import clock
from yishi.matters import services
from yishi.matters.models import Matter, Report
from yishi.network.viewers import Viewer

pytestmark = pytest.mark.django_db(transaction=True)
LAMP = "向东街牌坊旁的路灯坏了三天，晚上看不清路。"


@pytest.fixture
def desk(officer: Viewer, secretary: Viewer, town: Any) -> Desk:
    return Desk(officer, secretary, town, clock.now())


def test_a_resident_reports_without_script_and_prints_the_receipt(open_page: Any, alice: Viewer) -> None:
    page = open_page(alice, javascript=False)
    page.goto("/")
    page.get_by_role("link", name="反映").first.click()
    page.get_by_label("发生了什么").fill(LAMP)
    page.get_by_label("在哪里").fill("向东街牌坊")
    page.get_by_role("button", name="先看看有没有人反映过").click()
    assert page.get_by_label("发生了什么").input_value() == LAMP
    page.get_by_role("button", name="提交").click()
    assert "/matters/receipt/" in page.url
    assert Matter.objects.get().reference in page.content()
    page.goto("/matters/mine")
    assert page.get_by_text("还剩 10 个工作日").is_visible()


def test_from_report_to_satisfied(
    open_page: Any, look: Callable[..., None], alice: Viewer, officer: Viewer, dispatcher: Viewer
) -> None:
    """The main journey: raised on a phone, sorted, done and answered at a desk, judged on the phone."""
    phone, table = open_page(alice, size=PHONE), open_page(officer, size=DESK)
    phone.goto("/matters/new")
    phone.get_by_label("发生了什么").fill(LAMP)
    look(phone, "raise")
    phone.get_by_role("button", name="提交").click()
    phone.get_by_role("link", name="看这件事的页面").click()
    matter = Matter.objects.get()
    _sort_and_sign(table, matter)
    table.get_by_role("link", name="答复反映人").click()
    form = table.locator("#act form")
    form.get_by_label("答复").fill("经现场核查属实，已于今日更换灯泡。下一步每半月巡查一次，联系电话 0757-85550000。")
    table.get_by_text("写明了").first.wait_for()
    look(table, "reply")
    form.get_by_role("button", name="答复").click()
    table.get_by_role("link", name="告知反映人").click()
    table.locator("#act form").get_by_label("站内").check()
    table.locator("#act form").get_by_role("button").click()
    table.get_by_text("已记下怎么告知的").wait_for()
    phone.goto(f"/matters/{matter.reference}")
    phone.get_by_role("link", name="评价办理结果").click()
    look(phone, "judge")
    form = phone.locator("#act form")
    form.get_by_label("解决了", exact=True).check()
    form.get_by_label("满意", exact=True).check()
    form.get_by_role("button", name="提交评价").click()
    phone.get_by_text("谢谢您的评价").wait_for()
    assert Report.objects.get().state == "judged"
    look(phone, "judged")


def _sort_and_sign(table: Any, matter: Matter) -> None:
    table.goto("/matters/queue")
    table.keyboard.press("j")
    table.keyboard.press("Enter")
    table.get_by_role("link", name="受理和分类").click()
    form = table.locator("#act form")
    form.get_by_label("社区（居民会议或居委会）").check()
    form.get_by_role("button", name="受理").click()
    table.get_by_role("link", name="派单").click()
    table.locator("#act form").get_by_label("交给").select_option(label="大圩社区居民委员会")
    table.locator("#act form").get_by_label("理由").fill("街巷照明归社区。")
    table.locator("#act form").get_by_role("button", name="派单").click()
    table.get_by_role("link", name="签收").click()
    table.locator("#act form").get_by_role("button", name="签收").click()
    table.get_by_text("已签收，由您经办").wait_for()


def test_similar_matters_appear_while_typing(
    open_page: Any, look: Callable[..., None], desk: Desk, alice: Viewer, bob: Viewer
) -> None:
    desk.accepted(services.raise_matter(alice, told(), desk.at).matter)
    page = open_page(bob)
    page.goto("/matters/new")
    page.get_by_label("发生了什么").press_sequentially("门前下水道堵了，污水漫到路上", delay=5)
    page.get_by_label("也是这件事").check()
    look(page, "similar")
    page.get_by_role("button", name="提交").click()
    page.get_by_text("收到，和大家的一起办").wait_for()
    assert Matter.objects.get().report_count == 2


def test_several_signed_together_and_taken_back(
    open_page: Any, look: Callable[..., None], desk: Desk, alice: Viewer, officer: Viewer
) -> None:
    for _ in range(2):
        desk.assigned(services.raise_matter(alice, told(), desk.at).matter)
    page = open_page(officer, size=DESK)
    page.goto("/matters/queue")
    page.get_by_label("全选").check()
    page.get_by_role("button", name="一起办").click()
    look(page, "done")
    page.get_by_role("button", name="撤回这一批").click()
    page.get_by_text("已撤回 2 件").wait_for()
    assert set(Matter.objects.values_list("stage", flat=True)) == {"assigned"}


PAGES = (
    "/",
    "/matters/",
    "/matters/map",
    "/matters/new",
    "/town/",
    "/matters/queue",
    "/matters/desk/new",
    "/matters/mine",
)


@pytest.mark.parametrize(
    ("language", "care", "size"), [("zh-hans", False, PHONE), ("en", True, PHONE), ("en", False, DESK)]
)
def test_every_page_by_axe(
    open_page: Any,
    look: Callable[..., None],
    desk: Desk,
    alice: Viewer,
    officer: Viewer,
    language: str,
    care: bool,
    size: Any,
) -> None:
    given = told(latitude=23.112, longitude=113.121, place="永东街 18 号")
    report = services.raise_matter(alice, given, desk.at)
    desk.doing(report.matter)
    page = open_page(officer, size=size, language=language, care=care)
    base = f"/matters/{report.matter.reference}"
    for address in (*PAGES, base, f"{base}/reports/{report.pk}/reply", f"{base}/merge", f"{base}/follow"):
        page.goto(address)
        look(page, address.strip("/").replace("/", "-") or "home")
