"""Where work in the field lives."""

from django.urls import path

from yishi.matters.views import field, visits

urlpatterns = [
    path("patrols", field.patrols, name="patrols"),
    path("patrols/plans/new", field.new_plan, name="new_plan"),
    path("patrols/plans/<int:pk>", field.plan_page, name="plan"),
    path("patrols/plans/<int:pk>/lanes/<int:lane>/close", field.close_lane, name="close_lane"),
    path("patrols/lanes/<int:pk>/walk", field.walk, name="walk"),
    path("patrols/walks/<uuid:key>", field.walked, name="walked"),
    path("patrols/alarms/<int:pk>/end", field.end_alarm, name="end_alarm"),
    path("visits", visits.visits, name="visits"),
    path("visits/new", visits.new_visit, name="new_visit"),
    path("visits/<int:pk>", visits.visit_page, name="visit"),
    path("leads/<int:pk>/raise", visits.raise_lead, name="raise_lead"),
    path("leads/<int:pk>/drop", visits.drop_lead, name="drop_lead"),
    path("outbox", visits.outbox, name="outbox"),
]
