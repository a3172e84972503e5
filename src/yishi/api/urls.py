"""``/api/v1`` and its description."""

from django.urls import path

from yishi.api import views
from yishi.api.routers import mounted

urlpatterns = [
    path("", views.reference, name="api-reference"),
    path("v1/", mounted().urls),
]
