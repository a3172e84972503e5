"""The reader's language; refusals become pages (or problem documents), never tracebacks."""

from collections.abc import Callable

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import render
from django.utils import translation
from django.utils.translation.trans_real import parse_accept_lang_header

from yishi.core.verdicts import Refusal


class LanguageMiddleware(LocaleMiddleware):
    """The language that the reader chose or their browser asks for; else the installation's language of first sight."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        if not _says_a_language(request):
            translation.activate(settings.FIRST_LANGUAGE)
            request.LANGUAGE_CODE = translation.get_language()


def _says_a_language(request: HttpRequest) -> bool:
    asked = [request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")]
    asked += [code for code, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", ""))]
    return any(code.lower().startswith(("zh", "en")) for code in asked)


class RefusalMiddleware:
    """Turns a :class:`Refusal` raised in a view into a plain answer: 403, or 404 where existence is private."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or request.method not in ("GET", "HEAD") or response.content:
            return response
        page = render(request, "405.html", status=405)  # an address that only takes a form: say so, not a blank page
        page["Allow"] = response["Allow"]
        return page

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refusal):
            return None
        if error.verdict.hidden:
            from django.views.defaults import page_not_found

            return page_not_found(request, Http404())
        return render(request, "web/refused.html", {"verdict": error.verdict}, status=403)
