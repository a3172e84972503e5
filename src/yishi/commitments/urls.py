from django.urls import path

from yishi.commitments import views

app_name = "commitments"
urlpatterns = [
    path("", views.mine, name="mine"),
    path("<int:pk>/", views.commitment_page, name="commitment"),
    path("<int:pk>/<slug:act>/", views.act_page, name="act"),
]
