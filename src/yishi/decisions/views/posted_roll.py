"""The posted roll of an election's voters: read by those of the place, signed in or by the QR on the paper, and objected to."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from yishi.core import clock
from yishi.core.policies import policy
from yishi.decisions import permissions, selectors
from yishi.decisions.forms_votes import PostedRollForm
from yishi.decisions.models import Decision, Roll
from yishi.decisions.selectors import rolls as reads
from yishi.decisions.services import voter_rolls
from yishi.decisions.views._votes import gone, send
from yishi.network.viewers import viewer_of

PAGE, LONGEST_QUERY = 100, 40


@policy("decisions.get_voter_roll_for")
@never_cache
@require_http_methods(["GET", "POST"])
def posted_roll(request: HttpRequest, reference: str) -> HttpResponse:
    """The roll for someone of the place: search, object to a line or to one that is missing, see the rulings."""
    viewer, at = viewer_of(request), clock.now()
    decision = selectors.get_decision_for(viewer, reference)
    if viewer.is_anonymous:
        return redirect(f"{reverse('account_login')}?next={request.path}")
    roll = reads.get_voter_roll_for(viewer, decision, at)
    form = PostedRollForm(request.POST or None, initial=_line_meant(request))
    if request.method == "POST" and send(form, lambda: _object(request, decision, roll, form)):
        messages.success(request, _("申诉已经提出，答复会写在这一页。"))
        return gone("posted_roll", reference)
    may = permissions.may_object_to_roll(viewer, decision, at)
    given = {**_shown(request, decision, roll), "form": form, "may_object": may, "by_code": False}
    return _render(request, given, status=422 if form.errors else 200)


@policy("decisions.get_voter_roll_by_code")
@never_cache
@require_safe
def roll_by_code(request: HttpRequest, code: str) -> HttpResponse:
    """The same to read, for whoever stands before the paper and scans it; objecting needs to be signed in."""
    roll = reads.get_voter_roll_by_code(code)
    viewer, at = viewer_of(request), clock.now()
    if permissions.may_read_voter_roll(viewer, roll.decision, at):
        return redirect("decisions:posted_roll", roll.decision.reference)
    return _render(request, {**_shown(request, roll.decision, roll), "by_code": True})


def _render(request: HttpRequest, given: dict[str, Any], status: int = 200) -> HttpResponse:
    """Names of the place: no search engine, and no address handed on."""
    response = render(request, "decisions/meeting/posted_roll.html", given, status=status)
    response["X-Robots-Tag"], response["Referrer-Policy"] = "noindex, nofollow, noarchive", "no-referrer"
    return response


def _line_meant(request: HttpRequest) -> dict[str, Any]:
    number = request.GET.get("line", "")
    if number.isascii() and number.isdigit() and len(number) < 7:
        return {"number": int(number), "what": "not_here"}
    return {"what": "missing"}


def _object(request: HttpRequest, decision: Decision, roll: Roll, form: PostedRollForm) -> None:
    number = form.cleaned_data["number"]
    if number and not roll.entries.filter(number=number).exists():
        raise ValidationError({"number": _("名册上没有这个序号。")})
    voter_rolls.object_to_roll(viewer_of(request), decision, form.told(), clock.now())


def _shown(request: HttpRequest, decision: Decision, roll: Roll) -> dict[str, Any]:
    query = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    page = Paginator(reads.entries_of(roll, query), PAGE).get_page(request.GET.get("page"))
    return {
        "decision": decision, "roll": roll, "query": query, "page": page, "days": reads.days_of(decision),
        "lines": [reads.posted_line(entry) for entry in page.object_list], "today": clock.today(),
        "objections": reads.objections_to(viewer_of(request), roll), "posting": decision.step == "roll",
        "registered": roll.entries.filter(struck=False).count(),
        "changes": roll.changes.select_related("entry").order_by("-pk")[:50],
    }  # fmt: skip
