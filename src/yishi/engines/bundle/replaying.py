"""The events of a bundle replayed, with what later checks ask of each place on the way."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from yishi.engines.bundle.model import BundleError, Material
from yishi.engines.procedure import Case, Decision, Event, EventError, PackError, UnknownPack, feed, open_case
from yishi.engines.procedure.case import Posting, Result, Sitting
from yishi.engines.procedure.checks import Note
from yishi.engines.procedure.events import read_history
from yishi.engines.procedure.headers import check_header
from yishi.engines.procedure.meeting import presence, presence_name
from yishi.engines.procedure.notice import notice_period
from yishi.engines.procedure.steps import Step, load_procedure
from yishi.engines.words import Text


@dataclass(frozen=True, slots=True)
class Seen:
    """An accepted event: its step, and the meeting, posting or result that it left behind."""

    event: Event
    step: Step
    sitting: Sitting | None
    posting: Posting | None
    clause: Text | None
    registered: int
    seats: int
    present: Mapping[str, int]
    attended: int | None
    result: Result | None


@dataclass(frozen=True, slots=True)
class Replay:
    """The case after every event, what was seen at each, and the refusals by event."""

    case: Case
    seen: Mapping[int, Seen]
    refused: Mapping[int, Note] = field(default_factory=dict)

    def at(self, number: int, where: str, *kinds: str) -> Seen:
        """The accepted event of that number, of one of these kinds. Raises `BundleError`."""
        found = self.seen.get(number)
        if found is None or found.event.kind not in kinds:
            names = " / ".join(kinds)
            raise BundleError(
                where, f"第 {number} 个事件不是已成立的 {names}", f"event {number} is no accepted {names}"
            )
        return found


def replay_events(material: Material) -> Replay:
    """Replay the decision. Raises `BundleError` for events that cannot be read."""
    decision, events = _history({"decision": dict(material.decision), "events": list(material.events)})
    case = open_case(decision, load_procedure(decision.procedure))
    seen: dict[int, Seen] = {}
    refused: dict[int, Note] = {}
    for number, event in enumerate(events, 1):
        before = (case.step, case.sitting, case.posting)
        results, seats = len(case.results), case.poll.open_seats if case.phase == "runoff" else decision.seats
        note = feed(case, event)
        if note is not None:
            refused[number] = note
            continue
        result = case.results[-1] if len(case.results) > results else None
        seen[number] = _seen(case, event, before, seats, result)
    return Replay(case, seen, refused)


def _history(table: dict[str, Any]) -> tuple[Decision, tuple[Event, ...]]:
    try:
        decision, events = read_history(table)
        check_header(decision, load_procedure(decision.procedure))
    except (EventError, PackError) as error:
        raise BundleError("decision.json", f"事件无法读取：{error.zh}", error.en) from None
    except UnknownPack as error:
        told = str(error.args[0])
        raise BundleError("decision.json", f"事件无法读取：{told}", told) from None
    return decision, events


def _seen(
    case: Case, event: Event, before: tuple[Step, Sitting | None, Posting | None], seats: int, result: Result | None
) -> Seen:
    step, sitting, posting = before
    if event.kind in ("notice_posted", "meeting_opened"):
        sitting = case.sitting
    if event.kind in ("posted", "roll_posted"):
        posting = case.posting
    there: Mapping[str, int] = {}
    attended = None
    if event.kind == "ballot_opened" and sitting:
        there, attended = presence(case), sitting.attendance.get(presence_name(sitting))
    clause = _clause(case, event, sitting, posting)
    return Seen(event, step, sitting, posting, clause, case.poll.registered, seats, there, attended, result)


def _clause(case: Case, event: Event, sitting: Sitting | None, posting: Posting | None) -> Text | None:
    """The clause of the period that an event starts."""
    if event.kind == "notice_posted" and sitting:
        period = notice_period(case, sitting.pack, event.on)
        return period.clause if period else sitting.pack.clause
    if posting and posting.pack:
        wait = posting.pack.waits.get("posting")
        return wait.clause if wait else posting.pack.clause
    return None


def posted_until(replay: Replay, number: int) -> date | None:
    """The day on which the posting of that event ended; None while it is up."""
    board = replay.seen[number].posting
    for seen in replay.seen.values():
        if seen.event.kind == "posting_ended" and seen.posting is board:
            return seen.event.on
    return None
