"""Wiring of the inbox: menu entry and audit verbs."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from yishi.core import registry
from yishi.core.registry import Export, MenuEntry, Verb

VERBS = (
    Verb("inbox.followed", "关注了 {about}", "Began to follow {about}"),
    Verb("inbox.unfollowed", "取消关注 {about}", "Stopped following {about}"),
    Verb("inbox.preference_set", "设置了接收消息的方式", "Chose how to be told"),
)

EXPORTS = (
    Export("inbox.Follow", 900), Export("inbox.Notification", 901), Export("inbox.Delivery", 902),
    Export("inbox.Preference", 903),
)  # fmt: skip
MENU = (
    MenuEntry(
        "inbox", _("消息"), "inbox:inbox", "bell", "resident", 95, visible=lambda viewer: not viewer.is_anonymous
    ),
)


class InboxConfig(AppConfig):
    name = "yishi.inbox"
    label = "inbox"

    def ready(self) -> None:
        registry.register(verbs_=VERBS, exports_=EXPORTS, menu_=MENU)
        from yishi.inbox import duties, reactions

        reactions.connect()
        duties.register()
