"""Wiring of the web shell: its place in the menu."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from yishi.core import registry


class WebConfig(AppConfig):
    name = "yishi.web"
    label = "web"

    def ready(self) -> None:
        """Put the home page first among the residents' places."""
        registry.register(
            menu_=[registry.MenuEntry(key="home", label=_("首页"), url="home", icon="home", place="resident", order=0)]
        )
