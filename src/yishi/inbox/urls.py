"""Addresses of the inbox."""

from django.urls import path

from yishi.inbox import views

app_name = "inbox"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("read/", views.mark_read, name="mark_read"),
    path("<int:message_id>/open/", views.open_message, name="open"),
    path("follows/", views.follows, name="follows"),
    path("follows/<int:follow_id>/end/", views.unfollow, name="unfollow"),
    path("preferences/", views.preferences, name="preferences"),
]
