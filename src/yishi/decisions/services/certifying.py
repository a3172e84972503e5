"""Certifying by someone else than who closed, counted or proposed; see :mod:`.recounting` for what replaces a result."""

import datetime as dt

from django.utils.translation import gettext as _

from yishi.core import clock
from yishi.core.verdicts import Refusal, no, require
from yishi.decisions import rules
from yishi.decisions.models import AgendaItem, BallotBox, Result
from yishi.decisions.permissions.counting import may_certify_result
from yishi.decisions.services._acts import append, held
from yishi.decisions.services.meetings import held_meeting
from yishi.engines.procedure import Case, report
from yishi.network.viewers import Viewer, actor_of

POLL, Item = "poll", AgendaItem.State


def certify_result(viewer: Viewer, item: AgendaItem, at: dt.datetime) -> Result:
    """Certify the count: an act of the supervisors or the town, never of closer, counter, proposer or candidate.

    Raises:
        Refusal: who may not; nothing to certify; the engine's reason (a pack that is not verified, level votes).
    """
    with held_meeting(item.meeting) as meeting:
        found = meeting.items.select_related("decision__organisation", "decision__area").get(pk=item.pk)
        require(may_certify_result(viewer, found, at))
        result = last_of(found)
        if result.certified_at is not None:
            raise Refusal(no(_("结果已经确认。")))
        with held(found.decision) as decision:
            poll = rules.case_of(decision).step.kind == POLL
            case = append(viewer, decision, "certified", at, {"by": rules.ref(actor_of(viewer))})
            seal(viewer, result, case, at)
            if poll:
                _seal_first_rounds(viewer, found, result, at)
        BallotBox.objects.filter(item=found).update(state=BallotBox.State.CERTIFIED)
        AgendaItem.objects.filter(pk=found.pk).update(state=Item.DONE)
    return result


def seal(viewer: Viewer, result: Result, case: Case, at: dt.datetime) -> None:
    """Write who certified a result, when, and the code that its seal carries."""
    result.report = report(case)["results"][-1]
    _sealed(viewer, result, at)


def _sealed(viewer: Viewer, result: Result, at: dt.datetime) -> None:
    result.certified_at, result.certified_by_id = at, viewer.person_id
    result.check_code = f"{clock.new_code(4)}-{clock.new_code(4)}"
    result.save()


def _seal_first_rounds(viewer: Viewer, item: AgendaItem, last: Result, at: dt.datetime) -> None:
    """Of an election with a run-off, the rounds before it are certified with it."""
    earlier = Result.objects.filter(item__decision=item.decision, item__step=item.step, certified_at=None)
    for result in earlier.exclude(pk=last.pk).order_by("pk"):
        _sealed(viewer, result, at)
        BallotBox.objects.filter(item_id=result.item_id).update(state=BallotBox.State.CERTIFIED)
        AgendaItem.objects.filter(pk=result.item_id).update(state=Item.DONE)


def last_of(item: AgendaItem) -> Result:
    """The newest result of an item.

    Raises:
        Refusal: nothing has been counted.
    """
    result = item.results.order_by("-number").first()
    if result is None:
        raise Refusal(no(_("还没有计票结果。")))
    return result


def record_as_advice(viewer: Viewer, item: AgendaItem, at: dt.datetime) -> Result:
    """The way out for a count under rules that are not verified: it stands as advice, never as a decision.

    Raises:
        Refusal: who may not; the pack is verified and can be certified.
    """
    with held_meeting(item.meeting) as meeting:
        found = meeting.items.select_related("decision__organisation", "decision__area").get(pk=item.pk)
        require(may_certify_result(viewer, found, at))
        result = last_of(found)
        with held(found.decision) as decision:
            append(viewer, decision, "recorded_as_advice", at, {"by": rules.ref(actor_of(viewer))})
        AgendaItem.objects.filter(pk=found.pk).update(state=Item.DONE)
    return result
