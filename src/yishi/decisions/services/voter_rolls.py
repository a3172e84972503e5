"""The posted roll of an election's voters: objections, their rulings, what is mended before it is settled."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from yishi.core import audit
from yishi.core.given import words_of
from yishi.core.verdicts import Refusal, no, require
from yishi.decisions import permissions, rules
from yishi.decisions.models import Decision, Roll, RollChange, RollEntry, RollObjection
from yishi.decisions.services._acts import append, held
from yishi.decisions.services.rolls import GONE, voter_roll, write_lines
from yishi.decisions.voting.drawing import Line, adults
from yishi.decisions.voting.kinds import pack_of
from yishi.network.viewers import Viewer, actor_of


def posted_roll(decision: Decision) -> Roll:
    """The roll that hangs and is not settled yet.

    Raises:
        Refusal: there is none at this moment.
    """
    case, roll = rules.case_of(decision), voter_roll(decision)
    if roll is None or case.status != "running" or (case.step.kind, case.phase) != ("roll", "posted"):
        raise Refusal(no(_("现在没有正在公布的选民名单。")))
    return roll


def object_to_roll(viewer: Viewer, decision: Decision, words: str, at: dt.datetime) -> RollObjection:
    """Object to the posted roll: someone is missing, wrongly on it, or wrongly written.

    Raises:
        ValidationError: no words.
        Refusal: not of this village, no roll hangs, or the days are over (with the clause).
    """
    words = words_of(words, "words", 500)
    with held(decision) as fresh:
        require(permissions.may_object_to_roll(viewer, fresh, at))
        roll = posted_roll(fresh)
        number = roll.objections.count() + 1
        made = RollObjection.objects.create(
            roll=roll, number=number, words=words, by_id=viewer.for_id or actor_of(viewer), at=at
        )
        append(viewer, fresh, "objected", at, {"id": code_of(made)})
        return made


def code_of(objection: RollObjection) -> str:
    """How it stands in the procedure's events: no person in it."""
    return f"roll-{objection.number}"


def rule_on_objection(
    viewer: Viewer, objection: RollObjection, upheld: bool, reason: str, at: dt.datetime
) -> RollObjection:
    """Uphold it or not, with the reason; what is upheld is then mended on the roll.

    Raises:
        ValidationError: no reason.
        Refusal: who may not, one's own, or answered already.
    """
    reason = words_of(reason, "reason", 300)
    with held(objection.roll.decision) as fresh:
        found = RollObjection.objects.get(pk=objection.pk)
        require(permissions.may_rule_on_roll(viewer, fresh, found, at))
        posted_roll(fresh)
        found.upheld, found.reason, found.ruled_at, found.ruled_by_id = upheld, reason, at, actor_of(viewer)
        found.save()
        append(viewer, fresh, "objection_answered", at, {"id": code_of(found), "upheld": upheld})
        return found


def strike_voter(viewer: Viewer, entry: RollEntry, reason: str, words: str, at: dt.datetime) -> RollChange:
    """Take a line off the posted roll: death, loss of status, or an objection that was upheld.

    Raises:
        ValidationError: no words or an unknown reason.
        Refusal: who may not, no roll hangs, no objection upheld.
    """
    with held(entry.roll.decision) as fresh:
        roll = _mendable(viewer, fresh, reason, at)
        line = RollEntry.objects.select_for_update().get(pk=entry.pk)
        if line.roll_id != roll.pk or line.struck:
            raise Refusal(no(_("这一行不在名单上，或已经不计入。")))
        line.struck = True
        line.save(update_fields=["struck"])
        return _noted(viewer, roll, line, reason, words, at)


def add_voter(viewer: Viewer, decision: Decision, person_id: int, words: str, at: dt.datetime) -> RollChange:
    """Put someone on the posted roll after an objection was upheld: the register must give them the vote.

    Raises:
        ValidationError: no words; not of age in the register, or on the roll already.
        Refusal: who may not, no roll hangs, no objection upheld.
    """
    with held(decision) as fresh:
        roll = _mendable(viewer, fresh, "correction", at)
        drawn = adults(fresh, pack_of(rules.case_of(fresh), roll.record_on), roll.record_on)
        line = next((one for one in drawn.lines if one.person_id == person_id), None)
        if line is None:
            raise ValidationError(_("住户名册里没有这个人，或不满 18 周岁：请先更正住户名册，再补入名单。"))
        known = roll.entries.filter(person_id=person_id).first()
        if known is not None and not known.struck:
            raise ValidationError(_("这个人已在名单上。"))
        return _noted(viewer, roll, known or _write(roll, line), "correction", words, at, back=known)


def _write(roll: Roll, line: Line) -> RollEntry:
    number = (roll.entries.order_by("-number").values_list("number", flat=True).first() or 0) + 1
    write_lines(roll, [line], number)
    return roll.entries.get(number=number)


def _mendable(viewer: Viewer, decision: Decision, reason: str, at: dt.datetime) -> Roll:
    require(permissions.may_mend_roll(viewer, decision, at))
    roll = posted_roll(decision)
    if reason not in (*GONE, "correction"):
        raise ValidationError({"reason": _("请选择变动原因。")})
    mended = roll.changes.filter(reason="correction").count()
    if reason == "correction" and roll.objections.filter(upheld=True).count() <= mended:
        raise Refusal(no(
            _("名单已经公布：更正须以一件成立的申诉为据，一件申诉更正一行。"), what_now=_("请先登记并答复申诉。")
        ))  # fmt: skip
    return roll


def _noted(
    viewer: Viewer, roll: Roll, entry: RollEntry, reason: str, words: str, at: dt.datetime, back: RollEntry | None = None
) -> RollChange:  # fmt: skip
    if back is not None:
        back.struck = False
        back.save(update_fields=["struck"])
    change = RollChange.objects.create(
        roll=roll, entry=entry, reason=reason, words=words_of(words, "words", 200), counts_now=True, at=at,
        by_id=actor_of(viewer),
    )  # fmt: skip
    roll.counts = {**roll.counts, "registered": roll.entries.filter(struck=False).count()}
    roll.save(update_fields=["counts"])
    audit.record("decisions.roll_noted", change, at=at, actor_id=viewer.person_id, town_id=roll.town_id, reason=reason)
    return change
