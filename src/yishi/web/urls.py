"""The shell's own pages, at the root of the site."""

from django.urls import path

from yishi.web import styleguide, views, views_home

urlpatterns = [
    path("", views_home.home, name="home"),
    path("about/", views.about, name="about"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("privacy/", views.privacy, name="privacy"),
    path("language/<str:code>/", views.language_switch, name="language_switch"),
    path("care/<str:mode>/", views.care_switch, name="care_switch"),
    path("theme/<str:name>/", views.theme_switch, name="theme_switch"),
    path("offline", views.offline, name="offline"),
    path("manifest.webmanifest", views.manifest, name="manifest"),
    path("favicon.ico", views.favicon, name="favicon"),
    path("sw.js", views.service_worker, name="service_worker"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
]
