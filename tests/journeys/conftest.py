"""A real browser against a real server: a phone, a desk, no JavaScript, and axe."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from tests.people_fixtures import MOMENT

from yishi.core import clock
from yishi.network.viewers import Viewer

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright's loop runs in the test's own thread
ROOT = Path(__file__).resolve().parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1280, "height": 900}
SHOTS = os.environ.get("YISHI_TEST_SHOTS", "")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder drives a browser."""
    for item in items:
        if "journeys" in item.path.parts:
            item.add_marker(pytest.mark.journey)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Debian's Chromium, without a screen."""
    path = os.environ.get("YISHI_TEST_BROWSER") or next((b for b in map(shutil.which, BROWSERS) if b), None)
    if not path:
        pytest.skip("no Chromium here")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=path, args=QUIET)
        yield started
        started.close()


@pytest.fixture(autouse=True)
def standing_server(live_server: Any) -> Iterator[None]:
    """The server's clock stands where the test town's does; its address is a trusted origin."""
    clock.stand_process_at(MOMENT)
    settings.CSRF_TRUSTED_ORIGINS = [live_server.url]
    yield
    clock.stand_process_at(None)


@pytest.fixture
def open_page(browser: Any, live_server: Any, client_for: Callable[[Viewer], Client]) -> Iterator[Callable[..., Any]]:
    """``open_page(viewer=None, size=PHONE, language="zh-hans", care=False, javascript=True)`` gives a page."""
    contexts: list[Any] = []

    def start(
        viewer: Viewer | None = None, *, size: dict[str, int] = PHONE, language: str = "zh-hans", care: bool = False,
        javascript: bool = True, **more: Any,
    ) -> Any:  # fmt: skip
        context = browser.new_context(
            base_url=live_server.url, viewport=size, java_script_enabled=javascript, bypass_csp=True,
            locale="zh-CN" if language.startswith("zh") else "en-GB", **more,
        )  # fmt: skip
        cookies = {"django_language": language} | ({"care": "1"} if care else {})
        if viewer is not None:
            cookies[settings.SESSION_COOKIE_NAME] = client_for(viewer).cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": n, "value": v, "url": live_server.url} for n, v in cookies.items()])
        context.set_default_timeout(8000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: page.__dict__.setdefault("faults", []).append(str(error)))
        return page

    yield start
    for context in contexts:
        context.close()


@pytest.fixture
def look(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Check a page: axe finds nothing, nothing runs off its side, no script failed; keep a picture if asked."""

    def check(page: Any, name: str = "") -> None:
        assert page.__dict__.get("faults", []) == []
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{page.url} runs {wide} px off its side"
        page.add_script_tag(path=str(ROOT / "node_modules" / "axe-core" / "axe.min.js"))
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        told = [f"{v['id']}: {n['html'][:160]} — {n['failureSummary'][:300]}" for v in found for n in v["nodes"]]
        assert told == [], page.url
        if SHOTS:
            Path(SHOTS).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=f"{SHOTS}/{request.node.name}-{name or 'page'}.png", full_page=True)

    return check
