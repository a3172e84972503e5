"""Yishi's addresses and ``/insert``: no rules, no audit, one row of its own table."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils import timezone

from ballots import bare_model
from yishi.config.urls import urlpatterns as ours

Vote = bare_model()


def insert(request: HttpRequest) -> HttpResponse:
    """One row for whoever is signed in."""
    assert request.user.is_authenticated
    Vote.objects.create(
        box=request.POST["box"], entry=request.POST["entry"], mark=request.POST["mark"], at=timezone.now()
    )
    return HttpResponse(b"ok", headers={"Content-Length": "2"})


urlpatterns = [path("insert", insert), *ours]
