"""What every command on a decision shares: the lock, the event that the procedure must accept, one audit entry."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from yishi.core import audit, events
from yishi.core.verdicts import Refusal, require
from yishi.decisions import rules
from yishi.decisions.events import DecisionChanged, MotionDiscussed
from yishi.decisions.models import AgendaItem, Decision, DecisionEvent
from yishi.engines.procedure import Case, EventError, feed
from yishi.network.viewers import Viewer

LEAVING = ("redrafted", "withdrawn", "annulled")


@contextmanager
def held(decision: Decision) -> Iterator[Decision]:
    """The decision as it is now, nobody else writing its events until the act is done."""
    with transaction.atomic():
        rows = Decision.objects.select_for_update(of=("self",), no_key=True)
        yield rows.select_related("organisation", "area", "matter").get(pk=decision.pk)


def feed_event(decision: Decision, case: Case, kind: str, at: dt.datetime, data: dict[str, Any]) -> None:
    """Ask the procedure whether this may happen now; the case moves on if so.

    Raises:
        Refusal: with the engine's reason, its number and its clause.
        ValidationError: particulars that the procedure cannot read.
    """
    try:
        note = feed(case, rules.new_event(kind, at, data))
    except EventError as error:
        raise ValidationError(rules.spoken({"zh": error.zh, "en": error.en})) from error
    if note is not None:
        raise Refusal(rules.refusal_of(note))


def append(
    viewer: Viewer, decision: Decision, kind: str, at: dt.datetime, data: dict[str, Any] | None = None,
    *, happened_at: dt.datetime | None = None, **refs: Any,
) -> Case:  # fmt: skip
    """End an act: the procedure accepts the event, it is stored, the decision's derived facts follow, one audit
    entry, the news. The caller holds the decision (:func:`held`) and has asked its permission.

    ``happened_at`` is when it happened, where that is not now (a posting photographed yesterday);
    the engine refuses anything dated before the last event. Returns the case after the event.

    Raises:
        Refusal: the procedure says no.
        ValidationError: particulars that the procedure cannot read.
    """
    when = happened_at or at
    case = rules.case_of(decision)
    require(rules.comments_block(decision, case, kind))
    feed_event(decision, case, kind, when, data or {})
    number = decision.events.count() + 1
    DecisionEvent.objects.create(
        decision=decision, number=number, at=when, kind=kind, data=data or {}, by_id=viewer.person_id, recorded_at=at
    )
    follow(decision, case, at)
    if kind in LEAVING or (kind == "motion_changed" and (data or {}).get("material")):
        _leave_agenda(decision, kind)
    audit.record(
        f"decisions.{kind}", decision, at=at, actor_id=viewer.person_id, on_behalf_of_id=viewer.helping_id,
        number=number, **refs,
    )  # fmt: skip
    events.publish(DecisionChanged(decision.pk, number, kind, at, viewer.person_id))
    return case


def discussed(
    viewer: Viewer, decision: Decision, verb: str, at: dt.datetime, *, comment: int | None = None, **refs: Any
) -> None:
    """End an act that is no event of the procedure: the decision moves up in the lists, one audit entry, the news."""
    decision.changed_at = max(at, decision.changed_at)
    decision.save(update_fields=["changed_at"])
    if comment is not None:
        refs["comment"] = comment
    audit.record(
        f"decisions.{verb}", decision, at=at, actor_id=viewer.person_id, on_behalf_of_id=viewer.helping_id, **refs
    )
    events.publish(MotionDiscussed(decision.pk, verb, at, viewer.person_id, comment))


def _leave_agenda(decision: Decision, why: str) -> None:
    """What was to be voted on is no more: meetings go on without it, and it may be convened anew."""
    items = AgendaItem.objects.filter(decision=decision, state__in=[AgendaItem.State.WAITING, AgendaItem.State.OPEN])
    items.update(state=AgendaItem.State.DONE, left=why)


def follow(decision: Decision, case: Case, at: dt.datetime) -> None:
    """Keep what the case amounts to beside the decision, for lists."""
    decision.status, decision.certified, decision.version = case.status, case.certified, case.version
    ended = case.status != "running"
    decision.step, decision.phase = ("" if ended else case.step.id), ("end" if ended else case.phase)
    if ended and decision.ended_at is None:
        decision.ended_at = at
    decision.changed_at = max(at, decision.changed_at)
    decision.save()
