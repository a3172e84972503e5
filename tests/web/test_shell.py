"""The shell of every page: strict, complete in both languages, standing without its context too."""

import json
import re
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any

import pytest
from django.http import HttpRequest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils.translation import override

from yishi.core import registry
from yishi.core.verdicts import no
from yishi.web import shell

PAGES = [
    "/",
    "/about/",
    "/accessibility/",
    "/privacy/",
    "/offline",
    "/styleguide/",
    "/account/login/",
    "/account/signup/",
    "/nowhere/",
]
HAN = re.compile(r"[\u4e00-\u9fff]")


class Strict(HTMLParser):
    """Collects what a strict content security policy would refuse, broken ids, and visible text."""

    VOID = frozenset(
        ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
    )

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.ids: list[str] = []
        self.open: list[tuple[str, str | None]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.faults += [f"{tag} {name}" for name in found if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in found and found.get("type") != "application/json"):
            self.faults.append(f"inline {tag}")
        for name in ("src", "href"):
            if re.match(r"(https?:)?//", found.get(name) or "") and tag in ("script", "link", "img"):
                self.faults.append(f"{tag} from elsewhere: {found[name]}")
        if found.get("id"):
            self.ids.append(str(found["id"]))
        if tag not in self.VOID:
            self.open.append((tag, found.get("lang")))

    def handle_endtag(self, tag: str) -> None:
        if tag in self.VOID:
            return
        if not self.open or self.open[-1][0] != tag:
            self.faults.append(f"</{tag}> closes {self.open[-1:]}")
            return
        self.open.pop()

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if not any(tag == "script" or (lang or "").startswith("zh-") for tag, lang in self.open[1:]):
            self.text.append(data)


def parsed(html: str) -> Strict:
    parser = Strict()
    parser.feed(html)
    return parser


@pytest.fixture
def debugging(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The styleguide is open, and the menu holds this app's own entry alone."""
    settings.DEBUG = True
    monkeypatch.setattr(registry, "menu", [entry for entry in registry.menu if entry.key == "home"])


@pytest.mark.django_db
@pytest.mark.usefixtures("debugging")
@pytest.mark.parametrize("path", PAGES)
def test_no_page_needs_what_the_policy_refuses(client: Client, settings: Any, path: str):
    settings.DEBUG = path != "/nowhere/"
    page = parsed(client.get(path).content.decode())
    assert page.faults == []
    assert page.open == []
    assert sorted(set(page.ids)) == sorted(page.ids), "an id stands twice"


@pytest.mark.django_db
@pytest.mark.usefixtures("debugging")
@pytest.mark.parametrize("path", [p for p in PAGES if not p.startswith("/account")])
def test_no_chinese_is_left_on_an_english_page(client: Client, settings: Any, path: str):
    settings.DEBUG = path != "/nowhere/"
    client.cookies["django_language"] = "en"
    text = " ".join(parsed(client.get(path).content.decode()).text)
    left = [line for line in text.split("\n") if HAN.search(line)]
    assert left == []


@pytest.mark.django_db
def test_the_policy_is_sent_and_the_styleguide_is_closed_outside_development(client: Client):
    assert "default-src 'self'" in client.get("/about/")["Content-Security-Policy"]
    assert client.get("/styleguide/").status_code == 404


@pytest.mark.parametrize(
    "name", ["404.html", "403.html", "400.html", "500.html", "403_csrf.html", "web/offline.html", "web/refused.html"]
)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_error_pages_stand_without_any_context(name: str, language: str):
    with override(language):
        html = render_to_string(name, {})
    page = parsed(html)
    assert page.faults == []
    assert "<h1>" in html
    assert 'href="/"' in html


def test_a_refusal_says_why_by_which_clause_and_what_now():
    verdict = no("还差 3 人到会", "农村集体经济组织法第27条", "可以延长签到")
    html = render_to_string("web/refused.html", {"verdict": verdict})
    for words in ("还差 3 人到会", "农村集体经济组织法第27条", "可以延长签到"):
        assert words in html
    pair = {"reason": {"zh": "还差", "en": "3 people short"}, "clause": "", "what_now": ""}
    with override("en"):
        assert "3 people short" in render_to_string("web/refused.html", pair)


def entry(key: str, url: str, place: str) -> dict[str, str]:
    return {"key": key, "label": key, "url": url, "icon": "home", "place": place}


MENU = [
    entry("home", "/", "resident"),
    entry("matters", "/matters/", "resident"),
    entry("raise", "/matters/raise/", "resident"),
    entry("decisions", "/decisions/", "resident"),
    entry("notices", "/notices/", "resident"),
    entry("meetings", "/decisions/meetings", "resident"),
    entry("mine", "/matters/mine", "resident"),
    entry("me", "/me/", "resident"),
    entry("inbox", "/inbox/", "resident"),
    entry("desk", "/matters/desk/", "officer"),
    entry("town", "/town/", "town"),
]


def test_five_places_stand_at_the_bottom_work_first_and_the_raise_button_apart():
    found = shell.places(Context({"menu": MENU, "request": RequestFactory().get("/matters/17/")}))
    assert [e["key"] for e in found["bar"]] == ["desk", "home", "matters", "decisions", "notices"]
    residents = Context({"menu": [e for e in MENU if e["place"] == "resident"], "request": RequestFactory().get("/")})
    assert [e["key"] for e in shell.places(residents)["bar"]] == ["home", "matters", "decisions", "notices", "me"]
    assert found["raise"]["url"] == "/matters/raise/"
    assert found["inbox"]["key"] == "inbox"
    assert [e["key"] for e in found["officer"] + found["town"]] == ["desk", "town"]
    assert found["current"] == "matters"


def test_the_longest_address_wins_and_a_page_may_say_itself_where_it_is():
    request = RequestFactory().get("/matters/desk/?page=2")
    assert shell.places(Context({"menu": MENU, "request": request}))["current"] == "desk"
    page = '{% extends "web/base.html" %}{% block nav_current %}notices{% endblock %}'
    html = Template(page).render(Context({"menu": MENU, "request": request}))
    assert re.findall(r'<a href="([^"]+)" aria-current="page"', html) == ["/notices/", "/notices/"]


def test_menu_entries_may_be_objects():
    found = shell.places(Context({"menu": [SimpleNamespace(**e) for e in MENU], "request": HttpRequest()}))
    assert found["resident"][0]["label"] == "home"


def test_the_base_stands_alone():
    assert parsed(render_to_string("web/base.html", {})).faults == []


@pytest.mark.parametrize(("language", "name"), [("zh-hans", "议事"), ("en", "Yishi")])
def test_the_manifest_is_installable_in_both_languages(client: Client, language: str, name: str):
    client.cookies["django_language"] = language
    answer = client.get("/manifest.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    manifest = json.loads(answer.content)
    assert manifest["name"] == name
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in manifest["icons"]}
    assert any(icon.get("purpose") == "maskable" for icon in manifest["icons"])
    assert manifest["display"] == "standalone"


def test_the_worker_is_served_from_the_root_and_told_its_shell(client: Client):
    answer = client.get("/sw.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    told = json.loads(answer.content.decode().split("\n")[0].removeprefix("self.YISHI = ").removesuffix(";"))
    assert told["offline"] == "/offline"
    assert any("app" in address for address in told["shell"])
    assert client.get("/offline").status_code == 200


@pytest.mark.django_db
@pytest.mark.usefixtures("debugging")
def test_the_home_page_says_what_will_stand_there(client: Client):
    html = client.get("/").content.decode()
    assert "街坊的事，件件有着落" in html
