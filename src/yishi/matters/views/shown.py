"""How a matter and a report are shown: tone, word, clock. Nothing here decides or queries."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import get_language

from yishi.engines.calendar import CalendarUnpublished, working_days_between
from yishi.matters.models import Matter, Report

Stage, State = Matter.Stage, Report.State
STAGE_TONES = {Stage.SETTLED: "settled", Stage.ANSWERED: "settled", Stage.SUSPENDED: "soon"}
STATE_TONES = {State.JUDGED: "settled", State.CLOSED: "settled", State.TOLD: "settled", State.REOPENED: "overdue"}
ENDED = frozenset({Stage.SETTLED, Stage.DECLINED, Stage.WITHDRAWN, Stage.MERGED})
RUNNING = frozenset({State.OPEN, State.REOPENED})


def named(thing: Any) -> str:
    """A place's, organisation's or category's name in the reader's language."""
    english = (get_language() or "").startswith("en")
    return str((getattr(thing, "name_en", "") if english else "") or thing.name)


def with_detail(label: str, detail: str) -> str:
    """``受理（小事）`` or ``Accepted (everyday)``; the label alone where there is no detail."""
    label = capfirst(label)
    if not detail:
        return label
    return f"{label} ({detail})" if (get_language() or "").startswith("en") else f"{label}（{detail}）"


def days_left(today: dt.date, due_on: dt.date | None) -> int | None:
    """Working days until a day, negative when it is past; None where no calendar tells."""
    if due_on is None:
        return None
    try:
        return working_days_between(today, due_on)
    except CalendarUnpublished:
        return None


@dataclass(frozen=True, slots=True)
class ClockFace:
    """What the clock graphic needs; ``state`` is empty where there is nothing to count."""

    due_on: dt.date | None
    today: dt.date
    left: int | None
    state: str
    stopped_by: str = ""
    says: Any = None


def face(due_on: dt.date | None, today: dt.date, *, ended: bool = False, stopped: bool = False) -> ClockFace:
    """A clock for a due day: running, overdue, stopped or gone."""
    if ended or due_on is None:
        return ClockFace(due_on, today, None, "")
    state = "stopped" if stopped else "overdue" if due_on < today else "running"
    return ClockFace(due_on, today, days_left(today, due_on), state)


def clock_of(matter: Matter, today: dt.date) -> ClockFace:
    """The clock of a matter: that of its most pressing open report."""
    return face(
        matter.due_on, today, ended=matter.stage in ENDED, stopped=matter.stage == Stage.SUSPENDED
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A matter in a list; ``blocked`` says what waits for the reader, ``act`` where to do it."""

    matter: Matter
    tone: str
    stage_label: str
    today: dt.date
    left: int | None
    clock_state: str
    blocked: str = ""
    act_url: str = ""
    act_title: str = ""
    due_on: dt.date | None = None
    pick: str = ""


def row_of(matter: Matter, today: dt.date, **more: Any) -> Row:
    """A matter as a row of a list."""
    clock, stage = clock_of(matter, today), Stage(matter.stage)
    return Row(
        matter, STAGE_TONES.get(stage, "plain"), capfirst(str(stage.label)), today, clock.left, clock.state,
        due_on=matter.due_on, **more,
    )  # fmt: skip


def rows_of(matters: Iterable[Matter], today: dt.date) -> list[Row]:
    """Matters as rows."""
    return [row_of(m, today) for m in matters]


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A report with its own clock, its state as word and tone, and what may be done with it."""

    report: Report
    tone: str
    state_label: str
    left: int | None
    clock_state: str
    shown: str = ""
    acts: tuple[Any, ...] = ()
    reveal_url: str = ""


def line_of(report: Report, today: dt.date, **more: Any) -> ReportLine:
    """A report as a line."""
    clock = face(report.due_on, today, ended=report.state not in RUNNING)
    tone = STATE_TONES.get(State(report.state), "plain")
    return ReportLine(report, tone, capfirst(report.get_state_display()), clock.left, clock.state, **more)
