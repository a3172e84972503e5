"""What a replayed decision says of itself, as plain values for JSON, pages and bundles."""

from collections.abc import Iterable
from typing import Any

from yishi.engines.calendar import CalendarUnpublished, same_day_after
from yishi.engines.procedure.case import Case, Result
from yishi.engines.procedure.events import KINDS
from yishi.engines.procedure.history import Refusal, allowed
from yishi.engines.procedure.packs import load_pack
from yishi.engines.words import Text, say

STATUS: dict[str, Text] = {
    "running": say("进行中", "under way"),
    "settled": say("办结归档", "settled and filed"),
    "withdrawn": say("已撤回", "withdrawn"),
    "annulled": say("已被撤销", "annulled"),
    "advice": say("仅作意见", "advice only"),
}
PHASE: dict[str, Text] = {
    "start": say("待开始", "to begin"),
    "noticed": say("已通知，待开会", "notice given, meeting to come"),
    "open": say("进行中", "open"),
    "voting": say("表决中", "voting"),
    "closed": say("停止表决，待计票", "closed, to be counted"),
    "counted": say("已计票，待确认", "counted, to be certified"),
    "failed": say("未通过", "not passed"),
    "posted": say("已公布", "posted"),
    "up": say("张贴中", "on the board"),
    "runoff": say("另行选举中", "run-off under way"),
    "void": say("选举无效", "void"),
    "end": say("终结", "ended"),
}


def report(case: Case, refusals: Iterable[Refusal] = ()) -> dict[str, Any]:
    """The state with its steps, results, what may come next, refusals and warnings.

    Shape: `status`, `step`, `phase`, `version`, `certified`, `obliged`, `steps[]`, `results[]`, `remedies[]`,
    `allowed[]`, `refusals[]`, `warnings[]`; every sentence is `{"zh", "en"}`, dates are ISO.
    """
    ended = case.status != "running"
    return {
        "procedure": case.procedure.id,
        "title": case.procedure.title,
        "matter": case.decision.title,
        "status": case.status,
        "status_text": STATUS[case.status],
        "step": None if ended else case.step.id,
        "step_title": None if ended else case.step.title,
        "phase": case.phase,
        "phase_text": PHASE[case.phase],
        "version": case.version,
        "certified": case.certified,
        "obliged": case.obliged,
        "text_hash": case.text_hash or None,
        "steps": [_step(case, i) for i in range(len(case.procedure.steps))],
        "results": [_result(result) for result in case.results],
        "remedies": [one for result in case.results if result.stands for one in _remedies(result)],
        "allowed": [{"event": one.kind, "text": one.text, "not_before": _iso(one.not_before)} for one in allowed(case)],
        "refusals": [_refusal(refusal) for refusal in refusals],
        "warnings": [note.as_json() for note in case.notes],
    }


def _step(case: Case, index: int) -> dict[str, Any]:
    step = case.procedure.steps[index]
    record = case.records[step.id]
    pack = load_pack(record.pack) if record.pack else None
    return {
        "id": step.id,
        "title": step.title,
        "state": record.state,
        "on": _iso(record.on),
        "pack": pack.id if pack else None,
        "clause": pack.clause if pack else step.clause,
    }


def _result(result: Result) -> dict[str, Any]:
    verdicts = result.check.verdicts.values() if result.check else ()
    return {
        "step": result.step,
        "pack": result.pack.id,
        "status": result.pack.status,
        "on": _iso(result.on),
        "outcome": result.outcome,
        "text": result.text,
        "verdicts": [verdict.as_json() for verdict in verdicts],
        "counts": dict(result.counts),
        "counters": list(result.counters),
        "elected": list(result.elected),
        "vacant": result.vacant,
        "basis": result.basis,
        "certified_by": result.certified_by or None,
        "certified_on": _iso(result.certified_on),
        "replaced": result.replaced,
    }


def _remedies(result: Result) -> list[dict[str, Any]]:
    """Until when the decision can be attacked; `due` is null while the calendar of that year is
    not published (the nominal day may then still move past a rest day)."""
    out = []
    for family, rule in result.pack.facts.get("remedies", ()):
        clock = load_pack(family).clocks[rule]
        start = result.certified_on or result.on
        try:
            due = _iso(clock.due(start).due)
        except CalendarUnpublished:
            due = None
        nominal = same_day_after(start, 12 * clock.amount)
        out.append({"pack": family, "rule": rule, "nominal": _iso(nominal), "due": due, "clause": clock.clause})
    return out


def _refusal(refusal: Refusal) -> dict[str, Any]:
    return {
        "number": refusal.number,
        "at": refusal.event.at.isoformat(),
        "event": refusal.event.kind,
        "event_text": KINDS[refusal.event.kind][0],
        **refusal.note.as_json(),
    }


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None
