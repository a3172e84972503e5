"""What several pages of a meeting show: its steps, its agenda with number lines and what may be done."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from yishi.core import clock
from yishi.decisions import rules
from yishi.decisions.models import AgendaItem, BallotBox, Booth, Meeting, Result
from yishi.decisions.selectors import ballots as boxes
from yishi.decisions.selectors import law, rolls
from yishi.decisions.selectors import meetings as reads
from yishi.decisions.views._votes import decision_url
from yishi.decisions.voting import booths
from yishi.engines.procedure import Case
from yishi.engines.procedure.steps import Step
from yishi.network.viewers import Viewer

TONES = {"waiting": "plain", "open": "soon", "voting": "act", "closed": "soon", "counted": "soon", "done": "settled"}
ORDER = ("draft", "noticed", "open", "closed")


@dataclass(frozen=True, slots=True)
class Row:
    """An item as the pages show it."""

    item: AgendaItem
    box: BallotBox | None
    lines: list[reads.NumberLine]
    turnout: tuple[int, int] | None
    result: Result | None
    result_lines: list[reads.NumberLine]
    url: str
    roll: Any
    step: str
    unsealed: list[Booth]
    awaited: list[Booth]
    doubt: str

    @property
    def open(self) -> bool:
        """Whether ballots are taken now."""
        return self.box is not None and not self.box.is_over(clock.now())

    @property
    def tone(self) -> str:
        return "plain" if self.item.left else TONES[self.item.state]

    @property
    def is_poll(self) -> bool:
        return self.item.step == "poll"


def row_of(item: AgendaItem) -> Row:
    """An item with its live numbers: what it costs grows with nothing but its events."""
    case = rules.case_of(item.decision)
    box = getattr(item, "box", None)
    result = item.results.order_by("-number").first()
    lines = reads.quorum_lines(item, case) if item.state in ("waiting", "open", "voting") else []
    step = next(s for s in case.procedure.steps if s.id == item.step)
    return Row(
        item, box, lines, boxes.turnout(box) if box else None, result, reads.result_lines(result) if result else [],
        decision_url(item.decision), rolls.roll_of_item(item), rules.spoken(step.title),
        list(booths.unsealed(box)) if box and item.state == "voting" and not box.secret else [],
        list(booths.awaited(box)) if box and item.state == "closed" and not box.secret else [], _doubt(case, step),
    )  # fmt: skip


def _doubt(case: Case, step: Step) -> str:
    """What of the rule of this vote is not verified."""
    sitting = case.sitting if case.step.id == step.id else None
    return law.doubt_of(sitting.pack if sitting else law.pack_of(case, step, clock.today()))


def agenda(viewer: Viewer, meeting: Meeting, at: dt.datetime) -> list[Row]:
    """The agenda of a meeting."""
    return [row_of(item) for item in reads.items_of(meeting)]


def steps_of(meeting: Meeting) -> list[dict[str, str]]:
    """Where the meeting stands, for the line of steps."""
    words = {"draft": _("筹备"), "noticed": _("通知"), "open": _("开会"), "closed": _("闭会")}
    here = ORDER.index(meeting.state) if meeting.state in ORDER else -1
    return [
        {"label": capfirst(words[name]), "state": "done" if i < here else "here" if i == here else "next"}
        for i, name in enumerate(ORDER)
    ]


def outcome_words(result: Result) -> str:
    """The outcome in a word."""
    if result.report.get("elected"):
        return _("有人当选")
    return {
        "passed": _("通过"), "not_passed": _("未通过"), "no_quorum": _("人数不足"), "incomplete": _("数据不全"),
    }.get(result.outcome, result.outcome)  # fmt: skip
