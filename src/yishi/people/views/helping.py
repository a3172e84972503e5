"""代办： begin and end acting for someone."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yishi.core import clock
from yishi.core.answers import done
from yishi.core.forms import attempt
from yishi.core.policies import policy
from yishi.people import rolls, services
from yishi.people.actors import viewer_of
from yishi.people.forms import HelpingForm


@policy("people.may_start_helping")
@login_required
def start(request: HttpRequest) -> HttpResponse:
    """Choose whom to help, and record how they agreed."""
    viewer = viewer_of(request)
    form = HelpingForm(request.POST or None)
    if request.method == "POST" and attempt(
        form,
        lambda d: services.start_helping(
            viewer, d["person"], d["manner"], d["note"], clock.now(), name=d["name"], phone=d["phone"]
        ),
    ):
        return done(request, _("代办已开始。办完请点“结束代办”。"), "home")
    query = request.GET.get("q", "")
    context = {"form": form, "query": query, "people": rolls.people_to_help(viewer, query)}
    return render(request, "people/helping.html", context)


@policy("signed_in")
@require_POST
@login_required
def end(request: HttpRequest) -> HttpResponse:
    """Stop acting for someone."""
    services.end_helping(viewer_of(request), clock.now())
    return done(request, _("代办已结束。"), "home")
