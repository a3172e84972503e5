"""A matter in the making: the acts of the services on rows that are not yet written.

Each act mirrors the service of the same name: the same fields, steps, audit
verbs and references. What the services refuse is not looked at here: the caller
plans lawful courses, and a test compares the rows.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from yishi.core import clock
from yishi.matters.bulk.basis import (
    NOBODY,
    Basis,
    Hand,
    Kind,
    Role,
    Stage,
    State,
    due_or_none,
    limit_or_none,
)
from yishi.matters.models import (
    Assignment,
    Extension,
    Matter,
    Report,
    ReporterContact,
    SizeAppeal,
    Step,
    Suspension,
    VisitBack,
)
from yishi.matters.permissions import FEED_CHANNELS, STAFF_CHANNELS
from yishi.matters.rules import clocks
from yishi.matters.services.raising import RaiseInput

__all__ = ["NOBODY", "Hand", "Kept", "Kind", "Stage"]


class Kept(Basis):
    """A matter, its reports and its handling."""

    # --- raising -----------------------------------------------------------------------------

    def report(
        self, hand: Hand, data: RaiseInput, at: dt.datetime, *, first: bool, received: dt.datetime | None = None
    ) -> Report:
        """One telling: its clock, its contact, its step, its audit entry."""
        row = self.add_report(hand, data, at, received)
        verb, kind = ("raised", Kind.RAISED) if first else ("joined", Kind.JOINED)
        self.finish(hand, verb, kind, at, report=row, detail=data.channel)
        return row

    def add_report(self, hand: Hand, data: RaiseInput, at: dt.datetime, received: dt.datetime | None = None) -> Report:
        """The row of a report and of its contact."""
        received = received or data.received_at or at
        pack, rule = clocks.clock_of(data.nature)
        desk = data.channel in STAFF_CHANNELS | FEED_CHANNELS
        led = self.matter.lead_id is not None
        row = self.book.add(
            Report(
                town_id=self.matter.town_id,
                matter=self.matter,
                first_matter=self.matter,
                key=data.key,
                channel=data.channel,
                nature=data.nature,
                text=data.text,
                reporter_id=data.reporter_id,
                entered_by_id=hand.person_id if desk else None,
                consent_id=data.consent_id,
                external_number=data.external_number,
                batch_id=data.batch_id,
                received_at=received,
                clock_pack=pack,
                clock_rule=rule,
                due_on=due_or_none(pack, rule, clock.local_day(received)),
                dispatched_at=at if led else None,
                contact_by=limit_or_none("contact", clock.local_day(at)) if led else None,
            )
        )
        self.reports.append(row)
        c = data.contact
        if c is not None and (c.name or c.phone or c.address or c.shown_as):
            self.book.add(
                ReporterContact(
                    report=row,
                    name=c.name[:60],
                    phone=c.phone[:30],
                    address=c.address[:200],
                    shown_as=c.shown_as[:40],
                    reachable=c.reachable,
                )
            )
        return row

    # --- sorting -----------------------------------------------------------------------------

    def accept(
        self, hand: Hand, at: dt.datetime, *, category_id: int | None, size: str, size_reason: str, decider: str,
        decider_reason: str, visibility: str = Matter.Visibility.PUBLIC,
    ) -> None:  # fmt: skip
        """受理 and sorting."""
        m = self.matter
        m.category_id, m.size, m.size_reason, m.decider = category_id, size, size_reason, decider
        m.decider_reason, m.visibility, m.stage = decider_reason, visibility, Stage.ACCEPTED
        self.finish(hand, "accepted", Kind.ACCEPTED, at, words=size_reason, detail=size, size=size, decider=decider)

    def decline(self, hand: Hand, at: dt.datetime, reason: str, way: str, clause: str) -> None:
        """不予受理, with where to go instead."""
        self.end_assignments(at)
        for r in self.reports:
            if r.state == State.OPEN:
                r.state, r.reply, r.replied_at = (
                    State.CLOSED,
                    f"{reason}\n{way}" + (f"\n{clause}" if clause else ""),
                    at,
                )
                r.replied_by_id = hand.person_id
        self.matter.stage, self.matter.result = Stage.DECLINED, ""
        self.finish(hand, "declined", Kind.DECLINED, at, words=f"{reason} {way}", clause=clause[:200])

    def appeal_size(self, hand: Hand, at: dt.datetime, asked: str, reason: str) -> SizeAppeal:
        """The proposer asks for another size."""
        row = self.book.add(SizeAppeal(matter=self.matter, by_id=hand.must, asked_size=asked, reason=reason, at=at))
        self.finish(
            hand, "size_appealed", Kind.SORTED, at, words=reason, detail="appealed", public=False, appeal=row.pk,
            asked=asked,
        )  # fmt: skip
        return row

    def answer_appeal(self, hand: Hand, appeal: SizeAppeal, at: dt.datetime, accept: bool, answer: str) -> None:
        """The desk answers it."""
        appeal.state = SizeAppeal.State.ACCEPTED if accept else SizeAppeal.State.REFUSED
        appeal.answer, appeal.answered_by_id, appeal.answered_at = answer, hand.person_id, at
        if accept:
            self.matter.size, self.matter.size_reason = appeal.asked_size, answer[:300]
        self.finish(
            hand, "size_answered", Kind.SORTED, at, words=answer, detail=f"appeal_{appeal.state}", appeal=appeal.pk,
            accepted=accept,
        )  # fmt: skip

    # --- routing -----------------------------------------------------------------------------

    def assign(
        self, hand: Hand, at: dt.datetime, organisation_id: int, reason: str = "", role: str = Role.LEAD,
        *, ruled: Assignment | None = None,
    ) -> Assignment:  # fmt: skip
        """派单; ``ruled`` is the returned assignment when it is given on by ruling."""
        row = self.book.add(
            Assignment(
                matter=self.matter,
                organisation_id=organisation_id,
                role=role,
                sent_at=at,
                sent_by_id=hand.person_id,
                reason=reason,
                by_ruling=ruled is not None,
            )
        )
        self.assignments.append(row)
        if role == Role.LEAD:
            self.matter.lead_id, self.matter.stage = organisation_id, Stage.ASSIGNED
            self.start_contact_clock(at)
        verb, kind = ("assigned", Kind.ASSIGNED) if ruled is None else ("return_ruled", Kind.RULED)
        refs: dict[str, Any] = {} if ruled is None else {"returned": ruled.pk}
        self.finish(
            hand, verb, kind, at, words=reason, detail=role, organisation_id=organisation_id, assignment=row.pk,
            organisation=organisation_id, **refs,
        )  # fmt: skip
        return row

    def start_contact_clock(self, at: dt.datetime) -> None:
        """Reports without a lead until now: dispatched, to be contacted in time."""
        for r in self.reports:
            if r.dispatched_at is None and r.withdrawn_at is None:
                r.dispatched_at, r.contact_by = at, limit_or_none("contact", clock.local_day(at))

    def sign(self, hand: Hand, assignment: Assignment, at: dt.datetime) -> None:
        """签收."""
        assignment.state, assignment.handler_id, assignment.signed_at = Assignment.State.SIGNED, hand.person_id, at
        if assignment.role == Role.LEAD and self.matter.stage == Stage.ASSIGNED:
            self.matter.stage = Stage.DOING
        self.finish(
            hand, "signed", Kind.SIGNED, at, detail=assignment.role, organisation_id=assignment.organisation_id,
            assignment=assignment.pk, handler=hand.person_id,
        )  # fmt: skip

    def ask_return(self, hand: Hand, assignment: Assignment, at: dt.datetime, reason: str, clause: str) -> None:
        """申请退单."""
        assignment.state, assignment.return_asked_at = Assignment.State.RETURN_ASKED, at
        assignment.return_reason, assignment.return_clause = reason, clause
        self.finish(
            hand, "return_asked", Kind.RETURN_ASKED, at, words=reason, clause=clause,
            organisation_id=assignment.organisation_id, assignment=assignment.pk,
        )  # fmt: skip

    def refuse_return(self, hand: Hand, assignment: Assignment, at: dt.datetime, ruling: str) -> None:
        """The return is not granted; it cannot be asked again."""
        assignment.ruled_at, assignment.ruled_by_id, assignment.ruling = at, hand.person_id, ruling
        assignment.state = Assignment.State.SIGNED if assignment.signed_at else Assignment.State.SENT
        assignment.by_ruling = True
        self.finish(
            hand, "return_ruled", Kind.RULED, at, words=ruling, detail="refused",
            organisation_id=assignment.organisation_id, returned=assignment.pk, organisation=assignment.organisation_id,
        )  # fmt: skip

    def grant_return(self, hand: Hand, assignment: Assignment, at: dt.datetime, ruling: str, to_id: int) -> Assignment:
        """The return is granted and the matter given to another organisation by ruling."""
        assignment.ruled_at, assignment.ruled_by_id, assignment.ruling = at, hand.person_id, ruling
        assignment.state, assignment.ended_at = Assignment.State.RETURNED, at
        return self.assign(hand, at, to_id, ruling, assignment.role, ruled=assignment)

    # --- handling ----------------------------------------------------------------------------

    def contact(self, hand: Hand, report: Report, at: dt.datetime, note: str) -> None:
        """联系反映人."""
        report.contacted_at = report.contacted_at or at
        self.finish(hand, "contacted", Kind.CONTACTED, at, report=report, words=note, public=False)

    def note(self, hand: Hand, at: dt.datetime, words: str, public: bool = True) -> Step:
        """办理情况."""
        return self.finish(hand, "noted", Kind.NOTE, at, words=words, public=public, shown=public)

    def extend(self, hand: Hand, report: Report, at: dt.datetime, new: dt.date, reason: str) -> None:
        """延期."""
        old = report.due_on or clock.local_day(at)
        self.book.add(Extension(report=report, reason=reason, old_due_on=old, new_due_on=new, at=at, by_id=hand.must))
        report.due_on, report.extended = new, True
        self.finish(
            hand, "extended", Kind.EXTENDED, at, report=report, words=reason, detail=new.isoformat(),
            old=old.isoformat(), new=new.isoformat(),
        )  # fmt: skip

    def suspend(self, hand: Hand, at: dt.datetime, condition: str, plan: str, review_on: dt.date) -> None:
        """挂账."""
        self.suspension = self.book.add(
            Suspension(matter=self.matter, condition=condition, plan=plan, review_on=review_on, at=at, by_id=hand.must)
        )
        self.matter.stage = Stage.SUSPENDED
        day = review_on.isoformat()
        self.finish(hand, "suspended", Kind.SUSPENDED, at, words=f"{condition}\n{plan}", detail=day, review=day)

    def resume(self, hand: Hand, at: dt.datetime, reason: str) -> None:
        """恢复办理."""
        if self.suspension is not None:
            self.suspension.ended_at, self.suspension.ended_by_id = at, hand.person_id
            self.suspension.ended_because = reason
        self.matter.stage = Stage.DOING if self.lead else Stage.ACCEPTED
        self.finish(hand, "resumed", Kind.RESUMED, at, words=reason)

    # --- answering ---------------------------------------------------------------------------

    def reply(self, hand: Hand, reports: Sequence[Report], at: dt.datetime, words: str) -> None:
        """答复: one report, or all that wait with one answer."""
        for report in reports:
            report.reply, report.replied_at, report.replied_by_id = words, at, hand.person_id
            report.state = State.REPLIED
        if len(reports) == 1:
            self.finish(hand, "replied", Kind.REPLIED, at, report=reports[0])
        else:
            self.finish(hand, "replied_to_all", Kind.REPLIED, at, reports=len(reports))

    def tell(self, hand: Hand, report: Report, at: dt.datetime, how: str) -> None:
        """告知."""
        report.state, report.told_how, report.told_at = State.TOLD, how, at
        if how != Report.Told.UNREACHABLE:
            report.contacted_at = report.contacted_at or at
        self.finish(hand, "told", Kind.TOLD, at, report=report, detail=how, how=how)

    def judge(
        self, hand: Hand, report: Report, at: dt.datetime, solved: bool | None, satisfaction: str, words: str,
        *, online: bool, because: str = "",
    ) -> None:  # fmt: skip
        """评价 or 回访. Not satisfied opens the report again, once."""
        if online and not report.told_how:
            report.told_how, report.told_at = Report.Told.IN_APP, at
            report.contacted_at = report.contacted_at or at
        found = self.book.add(
            VisitBack(
                report=report,
                at=at,
                by_id=hand.person_id,
                online=online,
                solved=solved,
                satisfaction=satisfaction,
                words=words,
                counted=not because,
                excluded_because=because,
            )
        )
        kind: str = Kind.JUDGED
        if satisfaction != VisitBack.Satisfaction.NO_ANSWER:
            self.latest[report.pk] = found
            again = satisfaction == VisitBack.Satisfaction.UNSATISFIED and report.reopened < clocks.redo_times()
            if again:
                kind = self._reopen(report, at)
            report.state = State.REOPENED if again else State.JUDGED
        self.finish(
            hand, "judged", kind, at, report=report, detail=satisfaction, visit_back=found.pk,
            satisfaction=satisfaction, solved=solved,
        )  # fmt: skip

    def _reopen(self, report: Report, at: dt.datetime) -> str:
        report.reopened += 1
        report.reopened_at = at
        report.due_on = limit_or_none("redo", clock.local_day(at))
        report.told_how, report.told_at = "", None
        if self.matter.stage == Stage.SETTLED:
            self.matter.stage, self.matter.settled_at = Stage.ANSWERED, None
        return Kind.REOPENED

    # --- endings -----------------------------------------------------------------------------

    def settle(self, hand: Hand, at: dt.datetime, result: str) -> None:
        """办结."""
        for r in self.reports:
            if r.withdrawn_at is None and r.state != State.JUDGED:
                r.state = State.CLOSED
        self.matter.stage, self.matter.settled_at, self.matter.result = Stage.SETTLED, at, result
        self.finish(hand, "settled", Kind.SETTLED, at, words=result)

    def withdraw(self, hand: Hand, report: Report, at: dt.datetime, reason: str) -> None:
        """撤回."""
        report.state, report.withdrawn_at = State.CLOSED, at
        if not any(r.withdrawn_at is None for r in self.reports) and self.matter.is_open:
            self.matter.stage = Stage.WITHDRAWN
            self.end_assignments(at)
        self.finish(hand, "withdrawn", Kind.WITHDRAWN, at, report=report, words=reason, public=False)
