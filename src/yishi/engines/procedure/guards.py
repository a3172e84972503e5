"""What stands in the way of an event before its particulars are looked at."""

from collections.abc import Callable

from yishi.engines.procedure import count, election, notice
from yishi.engines.procedure.case import EARLIEST, Case, Refused, pack_for
from yishi.engines.procedure.checks import Note
from yishi.engines.procedure.model import UnknownPack
from yishi.engines.words import Text, say


def _no(code: str, zh: str, en: str, clause: Text | None = None) -> Note:
    return Note(code, say(zh, en), clause)


def _withdrawn_guard(case: Case) -> Note | None:
    if case.certified:
        return _no("certified", "结果已确认，不能撤回", "the result is certified: no withdrawal")
    polling = case.step.kind == "poll" and case.phase == "open"
    if polling or case.phase in ("voting", "closed", "counted", "runoff"):
        return _no("voting", "表决已开始，须计票确认", "the vote has begun: count and certify it")
    return None


def _changed_guard(case: Case) -> Note | None:
    if case.certified:
        return _no("certified", "结果已确认，修改须另行决定", "certified: a change needs a new decision")
    if case.phase in ("voting", "closed", "counted", "failed") or case.step.kind in (
        "roll",
        "poll",
    ):
        return _no("voting", "表决已开始或已计票，不能修改", "the vote has begun: no change now")
    return None


def _recounted_guard(case: Case) -> Note | None:
    if not case.results or case.results[-1].check is None or case.phase in ("voting", "closed"):
        return _no("no_result", "没有可以重新计票的结果", "there is no result to recount")
    if not _deciding(case):
        return _no("no_result", "该步骤的结果已由后续步骤处理", "only the deciding vote is recounted")
    return None


def _deciding(case: Case) -> bool:
    step = next(s for s in case.procedure.steps if s.id == case.results[-1].step)
    return step.certify and (case.certified or case.phase in ("counted", "failed"))


def _notice_guard(case: Case) -> Note | None:
    if not case.step.notice:
        return _no("no_notice", "本步骤不需要会议通知", "this step has no statutory notice")
    return None


def _revoked_guard(case: Case) -> Note | None:
    given = case.sitting.proxies if case.sitting else [n for names in case.poll.held.values() for n in names]
    return None if given else _no("no_proxy", "没有登记委托", "no proxy is recorded")


def _opened_guard(case: Case) -> Note | None:
    if case.phase == "start" and case.step.notice:
        return _no("notice_first", "须先发出会议通知", "notice must be given first", _notice_clause(case))
    return None


def _notice_clause(case: Case) -> Text | None:
    """The article that asks for the notice, where the body and the law of the day are known already."""
    if case.last_at == EARLIEST:
        return None
    try:
        pack = pack_for(case, case.last_at.date())
        wait = notice.notice_period(case, pack, case.last_at.date())
    except (Refused, UnknownPack):
        return None
    return wait.clause if wait else None


def _counted_guard(case: Case) -> Note | None:
    if case.phase == "open" and case.step.certify:
        return _no("ballot_first", "须先开始并停止表决", "the ballot is opened and closed first")
    return None


def _runoff_guard(case: Case) -> Note | None:
    if not election.may_run_off(case):
        return _no("no_runoff", "没有须另行选举的名额", "no seat is left that needs a run-off")
    return None


def _certified_guard(case: Case) -> Note | None:
    if case.poll.contest is not None and case.poll.contest.tied:
        clause = election.runoff_law(case).clause
        return _no("tied", "得票相等，须先另行选举", "level votes: another vote comes first", clause)
    return count.may_certify(case)


def _advice_guard(case: Case) -> Note | None:
    if count.may_certify(case) is None:
        return _no("certifiable", "规则已核定，应当确认结果", "the pack is verified: certify the result")
    return None


def _open_objections_guard(case: Case) -> Note | None:
    waiting = case.board().open_objections()
    if waiting:
        ids = "、".join(waiting)
        return _no("objections_open", f"异议 {ids} 未答复", f"objections {ids} are not answered")
    return None


def _answer_guard(case: Case) -> Note | None:
    if not case.board().open_objections():
        return _no("no_objection", "没有待答复的异议", "no objection is waiting")
    return None


def _petition_guard(case: Case) -> Note | None:
    if not case.step.petition:
        return _no("no_petition_here", "本步骤不收联名", "a petition comes at the start")
    return None


def _escalated_guard(case: Case) -> Note | None:
    return None if case.obliged else _no("not_obliged", "尚无召集义务", "no duty to convene yet")


def _done_guard(case: Case) -> Note | None:
    if case.step.petition_required and not case.obliged:
        return _no("petition_first", "须先有达到法定人数的联名", "a sufficient petition comes first")
    return None


def _paid_guard(case: Case) -> Note | None:
    if case.work.paid >= case.work.contracts:
        return _no("beyond_contract", "没有未付的合同款", "nothing is left to pay under contract")
    return None


def _account_guard(case: Case) -> Note | None:
    return None if case.work.accepted else _no("not_accepted", "须先验收", "acceptance comes first")


def _annulled_guard(case: Case) -> Note | None:
    if not case.certified:
        return _no("no_result", "没有已确认的结果可撤销", "there is no certified result to annul")
    return None


GUARDS: dict[str, Callable[[Case], Note | None]] = {
    "done": _done_guard,
    "petition_received": _petition_guard,
    "escalated": _escalated_guard,
    "notice_posted": _notice_guard,
    "meeting_opened": _opened_guard,
    "proxy_revoked": _revoked_guard,
    "counted": _counted_guard,
    "certified": _certified_guard,
    "recorded_as_advice": _advice_guard,
    "recounted": _recounted_guard,
    "objection_answered": _answer_guard,
    "posting_ended": _open_objections_guard,
    "roll_settled": _open_objections_guard,
    "runoff_opened": _runoff_guard,
    "paid": _paid_guard,
    "final_account": _account_guard,
    "motion_changed": _changed_guard,
    "withdrawn": _withdrawn_guard,
    "annulled": _annulled_guard,
}
