"""One decision: its only loader, where it stands, its results with their arithmetic, what may come next and by whom."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yishi.core import clock
from yishi.core.masking import masked_for_board
from yishi.core.verdicts import Refusal, hidden, require
from yishi.decisions import permissions, rules
from yishi.decisions.models import Decision, DecisionEvent
from yishi.decisions.selectors import rounds
from yishi.decisions.selectors.law import asked_of, local_basis
from yishi.decisions.voting.rounds import candidates_of, with_names
from yishi.engines.procedure import Case, allowed
from yishi.engines.procedure.case import Result
from yishi.engines.procedure.checks import OUTCOMES
from yishi.engines.procedure.events import KINDS
from yishi.engines.procedure.reports import PHASE
from yishi.engines.procedure.steps import Step
from yishi.engines.tally.lines import Line
from yishi.network.viewers import Viewer

CONVENOR, SUPERVISOR, TOWN = gettext_lazy("召集的组织"), gettext_lazy("监督委员会或镇街"), gettext_lazy("镇街")
ANYONE, HANDLER, VOTERS = gettext_lazy("任何人"), gettext_lazy("提出人或召集的组织"), gettext_lazy("有表决权的人")
WHO = {
    "notice_posted": CONVENOR, "notice_proved": CONVENOR, "meeting_opened": CONVENOR, "roll_changed": CONVENOR,
    "attendance_counted": CONVENOR, "ballot_opened": CONVENOR, "ballot_closed": CONVENOR, "adjourned": CONVENOR,
    "signed_in": VOTERS, "cast": VOTERS, "proxy_given": VOTERS, "proxy_revoked": VOTERS, "recused": VOTERS, "left": VOTERS,
    "counted": gettext_lazy("两名计票人（不能是提出人、候选人）"), "recounted": gettext_lazy("两名计票人（不能是提出人、候选人）"),
    "certified": gettext_lazy("监督委员会、监事或镇街（不能是提出人、计票人）"), "recorded_as_advice": SUPERVISOR,
    "reviewed": TOWN, "posted": SUPERVISOR, "posting_checked": ANYONE, "objected": ANYONE, "objection_answered": CONVENOR,
    "posting_ended": SUPERVISOR, "contracted": CONVENOR, "paid": CONVENOR, "accepted": SUPERVISOR,
    "final_account": CONVENOR, "motion_changed": HANDLER, "redrafted": HANDLER, "withdrawn": HANDLER,
    "petition_received": gettext_lazy("联名人"), "escalated": gettext_lazy("联名人"),
    "annulled": gettext_lazy("法院或镇街"), "roll_posted": CONVENOR, "roll_settled": CONVENOR,
    "candidates_posted": CONVENOR, "poll_opened": CONVENOR, "poll_postponed": CONVENOR, "runoff_opened": CONVENOR,
}  # fmt: skip
SELDOM = frozenset({"withdrawn", "annulled", "recounted", "motion_changed"})


def get_decision_for(viewer: Viewer, reference: str) -> Decision:
    """The decision under a public number, for this viewer; one query.

    Raises:
        Refusal: hidden (404) where there is none or it is not theirs to see.
    """
    rows = Decision.objects.select_related("town", "organisation__area", "area", "matter", "proposer")
    found = rows.filter(reference=reference).first()
    if found is None:
        raise Refusal(hidden())
    require(permissions.may_see_decision(viewer, found))
    return found


def read_case(decision: Decision) -> tuple[Case, list[DecisionEvent]]:
    """What the stored events amount to, and the events; one query."""
    rows = list(decision.events.order_by("number"))
    case = rules.open_new(decision)
    return rules.replayed(decision, case, rows), rows


@dataclass(frozen=True, slots=True)
class SpineStep:
    """A step as the spine draws it: what the law asks of it, and how far it has come."""

    id: str
    title: str
    state: str
    on: dt.date | None
    who: str
    text: str
    clause: str
    verified: bool
    local: tuple[tuple[str, str], ...] = ()


def spine(decision: Decision, case: Case) -> list[SpineStep]:
    """The decision's steps in order; those that it does not have are left out. No query."""
    found = []
    for step in case.procedure.steps:
        record = case.records[step.id]
        if record.state != "skipped":
            found.append(_spine_step(decision, case, step, record.state, record.on))
    return found


def _spine_step(decision: Decision, case: Case, step: Step, state: str, on: dt.date | None) -> SpineStep:
    running = case.status == "running"
    drawn = {"done": "done", "current": "here" if running else "next"}.get(state, "next")
    asked = asked_of(case, step, on or clock.today())
    now = rules.spoken(PHASE[case.phase]) if drawn == "here" and case.phase != "start" else ""
    text = rules.clauses((now, asked.text))
    clause = rules.spoken(rules.clause_of(decision, asked.clause))
    verified = asked.verified and not rules.by_analogy(decision, asked.clause)
    return SpineStep(step.id, rules.spoken(step.title), drawn, on, _who(decision, step), text, clause, verified, asked.local)  # fmt: skip


