"""Before an election's poll: the voters' roll posted and settled, the candidates posted."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from yishi.core import clock
from yishi.core.policies import policy
from yishi.core.verdicts import Refusal, hidden, require
from yishi.decisions import rules
from yishi.decisions.forms_votes import ElectionForm, MendForm, RulingForm
from yishi.decisions.models import Decision, Roll
from yishi.decisions.permissions import may_see_decision
from yishi.decisions.permissions import voting as permissions
from yishi.decisions.selectors import rolls as rolls_read
from yishi.decisions.services import elections, rolls, voter_rolls
from yishi.decisions.services.attendance import numbers_in
from yishi.decisions.services.rolls import voter_roll
from yishi.decisions.views._votes import gone, send
from yishi.decisions.views.motions import only_person
from yishi.network.viewers import Viewer, viewer_of
from yishi.people import selectors as people

FORMS: dict[str, type[forms.Form]] = {"rule": RulingForm, "mend": MendForm}


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
    viewer = viewer_of(request)
    if request.method == "GET" and (over := _over(viewer, reference)) is not None:
        return redirect("decisions:decision", reference=over.reference)
    decision = _election(viewer, reference)
    verb = request.POST.get("act", "")
    form = FORMS.get(verb, ElectionForm)(request.POST or None)
    if request.method == "POST" and send(form, lambda: _act(viewer, decision, verb, form)):
        return gone("election", reference)
    case, roll = rules.case_of(decision), rolls_read.roll_of_step(decision) or voter_roll(decision)
    given = {
        "decision": decision, "form": form, "phase": case.phase, "step": case.step.id, "roll": roll,
        "counts": roll.entries.filter(struck=False).count() if roll else 0, "day": case.poll.election_on,
        **_posted(roll), "sent": verb if form.errors else "",
        "candidates": list(people.names_of([int(c[1:]) for c in case.poll.candidates]).values()),
    }  # fmt: skip
    return render(request, "decisions/meeting/election.html", given, status=422 if form.errors else 200)


def _over(viewer: Viewer, reference: str) -> Decision | None:
    """An election that has ended and that the reader may see: everything about it stands on its page."""
    found = Decision.objects.filter(reference=reference, procedure="village_election").first()
    if found is None or found.status == Decision.Status.RUNNING or not may_see_decision(viewer, found):
        return None
    return found


def _posted(roll: Roll | None) -> dict[str, Any]:
    """Objections to the posted roll and what was mended."""
    if roll is None:
        return {}
    return {
        "objections": roll.objections.order_by("number"), "ruling": RulingForm(), "mend": MendForm(),
        "changes": roll.changes.select_related("entry").order_by("-pk")[:50],
    }  # fmt: skip


def _mend(viewer: Viewer, decision: Decision, verb: str, given: dict[str, Any], at: dt.datetime) -> None:
    roll = voter_rolls.posted_roll(decision)
    if verb == "rule":
        found = roll.objections.filter(number=given["objection"]).first()
        if found is None:
            raise ValidationError(_("没有这件申诉。"))
        voter_rolls.rule_on_objection(viewer, found, given["upheld"], given["reason"], at)
    elif given["number"]:
        entry = roll.entries.filter(number=given["number"]).first()
        if entry is None:
            raise ValidationError({"number": _("名册上没有这个序号。")})
        voter_rolls.strike_voter(viewer, entry, given["reason"], given["words"], at)
    elif given["who"]:
        voter_rolls.add_voter(viewer, decision, only_person(decision.town_id, given["who"]), given["words"], at)
    else:
        raise ValidationError({"number": _("请填去掉的序号，或补入的人。")})


def _act(viewer: Viewer, decision: Decision, verb: str, form: forms.Form) -> None:
    at = clock.now()
    if verb in FORMS:
        _mend(viewer, decision, verb, form.cleaned_data, at)
    elif verb == "draw":
        rolls.draw_roll(viewer, decision, "", at)
    elif verb in ("post", "postpone"):
        day = form.cleaned_data["election_on"]
        if day is None:
            raise ValidationError({"election_on": _("请填选举日。")})
        (elections.post_voter_roll if verb == "post" else elections.postpone_poll)(viewer, decision, day, at)
    elif verb == "settle":
        elections.settle_roll(viewer, decision, at)
    elif verb == "candidates":
        roll = voter_roll(decision)
        numbers = numbers_in(form.cleaned_data["numbers"], roll.entries.count() if roll else 1)
        elections.post_candidates(viewer, decision, list(roll.entries.filter(number__in=numbers)) if roll else [], at)
