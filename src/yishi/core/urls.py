from django.urls import path

from yishi.core import views

app_name = "core"
urlpatterns = [path("<str:token>", views.file, name="file")]