def _who(decision: Decision, step: Step) -> str:
    if step.id == "study":
        return _("党组织")
    if step.kind == "review":
        return str(TOWN)
    return decision.organisation.shown if step.kind in ("deed", "work") else ""


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line to reach: for the number line and in words. Areas are in hundredths of a square metre."""

    rule: str
    have: int
    need: int
    whole: int
    hundredths: bool
    met: bool
    text: str
    drawable: bool
    basis: str = ""


@dataclass(frozen=True, slots=True)
class ShownResult:
    """A result with its arithmetic. ``why`` says in plain words what was missing."""

    step: str
    title: str
    outcome: str
    outcome_text: str
    on: dt.date
    pack: str
    decides: bool
    law: str
    clause: str
    verified: bool
    certified_on: dt.date | None
    replaced: bool
    detail: str
    lines: list[ShownLine]
    why: list[str]
    elected: tuple[str, ...]
    vacant: int
    votes: dict[str, int] = field(default_factory=dict)

    @property
    def passed(self) -> bool:
        """Whether it passed."""
        return self.outcome == "passed"


RULES = {"quorum": gettext_lazy("到会够不够"), "valid": gettext_lazy("投票够不够"), "pass": gettext_lazy("赞成够不够"),
         "elected": gettext_lazy("得票够不够"), "floor": gettext_lazy("得票够不够")}  # fmt: skip


def results_of(decision: Decision, case: Case, rows: Iterable[DecisionEvent]) -> list[ShownResult]:
    """Every result of the decision, oldest first; one query for the names of candidates, where there are any."""
    polls = [row.data["votes"] for row in rows if row.kind == "counted" and "votes" in row.data]
    labels = candidates_of(decision) if polls else {}
    votes = iter(polls)
    shown = [_shown_result(case, r, next(votes, {}) if r.check is None else {}, labels) for r in case.results]
    return _rounds(shown)


def _rounds(shown: list[ShownResult]) -> list[ShownResult]:
    """Rounds of one election are certified with its last, which alone says what stays vacant."""
    last = shown[-1] if shown else None
    if last is None or not last.votes:
        return shown
    return [replace(r, certified_on=last.certified_on, vacant=0) if r.votes and r is not last else r for r in shown]


def _shown_result(case: Case, result: Result, votes: dict[str, int], labels: dict[str, str]) -> ShownResult:
    step = next(s for s in case.procedure.steps if s.id == result.step)
    verdicts = result.check.verdicts if result.check else {}
    taking_part = step.quorum_at == "count"
    lines = [
        _shown_line(name, line, taking_part, local_basis(case, result.pack, name, line))
        for name, v in verdicts.items() for line in v.lines if name in RULES
    ]  # fmt: skip
    named = {labels.get(code, code): n for code, n in votes.items()}
    lines += rounds.lines_of(case, result, named) if votes else []
    return ShownResult(
        step=step.id, title=rounds.name_of(result.pack, rules.spoken(step.title)), outcome=result.outcome, outcome_text=rules.spoken(next(t for known, t in OUTCOMES.items() if known == result.outcome)),
        detail="" if result.check else with_names(rules.spoken(result.text), labels),
        on=result.on, pack=result.pack.id,
        decides=step.certify or step.kind == "poll", law=rules.spoken(result.pack.law.name), clause=rules.spoken(result.pack.clause),
        verified=result.pack.verified, certified_on=result.certified_on, replaced=result.replaced, lines=lines,
        why=[line.text for line in lines if not line.met and not votes], elected=tuple(labels.get(c, c) for c in result.elected), vacant=result.vacant,
        votes=named,
    )  # fmt: skip


def _line_title(title: str, line: Line) -> str:
    """Where owners vote, by area and by heads are two lines, and each says which it is."""
    if line.name.startswith("area"):
        return _("%(line)s（按面积，平方米）") % {"line": title}
    return _("%(line)s（按人数）") % {"line": title} if line.name.startswith("heads") else title


def _shown_line(rule: str, line: Line, taking_part: bool, basis: str) -> ShownLine:
    area = line.name.startswith("area")
    return ShownLine(
        _line_title(_("参与够不够") if taking_part and rule == "quorum" else str(RULES[rule]), line),
        line.have,
        line.need,
        line.base,
        area,
        line.met,
        rules.spoken(line.text),
        line.base >= line.need,
        basis,
    )


@dataclass(frozen=True, slots=True)
class Coming:
    """What may come next, by whom, and from which day."""

    kind: str
    text: str
    who: str
    not_before: dt.date | None


def coming(decision: Decision, case: Case) -> list[Coming]:
    """What the procedure allows now, with who may do it; what is seldom done is left out. No query."""
    step = case.step if case.status == "running" else None
    found = []
    for one in allowed(case):
        if one.kind in SELDOM:
            continue
        who = (
            _("党组织")
            if one.kind == "done" and step is not None and step.id == "study"
            else WHO.get(one.kind, HANDLER)
        )
        found.append(Coming(one.kind, rules.spoken(one.text), str(who), one.not_before))
    return found


def can_be_done(case: Case) -> list[str]:
    """In plain words: what can be done where a vote failed or a meeting cannot decide."""
    if case.phase == "failed":
        return [
            _("重新拟订：写出新的方案和理由，从第一步再走；这次的结果留在记录里。"),
            _("第二次开会不降低比例；法定比例只能靠多到会、多赞成来达到。"),
            _("对计票有疑问的，可以申请重新计票，由两人共同计票并写明依据。"),
        ]
    if case.phase == "void":
        return [_("另定选举日，重新投票；比例不变。")]
    if case.status == "running" and case.results and not case.results[-1].pack.verified:
        return [_("适用的条文尚未核定：只计算和提示，不予确认；可以作为意见记录，或等条文录入后再表决。")]
    return []


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """An event of the procedure, for the record."""

    number: int
    at: dt.datetime
    text: str
    detail: str


def history(rows: Iterable[DecisionEvent]) -> list[HistoryLine]:
    """The events in order, without persons."""
    return [HistoryLine(r.number, r.at, rules.spoken(KINDS[r.kind][0]), _detail(r)) for r in rows]


def _detail(row: DecisionEvent) -> str:
    data: dict[str, Any] = row.data
    if row.kind in ("contracted", "paid", "final_account"):
        return _("%(amount)s 元") % {"amount": data.get("amount", "")}
    return masked_for_board(str(data.get("reason") or data.get("place") or data.get("meeting_on") or ""))[0]
