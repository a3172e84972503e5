"""Addresses of the network."""

from django.urls import path

from yishi.network.views import imports, manage, read

app_name = "network"
urlpatterns = [
    path("", read.town, name="town"),
    path("areas/<int:area_id>/", read.area, name="area"),
    path("organisations/<int:organisation_id>/", read.organisation, name="organisation"),
    path("people/<int:person_id>/", read.person, name="person"),
    path("posts/", read.holders, name="holders"),
    path("areas/<int:area_id>/add/", manage.add_organisation, name="add_organisation"),
    path("organisations/<int:organisation_id>/posts/add/", manage.add_post, name="add_post"),
    path("organisations/<int:organisation_id>/tie/", manage.tie, name="tie"),
    path("organisations/<int:organisation_id>/close/", manage.close, name="close"),
    path("posts/<int:post_id>/appoint/", manage.appoint, name="appoint"),
    path("terms/<int:term_id>/end/", manage.end_term, name="end_term"),
    path("terms/<int:term_id>/transfer/", manage.transfer, name="transfer"),
    path("terms/<int:term_id>/invite/", manage.invite, name="invite"),
    path("ties/<int:edge_id>/end/", manage.end_edge, name="end_edge"),
    path("import/", imports.start, name="import"),
    path("import/apply/", imports.apply, name="import_apply"),
    path("import/template/", imports.template, name="import_template"),
    path("import/<str:digest>/errors/", imports.errors, name="import_errors"),
]
