"""Random histories of decisions: plausible events, nonsense, and a driver that finds the way out."""

import copy
import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from yishi.engines.procedure.case import Case, open_case
from yishi.engines.procedure.checks import check, rule_conditions
from yishi.engines.procedure.events import CHINA, KINDS, Decision, Event
from yishi.engines.procedure.history import allowed, feed
from yishi.engines.procedure.meeting import presence
from yishi.engines.procedure.model import UnknownPack
from yishi.engines.procedure.packs import load_pack, pack_in_force, quantities
from yishi.engines.procedure.steps import load_procedure, procedures
from yishi.engines.tally.contests import runoff_candidates

START = datetime(2026, 1, 5, 9, tzinfo=CHINA)
LAST = datetime(2026, 9, 1, tzinfo=CHINA)
NAMES = ("甲", "乙", "丙", "丁")
RESOLVE = {
    "four_deliberations": ("VRA", "VA", "RC", "REO-MA", "REO-MRA", "VG"),
    "members_assembly": ("REO-MA", "REO-34"),
    "assembly": ("VA", "VRA", "VG", "RC"),
    "covenant": ("VA", "RC", "VRA"),
}


def random_decision(rng: random.Random, procedure: str) -> Decision:
    """A decision of one procedure with options thrown in by chance."""
    return Decision(
        procedure=procedure,
        resolve=rng.choice(RESOLVE.get(procedure, ("",))),
        item=rng.choice(("4", "8")) if procedure == "owners_vote" else rng.choice(("", "7", "10")),
        options=tuple(o for o in ("legality", "annual_papers", "consultation") if rng.random() < 0.5),
        overlays=("PARTY-4YI",) if rng.random() < 0.5 else (),
        local={"VPUB": ("posting=20",)} if rng.random() < 0.3 else {},
        same_head=rng.random() < 0.5,
        delegated=rng.random() < 0.8,
        charter_allows_proxy=rng.random() < 0.3,
        seats=rng.choice((1, 1, 2)),
        proposer="提议人",
    )


def pack_of(case: Case, at: datetime) -> Any:
    """The pack that the driver expects at the current step."""
    if case.sitting:
        return case.sitting.pack
    families = case.step.families or ("ROUND",)
    items = [f for f in families if case.decision.item in load_pack(f).facts.get("items", {})]
    chosen = case.decision.resolve if case.decision.resolve in families else (items or families)[0]
    try:
        return pack_in_force(chosen, at.date())
    except UnknownPack:
        return load_pack("ROUND")


def roll_of(pack: Any, mode: str) -> dict[str, int]:
    """Round wholes for every base of a pack."""
    rules = [pack.rules[name] for name in ("quorum", "valid", "pass") if name in pack.rules]
    bases = {c.base for rule in rules for c in rule_conditions(rule, mode)}
    counted = {c.have for rule in rules for c in rule_conditions(rule, mode)} | {"present"}
    bases -= counted
    return {b: 90_000 if quantities()[b].measure == "area" else 90 for b in bases if b in quantities()}


def first_mode(pack: Any) -> str:
    """One mode of meeting of a pack."""
    return next(iter(pack.rules["quorum"].modes)) if "quorum" in pack.rules else ""


def presence_of(pack: Any, mode: str, number: int) -> dict[str, int]:
    """So many present, under the pack's own name."""
    rule = pack.rules.get("quorum")
    return {rule_conditions(rule, mode)[0].have if rule else "present": number}


def counts_of(case: Case, pack: Any, yes: int) -> dict[str, int]:
    """A count in which everyone who is there votes, `yes` of them in favour."""
    mode = case.sitting.mode if case.sitting else ""
    roll = case.sitting.roll if case.sitting else {}
    if "heads_all" in roll:
        heads = min(80, roll["heads_all"])
        agree = min(yes, heads)
        areas = {"area_participating": 80_000, "area_yes": agree * 1000}
        return {"heads_participating": heads, "heads_yes": agree, **areas}
    if "affected_all" in roll:
        return {"affected_yes": roll["affected_all"] - (yes < 40)}
    there = next(iter(presence(case).values()), 80) if case.sitting else 80
    voting = there if case.step.certify else 80
    counts = {"yes": min(yes, voting), "no": max(0, voting - yes)}
    if case.sitting and case.sitting.ballots:
        counts = {}
    if not case.step.certify:
        counts |= presence_of(pack, mode, 80)
    voted = min(80, roll.get("registered", 80))
    return counts | ({"voters_who_voted": voted} if "valid" in pack.rules else {})


