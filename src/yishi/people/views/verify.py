"""Being recognised as a resident: by asking, or by the household's code."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from yishi.core import clock
from yishi.core.answers import done
from yishi.core.forms import attempt
from yishi.core.policies import policy
from yishi.people import selectors, services
from yishi.people.actors import viewer_of
from yishi.people.forms import ClaimForm, JoinForm, VerificationForm


@policy("people.may_ask_verification")
@login_required
def ask(request: HttpRequest) -> HttpResponse:
    """Ask the community to check me against its household roll."""
    viewer = viewer_of(request)
    record = selectors.own_record(viewer)
    form = VerificationForm(request.POST or None, initial={"name": record.person.name if record.person else ""})
    if request.method == "POST" and attempt(
        form,
        lambda data: services.ask_verification(
            viewer, community_id=data["community"].pk, name=data["name"], household_number=data["household_number"],
            address=data["address"], at=clock.now(),
        ),
    ):  # fmt: skip
        return done(request, _("申请已交给社区，核对名册后会通知您。"), "people:me")
    return render(request, "people/ask.html", {"form": form, "record": record})


@policy("people.may_redeem_invitation")
@login_required
def join(request: HttpRequest) -> HttpResponse:
    """Be verified by the household's code; the QR code leads here with the code filled in."""
    form = JoinForm(request.POST or None, initial={"code": request.GET.get("code", "")})
    if request.method == "POST" and attempt(
        form, lambda data: services.redeem_invitation(viewer_of(request), data["code"], clock.now())
    ):
        return done(request, _("已核实为住户。"), "people:me")
    return render(request, "people/join.html", {"form": form})


@policy("people.may_redeem_invitation")
@login_required
def claim(request: HttpRequest) -> HttpResponse:
    """Claim the record of an office that one holds: the sheet from the organisation office leads here."""
    form = ClaimForm(request.POST or None, initial={"claim": request.GET.get("claim", "")})
    if request.method == "POST" and attempt(
        form, lambda data: services.claim_record(viewer_of(request), data["claim"], clock.now())
    ):
        return done(request, _("已认领，您的任职已对应到这个账号。"), "people:me")
    return render(request, "people/claim.html", {"form": form})
