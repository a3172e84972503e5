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
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refusal):
            return None
        if error.verdict.hidden:
            from django.views.defaults import page_not_found

            return page_not_found(request, Http404())
        return render(request, "web/refused.html", {"verdict": error.verdict}, status=403)
