"""Counting and certifying: two counters, reconciled boxes, the pack's verdict, recounts."""

from dataclasses import replace

from yishi.engines.procedure.case import Case, Refused, Result, Sitting, advance, pack_for, refuse
from yishi.engines.procedure.checks import OUTCOMES, Check, Note, check
from yishi.engines.procedure.events import BOX, Event
from yishi.engines.procedure.meeting import checked, presence, presence_name
from yishi.engines.procedure.model import Pack
from yishi.engines.procedure.packs import quantities
from yishi.engines.tally.ballots import CHOICES, SPOILED, count_ballots, reconcile
from yishi.engines.tally.rolls import Roll, Weight
from yishi.engines.words import joined, say


def counted(case: Case, event: Event) -> None:
    """Count, reconcile and reckon the outcome under the pack of the record date."""
    sitting = case.sit()
    counters = two_counters(case, event)
    counts = _counts(case, event)
    answer, values = checked(case, counts)
    if answer.outcome == "incomplete" or answer.refusals:
        lacking = "、".join(answer.missing)
        refuse("counts_missing", f"还缺：{lacking}", f"still missing: {', '.join(answer.missing)}")
    text = OUTCOMES[answer.outcome]
    result = Result(case.step.id, sitting.pack, event.on, answer.outcome, text, answer, counts, counters)
    result.values, result.mode = values, sitting.mode
    _warn_of(case, sitting.pack, answer)
    case.results.append(result)
    if case.step.certify:
        case.phase = "counted"
    elif answer.outcome == "passed":
        merged = sitting.merged
        advance(case, event.on)
        if merged:
            _go_on_in_the_same_meeting(case, event)
    else:
        case.phase = "failed"


def _go_on_in_the_same_meeting(case: Case, event: Event) -> None:
    case.sitting = Sitting(pack_for(case, event.on), event.on, meeting_on=event.on)
    case.sitting.participating = CHOICES
    case.phase = "open"


def two_counters(case: Case, event: Event) -> tuple[str, ...]:
    """Those who counted: two different people, none of them the proposer or a candidate."""
    counters = tuple(event.data.get("counters", ()))
    if not case.step.certify and case.step.kind == "meeting":
        return counters
    barred = {case.decision.proposer, *case.poll.candidates}
    if len(set(counters)) < 2 or set(counters) & barred:
        refuse(
            "two_counters",
            "须由两人以上共同计票，提议人和候选人不得计票",
            "two different people count, neither the proposer nor a candidate",
        )
    return counters


def _counts(case: Case, event: Event) -> dict[str, int]:
    sitting = case.sit()
    given = dict(event.data.get("counts", {}))
    box_adds_up(given)
    if sitting.ballots:
        roll = Roll({voter: Weight(heads=1) for voter in sitting.ballots})
        tally = count_ballots(roll, sitting.ballots.values())
        found = {k: w.heads for k, w in {**tally.choices, **tally.spoiled}.items()}
        differing = [k for k in found if given.get(k, found[k]) != found[k]]
        if differing:
            refuse(
                "count_differs",
                f"计票与所投的票不一致：{'、'.join(differing)}",
                f"the count differs from the ballots cast: {', '.join(differing)}",
            )
        given = {**found, **given}
    kinds = [k for k in (*CHOICES, *SPOILED) if k in given]
    name, total = presence_name(sitting), sum(given[k] for k in kinds)
    there = presence(case).get(name)
    if case.step.certify and there is not None and given.get(name, there) != there:
        refuse("present_differs", f"到会人数应为 {there}", f"{there} are present, not {given[name]}")
    if case.step.quorum_at == "count" and "heads_participating" in given and "no" in given:
        _participating_adds_up(sitting, given)
    there = given.get(name, there) if case.step.quorum_at == "opening" else None
    if there is not None and total > there:
        refuse(
            "more_votes_than_present",
            f"票数合计 {total} 多于到会 {there}",
            f"{total} votes exceed the {there} present",
        )
    return given


