"""Kept pages: shared among those who are not signed in, stale at the next act, never somebody's own."""

import gzip
from collections.abc import Iterable
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import RequestFactory

from yishi.core import generations, pagecache
from yishi.people.models import User


class Site:
    """A WSGI application that counts how often it was asked."""

    def __init__(self, *, mark: bool = True, cookie: bool = False, body: bytes = b"page") -> None:
        self.asked, self.mark, self.cookie, self.body = 0, mark, cookie, body

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        self.asked += 1
        headers = [("Content-Type", "text/html")]
        headers += [(pagecache.MARK, "1")] * self.mark + [("Set-Cookie", "a=b")] * self.cookie
        start("200 OK", headers)
        return [self.body + str(self.asked).encode()]


def ask(site: pagecache.CachedApplication, **environ: str) -> tuple[bytes, dict[str, str]]:
    seen: dict[str, str] = {}
    asked = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "QUERY_STRING": "", "HTTP_HOST": "x", **environ}
    parts = site(asked, lambda status, headers, exc=None: seen.update(dict(headers)))
    return b"".join(parts), seen


def test_made_once_and_kept_until_an_act() -> None:
    site = pagecache.CachedApplication(Site())
    assert [ask(site)[0] for _ in range(3)] == [b"page1"] * 3
    generations.move()
    assert ask(site)[0] == b"page2"


def test_the_mark_is_not_sent_and_lengths_are_right() -> None:
    site = pagecache.CachedApplication(Site(body=b"p" * 500))
    for _ in range(2):
        body, headers = ask(site, HTTP_ACCEPT_ENCODING="gzip, br")
        assert pagecache.MARK not in headers
        assert int(headers["Content-Length"]) == len(body)
    assert gzip.decompress(body) == b"p" * 500 + b"1"
    assert headers["Content-Encoding"] == "gzip"
    assert "Cookie" in headers["Vary"]


@pytest.mark.parametrize(
    "environ",
    [
        {"HTTP_COOKIE": "sessionid=abc"}, {"HTTP_COOKIE": "a=1; sessionid=abc"}, {"HTTP_COOKIE": "messages=x"},
        {"REQUEST_METHOD": "POST"}, {"HTTP_AUTHORIZATION": "Bearer x"}, {"HTTP_HX_REQUEST": "true"},
    ],
)  # fmt: skip
def test_somebodys_own_request_is_never_kept_nor_served_from_what_is(environ: dict[str, str]) -> None:
    inner = Site()
    site = pagecache.CachedApplication(inner)
    ask(site)
    assert [ask(site, **environ)[0] for _ in range(2)] == [b"page2", b"page3"]


@pytest.mark.parametrize("inner", [Site(mark=False), Site(cookie=True)])
def test_unmarked_answers_and_answers_with_cookies_are_not_kept(inner: Site) -> None:
    site = pagecache.CachedApplication(inner)
    assert ask(site)[0] != ask(site)[0]


def test_language_large_print_theme_and_query_are_pages_of_their_own() -> None:
    inner = Site()
    site = pagecache.CachedApplication(inner)
    modes = [{}, {"HTTP_COOKIE": "care=1"}, {"HTTP_COOKIE": "django_language=en"}, {"QUERY_STRING": "page=2"},
             {"HTTP_ACCEPT_LANGUAGE": "en"}, {"HTTP_HOST": "y"}, {"HTTP_COOKIE": "theme=dark"}]  # fmt: skip
    assert len({ask(site, **m)[0] for m in modes}) == len(modes)
    ask(site, HTTP_COOKIE="something=else")
    assert inner.asked == len(modes)


def test_an_act_while_a_page_is_made_leaves_it_stale() -> None:
    class Slow(Site):
        def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
            answer = super().__call__(environ, start)
            if self.asked == 1:
                generations.move()
            return answer

    site = pagecache.CachedApplication(Slow())
    assert [ask(site)[0] for _ in range(3)] == [b"page1", b"page2", b"page2"]


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pagecache, "_MOST_PAGES", 3)
    inner = Site()
    site = pagecache.CachedApplication(inner)
    for page in range(6):
        ask(site, QUERY_STRING=f"page={page}")
    assert len(site.cache._pages) == 3
    ask(site, QUERY_STRING="page=5")
    assert inner.asked == 6


class Own:
    """A view that counts how often it made the page anew."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self, request: Any) -> HttpResponse:
        self.made += 1
        return HttpResponse(f"page {self.made}")


def signed_in_request(session: str = "one", token: str = "t", **more: Any) -> Any:
    class Session(dict):  # type: ignore[type-arg]
        session_key = session

    request = RequestFactory().get("/", **more)
    request.COOKIES["csrftoken"] = token
    request.session = Session()
    request.user = User(pk=1)
    return request


def test_somebodys_page_is_kept_for_their_session_alone() -> None:
    own = Own()
    view = pagecache.public_page(own)
    first = view(signed_in_request()).content
    assert view(signed_in_request()).content == first
    others = [
        signed_in_request(session="two"), signed_in_request(token="u"), signed_in_request(QUERY_STRING="page=2"),
        signed_in_request(HTTP_HX_REQUEST="true"),
    ]  # fmt: skip
    confirmed = signed_in_request()
    confirmed.session["second_factor_confirmed"] = True
    flashed = signed_in_request()
    flashed.COOKIES["messages"] = "x"
    assert first not in [view(r).content for r in (*others, confirmed, flashed)]
    generations.move()
    assert view(signed_in_request()).content != first


def test_signing_out_elsewhere_holds_at_once(client: Any, alice: Any, client_for: Any) -> None:
    """A kept page is not served to a session that has ended: sessions are asked of the database each time."""
    mine = client_for(alice)
    mine.get("/matters/new")
    page = mine.get("/matters/")
    assert b"data-signed-in" in page.content
    Session.objects.all().delete()
    assert b"data-signed-in" not in mine.get("/matters/").content


def test_what_is_kept_makes_room_for_more_without_losing_what_was_just_read() -> None:
    generations.move()
    made: list[str] = []

    def make(name: str) -> str:
        made.append(name)
        return name

    for n in range(generations._MOST_KEPT - 1):
        generations.kept(("room", n), lambda: "old")
    generations.kept(("room", "facts"), lambda: make("facts"))
    generations.kept(("room", "form"), lambda: make("form"))  # one too many
    generations.kept(("room", "facts"), lambda: make("facts"))
    assert made == ["facts", "form"]
    assert len(generations._kept) <= generations._MOST_KEPT
