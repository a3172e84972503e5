"""What every page's shell needs: the menu, the viewer, the reading mode."""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import get_script_prefix, reverse

from yishi.core import registry


@lru_cache(maxsize=256)
def _address(name: str, prefix: str) -> str:
    """Where a place of the menu lies, under the prefix at which the site is served."""
    return reverse(name)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context of the base template."""
    viewer = getattr(request, "viewer", None)
    entries = [
        {"key": e.key, "label": e.label, "url": _address(e.url, get_script_prefix()), "icon": e.icon, "place": e.place}
        for e in (registry.menu_for(viewer) if viewer is not None else ())
    ]
    return {
        "menu": entries,
        "viewer": viewer,
        "care": request.COOKIES.get("care") == "1",
        "site_url": settings.SITE_URL,
        "unread": getattr(viewer, "unread", 0),
    }
