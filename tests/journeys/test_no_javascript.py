"""Without scripts: raised on a phone, carried through every step at a desk, judged, settled."""

from typing import Any

import pytest
from tests.journeys.conftest import DESK, PHONE

from yishi.matters.models import Matter, Report
from yishi.network.viewers import Viewer

pytestmark = pytest.mark.django_db(transaction=True)
REPLY = "经现场核查属实，已于今日更换灯泡。下一步每半月巡查一次，联系电话 0757-85550000。"


def act(page: Any, matter: Matter, link: str, button: str, **fields: str) -> None:
    """Open an act from the matter's page, fill its form (label=text, or 'check' to tick), send it."""
    page.goto(f"/matters/{matter.reference}")
    page.get_by_role("link", name=link, exact=True).click()
    form = page.locator("main form").filter(has=page.get_by_role("button", name=button, exact=True))
    for label, value in fields.items():
        field = form.get_by_label(label)
        if value == "check":
            form.get_by_label(label, exact=True).check()
        elif field.first.evaluate("e => e.tagName") == "SELECT":
            field.select_option(label=value)
        else:
            field.fill(value)
    form.get_by_role("button", name=button, exact=True).click()


def test_the_whole_way_without_scripts(open_page: Any, alice: Viewer, officer: Viewer, town: Any) -> None:
    phone = open_page(alice, size=PHONE, javascript=False)
    phone.goto("/matters/new")
    phone.get_by_label("发生了什么").fill("向东街牌坊旁的路灯坏了三天，晚上看不清路。")
    phone.get_by_label("在哪里").fill("向东街牌坊")
    phone.get_by_role("button", name="提交").click()
    matter = Matter.objects.get()
    desk = open_page(officer, size=DESK, javascript=False)
    desk.goto("/matters/queue")
    desk.get_by_role("link", name="等您受理").click()
    desk.get_by_label("社区（居民会议或居委会）").check()
    desk.get_by_role("button", name="受理", exact=True).click()
    act(desk, matter, "派单", "派单", 交给="大圩社区居民委员会", 理由="街巷照明归社区。")
    act(desk, matter, "签收", "签收")
    act(desk, matter, "答复反映人", "答复", 答复=REPLY)
    act(desk, matter, "告知反映人", "记下已告知", 站内="check")
    act(phone, matter, "评价办理结果", "提交评价", 解决了="check", 满意="check")
    act(desk, matter, "办结", "办结", 办理结果="灯泡已换，向东街夜里亮了。")
    matter.refresh_from_db()
    assert (matter.stage, Report.objects.get().state) == ("settled", "judged")
    phone.goto(f"/matters/{matter.reference}")
    assert phone.get_by_text("灯泡已换，向东街夜里亮了。").first.is_visible()
    assert phone.get_by_text("已办结").first.is_visible()


def test_map_menu_and_switches_without_scripts(open_page: Any, town: Any) -> None:
    page = open_page(size=PHONE, javascript=False)
    page.goto("/matters/map")
    assert page.get_by_role("heading", name="按社区看").is_visible()
    page.locator("summary.tool").click()
    page.get_by_role("link", name="English").click()
    assert page.get_by_role("heading", name="By community").is_visible()
    page.locator(".tools-wide .tool-care:not([hidden])").click()
    assert page.locator("html[data-care]").count() == 1
