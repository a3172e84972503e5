"""Wiring of the inbox: menu entry and audit verbs."""

from django.apps import AppConfig

from yishi.core import registry
from yishi.core.registry import Verb

VERBS = (
    Verb("inbox.followed", "关注了 {subject}", "Began to follow {subject}"),
    Verb("inbox.unfollowed", "取消关注 {subject}", "Stopped following {subject}"),
    Verb("inbox.preference_set", "设置了接收消息的方式", "Chose how to be told"),
)


class InboxConfig(AppConfig):
    name = "yishi.inbox"
    label = "inbox"

    def ready(self) -> None:
        registry.register(verbs_=VERBS)
