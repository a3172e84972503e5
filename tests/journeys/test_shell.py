"""What the pages do beyond plain HTML, under the real content security policy."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from tests.journeys.conftest import DESK

from yishi.network.viewers import Viewer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def strict_page(browser: Any, live_server: Any, settings: Any) -> Iterator[Any]:
    """A page whose console complaints are collected; the policy is in force, the style page open."""
    settings.DEBUG = True
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900}, locale="zh-CN")
    context.set_default_timeout(8000)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.__dict__["complaints"] = complaints
    yield page
    context.close()


def until(page: Any, expression: str) -> None:
    """Wait for an expression to hold (playwright's own waiting needs eval, which the policy refuses)."""
    for _ in range(300):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never came true: {expression}")


def large_photos(folder: Path, count: int) -> list[Path]:
    """Noisy pictures of 2,400 px, larger than what is sent."""
    picture = Image.effect_noise((2400, 2400), 60).convert("RGB")
    paths = [folder / f"{number}.jpg" for number in range(count)]
    for path in paths:
        picture.save(path, "JPEG", quality=90)
    return paths


def test_what_was_typed_is_there_again_and_a_sent_form_forgets(strict_page: Any) -> None:
    page = strict_page
    page.goto("/styleguide/")
    page.fill("#id_title", "路灯不亮")
    page.fill("#id_text", "晚上老人容易摔")
    until(page, "localStorage.getItem('draft:styleguide')?.includes('老人')")
    page.reload()
    assert page.input_value("#id_text") == "晚上老人容易摔"
    assert "放回来了" in page.inner_text(".kept")
    page.evaluate("localStorage.setItem('draft-sent', 'styleguide')")
    page.goto("/about/")
    until(page, "localStorage.getItem('draft:styleguide') === null")
    assert page.complaints == []


def test_a_list_by_keyboard_a_dialog_and_the_theme(strict_page: Any) -> None:
    page = strict_page
    page.goto("/styleguide/")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert "加装电梯" in page.inner_text("tr.is-current")
    page.keyboard.press("k")
    assert "路灯" in page.inner_text("tr.is-current")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.type") == "search"
    for field, words in (("#id_title", "甲"), ("#id_text", "乙")):
        page.fill(field, words)
    page.select_option("#id_kind", "road")
    page.click("form[data-draft-key] button[type=submit]")
    assert page.is_visible("dialog[open]")
    page.click("dialog button:not(.btn-primary)")
    assert page.url.endswith("/styleguide/")
    page.click(".tools-wide [data-theme-toggle]")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(25, 23, 19)"
    assert page.complaints == []


def test_ten_large_photos_become_nine_small_ones(strict_page: Any, tmp_path: Path) -> None:
    page = strict_page
    page.goto("/styleguide/")
    chosen = large_photos(tmp_path, 10)
    page.set_input_files("#id_photos", chosen)
    page.wait_for_selector(".photo-preview figure:nth-child(9)", timeout=60000)
    until(page, "[...document.querySelectorAll('.photo-preview img')].every(i => i.naturalWidth)")
    widths = page.evaluate("[...document.querySelectorAll('.photo-preview img')].map(i => i.naturalWidth)")
    sizes = page.evaluate("[...document.querySelector('#id_photos').files].map(f => f.size)")
    assert (len(widths), max(widths), len(sizes)) == (9, 1920, 9)
    assert max(sizes) < chosen[0].stat().st_size
    page.click(".photo-preview figure:first-child button")
    assert page.evaluate("document.querySelector('#id_photos').files.length") == 8
    assert page.complaints == []


def test_without_a_network_read_pages_stay_and_others_say_so(strict_page: Any) -> None:
    page = strict_page
    page.goto("/about/")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    until(page, "navigator.serviceWorker.controller !== null")
    page.goto("/about/")
    until(page, "caches.open('pages').then(c => c.keys()).then(k => k.length > 0)")
    page.context.set_offline(True)
    page.goto("/about/")
    assert "关于议事" in page.inner_text("h1")
    page.goto("/privacy/")
    assert "没有网络" in page.inner_text("h1")
    page.context.set_offline(False)


def test_the_styleguide_passes_axe(open_page: Callable[..., Any], look: Callable[..., None], settings: Any) -> None:
    settings.DEBUG = True
    for options in ({}, {"care": True}, {"language": "en"}, {"color_scheme": "dark"}):
        page = open_page(**options)
        page.goto("/styleguide/")
        look(page, "styleguide")


@pytest.mark.parametrize("care", [False, True])
def test_no_place_of_the_masthead_is_cut_on_a_desk(
    open_page: Any, officer: Viewer, town_officer: Viewer, care: bool
) -> None:
    cut = "[...document.querySelectorAll('.places, .desk-strip')].filter(e => e.scrollWidth > e.clientWidth).map(e => e.innerText)"
    for viewer in (officer, town_officer):
        for language in ("en", "zh-hans"):
            page = open_page(viewer, size=DESK, language=language, care=care)
            page.goto("/matters/")
            assert page.locator(".desk-strip a").count() > 5
            assert page.evaluate(cut) == [], (viewer.name, language)
