from django.apps import AppConfig


class DashboardConfig(AppConfig):
    name = "yishi.dashboard"
    label = "dashboard"
