"""Pages that look the same to everyone who is not signed in are made once and kept.

A kept page is served below Django, from this process's memory, until an act
anywhere moves the generation (:mod:`yishi.core.generations`) or its time is up.
Only views marked :func:`public_page` are kept, only for requests without a
session, only answers that set no cookie. For someone signed in the same views
are kept inside Django, after the session and the account have been checked, for
that session alone.
"""

import gzip
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import get_language

from yishi.core import generations

MARK = "X-Yishi-Public"
_MOST_PAGES = 800
_LARGEST = 1024 * 1024
_MODES = ("django_language", "care", "theme")
Start = Callable[..., Any]
Environ = dict[str, Any]
Headers = list[tuple[str, str]]


def public_page(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Mark a view whose anonymous rendering holds nothing of the one who asks."""

    @wraps(view)
    def marked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        own = _own_key(request)
        if own is not None and (page := _own_pages.get(own)) is not None:
            return HttpResponse(page.plain, headers=dict(page.headers))
        generation = generations.current()
        response = view(request, *args, **kwargs)
        if request.method == "GET" and response.status_code == 200 and not request.user.is_authenticated:
            response[MARK] = "1"
        elif own is not None and isinstance(response, HttpResponse) and not response.cookies:
            _keep_own(own, generation, response)
        return response

    return marked


def _own_key(request: HttpRequest) -> tuple[str, ...] | None:
    """What a page of somebody signed in depends on; None when it must be made anew.

    The session and the account have been read for this request; the token of the
    forms and all that the session holds are part of the key.
    """
    token = request.COOKIES.get(settings.CSRF_COOKIE_NAME)
    plain = request.method == "GET" and "HX-Request" not in request.headers and "messages" not in request.COOKIES
    plain = plain and request.headers.get("Cache-Control") != "no-cache"
    if not (plain and token and settings.PAGE_CACHE_SECONDS and request.user.is_authenticated):
        return None
    session = request.session
    return (
        str(session.session_key), repr(sorted(session.items())), token,
        request.get_full_path(), get_language() or "", *(request.COOKIES.get(name, "") for name in _MODES),
    )  # fmt: skip


def _keep_own(key: tuple[str, ...], generation: int, response: HttpResponse) -> None:
    if response.status_code == 200 and len(response.content) <= _LARGEST:
        until = time.monotonic() + settings.PAGE_CACHE_SECONDS
        headers = list(response.headers.items())
        _own_pages.put(key, Kept(generation, until, "200 OK", headers, response.content, b""))


@dataclass(slots=True)
class Kept:
    """A page in both forms, with the generation under which it was made."""

    generation: int
    until: float
    status: str
    headers: Headers
    plain: bytes
    packed: bytes


class PageCache:
    """The pages that one process keeps, within so many bytes; the oldest go first. Safe between threads."""

    def __init__(self, most_bytes: int = 16 * 1024 * 1024) -> None:
        self._pages: OrderedDict[tuple[str, ...], Kept] = OrderedDict()
        self._most_bytes = most_bytes
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, key: tuple[str, ...]) -> Kept | None:
        """The page, unless it is stale."""
        page = self._pages.get(key)
        if page is None:
            return None
        if page.generation != generations.current() or page.until < time.monotonic():
            with self._lock:
                self._drop(key)
            return None
        return page

    def put(self, key: tuple[str, ...], page: Kept) -> None:
        """Keep a page, making room for it."""
        with self._lock:
            self._drop(key)
            self._pages[key] = page
            self._bytes += len(page.plain) + len(page.packed)
            while self._pages and (len(self._pages) > _MOST_PAGES or self._bytes > self._most_bytes):
                self._drop(next(iter(self._pages)))

    def _drop(self, key: tuple[str, ...]) -> None:
        page = self._pages.pop(key, None)
        if page is not None:
            self._bytes -= len(page.plain) + len(page.packed)


def _cookies(environ: Environ) -> dict[str, str]:
    pairs = (part.strip().partition("=") for part in environ.get("HTTP_COOKIE", "").split(";"))
    return {name: value for name, _, value in pairs if name}


def _key(environ: Environ) -> tuple[str, ...] | None:
    """What the page depends on; None when the request is somebody's own."""
    if environ["REQUEST_METHOD"] != "GET" or "HTTP_AUTHORIZATION" in environ or "HTTP_HX_REQUEST" in environ:
        return None
    cookies = _cookies(environ) if "HTTP_COOKIE" in environ else {}
    if settings.SESSION_COOKIE_NAME in cookies or "messages" in cookies:
        return None
    modes = tuple(cookies.get(name, "") for name in _MODES)
    language = "" if modes[0] else environ.get("HTTP_ACCEPT_LANGUAGE", "")[:40]
    return (
        environ.get("HTTP_HOST", ""), environ.get("wsgi.url_scheme", ""), environ.get("PATH_INFO", ""),
        environ.get("QUERY_STRING", ""), language, *modes,
    )  # fmt: skip


_own_pages = PageCache(6 * 1024 * 1024)


class CachedApplication:
    """A WSGI application with kept pages in front of it."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self.application = application
        self.cache = PageCache()

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        key = _key(environ) if settings.PAGE_CACHE_SECONDS else None
        if key is None:
            return self.application(environ, start)
        page = self.cache.get(key)
        if page is None:
            return self._make(key, environ, start)
        packed = "gzip" in environ.get("HTTP_ACCEPT_ENCODING", "")
        body = page.packed if packed else page.plain
        headers = [*page.headers, ("Content-Length", str(len(body)))]
        if packed:
            headers.append(("Content-Encoding", "gzip"))
        start(page.status, headers)
        return [body]

    def _make(self, key: tuple[str, ...], environ: Environ, start: Start) -> Iterable[bytes]:
        """Ask Django, keep the answer if it may be kept, and pass it on."""
        generation = generations.current()
        answer: list[Any] = []

        def note(status: str, headers: Headers, exc_info: Any = None) -> Any:
            names = {name.lower() for name, _ in headers}
            if MARK.lower() in names and "set-cookie" not in names and exc_info is None:
                answer[:] = [status, headers]
                return None
            answer.clear()
            return start(status, [h for h in headers if h[0] != MARK], exc_info)

        parts = self.application(environ, note)
        if not answer:
            return parts
        body = b"".join(parts)
        if hasattr(parts, "close"):
            parts.close()
        status, headers = answer
        dropped = {MARK.lower(), "content-length", "vary"}
        kept = [(n, v) for n, v in headers if n.lower() not in dropped]
        kept.append(("Vary", "Accept-Encoding, Accept-Language, Cookie"))
        if len(body) <= _LARGEST:
            until = time.monotonic() + settings.PAGE_CACHE_SECONDS
            self.cache.put(key, Kept(generation, until, status, kept, body, gzip.compress(body, 6)))
        start(status, [*kept, ("Content-Length", str(len(body)))])
        return [body]
