from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "yishi.core"
    label = "core"
