"""Certifying by someone else; afterwards only a recorded recount, order or judgment makes a new result."""

import datetime as dt
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from yishi.core import clock
from yishi.core.verdicts import Refusal, no, require
from yishi.decisions import rules
from yishi.decisions.models import AgendaItem, BallotBox, Result
from yishi.decisions.permissions.voting import may_certify_result, may_recount_ballots
from yishi.decisions.services._acts import actor_of, append, held, words_of
from yishi.decisions.services.meetings import held_meeting
from yishi.decisions.voting import kinds
from yishi.engines.procedure import Case, report
from yishi.network.viewers import Viewer

REASONS = (Result.Basis.RECOUNT, Result.Basis.ORDER, Result.Basis.JUDGMENT)
POLL, Item = "poll", AgendaItem.State


def certify_result(viewer: Viewer, item: AgendaItem, at: dt.datetime) -> Result:
    """Certify the count: an act of the supervisors or the town, never of closer, counter, proposer or candidate.

    Raises:
        Refusal: who may not; nothing to certify; the engine's reason (a pack that is not verified, level votes).
    """
    with held_meeting(item.meeting) as meeting:
        found = meeting.items.select_related("decision__organisation", "decision__area").get(pk=item.pk)
        require(may_certify_result(viewer, found, at))
        result = _last_of(found)
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
    result.certified_at, result.certified_by_id = at, viewer.person_id
    result.check_code = f"{clock.new_code(4)}-{clock.new_code(4)}"
    result.save()


def _seal_first_rounds(viewer: Viewer, item: AgendaItem, last: Result, at: dt.datetime) -> None:
    """Of an election with a run-off, the rounds before it are certified with it."""
    earlier = Result.objects.filter(item__decision=item.decision, item__step=item.step, certified_at=None)
    for result in earlier.exclude(pk=last.pk).order_by("pk"):
        result.certified_at, result.certified_by_id = at, viewer.person_id
        result.check_code = f"{clock.new_code(4)}-{clock.new_code(4)}"
        result.save()
        BallotBox.objects.filter(item_id=result.item_id).update(state=BallotBox.State.CERTIFIED)
        AgendaItem.objects.filter(pk=result.item_id).update(state=Item.DONE)


def _last_of(item: AgendaItem) -> Result:
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
        result = _last_of(found)
        with held(found.decision) as decision:
            append(viewer, decision, "recorded_as_advice", at, {"by": rules.ref(actor_of(viewer))})
        AgendaItem.objects.filter(pk=found.pk).update(state=Item.DONE)
    return result


def recount(
    viewer: Viewer, item: AgendaItem, basis: str, counts: Mapping[str, int], second_counter_id: int, reason: str,
    at: dt.datetime,
) -> Result:  # fmt: skip
    """Replace a result on a recorded basis; it must be certified anew, and the old one stays on the record.

    ``counts`` are those that changed, by the pack's names, areas in hundredths of m².

    Raises:
        Refusal: who may not; the engine's reason.
        ValidationError: no basis, no reason.
    """
    if basis not in REASONS:
        raise ValidationError({"basis": _("请选择依据：重新计票、责令改正或法院裁判。")})
    reason = words_of(reason, "reason", 300)
    with held_meeting(item.meeting) as meeting:
        found = meeting.items.select_related("decision__organisation", "decision__area").get(pk=item.pk)
        require(may_recount_ballots(viewer, found, at))
        old = _last_of(found)
        with held(found.decision) as decision:
            counters = [rules.ref(actor_of(viewer)), rules.ref(second_counter_id)]
            data = {"basis": basis, "counters": counters, "counts": kinds.written(counts)}
            case = append(viewer, decision, "recounted", at, data)
            fresh = report(case)["results"][-1]
            result = Result.objects.create(
                item=found, number=old.number + 1, basis=basis, pack=fresh["pack"], outcome=fresh["outcome"],
                report=fresh, counts=fresh["counts"], counted_at=at, first_counter_id=actor_of(viewer),
                second_counter_id=second_counter_id, reason=reason,
            )  # fmt: skip
        AgendaItem.objects.filter(pk=found.pk).update(state=Item.COUNTED)
        BallotBox.objects.filter(item=found).update(state=BallotBox.State.COUNTED)
    return result
