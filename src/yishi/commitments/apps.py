from django.apps import AppConfig


class CommitmentsConfig(AppConfig):
    name = "yishi.commitments"
    label = "commitments"
