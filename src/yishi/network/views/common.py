"""What every page of this app does alike."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from yishi.core import clock
from yishi.network.models import Area
from yishi.network.viewers import Viewer


def viewer_of(request: HttpRequest) -> Viewer:
    """The viewer of a request."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return viewer


def day_of(request: HttpRequest) -> dt.date:
    """The day that ``?on=YYYY-MM-DD`` asks for; today where it asks for none or cannot be read."""
    try:
        return dt.date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return clock.today()


def trail_of(areas: list[Area], *last: str) -> list[dict[str, str]]:
    """A breadcrumb from the town down."""
    found = [
        {"label": area.shown, "url": reverse("network:town") if i == 0 else reverse("network:area", args=[area.pk])}
        for i, area in enumerate(areas)
    ]
    return found + [{"label": label, "url": ""} for label in last]


def done(request: HttpRequest, words: str, name: str, *args: Any) -> HttpResponse:
    """Say that it is done, and go on: 303."""
    messages.success(request, words)
    return HttpResponseRedirect(reverse(name, args=args), status=303)


def attempt(form: Form, act: Callable[[dict[str, Any]], Any]) -> Any:
    """Do ``act`` with valid input; what is wrong goes back into the form, and None is returned."""
    if not form.is_valid():
        return None
    try:
        return act(form.cleaned_data)
    except ValidationError as error:
        form.add_error(None, error)
        return None
