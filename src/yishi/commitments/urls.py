from django.urls import path

from yishi.commitments import views
from yishi.core.acts import routes

app_name = "commitments"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("<int:pk>/", views.commitment_page, name="commitment"),
    *routes(views.ACTS, {"commitment": "<int:id>/{}/"}),
]
