"""The state of one decision while its events are replayed, and how a refusal is said."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Literal, NoReturn

from yishi.engines.procedure.checks import Check, Note
from yishi.engines.procedure.events import Decision
from yishi.engines.procedure.floors import BelowFloor, LocalRule, read_local, with_local
from yishi.engines.procedure.model import Pack, UnknownPack
from yishi.engines.procedure.packs import load_pack, pack_in_force
from yishi.engines.procedure.steps import Procedure, Step
from yishi.engines.tally.ballots import Ballot
from yishi.engines.tally.contests import Contest
from yishi.engines.words import Text, say

Status = Literal["running", "settled", "withdrawn", "annulled", "advice"]
EARLIEST = datetime.min.replace(tzinfo=UTC)
StepState = Literal["waiting", "current", "done", "skipped"]


class Refused(Exception):
    """An event that may not happen now: the note says why, with the clause."""

    def __init__(self, note: Note) -> None:
        self.note = note
        super().__init__(note.text["en"])


def refuse(code: str, zh: str, en: str, clause: Text | None = None) -> NoReturn:
    """Refuse the event at hand."""
    raise Refused(Note(code, say(zh, en), clause))


@dataclass
class Sitting:
    """One meeting: its pack (fixed at notice), frozen roll, who is there, who voted (ballots by voter)."""

    pack: Pack
    record_on: date
    mode: str = ""
    meeting_on: date | None = None
    roll: dict[str, int] = field(default_factory=dict)
    participating: tuple[str, ...] = ()
    present: dict[str, str] = field(default_factory=dict)
    proxies: dict[str, str] = field(default_factory=dict)
    recused: set[str] = field(default_factory=set)
    attendance: dict[str, int] = field(default_factory=dict)
    ballots: dict[str, Ballot] = field(default_factory=dict)
    merged: bool = False
    proof: str = ""


@dataclass
class Posting:
    """A notice on the board: posted when, seen missing when, objections and their answers."""

    posted_on: date
    pack: Pack | None
    gaps: set[date] = field(default_factory=set)
    objections: dict[str, date | None] = field(default_factory=dict)

    def open_objections(self) -> list[str]:
        """Ids without an answer."""
        return [id for id, answered in self.objections.items() if answered is None]


@dataclass
class Work:
    """Doing: money out, who did it and who accepted it."""

    contracts: Decimal = Decimal(0)
    paid: Decimal = Decimal(0)
    accepted: bool = False


@dataclass
class Poll:
    """An election: roll, candidates, count and run-off."""

    registered: int = 0
    roll_on: date | None = None
    election_on: date | None = None
    candidates: tuple[str, ...] = ()
    held: dict[str, list[str]] = field(default_factory=dict)
    votes: Mapping[str, int] = field(default_factory=dict)
    contest: Contest | None = None
    elected: tuple[str, ...] = ()
    runoffs: int = 0
    open_seats: int = 0


@dataclass
class Result:
    """An outcome as it was reckoned, under the pack of its record date; never restated."""

    step: str
    pack: Pack
    on: date
    outcome: str
    text: Text
    check: Check | None
    counts: Mapping[str, int]
    counters: tuple[str, ...]
    values: Mapping[str, int] = field(default_factory=dict)
    mode: str = ""
    elected: tuple[str, ...] = ()
    vacant: int = 0
    basis: str = "count"
    certified_by: str = ""
    certified_on: date | None = None
    replaced: bool = False

    @property
    def stands(self) -> bool:
        """Whether this is a certified decision that nothing has replaced."""
        return self.certified_on is not None and self.outcome == "passed" and not self.replaced


@dataclass
class StepRecord:
    """How far a step has come."""

    state: StepState = "waiting"
    on: date | None = None
    pack: str = ""


@dataclass
class Case:
    """Everything that the events so far amount to."""

    decision: Decision
    procedure: Procedure
    index: int = 0
    phase: str = "start"
    status: Status = "running"
    version: int = 1
    last_at: datetime = EARLIEST
    obliged: bool = False
    text_hash: str = ""
    records: dict[str, StepRecord] = field(default_factory=dict)
    sitting: Sitting | None = None
    posting: Posting | None = None
    work: Work = field(default_factory=Work)
    poll: Poll = field(default_factory=Poll)
    results: list[Result] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    @property
    def step(self) -> Step:
        """The step that the decision is at."""
        return self.procedure.steps[self.index]

    @property
    def certified(self) -> bool:
        """Whether a certified decision stands."""
        return any(r.stands for r in self.results)

    def same_text(self, given: str) -> None:
        """Refuse another text than the one before the body; remember the first one named."""
        if given and self.text_hash not in ("", given):
            refuse(
                "other_text",
                "文本与已提交的方案不一致，修改须走“修改方案”",
                "this is not the text before the body; a change is an act of its own",
            )
        self.text_hash = given or self.text_hash

    def sit(self) -> Sitting:
        """The meeting under way."""
        assert self.sitting is not None
        return self.sitting

    def board(self) -> Posting:
        """The notice on the board."""
        assert self.posting is not None
        return self.posting

    def warn(self, code: str, zh: str, en: str, clause: Text | None = None) -> None:
        """Note something that people should know; said once."""
        note = Note(code, say(zh, en), clause)
        if note not in self.notes:
            self.notes.append(note)


def open_case(decision: Decision, procedure: Procedure) -> Case:
    """A decision before its first event, at the first step that it asks for."""
    case = Case(decision, procedure)
    case.records = {step.id: StepRecord() for step in procedure.steps}
    case.index = -1
    _enter_next(case)
    return case


def advance(case: Case, on: date) -> None:
    """Finish the current step and go to the next that applies; after the last one, settle."""
    record = case.records[case.step.id]
    record.state, record.on = "done", on
    if case.sitting:
        record.pack = case.sitting.pack.id
    _enter_next(case)


def go_back(case: Case, index: int) -> None:
    """Return to an earlier step, or restart the current one; what follows is to be redone."""
    for step in case.procedure.steps[index:]:
        case.records[step.id] = StepRecord()
    case.index = index - 1
    _enter_next(case)


def skip(case: Case) -> None:
    """Pass over the current step, which the law of the day does not ask for."""
    case.records[case.step.id].state = "skipped"
    _enter_next(case)


def next_step(case: Case) -> int:
    """The place of the next step that this decision has; one past the end when none is left."""
    steps, options = case.procedure.steps, case.decision.options
    for index in range(case.index + 1, len(steps)):
        if not steps[index].option or steps[index].option in options:
            return index
    return len(steps)


def _enter_next(case: Case) -> None:
    case.phase, case.posting, case.sitting = "start", None, None
    following = next_step(case)
    for step in case.procedure.steps[case.index + 1 : following]:
        case.records[step.id].state = "skipped"
    if following == len(case.procedure.steps):
        case.status, case.phase = "settled", "end"
        return
    case.index = following
    case.records[case.step.id].state = "current"


def pack_for(case: Case, on: date) -> Pack:
    """The pack of the current step in force on the record date, made stricter by the local
    rules of the decision. Refuses where no pack is in force or none was chosen."""
    family = _family(case)
    try:
        pack = pack_in_force(family, on)
    except UnknownPack as error:
        refuse("no_law", f"{on} 没有适用的规则：{family}", str(error.args[0]))
    return with_locals(case, pack)


def _family(case: Case) -> str:
    families, decision = case.step.families, case.decision
    if len(families) == 1:
        return families[0]
    items = {f: load_pack(f).facts["items"] for f in families if "items" in load_pack(f).facts}
    for family, known_items in items.items():
        if decision.item in known_items:
            return family
    if decision.resolve in families and not items:
        return decision.resolve
    known = "、".join(families)
    refuse(
        "no_body",
        f"先定由谁决定：resolve 须为 {known} 之一（业主表决须写明事项 item）",
        f"say first who decides: resolve must be one of {', '.join(families)} (an owners' vote must name its item)",
    )


def with_locals(case: Case, pack: Pack) -> Pack:
    """The pack with the overlays and local lines of the decision; weaker ones are set aside
    with a warning."""
    for id in case.decision.overlays:
        overlay = load_pack(id)
        if overlay.overlays != pack.id:
            continue
        lines = [
            LocalRule(rule.id, c.fraction, c.op, c.have, c.base)
            for rule in overlay.rules.values()
            for conditions in rule.modes.values()
            for c in conditions
        ]
        pack = _with(case, pack, lines, overlay.clause)
    for line in case.decision.local.get(pack.id, ()):
        pack = _with(case, pack, [read_local(line)], None)
    return pack


def _with(case: Case, pack: Pack, lines: list[LocalRule], name: Text | None) -> Pack:
    try:
        return with_local(pack, lines, name)
    except BelowFloor as error:
        for answer in error.answers:
            text = answer.text
            case.warn("below_floor", text["zh"], text["en"], answer.clause)
        return pack
