from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "yishi.api"
    label = "api"
