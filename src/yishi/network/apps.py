from django.apps import AppConfig


class NetworkConfig(AppConfig):
    name = "yishi.network"
    label = "network"
