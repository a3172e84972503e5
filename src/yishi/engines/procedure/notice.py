"""Notice of a meeting: the competent body, the pack of the day, the frozen roll, the wait."""

from datetime import date, timedelta

from yishi.engines.procedure.case import Case, Sitting, pack_for, refuse, with_locals
from yishi.engines.procedure.checks import rule_conditions
from yishi.engines.procedure.events import Event
from yishi.engines.procedure.model import Pack, Period
from yishi.engines.procedure.packs import pack_in_force
from yishi.engines.tally.ballots import CHOICES, SPOILED
from yishi.engines.words import articles_text

GONE = ("death", "loss_of_status")


def notice_posted(case: Case, event: Event) -> None:
    """Fix pack, mode, roll and day of the meeting."""
    data, pack = event.data, pack_for(case, event.on)
    competent(case, pack)
    states = {"time", "place", "matters"} & set(pack.facts.get("notice_must_state", ()))
    if not states <= set(data.get("states", ())):
        refuse(
            "notice_incomplete",
            "通知须写明会议时间、地点和审议事项（states）",
            "the notice must state time, place and matters (states)",
            pack.clause,
        )
    meeting_on = data.get("meeting_on")
    if meeting_on is None:
        refuse("no_day", "通知须写明开会日期 meeting_on", "the notice must name the day: meeting_on")
    _wait(case, event, pack, meeting_on)
    extra = tuple(data.get("participating", ()))
    if not set(extra) <= set(SPOILED):
        refuse(
            "participating_unknown",
            "participating 只能是 blank、double：无效票是否算参与",
            "participating may only be blank, double: whether spoiled ballots take part",
        )
    mode = chosen_mode(pack, data.get("mode", ""))
    sitting = Sitting(pack, event.on, mode, meeting_on, dict(data.get("roll", {})))
    sitting.participating = (*CHOICES, *extra)
    sitting.proof = data.get("proof", "")
    roll_complete(sitting)
    case.same_text(data.get("hash", ""))
    case.sitting, case.phase = sitting, "noticed"


def notice_proved(case: Case, event: Event) -> None:
    """Evidence that the notice was given: photo, delivery list, receipts."""
    if not event.data.get("proof"):
        refuse("no_proof", "须写明凭证（proof）", "say what the proof is (proof)")
    case.sit().proof = event.data["proof"]


def notice_period(case: Case, pack: Pack, on: date) -> Period | None:
    """The wait between notice and meeting that the current step asks for, if any."""
    if case.step.notice in ("", "pack"):
        return pack.waits.get("notice")
    return with_locals(case, pack_in_force(case.step.notice, on)).waits.get("notice")


def _wait(case: Case, event: Event, pack: Pack, meeting_on: date) -> None:
    wait = notice_period(case, pack, event.on)
    days = wait.amount if wait else 0
    waived = event.data.get("special_circumstances") is True
    if waived and pack.facts.get("notice_exception") == "special_circumstances":
        case.warn("notice_waived", "因特殊情况缩短通知期", "notice shortened for special reasons")
        days = 0
    earliest = event.on + timedelta(days=days)
    for lead_on, period in _leads(case):
        earliest = max(earliest, lead_on + timedelta(days=period.amount))
    if meeting_on < earliest:
        clause = wait.clause if wait else pack.clause
        refuse(
            "notice_too_short",
            f"须提前 {days} 日通知：{event.on} 通知，最早 {earliest} 开会（建议再多一日）",
            f"{days} days' notice: posted {event.on}, the meeting can be on {earliest}"
            " at the earliest (one more clear day is recommended)",
            clause,
        )


def _leads(case: Case) -> list[tuple[date, Period]]:
    out = []
    for step in case.procedure.steps:
        done = case.records[step.id].on
        if step.lead and done:
            family, rule = step.lead
            out.append((done, pack_in_force(family, done).waits[rule]))
    return out