def plausible(case: Case, kind: str, at: datetime, rng: random.Random | None = None) -> dict[str, Any]:
    """Particulars with which an event of that kind can succeed (by chance fewer votes)."""
    pack, day = pack_of(case, at), at.date()
    mode = case.sitting.mode if case.sitting else first_mode(pack)
    yes = rng.randint(0, 80) if rng else 80
    posting = case.posting.open_objections() if case.posting else []
    contest = case.poll.contest
    due = runoff_candidates(contest, case.poll.votes) if contest else ()
    person = rng.choice(NAMES) if rng else "甲"
    polled = [name for names in case.poll.held.values() for name in names]
    principals = [*(case.sitting.proxies if case.sitting else ()), *polled]
    simple: Mapping[str, dict[str, Any]] = {
        "done": {"papers": case.step.needs},
        "notice_posted": {
            "meeting_on": day + timedelta(days=15),
            "roll": roll_of(pack, mode),
            "mode": mode,
            "states": ("time", "place", "matters"),
            "proof": "" if rng and rng.random() < 0.2 else "照片",
        },
        "notice_proved": {"proof": "照片"},
        "roll_changed": {"base": next(iter(roll_of(pack, mode)), ""), "number": 1, "reason": "death"},
        "meeting_opened": {"roll": roll_of(pack, mode), "mode": mode, "merged": bool(rng and rng.random() < 0.3)},
        "attendance_counted": {"counts": presence_of(pack, mode, 80)},
        "signed_in": {"person": person},
        "left": {"person": person},
        "recused": {"person": person},
        "cast": {"person": person, "marks": ("yes",)},
        "proxy_revoked": {"principal": principals[0] if principals else ""},
        "proxy_given": {
            "principal": person,
            "agent": "丁",
            "written": True,
            "same_household": True,
            "same_organisation": True,
            "full_capacity": True,
            "has_vote": True,
        },
        "counted": {"counters": ("一", "二"), "counts": counts_of(case, pack, yes)},
        "recounted": {"counters": ("一", "二"), "basis": "recount"},
        "certified": {"by": "三"},
        "reviewed": {"result": "return" if rng and rng.random() < 0.3 else "pass", "reason": "理由"},
        "posted": {"photo": True},
        "posting_checked": {"seen": bool(rng and rng.random() < 0.7)},
        "objected": {"id": person},
        "objection_answered": {"id": posting[0] if posting else "", "upheld": bool(rng and rng.random() < 0.3)},
        "posting_ended": {"photo": True},
        "roll_posted": {"registered": 90, "election_on": day + timedelta(days=25)},
        "candidates_posted": {"names": NAMES[: case.decision.seats + 1]},
        "poll_postponed": {"election_on": day + timedelta(days=25)},
        "runoff_opened": {"names": due},
        "contracted": {"amount": Decimal(100)},
        "paid": {"amount": Decimal(rng.choice((50, 100))) if rng else case.work.contracts - case.work.paid},
        "accepted": {"by": "验收人", "doer": "施工队"},
        "final_account": {"amount": case.work.paid or Decimal(1)},
        "withdrawn": {"by": "petitioners"},
        "annulled": {"by": "court"},
        "motion_changed": {"field": "budget", "material": bool(rng and rng.random() < 0.5)},
        "petition_received": {"supporters": supporters(case, at)},
    }
    data = dict(simple.get(kind, {}))
    if kind == "counted" and case.step.kind == "poll":
        data = poll_counts(case, rng)
    return data


def supporters(case: Case, at: datetime) -> dict[str, int]:
    """Half of everyone signs."""
    family = case.step.petition_family or case.decision.resolve or "OWN-MEET"
    try:
        rule = pack_in_force(family, at.date()).rules.get("petition")
    except UnknownPack:
        return {}
    return {c.have: 50 for c in rule.modes[""]} | {c.base: 100 for c in rule.modes[""]} if rule else {}


def poll_counts(case: Case, rng: random.Random | None) -> dict[str, Any]:
    """A poll or a run-off of 80 ballots; by chance too few, or a tie."""
    voted = rng.choice((30, 80, 80)) if rng else 80
    names = case.poll.candidates or NAMES
    top = rng.choice((20, 40, 41, 60)) if rng else 60
    votes = {
        name: min(voted, top) if i == 0 else min(voted, 80 - top) // max(1, len(names) - 1)
        for i, name in enumerate(names)
    }
    counts = {"voters_who_voted": voted, "ballots_cast": voted}
    return {"counters": ("一", "二"), "counts": counts, "votes": votes}


