"""What a page answers once an act is done: on to the page that shows it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


def see_other(to: str, *args: Any) -> HttpResponse:
    """On to a page (303): an address, or the name of one with what it takes."""
    response = redirect(to, *args)
    response.status_code = 303
    return response


def done(request: HttpRequest, words: Any, to: str, *args: Any) -> HttpResponse:
    """Say that it is done, and go on."""
    messages.success(request, str(words))
    return see_other(to, *args)
