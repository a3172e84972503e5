"""Areas, as far as this app needs them: by the names that its own foreign keys carry."""

from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings
from django.db.models import QuerySet

if TYPE_CHECKING:
    AreaRows = QuerySet[Any, Any]


def areas() -> "AreaRows":
    """All areas."""
    found: AreaRows = apps.get_model("network", "Area")._default_manager.all()
    return found


def communities() -> "AreaRows":
    """The communities of the installation's town that exist today."""
    return areas().filter(kind="community", closed_on=None, town_id=town_id()).order_by("code", "name")


def town_id() -> int | None:
    """The installation's town: the one named by ``YISHI_TOWN``, else the first; None before any is set up."""
    towns = areas().filter(kind="town").order_by("pk")
    if settings.TOWN:
        towns = towns.filter(slug=settings.TOWN)
    return towns.values_list("pk", flat=True).first()
