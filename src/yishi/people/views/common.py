"""What every page of this app does alike."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yishi.people.actors import Actor


def viewer_of(request: HttpRequest) -> Actor:
    """The viewer of a request."""
    viewer: Actor = request.viewer  # type: ignore[attr-defined]
    return viewer


def see_other(name: str, *args: Any) -> HttpResponse:
    """Go to a page after an act: 303."""
    return HttpResponseRedirect(reverse(name, args=args), status=303)


def done(request: HttpRequest, words: str, name: str, *args: Any) -> HttpResponse:
    """Say that it is done, and go on."""
    messages.success(request, words)
    return see_other(name, *args)


def attempt(form: Form, act: Callable[[dict[str, Any]], Any]) -> Any:
    """Do ``act`` with valid input; what is wrong goes back into the form, and None is returned."""
    if not form.is_valid():
        return None
    try:
        return act(form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error)
        return None
