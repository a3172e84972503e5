"""The officer's side: requests to be verified, the household roll, invitation codes."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yishi.core import clock
from yishi.core.answers import done, see_other
from yishi.core.policies import policy
from yishi.core.verdicts import require
from yishi.people import permissions, rolls, services
from yishi.people.actors import viewer_of
from yishi.people.forms import InvitationForm
from yishi.people.models import VerificationRequest

PAGE = 25


@policy("people.may_keep_roll")
@require_safe
@login_required
def queue(request: HttpRequest) -> HttpResponse:
    """Requests that wait for an answer, and those answered lately."""
    viewer = viewer_of(request)
    require(permissions.may_keep_roll(viewer, clock.now()))
    answered = request.GET.get("state") == "answered"
    found = rolls.requests_for(viewer, open_only=not answered)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "people/queue.html", {"page": page, "answered": answered})


@policy("people.may_keep_roll")
@require_safe
@login_required
def request_page(request: HttpRequest, request_id: int) -> HttpResponse:
    """One request beside those on the roll who may be meant."""
    asked = rolls.get_request_for(viewer_of(request), request_id)
    is_open = asked.state == VerificationRequest.State.OPEN
    query = request.GET.get("q", "").strip()
    found = rolls.households_for(viewer_of(request), clock.now(), query)[:10] if query and is_open else ()
    context = {
        "asked": asked, "is_open": is_open, "query": query, "households": found,
        "candidates": rolls.candidates(asked) if is_open else (),
    }  # fmt: skip
    return render(request, "people/request.html", context)


@policy("people.may_verify_resident")
@require_POST
@login_required
def accept(request: HttpRequest, request_id: int) -> HttpResponse:
    """Accept: of this household, and perhaps this person on its roll (``household:person``)."""
    asked = rolls.get_request_for(viewer_of(request), request_id)
    household, _sep, person = request.POST.get("who", "").partition(":")
    try:
        services.verify_resident(
            viewer_of(request), asked, int(household) if household.isdigit() else 0, clock.now(),
            roll_person_id=int(person) if person.isdigit() else None,
        )  # fmt: skip
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return see_other("people:request", request_id)
    return done(request, _("已核实，并已通知本人。"), "people:queue")


@policy("people.may_verify_resident")
@require_POST
@login_required
def refuse(request: HttpRequest, request_id: int) -> HttpResponse:
    """Refuse with a reason."""
    asked = rolls.get_request_for(viewer_of(request), request_id)
    try:
        services.refuse_verification(viewer_of(request), asked, request.POST.get("reason", ""), clock.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return see_other("people:request", request_id)
    return done(request, _("已答复，并已通知本人。"), "people:queue")


@policy("people.may_keep_roll")
@require_safe
@login_required
def households(request: HttpRequest) -> HttpResponse:
    """The household roll, searched by number, address or name."""
    query = request.GET.get("q", "")
    found = rolls.households_for(viewer_of(request), clock.now(), query)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "people/households.html", {"page": page, "query": query})


@policy("people.may_keep_roll")
@require_safe
@login_required
def household(request: HttpRequest, household_id: int) -> HttpResponse:
    """One household: who is on its roll, and its invitation."""
    found = rolls.get_household_for(viewer_of(request), household_id)
    context = {"household": found, "members": rolls.members_of(found), "form": InvitationForm(), "today": clock.today()}
    return render(request, "people/household.html", context)


@policy("people.may_make_invitation")
@require_POST
@login_required
def invite(request: HttpRequest, household_id: int) -> HttpResponse:
    """Make a code, and show the sheet to print; the code is shown this once."""
    found = rolls.get_household_for(viewer_of(request), household_id)
    form = InvitationForm(request.POST)
    if not form.is_valid():
        context = {"household": found, "members": rolls.members_of(found), "form": form, "today": clock.today()}
        return render(request, "people/household.html", context)
    code = services.make_invitation(viewer_of(request), found, **form.cleaned_data, at=clock.now())
    found.refresh_from_db()
    address = f"{settings.SITE_URL}{reverse('people:join')}?{urlencode({'code': code})}"
    response = render(request, "people/invitation.html", {"household": found, "code": code, "address": address})
    response["Cache-Control"] = "no-store"
    return response


@policy("people.may_make_invitation")
@require_POST
@login_required
def revoke_invitation(request: HttpRequest, household_id: int) -> HttpResponse:
    """End a household's code."""
    found = rolls.get_household_for(viewer_of(request), household_id)
    services.revoke_invitation(viewer_of(request), found, clock.now())
    return done(request, _("邀请码已作废。"), "people:household", household_id)
