"""The second half of a course: reply, telling, judgement, the second handling, the end."""

import datetime as dt
import random
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

from yishi.core import clock
from yishi.core.verdicts import Refusal
from yishi.engines.calendar import working_days_between
from yishi.matters.bulk.kept import Hand, Kept
from yishi.matters.bulk.promises import Promise
from yishi.matters.demo.days import awake, office
from yishi.matters.demo.reading import Story
from yishi.matters.demo.sheet import Place, Sheet
from yishi.matters.demo.telling import Telling
from yishi.matters.models import Matter, Report, VisitBack
from yishi.matters.permissions import FEED_CHANNELS
from yishi.matters.rules import clocks
from yishi.matters.selectors.settling import WAITING

if TYPE_CHECKING:
    from yishi.network.models import Organisation

State, Told, Satisfaction = Report.State, Report.Told, VisitBack.Satisfaction
Flow = Generator[dt.datetime, None, dt.datetime]
LATE = 0.07


class Answers:
    """Mixed into a course."""

    sheet: Sheet
    kept: Kept
    telling: Telling
    story: Story
    place: Place
    chance: random.Random
    desk: Hand
    handler: Hand
    lead: "Organisation"
    promise: Promise | None
    channel: str

    def answered(self, at: dt.datetime) -> Iterator[dt.datetime]:
        """From the reply to the end."""
        if self.kept.matter.stage != Matter.Stage.DOING:
            return
        at = yield from self._reply(at)
        if self.kept.matter.stage != Matter.Stage.ANSWERED:
            return
        at = yield from self._tell(at)
        at = yield from self._judged(at)
        if any(r.state == State.REOPENED for r in self.kept.reports):
            at = yield from self._again(at)
        at = yield from self._accept_promise(at)
        yield (at := office(at, self.chance.choice((0, 1, 1, 2)), self.chance))
        self._settle(at)

    # --- reply and telling -------------------------------------------------------------------

    def _reply(self, at: dt.datetime) -> Flow:
        at = yield from self._more_time(at)
        yield (at := office(at, self._days_left(at), self.chance))
        waiting = [r for r in self.kept.reports if r.state in WAITING and r.withdrawn_at is None]
        if waiting and self.kept.matter.stage == Matter.Stage.DOING:
            self.kept.reply(self.handler, waiting, at, self.telling.reply())
        return at

    def _days_left(self, at: dt.datetime) -> int:
        """Working days until the reply: mostly in time, sometimes late."""
        due = self.kept.matter.due_on
        if due is None:
            return self.chance.randint(1, 6)
        left = working_days_between(clock.local_day(at), due)
        if self.chance.random() < LATE:
            return max(left, 0) + self.chance.randint(1, 12)
        return self.chance.randint(0, max(0, min(left, 6)))

    def _more_time(self, at: dt.datetime) -> Flow:
        report = self.kept.reports[0] if self.kept.reports else None
        due = report.due_on if report else None
        if report is None or due is None or due <= clock.local_day(at) or self.chance.random() > 0.07:
            return at
        try:
            last = clocks.longest_extension(report.clock_pack, report.clock_rule, due)
            new = clocks.extended_by(due, self.chance.randint(2, 5))
        except Refusal:  # a year without a published calendar
            return at
        if last is None or new > last.due:
            return at
        yield (at := office(at, 0, self.chance))
        if self.kept.matter.stage == Matter.Stage.DOING and report.state == State.OPEN:
            self.kept.extend(self.handler, report, at, new, self.telling.said("extended"))
        return at

    def _tell(self, at: dt.datetime) -> Flow:
        yield (at := office(at, self.chance.choice((0, 0, 1)), self.chance))
        for report in [r for r in self.kept.reports if r.state == State.REPLIED]:
            self.kept.tell(self.handler, report, at, self._how(report))
        return at

    def _how(self, report: Report) -> str:
        if report.reporter_id in self.sheet.accounts:
            return Told.IN_APP
        if report.channel in FEED_CHANNELS:
            return Told.HOTLINE
        if report.channel == Report.Channel.VISIT:
            return Told.UNREACHABLE
        if report.channel in (Report.Channel.WALK_IN, Report.Channel.PAPER):
            return self.chance.choice((Told.IN_PERSON, Told.PHONE, Told.LETTER))
        return Told.PHONE

    # --- judgement ---------------------------------------------------------------------------

    def _judged(self, at: dt.datetime) -> Flow:
        yield (at := awake(at, self.chance.randint(1, 4), self.chance))
        for report in [r for r in self.kept.reports if r.state == State.TOLD and r.reporter_id in self.sheet.accounts]:
            self._judge(report, at, Hand(report.reporter_id), online=True)
        yield (at := office(at, self.chance.randint(1, 3), self.chance))
        asker = self._other_than_handler()
        for report in [r for r in self.kept.reports if r.state == State.TOLD and r.told_how != Told.UNREACHABLE]:
            if self.chance.random() < 0.09:
                self.kept.judge(asker, report, at, None, Satisfaction.NO_ANSWER, "", online=False)
            else:
                self._judge(report, at, asker, online=False)
        return at

    def _other_than_handler(self) -> Hand:
        found = self.desk
        if found.person_id == self.handler.person_id:
            found = self.sheet.desk(self.place, self.channel, but=[self.handler.person_id or 0])
        return found

    def _judge(self, report: Report, at: dt.datetime, hand: Hand, *, online: bool) -> None:
        drawn = self.chance.random()
        if report.reopened:
            good = drawn < 0.85
            satisfaction = Satisfaction.SATISFIED if good else Satisfaction.UNSATISFIED
            spoken = (
                self.telling.said("again_good") if good else self.telling.one(self.story.unhappy or ("还是老样子。",))
            )
        elif drawn < 0.6:
            satisfaction, spoken = Satisfaction.SATISFIED, self.telling.said("satisfied")
        elif drawn < 0.86 or not self.story.unhappy:
            satisfaction, spoken = Satisfaction.BASICALLY, self.telling.said("basically")
        else:
            satisfaction, spoken = Satisfaction.UNSATISFIED, self.telling.one(self.story.unhappy)
        solved = satisfaction != Satisfaction.UNSATISFIED and self.chance.random() < 0.97
        because = ""
        if (
            satisfaction == Satisfaction.UNSATISFIED
            and self.story.decider == "department"
            and self.chance.random() < 0.06
        ):
            because = "对执法结论不满，按规定不计入"
        self.kept.judge(hand, report, at, solved, satisfaction, spoken, online=online, because=because)

    def _again(self, at: dt.datetime) -> Flow:
        """二次办理: looked at again, answered again, told again, judged again."""
        opened = [r for r in self.kept.reports if r.state == State.REOPENED]
        yield (at := office(at, self.chance.choice((1, 1, 2)), self.chance))
        for report in opened:
            self.kept.contact(self.handler, report, at, self.telling.said("redo_contact"))
        yield (at := office(at, self.chance.choice((0, 1, 2, 3, 5)), self.chance))
        self.kept.reply(self.handler, opened, at, self.telling.said("redo_reply"))
        at = yield from self._tell(at)
        return (yield from self._judged(at))

    # --- the end -----------------------------------------------------------------------------

    def _accept_promise(self, at: dt.datetime) -> Flow:
        promise = self.promise
        if promise is None or not promise.is_open:
            return at
        yield (at := office(at, self.chance.randint(0, 2), self.chance))
        asker = self._other_than_handler()
        if asker.organisation_id == self.lead.pk or asker.person_id == self.handler.person_id:
            asker = self.sheet.supervisor(self.place) or asker
        if promise.row.state == "reported" and asker.organisation_id != self.lead.pk:
            promise.accept(asker, at, self.telling.said("accepted"))
        return at

    def _settle(self, at: dt.datetime) -> None:
        m = self.kept.matter
        live = [r for r in self.kept.reports if r.withdrawn_at is None]
        untold = any(r.state in (*WAITING, State.REPLIED) for r in live)
        if m.stage != Matter.Stage.ANSWERED or untold or (self.promise and self.promise.is_open) or not live:
            return
        hand = self._other_than_handler()
        if hand.person_id != self.handler.person_id:
            self.kept.settle(hand, at, self.telling.result())
