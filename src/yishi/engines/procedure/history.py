"""Replay of dated events: what they amount to, what may come next, what is refused and why."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from yishi.engines.procedure import after, count, election, meeting, notice
from yishi.engines.procedure.case import Case, Refused, go_back, next_step, open_case, refuse, skip
from yishi.engines.procedure.checks import Note
from yishi.engines.procedure.events import KINDS, Decision, Event
from yishi.engines.procedure.guards import GUARDS
from yishi.engines.procedure.headers import check_header
from yishi.engines.procedure.steps import load_procedure
from yishi.engines.words import Text, say

Handler = Callable[[Case, Event], None]
PHASES: dict[tuple[str, str], tuple[str, ...]] = {
    ("deed", "start"): ("done", "petition_received", "escalated"),
    ("review", "start"): ("reviewed",),
    ("meeting", "start"): ("notice_posted", "meeting_opened", "escalated"),
    ("meeting", "noticed"): (
        "meeting_opened",
        "notice_posted",
        "notice_proved",
        "roll_changed",
        "proxy_given",
        "proxy_revoked",
        "recused",
    ),
    ("meeting", "open"): (
        *("signed_in", "left", "proxy_given", "proxy_revoked", "recused", "attendance_counted"),
        *("ballot_opened", "counted", "adjourned"),
    ),
    ("meeting", "voting"): ("cast", "ballot_closed"),
    ("meeting", "closed"): ("counted",),
    ("meeting", "counted"): ("certified", "recorded_as_advice", "recounted"),
    ("meeting", "failed"): ("redrafted", "recounted"),
    ("posting", "start"): ("posted",),
    ("posting", "up"): ("posting_checked", "objected", "objection_answered", "posting_ended"),
    ("work", "start"): ("contracted", "paid", "accepted", "final_account"),
    ("roll", "start"): ("roll_posted",),
    ("roll", "posted"): ("objected", "objection_answered", "roll_settled"),
    ("poll", "start"): ("candidates_posted",),
    ("poll", "posted"): ("poll_opened", "proxy_given", "proxy_revoked", "candidates_posted", "poll_postponed"),
    ("poll", "open"): ("counted",),
    ("poll", "runoff"): ("counted",),
    ("poll", "counted"): ("certified", "runoff_opened"),
    ("poll", "void"): ("poll_postponed",),
}
ALWAYS = ("motion_changed", "withdrawn", "recounted", "annulled")
_PETITIONERS = "petitioners"


@dataclass(frozen=True, slots=True)
class Refusal:
    """An event that was refused: its place (from 1), the event, and the note."""

    number: int
    event: Event
    note: Note


@dataclass(frozen=True, slots=True)
class Allowed:
    """What may come next; `not_before` is the first day on which it can, where a period runs."""

    kind: str
    text: Text
    not_before: date | None = None


def feed(case: Case, event: Event) -> Note | None:
    """Apply one event to a case. Returns the note of a refusal (the case is then unchanged but
    for warnings), or None."""
    try:
        _handle(case, event)
    except Refused as refused:
        return refused.note
    case.last_at = event.at
    return None


def replay(decision: Decision, events: Iterable[Event]) -> tuple[Case, list[Refusal]]:
    """Replay a whole history; refused events are listed and change nothing.

    Raises `UnknownPack` for a procedure that does not exist, `EventError` for an option, overlay or
    local line that does not.
    """
    procedure = load_procedure(decision.procedure)
    check_header(decision, procedure)
    case = open_case(decision, procedure)
    refusals = []
    for number, event in enumerate(events, 1):
        note = feed(case, event)
        if note is not None:
            refusals.append(Refusal(number, event, note))
    return case, refusals


def allowed(case: Case) -> list[Allowed]:
    """What may come next, with the first day where a period runs. Empty only at the end."""
    return [
        Allowed(kind, KINDS[kind][0], _not_before(case, kind))
        for kind in dict.fromkeys((*PHASES.get((case.step.kind, case.phase), ()), *ALWAYS))
        if _blocked(case, kind) is None
    ]


def _handle(case: Case, event: Event) -> None:
    if event.at < case.last_at:
        refuse(
            "back_dated",
            f"早于上一事件（{case.last_at:%Y-%m-%d}），不得倒签",
            f"dated before the event of {case.last_at:%Y-%m-%d}: nothing is back-dated",
        )
    skipped = _skip_step_not_yet_law(case, event)
    try:
        blocked = _blocked(case, event.kind)
        if blocked is not None:
            raise Refused(blocked)
        _handler(case, event.kind)(case, event)
    except Refused:
        if skipped is not None:
            go_back(case, skipped)
        raise


def _skip_step_not_yet_law(case: Case, event: Event) -> int | None:
    """A step that the law asks for only from a later day is passed over by an event of an
    earlier day that belongs to the next step. Returns the place of the step passed over."""
    here, step = case.index, case.step
    if case.phase != "start" or step.start is None or event.on >= step.start:
        return None
    following = case.procedure.steps[next_step(case)]
    if event.kind == "done" or event.kind not in PHASES[following.kind, "start"]:
        return None
    skip(case)
    return here


def _handler(case: Case, kind: str) -> Handler:
    return BY_STEP.get((case.step.kind, kind)) or BY_KIND[kind]


def _blocked(case: Case, kind: str) -> Note | None:
    """Why an event of this kind cannot happen in this state at all; None when it can."""
    if case.status != "running" and not (kind == "annulled" and case.status == "settled"):
        return Note("closed", say("本事项已终结", "this matter is closed"))
    if kind not in PHASES.get((case.step.kind, case.phase), ()) and kind not in ALWAYS:
        where = case.step.title
        return Note(
            "not_now",
            say(
                f"现在是“{where['zh']}”，不能{KINDS[kind][0]['zh']}；法定步骤不能跳过",
                f"the step now is “{where['en']}” ({case.phase}): no “{KINDS[kind][0]['en']}” here;"
                " no statutory step is skipped",
            ),
            case.step.clause,
        )
    guard = GUARDS.get(kind)
    return guard(case) if guard else None


def _not_before(case: Case, kind: str) -> date | None:
    if kind == "meeting_opened" and case.sitting:
        return case.sitting.meeting_on
    if kind == "poll_opened":
        return case.poll.election_on
    if kind == "posting_ended":
        return after.posting_due(case.board())
    if kind == "roll_settled":
        try:
            return election.objection_due(case.board()) + timedelta(days=1)
        except Refused:
            return None
    return None


def motion_changed(case: Case, event: Event) -> None:
    """A material change returns the matter to the step that fixed the field; an erratum is
    listed and stops nothing."""
    name = event.data.get("field", "")
    case.text_hash = event.data.get("hash", "")
    if not event.data.get("material"):
        case.warn("erratum", f"{event.on} 勘误：{name}", f"{event.on} erratum: {name}")
        return
    steps = case.procedure.steps[: case.index + 1]
    index = next((i for i, step in enumerate(steps) if name in step.fixes), 0)
    case.version += 1
    go_back(case, index)


def redrafted(case: Case, event: Event) -> None:
    """Start over with a new draft; the result that failed stays on the record."""
    case.version, case.text_hash = case.version + 1, ""
    go_back(case, 0)


def withdrawn(case: Case, event: Event) -> None:
    """Taken back by whoever brought it; a petition only by its petitioners."""
    if case.obliged and event.data.get("by") != _PETITIONERS:
        refuse(
            "petition_binds",
            "联名达到法定人数，须由联名人撤回（by = petitioners）",
            "a sufficient petition binds: only its petitioners withdraw it (by = petitioners)",
        )
    case.status, case.phase = "withdrawn", "end"


def annulled(case: Case, event: Event) -> None:
    """A court or the town government annuls a certified decision."""
    if event.data.get("by") not in ("court", "town_government"):
        refuse(
            "annulled_by",
            "只有法院或镇街可以撤销（by = court、town_government）",
            "only a court or the town government annuls (by = court, town_government)",
        )
    case.status, case.phase = "annulled", "end"


def recounted(case: Case, event: Event) -> None:
    """Replace a result on a recorded basis; it must be certified again."""
    count.recounted(case, event)
    step = next(i for i, s in enumerate(case.procedure.steps) if s.id == case.results[-1].step)
    go_back(case, step)
    case.phase = "counted"


BY_KIND: Mapping[str, Handler] = {
    "notice_posted": notice.notice_posted,
    "notice_proved": notice.notice_proved,
    "roll_changed": notice.roll_changed,
    "meeting_opened": meeting.meeting_opened,
    "signed_in": meeting.signed_in,
    "left": meeting.left,
    "proxy_given": meeting.proxy_given,
    "proxy_revoked": meeting.proxy_revoked,
    "recused": meeting.recused,
    "attendance_counted": meeting.attendance_counted,
    "ballot_opened": meeting.ballot_opened,
    "cast": meeting.cast,
    "ballot_closed": meeting.ballot_closed,
    "adjourned": meeting.adjourned,
    "counted": count.counted,
    "certified": count.certified,
    "recorded_as_advice": count.recorded_as_advice,
    "motion_changed": motion_changed,
    "redrafted": redrafted,
    "withdrawn": withdrawn,
    "annulled": annulled,
    "recounted": recounted,
    **after.HANDLERS,
}
BY_STEP: Mapping[tuple[str, str], Handler] = election.HANDLERS
