"""Where the pages of decisions live."""

from django.urls import URLPattern

app_name = "decisions"
urlpatterns: list[URLPattern] = []
