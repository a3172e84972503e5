"""What every act on a matter in the making shares: the step, the derived facts, the audit entry."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from yishi.core.verdicts import Refusal
from yishi.matters.bulk.book import Book
from yishi.matters.models import (
    Assignment,
    Matter,
    Report,
    Step,
    Suspension,
    VisitBack,
)
from yishi.matters.permissions import ACTIVE
from yishi.matters.rules import clocks
from yishi.matters.selectors.settling import GOOD, WAITING
from yishi.matters.services._acts import REPORTERS, UNTOLD

Kind, Stage, State, Role = Step.Kind, Matter.Stage, Report.State, Assignment.Role


@dataclass(frozen=True, slots=True)
class Hand:
    """Who acts: a person, and the organisation in whose name (None for a reporter)."""

    person_id: int | None
    organisation_id: int | None = None

    @property
    def must(self) -> int:
        """The person, where an act without one is not possible.

        Raises:
            ValueError: nobody acts.
        """
        if self.person_id is None:
            raise ValueError("someone must act")
        return self.person_id


NOBODY = Hand(None)


def due_or_none(pack: str, rule: str, received: dt.date) -> dt.date | None:
    """The due day; None where a needed year has no published calendar."""
    try:
        return clocks.due(pack, rule, received).due
    except Refusal:
        return None


def limit_or_none(name: str, start: dt.date) -> dt.date | None:
    """The last day of a limit of the house; None where a needed year has no published calendar."""
    try:
        return clocks.limit(name, start).due
    except Refusal:
        return None


class Basis:
    """A matter, its reports and its handling: what every act shares."""

    def __init__(self, book: Book, matter: Matter) -> None:
        self.book = book
        self.matter = book.add(matter)
        self.reports: list[Report] = []
        self.assignments: list[Assignment] = []
        self.suspension: Suspension | None = None
        self.latest: dict[int, VisitBack] = {}
        self.moved: list[Report] = []

    # --- what every act shares ---------------------------------------------------------------

    def finish(
        self, hand: Hand, verb: str, kind: str, at: dt.datetime, *, report: Report | None = None, words: str = "",
        clause: str = "", detail: str = "", organisation_id: int | None = None, public: bool = True, **refs: Any,
    ) -> Step:  # fmt: skip
        """The step, the derived facts, the audit entry."""
        if organisation_id is None and kind not in REPORTERS:
            organisation_id = hand.organisation_id
        step = self.step(
            kind, at, hand, report=report, words=words, clause=clause, detail=detail,
            organisation_id=organisation_id, public=public,
        )  # fmt: skip
        self.refresh(at)
        if report is not None:
            refs["report"] = report.pk
        self.book.record(f"matters.{verb}", self.matter, at=at, actor_id=hand.person_id, step=step.pk, **refs)
        return step

    def step(
        self, kind: str, at: dt.datetime, hand: Hand, *, report: Report | None = None, words: str = "",
        clause: str = "", detail: str = "", organisation_id: int | None = None, public: bool = True,
    ) -> Step:  # fmt: skip
        """A line of the timeline alone."""
        return self.book.add(
            Step(
                matter=self.matter,
                kind=kind,
                at=at,
                by_id=hand.person_id,
                organisation_id=organisation_id,
                words=words,
                clause=clause,
                detail=detail,
                report=report,
                public=public,
            )
        )

    def refresh(self, at: dt.datetime) -> None:
        """Stage, count, earliest due day and judgements, from the reports."""
        m = self.matter
        live = [r for r in self.reports if r.withdrawn_at is None]
        latest = [self.latest[r.pk] for r in live if r.pk in self.latest]
        m.report_count = len(live)
        m.satisfied = sum(1 for v in latest if v.satisfaction in GOOD)
        m.unsatisfied = sum(1 for v in latest if v.satisfaction == VisitBack.Satisfaction.UNSATISFIED)
        self._restage(any(r.state in WAITING for r in live), bool(live))
        days = [r.due_on for r in live if r.state in UNTOLD and r.due_on is not None]
        m.due_on = min(days, default=None) if m.is_open else None
        m.changed_at = max(at, m.changed_at)

    def _restage(self, waiting: bool, living: bool) -> None:
        m = self.matter
        if living and not waiting and m.stage in (Stage.ACCEPTED, Stage.ASSIGNED, Stage.DOING):
            m.stage = Stage.ANSWERED
        elif waiting and m.stage == Stage.ANSWERED:
            lead = self.lead
            m.stage = Stage.ACCEPTED if lead is None else Stage.DOING if lead.signed_at else Stage.ASSIGNED

    @property
    def lead(self) -> Assignment | None:
        """The assignment that leads now."""
        return next((a for a in self.assignments if a.role == Role.LEAD and a.state in ACTIVE), None)

    def end_assignments(self, at: dt.datetime) -> None:
        """Nobody works on it any more."""
        for assignment in self.assignments:
            if assignment.state in ACTIVE:
                assignment.state, assignment.ended_at = Assignment.State.ENDED, at
        self.matter.lead_id = None
