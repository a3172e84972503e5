"""A deliberator walks a lane without network; what was found arrives once when the network is back."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from tests.journeys.conftest import PHONE
from tests.people_fixtures import MOMENT

from yishi.matters.models import Matter, Patrol, Report
from yishi.matters.services import patrol
from yishi.network.viewers import Viewer

pytestmark = pytest.mark.django_db(transaction=True)


def wait_for(condition: Callable[[], bool], page: Any) -> None:
    for _ in range(80):
        if condition():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it did not arrive")


def until_kept(page: Any, address: str) -> None:
    """Until the service worker has kept a page for work without network."""
    script = f"caches.open('kept').then(c => c.match('{address}')).then(Boolean)"
    wait_for(lambda: page.evaluate(script), page)


def test_a_walk_without_network(
    town: Any, officer: Viewer, deliberator: Viewer, open_page: Callable[..., Any], look: Callable[..., None]
) -> None:
    day = dt.date(2026, 9, 1)
    plan = patrol.plan_patrol(officer, town.neighbours_hall.pk, "近邻巡查", ["下水道", "路灯"], day, MOMENT)
    patrol.add_lane(officer, plan, 3, "市场后巷", MOMENT)
    page = open_page(deliberator, size=PHONE)
    page.goto("/matters/patrols")
    look(page, "lanes")
    page.get_by_role("link", name="开始巡查").click()
    look(page, "walk")
    until_kept(page, page.url)
    page.context.set_offline(True)
    page.reload()
    page.locator("input[name=fine_1][value=problem]").check()
    page.locator("textarea[name=words_1]").fill("下水道堵,污水漫出来")
    page.locator("input[name=walked_at]").fill(f"{MOMENT:%Y-%m-%dT%H:%M}")
    page.get_by_role("button", name="走完了").click()
    page.get_by_text("已存在这部手机上").first.wait_for()
    assert Patrol.objects.count() == 0
    page.context.set_offline(False)
    wait_for(lambda: Patrol.objects.count() == 1, page)
    page.goto("/matters/outbox")
    page.locator("[data-outbox-list] .board").wait_for(state="detached")
    page.wait_for_timeout(500)
    assert (Patrol.objects.count(), Matter.objects.count()) == (1, 1)
    report = Report.objects.get()
    assert (report.channel, report.matter.hall_id) == (Report.Channel.PATROL, town.neighbours_hall.pk)
    assert "市场后巷" in report.matter.place


def test_a_report_without_network_is_sent_once(town: Any, alice: Viewer, open_page: Callable[..., Any]) -> None:
    page = open_page(alice, size=PHONE)
    page.goto("/matters/new")
    until_kept(page, "/matters/new")
    page.context.set_offline(True)
    page.reload()
    for words in ("路灯不亮,晚上看不见路", "榕树下垃圾桶满了没人清"):
        page.locator("textarea[name=text]").fill(words)
        page.get_by_role("button", name="提交", exact=True).click()
        page.get_by_text("已存在这部手机上").first.wait_for()
    assert Report.objects.count() == 0
    page.context.set_offline(False)
    wait_for(lambda: Report.objects.count() == 2, page)
    page.reload()
    page.wait_for_timeout(1000)
    assert Report.objects.count() == 2
    assert set(Report.objects.values_list("reporter_id", flat=True)) == {alice.person_id}
