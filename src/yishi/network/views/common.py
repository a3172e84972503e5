"""What every page of this app does alike."""

import datetime as dt

from django.http import HttpRequest
from django.urls import reverse

from yishi.core import clock
from yishi.network.models import Area


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
