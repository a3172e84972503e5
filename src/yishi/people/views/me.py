"""我的： account, household, capacities, consents, tokens, and one's own data."""

from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yishi.core import clock
from yishi.core.answers import done
from yishi.core.forms import attempt
from yishi.core.policies import policy
from yishi.core.verdicts import Refusal, hidden
from yishi.people import selectors, services
from yishi.people.actors import viewer_of
from yishi.people.forms import ProfileForm, TokenForm
from yishi.people.models import Consent


@policy("signed_in")
@login_required
def me(request: HttpRequest) -> HttpResponse:
    """My account; a POST changes how I am called."""
    viewer = viewer_of(request)
    record = selectors.own_record(viewer)
    initial = {"name": record.person.name, "shown_as": record.person.shown_as} if record.person else {}
    form = ProfileForm(request.POST or None, initial=initial, fixed_name=record.name_is_checked)
    if request.method == "POST" and attempt(form, lambda data: services.change_profile(viewer, **data, at=clock.now())):
        return done(request, _("已保存。"), "people:me")
    return render(request, "people/me.html", {"record": record, "form": form})


@policy("people.may_withdraw_consent")
@require_POST
@login_required
def withdraw(request: HttpRequest, consent_id: int) -> HttpResponse:
    """Withdraw a consent of mine."""
    consent = Consent.objects.filter(pk=consent_id).first()
    if consent is None:
        raise Refusal(hidden())
    services.withdraw_consent(viewer_of(request), consent, clock.now())
    return done(request, _("已撤回同意。撤回之前已办的事仍然有效。"), "people:me")


@policy("signed_in")
@login_required
def tokens(request: HttpRequest) -> HttpResponse:
    """My API tokens; a POST issues one and shows its secret this once."""
    viewer = viewer_of(request)
    form = TokenForm(request.POST or None)
    issued = None
    if request.method == "POST":
        issued = attempt(form, lambda d: services.issue_token(viewer, d["name"], d["scopes"], d["days"], clock.now()))
    context = {
        "form": TokenForm() if issued else form, "secret": issued[1] if issued else "",
        "tokens": selectors.own_tokens(viewer), "now": clock.now(),
    }  # fmt: skip
    response = render(request, "people/tokens.html", context)
    response["Cache-Control"] = "no-store"
    return response


@policy("people.may_revoke_token")
@require_POST
@login_required
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """End a token of mine."""
    services.revoke_token(viewer_of(request), token_id, clock.now())
    return done(request, _("令牌已作废。"), "people:tokens")


@policy("signed_in")
@require_safe
@login_required
def data(request: HttpRequest) -> HttpResponse:
    """What is held about me, and what I can do about it."""
    return render(request, "people/data.html")


@policy("people.may_take_own_data")
@require_POST
@login_required
def copy_data(request: HttpRequest) -> HttpResponse:
    """A copy of everything held about me, as a file."""
    found = services.export_own_data(viewer_of(request), clock.now())
    response = JsonResponse(found, json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = 'attachment; filename="yishi-my-data.json"'
    response["Cache-Control"] = "no-store"
    return response


@policy("people.may_erase_own_data")
@require_POST
@login_required
def erase_data(request: HttpRequest) -> HttpResponse:
    """Delete my account and personal data; only with the word typed that the page asks for."""
    if request.POST.get("sure") != "delete":
        return done(request, _("没有删除。请先勾选确认。"), "people:data")
    archived = services.erase_own_data(viewer_of(request), clock.now())
    logout(request)
    return render(request, "people/erased.html", {"archived": archived})


@policy("signed_in")
@require_safe
@login_required
def second_factor(request: HttpRequest) -> HttpResponse:
    """Why an office asks for a second factor, and the next step to take."""
    user = get_object_or_404(selectors.Account, pk=viewer_of(request).user_id)
    context = {"has_factor": selectors.has_authenticator(user), "confirmed": selectors.has_second_factor(request)}
    return render(request, "people/second_factor.html", context)
