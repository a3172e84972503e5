"""Wiring of the town's page: its place in the menu."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from yishi.core.registry import MenuEntry, register


class DashboardConfig(AppConfig):
    name = "yishi.dashboard"
    label = "dashboard"

    def ready(self) -> None:
        """Stand among the officers' places; the page itself is open to everyone."""
        register(
            menu_=[MenuEntry("town", _("全镇一览"), "dashboard:town", "chart-bar", "town", 10, lambda v: v.is_officer)]
        )
