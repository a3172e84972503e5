"""With the keyboard alone: raise a matter from home; work through the queue."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from tests.journeys.conftest import DESK, PHONE
from tests.matters.stages import Desk, told

from yishi.core import clock
from yishi.matters import services
from yishi.matters.models import Matter
from yishi.network.viewers import Viewer

pytestmark = pytest.mark.django_db(transaction=True)
HERE = "document.activeElement"
NAME = f"({HERE}.labels?.[0]?.innerText || {HERE}.innerText || {HERE}.ariaLabel || '').trim()"
RING = f"(s => s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2)(getComputedStyle({HERE}))"


def tab_to(page: Any, words: str, most: int = 60) -> None:
    """Tab until the thing with these words has the focus, and see that the focus shows."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if words in page.evaluate(NAME):
            assert page.evaluate(RING) or page.evaluate(f"{HERE}.matches('input, textarea, select')"), words
            return
    raise AssertionError(f"{words!r} is not reached by Tab on {page.url}")


def test_from_home_to_a_receipt(open_page: Any, alice: Viewer) -> None:
    page = open_page(alice, size=PHONE)
    page.goto("/")
    page.keyboard.press("Tab")
    assert page.evaluate(NAME) == "跳到正文"
    page.keyboard.press("Enter")
    tab_to(page, "反映")
    page.keyboard.press("Enter")
    page.wait_for_url("**/matters/new")
    tab_to(page, "发生了什么")
    page.keyboard.type("永东街口的路灯坏了三天")
    tab_to(page, "在哪里")
    page.keyboard.type("永东街口")
    tab_to(page, "提交")
    page.keyboard.press("Enter")
    page.wait_for_url("**/matters/receipt/**")
    assert Matter.objects.get().place == "永东街口"


def test_a_refused_form_puts_the_focus_on_what_is_missing(open_page: Any, alice: Viewer) -> None:
    page = open_page(alice, size=PHONE)
    page.goto("/matters/new")
    tab_to(page, "提交")
    page.keyboard.press("Enter")
    page.locator(".error-summary").wait_for()
    assert "还差几处" in page.evaluate(NAME)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert "发生了什么" in page.evaluate(NAME)


def test_the_queue_by_j_k_enter_and_e(
    open_page: Any, look: Callable[..., None], alice: Viewer, officer: Viewer, secretary: Viewer, town: Any
) -> None:
    desk = Desk(officer, secretary, town, clock.now())
    first = services.raise_matter(alice, told(title="路灯不亮"), desk.at).matter
    desk.assigned(services.raise_matter(alice, told(title="井盖松动"), desk.at).matter)
    page = open_page(officer, size=DESK)
    page.goto("/matters/queue")
    rows = page.locator("tbody tr")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert "is-current" in rows.nth(1).get_attribute("class")
    page.keyboard.press("k")
    assert "is-current" in rows.nth(0).get_attribute("class")
    look(page, "current")
    wanted = rows.nth(0).locator("a").first.get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{wanted}")
    page.goto("/matters/queue")
    page.keyboard.press("/")
    page.keyboard.type(first.reference)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"\?q="))
    assert page.get_by_role("link", name="路灯不亮").is_visible()
    page.goto("/matters/queue")
    at = next(n for n in range(rows.count()) if "等您签收" in rows.nth(n).inner_text())
    for _ in range(at + 1):
        page.keyboard.press("j")
    page.keyboard.press("e")
    page.wait_for_url(re.compile("/sign"))
    tab_to(page, "签收")
    while page.evaluate(f"{HERE}.tagName") != "BUTTON":
        tab_to(page, "签收")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r":\d+/matters/queue$"))
    assert set(Matter.objects.values_list("stage", flat=True)) == {"raised", "doing"}
