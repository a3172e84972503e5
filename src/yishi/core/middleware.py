"""Refusals become pages (or problem documents), never tracebacks."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from yishi.core.verdicts import Refusal


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
