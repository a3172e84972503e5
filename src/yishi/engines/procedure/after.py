"""Single acts, reviews, postings with objections, and the doing with its money."""

from datetime import date
from decimal import Decimal

from yishi.engines.calendar import CalendarUnpublished, posting_until
from yishi.engines.procedure.case import (
    Case,
    Posting,
    Refused,
    advance,
    go_back,
    refuse,
    with_locals,
)
from yishi.engines.procedure.checks import Note, check
from yishi.engines.procedure.events import Event
from yishi.engines.procedure.model import Pack, Period, UnknownPack
from yishi.engines.procedure.packs import pack_in_force


def done(case: Case, event: Event) -> None:
    """One act with the papers that the step needs; a late one is done, and noted as late."""
    step = case.step
    lacking = [paper for paper in step.needs if paper not in event.data.get("papers", ())]
    if lacking:
        refuse(
            "papers_missing",
            f"“{step.title['zh']}”还缺材料：{'、'.join(lacking)}",
            f"{step.title['en']}: papers still missing: {', '.join(lacking)}",
            step.clause,
        )
    if step.clock:
        family, rule = step.clock
        started = max((r.on for r in case.records.values() if r.on), default=event.on)
        late(case, event.on, started, pack_in_force(family, event.on).clocks[rule])
    case.same_text(event.data.get("hash", ""))
    advance(case, event.on)


def late(case: Case, on: date, started: date, clock: Period) -> None:
    """Note an act after its deadline; where no calendar is published, note that instead."""
    try:
        due = clock.due(started)
    except CalendarUnpublished as error:
        case.warn("calendar", error.text["zh"], error.text["en"])
        return
    if on > due.due:
        case.warn("late", f"超期：应于 {due.due} 前完成", f"late: it was due on {due.due}", due.clause)


def petition_received(case: Case, event: Event) -> None:
    """Enough supporters oblige the body to convene; too few are told how many are missing."""
    family = case.step.petition_family or _petition_family(case)
    try:
        pack = pack_in_force(family, event.on)
    except UnknownPack as error:
        refuse("no_law", f"{event.on} 没有适用的规则：{family or '—'}", str(error.args[0]))
    if "petition" not in pack.rules:
        refuse(
            "no_petition_rule",
            f"{pack.id} 没有（或尚未核定）联名召集的规定",
            f"{pack.id} has no verified rule on petitions",
            pack.clause,
        )
    answer = check(pack, event.data.get("supporters", {}), event.on)
    if "petition" not in answer.verdicts:
        raise Refused(answer.refusals[0])
    verdict = answer.verdicts["petition"]
    if not verdict.met:
        raise Refused(Note("petition_short", verdict.text, pack.clause))
    case.obliged = True
    case.warn(
        "obliged",
        f"联名达到法定人数，应当召集：{verdict.text['zh']}",
        f"the petition obliges convening: {verdict.text['en']}",
        pack.clause,
    )


def _petition_family(case: Case) -> str:
    deciding = next(step for step in case.procedure.steps if step.id == "resolve")
    return deciding.notice if deciding.notice != "pack" else case.decision.resolve


def escalated(case: Case, event: Event) -> None:
    """The body did not convene although obliged: the town is asked to see to it."""
    case.warn("escalated", f"{event.on} 已报请督促召集", f"{event.on} the town was asked to act")


def reviewed(case: Case, event: Event) -> None:
    """A review passes, or returns the draft to its beginning with a reason."""
    result = event.data.get("result")
    if result == "pass":
        advance(case, event.on)
    elif result == "return" and event.data.get("reason"):
        case.version, case.text_hash = case.version + 1, ""
        go_back(case, 0)
    else:
        refuse(
            "review_result",
            "审查结论须为 pass，或 return 并写明理由",
            "a review ends in pass, or in return with a reason",
        )


def posted(case: Case, event: Event) -> None:
    """Put the notice up, with a photo, under the posting rule of the day."""
    if not event.data.get("photo"):
        refuse("photo", "张贴时须拍照留存（photo）", "a photo of the posting is needed (photo)")
    case.same_text(event.data.get("hash", ""))
    pack: Pack | None = None
    try:
        pack = with_locals(case, pack_in_force(case.step.families[0], event.on))
    except UnknownPack:
        case.warn(
            "no_posting_law",
            f"{event.on} 没有法定张贴天数",
            f"no statutory posting period on {event.on}",
        )
    if pack and not pack.verified:
        for note in pack.notes:
            case.warn("unverified", note["zh"], note["en"], pack.clause)
    case.posting, case.phase = Posting(event.on, pack), "up"
    case.records[case.step.id].pack = pack.id if pack else ""


