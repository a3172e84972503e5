from django.urls import path

from yishi.dashboard import views

app_name = "dashboard"
urlpatterns = [
    path("", views.town_page, name="town"),
    path("export.csv", views.export, name="export"),
]