def random_event(rng: random.Random, case: Case, at: datetime, near: list[str]) -> Event:
    """Mostly what may come next, now and then anything at all, now and then back-dated."""
    kind = rng.choice(near) if near and rng.random() < 0.8 else rng.choice(tuple(KINDS))
    while kind in ("withdrawn", "annulled") and rng.random() < 0.99 and len(near) > 1:
        kind = rng.choice(near)
    data = plausible(case, kind, at, rng) if rng.random() < 0.9 else {}
    earlier = timedelta(days=rng.choice((0, 0, 0, 0, 0, 0, 0, 0, 0, 3)))
    return Event(at - earlier, kind, data)


def frozen(case: Case) -> Any:
    """Everything but the warnings, to see whether a refused event changed something."""
    kept = copy.deepcopy(case.__dict__)
    kept.pop("notes")
    return kept


ORDER = (
    *(
        "done",
        "reviewed",
        "notice_proved",
        "attendance_counted",
        "ballot_opened",
        "ballot_closed",
        "roll_settled",
        "objection_answered",
    ),
    *("posting_ended", "posted", "meeting_opened", "notice_posted", "runoff_opened", "certified", "recorded_as_advice"),
    *("counted", "final_account", "paid", "accepted", "redrafted", "roll_posted", "poll_opened", "candidates_posted"),
    *("poll_postponed", "petition_received"),
)


def way_out(case: Case) -> list[str]:
    """Drive a copy of the case to its end by allowed events only; the kinds it took.

    Raises `AssertionError` when the case is stuck.
    """
    case = copy.deepcopy(case)
    at = max(case.last_at, START)
    path: list[str] = []
    while case.status == "running":
        options = {one.kind: one for one in allowed(case)}
        for kind in (*[k for k in ORDER if k in options and path.count(k) < 6], "withdrawn"):
            soonest = options[kind].not_before if kind in options else None
            when = (
                at if soonest is None else max(at, datetime(soonest.year, soonest.month, soonest.day, 12, tzinfo=CHINA))
            )
            probe = Event(when, kind, plausible(case, kind, when))
            if kind == "notice_proved" and case.sitting and case.sitting.proof:
                continue
            if kind == "attendance_counted" and case.sitting and case.sitting.attendance:
                continue
            if kind in options and feed(case, probe) is None:
                path.append(kind)
                at = when
                break
        else:
            raise AssertionError(f"stuck at {case.procedure.id} {case.step.id} {case.phase}: {list(options)}")
        assert len(path) < 120, f"no end: {case.procedure.id} {case.step.id} {case.phase} {path}"
    return path


def sound(case: Case) -> None:
    """What must hold after any history; raises `AssertionError`."""
    steps = case.procedure.steps
    ended = case.status == "settled"
    until = len(steps) if ended else case.index
    for step in steps[:until]:
        record = case.records[step.id]
        assert record.state in ("done", "skipped"), (step.id, record)
        if record.state == "skipped":
            assert (step.option and step.option not in case.decision.options) or step.start, step.id
    for step in steps[until + 1 :]:
        assert case.records[step.id].state in ("waiting", "skipped")
    deciding = [i for i, step in enumerate(steps) if step.certify or step.kind == "poll"]
    if until > deciding[-1]:
        assert case.certified, "a step after the decision without a certified result"
    for result in case.results:
        if result.certified_on:
            assert result.pack.verified
            assert result.certified_by not in result.counters
        if result.check:
            again = check(result.pack, result.values, result.check.on, result.mode)
            assert again.outcome == result.outcome
            spoken = sum(result.counts.get(k, 0) for k in ("yes", "no", "abstain", "blank", "double"))
            there = result.values.get("present") if result.step == "resolve" else None
            assert there is None or spoken <= there or "heads_yes" in result.counts
    if case.status == "running":
        assert allowed(case)


def run(seed: int, procedure: str, length: int, careful: bool = True) -> tuple[Case, int]:
    """One random history; with `careful`, every refusal is checked to have changed nothing.
    Returns the case and how many events it took."""
    rng = random.Random(seed)
    case = open_case(random_decision(rng, procedure), load_procedure(procedure))
    at, taken, options = START, 0, allowed(case)
    for _ in range(length):
        if case.status != "running" or at > LAST:
            break
        before = frozen(case) if careful else None
        refused = feed(case, random_event(rng, case, at, [one.kind for one in options]))
        taken += 1
        if refused is not None and careful:
            assert frozen(case) == before, refused
        if careful:
            sound(case)
        options = allowed(case) if refused is None else options
        waits = [one.not_before for one in options if one.not_before]
        if waits and rng.random() < 0.5:
            soonest = min(waits)
            at = max(at, datetime(soonest.year, soonest.month, soonest.day, 9, tzinfo=CHINA))
        else:
            at += timedelta(hours=rng.choice((0, 1, 30)))
    sound(case)
    return case, taken


ALL = tuple(procedures())
