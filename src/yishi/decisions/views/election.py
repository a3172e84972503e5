"""Before an election's poll: the voters' roll posted and settled, the candidates posted."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from yishi.core import clock
from yishi.core.policies import policy
from yishi.core.verdicts import Refusal, hidden, require
from yishi.decisions import rules
from yishi.decisions.forms_votes import ElectionForm
from yishi.decisions.models import Decision
from yishi.decisions.permissions import voting as permissions
from yishi.decisions.selectors import rolls as rolls_read
from yishi.decisions.services import elections, rolls
from yishi.decisions.services.attendance import numbers_in
from yishi.decisions.views._votes import gone, seen, send
from yishi.network.viewers import Viewer
from yishi.people import selectors as people


def _election(viewer: Viewer, reference: str) -> Decision:
    found = Decision.objects.select_related("organisation", "area").filter(reference=reference).first()
    require(permissions.may_convene_meeting(viewer, found, clock.now()))
    if found is None or found.procedure != "village_election":
        raise Refusal(hidden())
    return found


@policy("decisions.may_convene_meeting")
@never_cache
@require_http_methods(["GET", "POST"])
def election(request: HttpRequest, reference: str) -> HttpResponse:
    """What comes next for the roll or the candidates, one act at a time."""
    viewer = seen(request)
    decision = _election(viewer, reference)
    form = ElectionForm(request.POST or None)
    if request.method == "POST" and send(form, lambda: _act(viewer, decision, request.POST.get("act", ""), form)):
        return gone("election", reference)
    case, roll = rules.case_of(decision), rolls_read.roll_of_step(decision) or elections.voter_roll(decision)
    given = {
        "decision": decision, "form": form, "phase": case.phase, "step": case.step.id, "roll": roll,
        "counts": roll.entries.filter(struck=False).count() if roll else 0, "day": case.poll.election_on,
        "candidates": list(people.names_of([int(c[1:]) for c in case.poll.candidates]).values()),
    }  # fmt: skip
    return render(request, "decisions/meeting/election.html", given, status=422 if form.errors else 200)


def _act(viewer: Viewer, decision: Decision, verb: str, form: ElectionForm) -> None:
    at = clock.now()
    if verb == "draw":
        rolls.draw_roll(viewer, decision, "", at)
    elif verb == "post":
        day = form.cleaned_data["election_on"]
        if day is None:
            raise ValidationError({"election_on": _("请填选举日。")})
        elections.post_voter_roll(viewer, decision, day, at)
    elif verb == "settle":
        elections.settle_roll(viewer, decision, at)
    elif verb == "candidates":
        roll = elections.voter_roll(decision)
        numbers = numbers_in(form.cleaned_data["numbers"], roll.entries.count() if roll else 1)
        elections.post_candidates(viewer, decision, list(roll.entries.filter(number__in=numbers)) if roll else [], at)