def posting_due(posting: Posting) -> date:
    """The first day on which the notice may come down, gaps added."""
    days = posting.pack.waits["posting"].amount if posting.pack else 0
    return posting_until(posting.posted_on, days, posting.gaps).due


def posting_checked(case: Case, event: Event) -> None:
    """Someone looked: a notice that is missing extends the posting by a day."""
    if not event.data.get("seen", False):
        case.board().gaps.add(event.on)
        case.warn("gap", f"{event.on} 张贴缺失，顺延", f"{event.on} notice missing: extended")


def objected(case: Case, event: Event) -> None:
    """An objection suspends: the posting cannot end before it is answered."""
    posting, id = case.board(), event.data.get("id", "")
    if not id or id in posting.objections:
        refuse("objection_id", "异议须有唯一编号", "an objection needs an id of its own")
    posting.objections[id] = None


def objection_answered(case: Case, event: Event) -> None:
    """Answer an objection; one that is upheld takes the notice down to be corrected."""
    posting, id = case.board(), event.data.get("id", "")
    if id not in posting.open_objections():
        refuse("no_objection", f"没有待答复的异议 {id}", f"no open objection {id!r}")
    posting.objections[id] = event.on
    if event.data.get("upheld"):
        case.warn("corrected", "异议成立，更正后重新张贴", "objection upheld: corrected, posted anew")
        case.posting, case.phase = None, "start"


def posting_ended(case: Case, event: Event) -> None:
    """Take the notice down after its full period, with a photo."""
    posting = case.board()
    due = posting_due(posting)
    if event.on < due:
        clause = posting.pack.waits["posting"].clause if posting.pack else None
        refuse(
            "posting_too_short",
            f"{posting.posted_on} 张贴，须满期，{due} 起方可撤下",
            f"posted {posting.posted_on}: it may come down from {due}",
            clause,
        )
    if not event.data.get("photo"):
        refuse("photo", "撤下前须拍照留存（photo）", "a photo at the end is needed (photo)")
    advance(case, event.on)


def contracted(case: Case, event: Event) -> None:
    """A contract for the work."""
    case.work.contracts += _amount(event)


def paid(case: Case, event: Event) -> None:
    """A payment, never beyond the contracts."""
    amount = _amount(event)
    if case.work.paid + amount > case.work.contracts:
        refuse(
            "beyond_contract",
            f"付款合计 {case.work.paid + amount} 超过合同 {case.work.contracts}",
            f"payments of {case.work.paid + amount} exceed contracts of {case.work.contracts}",
        )
    case.work.paid += amount


def _amount(event: Event) -> Decimal:
    if "amount" not in event.data:
        refuse("amount", "须写明金额", "give the amount")
    amount: Decimal = event.data["amount"]
    return amount


def accepted(case: Case, event: Event) -> None:
    """Acceptance by another than the doer; finishes the work where no money was decided or contracted.

    With `budget` (the motion had one) the work waits for the final account, be it of nothing.
    """
    by, doer = event.data.get("by", ""), event.data.get("doer", "")
    if not by or not doer or by == doer:
        refuse(
            "own_work",
            "验收人和实施人须写明，且不是同一人",
            "name who did and who accepts; nobody accepts their own work",
        )
    case.work.accepted = True
    if not case.work.contracts and not event.data.get("budget"):
        advance(case, event.on)


def final_account(case: Case, event: Event) -> None:
    """The final account equals what was paid; then the outcome can be disclosed."""
    if _amount(event) != case.work.paid:
        refuse(
            "account_differs",
            f"决算与付款合计 {case.work.paid} 不一致",
            f"the final account differs from the {case.work.paid} paid",
        )
    advance(case, event.on)


HANDLERS = {
    "done": done,
    "petition_received": petition_received,
    "escalated": escalated,
    "reviewed": reviewed,
    "posted": posted,
    "posting_checked": posting_checked,
    "objected": objected,
    "objection_answered": objection_answered,
    "posting_ended": posting_ended,
    "contracted": contracted,
    "paid": paid,
    "accepted": accepted,
    "final_account": final_account,
}
