"""Where imports live, under the pages of matters."""

from django.urls import path

from yishi.matters import views_imports as views

urlpatterns = [
    path("imports", views.index, name="imports"),
    path("imports/upload", views.upload, name="import_upload"),
    path("imports/paper-form", views.paper_form, name="import_paper_form"),
    path("imports/results", views.give_back, name="import_results"),
    path("imports/<int:pk>", views.batch_page, name="import"),
    path("imports/<int:pk>/begin", views.begin, name="import_begin"),
    path("imports/<int:pk>/refused", views.refused, name="import_refused"),
    path("imports/<int:pk>/results", views.give_batch_back, name="import_batch_results"),
]
