"""Puts ``request.viewer`` on every request, loaded when first asked for."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from yishi.network import selectors


class ViewerMiddleware:
    """``request.viewer``: the facts of who is looking, at the moment of the request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.viewer = SimpleLazyObject(lambda: selectors.viewer_from(request))  # type: ignore[attr-defined]
        return self.get_response(request)