def competent(case: Case, pack: Pack) -> None:
    """Refuse a body that the law does not let decide this matter; a step that only prepares decides nothing."""
    if not case.step.certify:
        return
    decision, facts = case.decision, pack.facts
    item, matter = decision.item, case.step.matter or decision.matter
    body = pack.title
    if item in facts.get("excluded_items", {}):
        what = facts["excluded_items"][item]
        refuse(
            "not_competent",
            f"第 {item} 项须由成员大会决定，不能由{body['zh']}决定",
            f"item {item} ({what}) belongs to the members' assembly, not to the {body['en'].lower()}",
            articles_text(pack.law.name, (facts["excluded_by"],)),
        )
    kept = facts.get("kept_by_assembly", {})
    if matter in kept:
        refuse(
            "not_competent",
            f"此事须由村民会议决定，{body['zh']}不能代替",
            f"this matter is kept by the villagers' assembly; the {body['en'].lower()} cannot replace it",
            articles_text(pack.law.name, (kept[matter],)),
        )
    if facts.get("delegated_only") and not decision.delegated:
        refuse(
            "not_delegated",
            "代表会议只能决定村民会议授权的事项（delegated）",
            "representatives decide only what the villagers' assembly delegated (delegated)",
            pack.clause,
        )


def chosen_mode(pack: Pack, mode: str) -> str:
    """How an assembly meets where the law gives a choice; refused where none was made."""
    modes = pack.rules["quorum"].modes if "quorum" in pack.rules else {"": ()}
    if len(modes) == 1:
        return ""
    if mode not in modes:
        refuse(
            "mode_missing",
            f"通知时须选定开会方式 mode：{'、'.join(modes)}，不得混用",
            f"choose at notice how to meet (mode): {', '.join(modes)}; never mixed",
            pack.clause,
        )
    return mode


def roll_complete(sitting: Sitting) -> None:
    """Every whole of the quorum and pass rules that is fixed before the meeting is given."""
    rules = [sitting.pack.rules[k] for k in ("quorum", "valid", "pass") if k in sitting.pack.rules]
    conditions = [c for rule in rules for c in rule_conditions(rule, sitting.mode)]
    counted = {c.have for c in conditions} | {"present"}
    early = sorted(counted & sitting.roll.keys())
    if early:
        refuse(
            "roll_too_much",
            f"名册只写全体人数，到会和票数在会上清点：{'、'.join(early)}",
            f"the roll holds wholes only; presence and votes are counted at the meeting: {', '.join(early)}",
        )
    same = sitting.pack.same
    lacking = sorted(
        c.base
        for c in conditions
        if c.base not in counted and c.base not in sitting.roll and same.get(c.base) not in sitting.roll
    )
    if lacking:
        refuse(
            "roll_missing",
            f"通知时须冻结名册人数：{'、'.join(dict.fromkeys(lacking))}",
            f"freeze the roll at notice: give {', '.join(dict.fromkeys(lacking))}",
            sitting.pack.clause,
        )


def roll_changed(case: Case, event: Event) -> None:
    """Death or loss of status leaves the whole before the opening; joining is only listed."""
    sitting, reason = case.sit(), event.data.get("reason", "")
    base, number = event.data.get("base", ""), event.data.get("number", 1)
    if base not in sitting.roll or number > sitting.roll[base]:
        refuse("roll_unknown", f"名册没有 {base} 或人数不足", f"the roll has no such {base!r}")
    if reason not in (*GONE, "joined"):
        refuse(
            "reason_unknown",
            "变动原因须为 death、loss_of_status 或 joined",
            "the reason must be death, loss_of_status or joined",
        )
    if reason in GONE:
        sitting.roll[base] -= number
    case.warn(
        "roll_changed",
        f"{event.on} 名册变动：{base} {reason} {number}",
        f"{event.on} roll changed: {base} {reason} {number}",
    )
