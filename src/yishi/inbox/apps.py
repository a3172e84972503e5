from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "yishi.inbox"
    label = "inbox"
