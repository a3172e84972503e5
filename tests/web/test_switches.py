"""Language, large print, theme: remembered in a cookie, never a way to another site."""

from typing import Any

import pytest
from django.test import Client

ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "http:///evil.example",
    "javascript:alert(1)",
    "https:evil.example",
    "\thttps://evil.example",
]


@pytest.mark.parametrize(
    ("path", "cookie", "value"),
    [
        ("/language/en/", "django_language", "en"),
        ("/language/zh-hans/", "django_language", "zh-hans"),
        ("/care/on/", "care", "1"),
        ("/care/off/", "care", "0"),
        ("/theme/dark/", "theme", "dark"),
        ("/theme/auto/", "theme", "auto"),
    ],
)
def test_a_switch_is_remembered_and_leads_back(client: Client, path: str, cookie: str, value: str):
    answer = client.get(path, {"next": "/about/?a=1"})
    assert (answer.status_code, answer["Location"]) == (302, "/about/?a=1")
    assert answer.cookies[cookie].value == value
    assert answer.cookies[cookie]["samesite"] == "Lax"
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/language/en/", "/care/on/", "/theme/dark/"])
@pytest.mark.parametrize("target", ELSEWHERE)
def test_no_switch_leads_to_another_site(client: Client, path: str, target: str):
    assert client.get(path, {"next": target})["Location"] == "/"


@pytest.mark.parametrize("path", ["/language/fr/", "/care/maybe/", "/theme/pink/"])
def test_an_unknown_choice_is_not_found_and_sets_nothing(client: Client, path: str):
    answer = client.get(path)
    assert answer.status_code == 404
    assert not {"django_language", "care", "theme"} & set(answer.cookies)


def test_only_reading_is_allowed(client: Client):
    assert client.post("/care/on/").status_code == 405


@pytest.mark.django_db
def test_the_page_follows_its_cookies(client: Client):
    client.cookies["care"], client.cookies["theme"] = "1", "dark"
    client.cookies["django_language"] = "en"
    page = client.get("/about/").content.decode()
    assert '<html lang="en" data-care data-theme="dark">' in page
    assert "How a matter travels" in page
    client.cookies.clear()
    assert '<html lang="zh-Hans">' in client.get("/about/").content.decode()


@pytest.mark.django_db
def test_a_theme_cookie_cannot_write_into_the_page(client: Client):
    client.cookies["theme"] = '"><script>x'
    assert "<script>x" not in client.get("/about/").content.decode()


@pytest.mark.parametrize(
    ("first", "cookie", "header", "found"),
    [
        ("en", "", "", "en"),
        ("en", "", "fr", "en"),
        ("en", "", "zh-CN,zh;q=0.9", "zh-Hans"),
        ("en", "zh-hans", "", "zh-Hans"),
        ("zh-hans", "", "", "zh-Hans"),
        ("zh-hans", "", "en-GB", "en"),
    ],
)
def test_first_sight_is_the_installations_and_chinese_stays_whole(
    client: Client, settings: Any, first: str, cookie: str, header: str, found: str
) -> None:
    settings.FIRST_LANGUAGE = first
    if cookie:
        client.cookies["django_language"] = cookie
    page = client.get("/about/", headers={"Accept-Language": header}).content.decode()
    assert f'<html lang="{found}"' in page
    assert ("打印本页" in page) == (found == "zh-Hans")
