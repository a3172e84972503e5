"""A member comments from the phone, the president answers at the desk and changes the motion, the steps go back."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from tests.decisions.stages import TEXT, Hands, proposal
from tests.journeys.conftest import DESK
from tests.people_fixtures import SINCE, viewer_of_person

from yishi.decisions import services
from yishi.decisions.models import Decision
from yishi.network.viewers import Viewer
from yishi.people.models import Capacity

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def member(town: Any, make_person: Callable[..., Viewer], at: dt.datetime) -> Viewer:
    """A member of the cooperative 白界西."""
    viewer = make_person("关美玲")
    Capacity.objects.create(
        person_id=viewer.person_id, kind="member", area=town.baijiexi, organisation=town.cooperative, since=SINCE,
        verified_at=at,
    )  # fmt: skip
    return viewer_of_person(viewer.person_id or 0)


@pytest.fixture
def garden(
    town: Any, president: Viewer, branch_secretary: Viewer, supervisor: Viewer, town_officer: Viewer, at: dt.datetime
) -> Decision:
    """The garden plan, agreed by the branch and before the two committees' next step."""
    hands = Hands(president, branch_secretary, supervisor, town_officer, at.replace(hour=8))
    given = proposal(town.cooperative, facts={"amount": Decimal(180000)}, budget="180000", wider=True)
    made = services.start_decision(president, given, hands.at)
    hands.drafted(made, "2026-09-28")
    return made


def here(page: Any) -> str:
    """The step that the spine says is the present one."""
    return str(page.locator(".spine-here .spine-head").inner_text())


def test_a_comment_changes_the_motion(
    garden: Decision, member: Viewer, president: Viewer, open_page: Callable[..., Any], look: Callable[..., None]
) -> None:
    phone = open_page(member)
    phone.goto(f"/decisions/{garden.reference}")
    assert "党组织提议" in here(phone)
    phone.get_by_role("link", name="提意见").click()
    phone.get_by_label("您的意见").fill("菜园旁请留一条轮椅能走的路。")
    look(phone, "comment")
    phone.get_by_role("button", name="提交意见").click()
    phone.get_by_text("收到了，会有答复").wait_for()
    assert "还没有答复" in phone.locator(".comment").inner_text()
    desk = open_page(president, size=DESK)
    desk.goto("/decisions/desk")
    assert "有 1 条意见等您答复" in desk.locator("main").inner_text()
    desk.get_by_role("link", name=garden.title).first.click()
    desk.locator("#comments ~ *, .comment").get_by_role("link", name="答复").first.click()
    desk.get_by_label("采纳", exact=True).check()
    desk.get_by_label("理由；采纳的写明改在哪里").fill("已加一条 1.5 米宽的平路。")
    desk.get_by_role("button", name="答复").click()
    desk.get_by_text("已经答复。").wait_for()
    look(desk, "answered")
    desk.get_by_role("link", name="修改方案").first.click()
    desk.get_by_role("textbox", name="方案全文").fill(TEXT + "园中留一条 1.5 米宽的平路。")
    desk.get_by_label("为什么改").fill("采纳成员意见")
    desk.get_by_role("button", name="保存新的一版").click()
    desk.get_by_text("新的一版已经保存。").wait_for()
    assert "动议" in here(desk)
    desk.get_by_role("link", name="第 2 版").first.click()
    assert "园中留一条 1.5 米宽的平路。" in desk.locator(".diff ins").all_inner_texts()[-1]
    look(desk, "difference")


def test_without_scripts(garden: Decision, member: Viewer, open_page: Callable[..., Any]) -> None:
    page = open_page(member, javascript=False)
    page.goto(f"/decisions/{garden.reference}/comment")
    page.get_by_label("您的意见").fill("同意，早点动工。")
    page.get_by_role("button", name="提交意见").click()
    assert "早点动工" in page.locator(".comment").inner_text()


@pytest.mark.parametrize("javascript", [True, False])
def test_another_organisation_brings_its_own_types(
    town: Any, secretary: Viewer, open_page: Callable[..., Any], look: Callable[..., None], javascript: bool
) -> None:
    page = open_page(secretary, javascript=javascript)
    page.goto("/decisions/new")
    whose, what = page.get_by_label("由哪个组织提出"), page.get_by_label("是哪一类事")
    assert "党内事项" in what.inner_text()
    whose.select_option(label=town.dawei_committee.name)
    if not javascript:
        page.get_by_role("button", name="看由谁决定").click()
    page.wait_for_url("**organisation=*")
    what.locator("option", has_text="村规民约、居民公约").wait_for(state="attached")
    assert "党内事项" not in what.inner_text()
    what.select_option(label="村规民约、居民公约")
    if not javascript:
        page.get_by_role("button", name="看由谁决定").click()
    page.get_by_role("button", name="提出").wait_for()
    assert whose.locator("option:checked").inner_text() == town.dawei_committee.name
    if javascript:
        look(page, "new-decision")
