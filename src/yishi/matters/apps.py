from django.apps import AppConfig


class MattersConfig(AppConfig):
    name = "yishi.matters"
    label = "matters"
