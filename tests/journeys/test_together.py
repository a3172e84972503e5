"""Helping a caller on the record; two tellings of one cause joined and parted; everything by keyboard alone."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from tests.journeys.conftest import DESK, PHONE
from tests.matters.stages import Desk, told

from yishi.core import audit, clock
from yishi.matters import services
from yishi.matters.models import Matter, Report
from yishi.network.viewers import Viewer
from yishi.people.models import Consent, HelperSession

pytestmark = pytest.mark.django_db(transaction=True)
Look = Callable[..., None]


@pytest.fixture
def desk(officer: Viewer, secretary: Viewer, town: Any) -> Desk:
    return Desk(officer, secretary, town, clock.now())


def test_a_caller_in_helper_mode(open_page: Any, look: Look, alice: Viewer, officer: Viewer) -> None:
    page = open_page(officer, size=DESK)
    page.goto("/people/helping/?q=何秀英")
    page.locator("form.sheet input[name=person]").first.check()
    look(page, "helping")
    page.get_by_role("button", name="对方已同意").click()
    page.get_by_text("您正在为").first.wait_for()
    page.goto("/matters/new")
    page.get_by_label("发生了什么").fill("楼下井盖松动,半夜车过就响")
    look(page, "banner")
    page.get_by_role("button", name="提交", exact=True).click()
    page.wait_for_url("**/receipt/**")
    page.get_by_role("button", name="结束代办").click()
    page.wait_for_timeout(300)
    report = Report.objects.get()
    assert (report.reporter_id, report.entered_by_id) == (alice.person_id, officer.person_id)
    entry = audit.chain(report.matter)[0]
    assert (entry.actor_id, entry.on_behalf_of_id) == (officer.person_id, alice.person_id)
    assert Consent.objects.get().manner == "spoken"
    assert HelperSession.objects.get().ended_at is not None


def test_joined_and_parted(open_page: Any, look: Look, desk: Desk, alice: Viewer, bob: Viewer) -> None:
    numbers = []
    for viewer in (alice, bob):
        report = services.raise_matter(viewer, told(community_id=desk.town.dawei.pk), desk.at)
        numbers.append(desk.accepted(report.matter).reference)
    page = open_page(desk.officer, size=DESK)
    page.goto(f"/matters/{numbers[1]}/merge")
    page.get_by_label(re.compile("并入哪一件")).fill(numbers[0])
    page.get_by_label("为什么是同一件事").fill("同一个下水道口")
    look(page, "merge")
    page.get_by_role("button", name="并入", exact=True).click()
    page.get_by_text("已并入").first.wait_for()
    one, other = (Matter.objects.get(reference=n) for n in numbers)
    assert (one.report_count, other.stage) == (2, "merged")
    assert {r.reporter_id for r in one.reports.all()} == {alice.person_id, bob.person_id}
    merge = other.merges_out.get()
    page.goto(f"/matters/{numbers[0]}")
    look(page, "merged")
    page.goto(f"/matters/{numbers[0]}/merges/{merge.pk}/split")
    page.locator("main [name=reason]").first.fill("不是同一处")
    page.get_by_role("button", name="拆开", exact=True).click()
    page.get_by_text("已拆开").first.wait_for()
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.report_count, other.report_count, other.stage) == (1, 1, "accepted")


def test_raising_by_keyboard_alone(open_page: Any, alice: Viewer) -> None:
    page = open_page(alice, size=PHONE)
    page.goto("/matters/new")
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "text":
            break
    page.keyboard.type("榕树下的石凳断了一条腿,怕老人坐了摔跤")
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "[document.activeElement.type, document.activeElement.innerText, !!getComputedStyle(document.activeElement).outlineStyle]"
        )
        if focused[0] == "submit" and "提交" in focused[1]:
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/receipt/**")
    assert Report.objects.get().text.startswith("榕树下的石凳")