def _participating_adds_up(sitting: Sitting, given: dict[str, int]) -> None:
    """Heads taking part are those in favour, against and abstaining, and the spoiled ballots
    only if the notice said so."""
    kinds = [kind for kind in sitting.participating if kind != "yes"]
    total = given.get("heads_yes", 0) + sum(given.get(kind, 0) for kind in kinds)
    if total != given["heads_participating"]:
        refuse(
            "participating_differs",
            f"参与人数应为 {total}（{'、'.join(sitting.participating)}）",
            f"{total} take part by the rule of the notice ({', '.join(sitting.participating)})",
            sitting.pack.clause,
        )


def box_adds_up(counts: dict[str, int], voted: int | None = None) -> None:
    """Refuse box totals that do not reconcile."""
    if not any(key in counts for key in BOX):
        return
    lacking = [key for key in BOX if key not in counts]
    if lacking:
        refuse("box_incomplete", f"还缺：{'、'.join(lacking)}", f"still missing: {', '.join(lacking)}")
    issued, returned, unreturned, valid, invalid = (counts[key] for key in BOX)
    wrong = reconcile(issued, returned, unreturned, valid, invalid, voted)
    if wrong:
        raise Refused(Note("box_differs", wrong[0]))


def _warn_of(case: Case, pack: Pack, answer: Check) -> None:
    for note in answer.warnings:
        case.warn(note.code, note.text["zh"], note.text["en"], note.clause or pack.clause)


def certified(case: Case, event: Event) -> None:
    """Certify the count: by another person than proposer and counters, on a verified pack."""
    result, by = case.results[-1], event.data.get("by", "")
    if not by or by in (case.decision.proposer, *result.counters, *case.poll.candidates):
        refuse(
            "certifier",
            "确认人须与提议人、计票人、候选人不是同一人",
            "the certifier must be someone other than proposer, counters and candidates",
        )
    result.certified_by, result.certified_on = by, event.on
    if result.outcome == "passed":
        record = case.records[case.step.id]
        advance(case, event.on)
        record.pack = result.pack.id
    else:
        case.phase = "failed"


def may_certify(case: Case) -> Note | None:
    """Why the last result cannot be certified, if so."""
    pack, answer = case.results[-1].pack, case.results[-1].check
    wrong = [note.text for note in answer.warnings if note.code == "composition"] if answer else []
    if wrong:
        return Note("composition", joined(wrong), pack.clause)
    if pack.verified and not pack.yields_to:
        return None
    text = say(
        f"{pack.id} 未核定：只计算、提示，不予确认；可作为意见记录",
        f"{pack.id} is not verified: calculated, never certified; it may be recorded as advice",
    )
    return Note("unverified", text, pack.clause)


def recorded_as_advice(case: Case, event: Event) -> None:
    """The way out for a count on an unverified pack: it stands as advice."""
    case.status, case.phase = "advice", "end"


def recounted(case: Case, event: Event) -> None:
    """A recorded recount, correction order or judgment replaces the result, which then has to
    be certified anew; the old one stays on the record."""
    old = case.results[-1]
    if event.data.get("basis") not in ("recount", "order", "judgment"):
        refuse(
            "basis",
            "重新计票须有依据：recount、order 或 judgment",
            "a recount needs its basis: recount, order or judgment",
        )
    assert old.check is not None
    counters = tuple(event.data.get("counters", ()))
    if len(set(counters)) < 2 or case.decision.proposer in counters:
        refuse("two_counters", "须由两人以上共同计票", "two different people count")
    counts = {**old.counts, **event.data.get("counts", {})}
    box_adds_up(counts)
    values = {k: v for k, v in {**old.values, **counts}.items() if k in quantities()}
    answer = check(old.pack, values, old.check.on, old.mode)
    if answer.refusals:
        raise Refused(answer.refusals[0])
    old.replaced = True
    case.results.append(
        replace(
            old,
            on=event.on,
            outcome=answer.outcome,
            text=OUTCOMES[answer.outcome],
            check=answer,
            counts=counts,
            counters=counters,
            values=values,
            basis=event.data["basis"],
            certified_by="",
            certified_on=None,
            replaced=False,
        )
    )
