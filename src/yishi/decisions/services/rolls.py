"""Rolls: drawn from facts or taken in from a list, frozen at notice, changed only in the open."""

import datetime as dt
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from yishi.core import audit, clock
from yishi.core.given import words_of
from yishi.core.verdicts import Refusal, no, require
from yishi.decisions import rules
from yishi.decisions.models import Decision, Roll, RollChange, RollEntry, RollHolder
from yishi.decisions.permissions.voting import may_convene_meeting
from yishi.decisions.services._acts import append, held
from yishi.decisions.voting import kinds
from yishi.decisions.voting.commitments import root_of
from yishi.decisions.voting.drawing import Drawn, Line, draw
from yishi.engines.procedure import Case, Pack
from yishi.network.viewers import Viewer, actor_of

GONE = ("death", "loss_of_status")
NOTED = ("joined", "correction")
LABEL, HOUSEHOLD = 60, 40


def draft_roll(decision: Decision, step: str) -> Roll | None:
    """The roll of a step that is not frozen yet, if there is one."""
    return decision.rolls.filter(step=step, frozen_at=None).order_by("-pk").first()


def voter_roll(decision: Decision) -> Roll | None:
    """The posted roll of an election's voters."""
    rolls = decision.rolls.filter(kind=Roll.Kind.VOTERS).exclude(frozen_at=None)
    return rolls.order_by("-pk").first()


def draw_roll(viewer: Viewer, decision: Decision, mode: str, at: dt.datetime) -> Roll:
    """Draw the roll of the step at hand from the facts of today; an earlier draft of it is replaced.

    Raises:
        Refusal: who may not convene; no rule in force.
        ValidationError: facts that are missing, each named.
    """
    with held(decision) as found:
        require(may_convene_meeting(viewer, found, at))
        on = clock.local_day(at)
        roll = draw_draft(found, rules.case_of(found), mode, on)
        lines = roll.entries.count()
        audit.record("decisions.roll_drawn", roll, at=at, actor_id=actor_of(viewer), on=on.isoformat(), lines=lines)
    return roll


def draw_draft(decision: Decision, case: Case, mode: str, on: dt.date) -> Roll:
    """The draft of the roll of the step at which the case stands, from the facts of a day. Part of another act.

    Raises:
        Refusal: no rule in force.
        ValidationError: facts that are missing, each named.
    """
    pack = kinds.pack_of(case, on)
    return write_draft(decision, case, pack, mode, draw(decision, kinds.kind_for(pack, mode), pack, on), on)


def write_draft(decision: Decision, case: Case, pack: Pack, mode: str, drawn: Drawn, on: dt.date) -> Roll:
    """Write lines as the draft of the step's roll.

    Raises:
        ValidationError: the lines have faults, or there are none.
    """
    if drawn.faults:
        raise ValidationError(drawn.faults)
    if not drawn.lines:
        raise ValidationError(_("没有查到有表决资格的人：请先登记成员、任职或房屋业主，或导入名册。"))
    roll = draft_roll(decision, case.step.id) or Roll(decision=decision, step=case.step.id, town=decision.town)
    roll.kind, roll.record_on = kinds.kind_for(pack, mode), on
    heads, area = sum(line.heads for line in drawn.lines), sum(line.area for line in drawn.lines)
    roll.counts = kinds.wholes(pack, mode, heads, area, drawn.parts)
    roll.save()
    RollEntry.objects.filter(roll=roll).delete()
    write_lines(roll, drawn.lines, 1)
    return roll


def write_lines(roll: Roll, lines: Iterable[Line], first: int) -> None:
    """Append lines to a roll, numbered from ``first``, each with an opaque code and a salt of its own."""
    entries, holders = [], []
    for number, line in enumerate(lines, first):
        entry = RollEntry(
            roll=roll, number=number, code=clock.new_code(), person_id=line.person_id, label=line.label[:LABEL],
            household=line.household[:HOUSEHOLD], heads=line.heads, area_hundredths=line.area, shares=line.shares,
            salt=clock.new_token(),
        )  # fmt: skip
        entries.append(entry)
        holders.append((entry, line.holders))
    RollEntry.objects.bulk_create(entries, batch_size=500)
    RollHolder.objects.bulk_create(
        [RollHolder(entry=entry, person_id=p) for entry, people in holders for p in people], batch_size=500
    )


def freeze_roll(viewer: Viewer, roll: Roll, at: dt.datetime) -> None:
    """Freeze a draft at notice, on its record date; ``root`` commits to every line. Part of another act.

    Raises:
        Refusal: drawn on another day than the notice.
    """
    if roll.record_on != clock.local_day(at):
        raise Refusal(
            no(
                _("名册以发通知那天为准：这份名册是 %(day)s 的。") % {"day": roll.record_on.isoformat()},
                what_now=_("请重新生成名册，再发通知。"),
            )
        )
    roll.root = root_of(list(roll.entries.order_by("number")))
    roll.frozen_at, roll.frozen_by_id = at, viewer.person_id
    roll.save()


def change_roll(
    viewer: Viewer, roll: Roll, entry: RollEntry | None, reason: str, words: str, at: dt.datetime
) -> RollChange:
    """List a change after the freeze. Death and loss of status before the opening leave the whole; nothing else does.

    Raises:
        Refusal: who may not; the meeting has been opened; the roll is not frozen; the line is struck or a unit's.
        ValidationError: an unknown reason, no words, or no line for one who is gone.
    """
    if reason not in (*GONE, *NOTED):
        raise ValidationError({"reason": _("请选择变动原因。")})
    words = words_of(words, "words", 200)
    with held(roll.decision) as decision:
        require(may_convene_meeting(viewer, decision, at))
        if roll.frozen_at is None:
            raise Refusal(no(_("名册还没有随通知固定，直接重新生成即可。")))
        counts_now = reason in GONE
        if counts_now:
            _strike(viewer, decision, roll, entry, reason, at)
        change = RollChange.objects.create(
            roll=roll, entry=entry, reason=reason, words=words, counts_now=counts_now, at=at, by_id=actor_of(viewer)
        )
        audit.record(
            "decisions.roll_noted", change, at=at, actor_id=viewer.person_id, town_id=roll.town_id, reason=reason
        )
    return change


def _strike(
    viewer: Viewer, decision: Decision, roll: Roll, entry: RollEntry | None, reason: str, at: dt.datetime
) -> None:
    if entry is None or entry.roll_id != roll.pk:
        raise ValidationError({"entry": _("请选择名册上的一行。")})
    entry = RollEntry.objects.select_for_update().get(pk=entry.pk)
    if entry.struck:
        raise Refusal(no(_("这一行已经不计入。")))
    if roll.kind in kinds.OWNERS:
        raise Refusal(no(_("房屋仍在，业主换人不改变总面积和总人数：请登记为“更正”。")))
    case = rules.case_of(decision)
    untold = case.phase == "start" and not case.step.notice
    if untold and roll.items.exclude(meeting__opened_at=None).exists():
        raise Refusal(no(_("会议已经开始，名册的人数不再减少。")))
    for base in roll.counts:
        if base in ("reps", "women_reps"):
            continue
        if not untold:
            append(viewer, decision, "roll_changed", at, {"base": base, "number": entry.heads, "reason": reason})
        roll.counts[base] -= entry.heads
    entry.struck = True
    entry.save(update_fields=["struck"])
    roll.save(update_fields=["counts"])
