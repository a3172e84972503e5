"""The course of one matter, as a generator: it yields the moment of its next act, then does it.

The scheduler wakes all courses in the order of time and stops at the present,
so that every state that a matter can be in is found in the town by itself.
"""

import datetime as dt
import random
from collections.abc import Generator, Iterator
from decimal import Decimal

from yishi.core.masking import masked
from yishi.matters.bulk import merging
from yishi.matters.bulk.book import Book
from yishi.matters.bulk.kept import Hand, Kept
from yishi.matters.bulk.promises import Promise
from yishi.matters.demo.answers import Answers, Flow
from yishi.matters.demo.days import awake, office
from yishi.matters.demo.reading import words
from yishi.matters.demo.reporters import Reporters
from yishi.matters.demo.sheet import Place, Sheet
from yishi.matters.demo.telling import Telling
from yishi.matters.models import Assignment, Matter, Report, SizeAppeal
from yishi.matters.permissions import ACTIVE
from yishi.matters.rules import routing
from yishi.matters.rules.words import said
from yishi.network.models import Organisation

Stage = Matter.Stage
PRIVATE = frozenset({"邻里纠纷", "劳动"})


class Course(Answers):
    """One happening from the day it is told."""

    def __init__(
        self, sheet: Sheet, book: Book, reporters: Reporters, telling: Telling, lead: Organisation, told: dt.datetime,
        *, root: "Course | None" = None, reporter_id: int | None = None,
    ) -> None:  # fmt: skip
        self.sheet, self.book, self.reporters, self.telling, self.lead = sheet, book, reporters, telling, lead
        self.told, self.root, self.reporter_id = told, root, reporter_id
        self.chance: random.Random = sheet.chance
        self.place: Place = telling.place
        self.story = telling.story
        self.promise: Promise | None = None
        self.kept: Kept
        self.nature = self.chance.choice(self.story.natures)
        self.channel = reporters.channel(self.story)
        self.desk = sheet.desk(self.place, self.channel)
        self.handler: Hand = sheet.hand(lead, but=[self.desk.person_id or 0]) or sheet.hand(lead) or self.desk

    @property
    def ended(self) -> bool:
        """Nothing more is done on it."""
        return self.kept.matter.stage in (Stage.MERGED, Stage.WITHDRAWN, Stage.DECLINED, Stage.SETTLED)

    def happens(self, share: float) -> bool:
        """Whether something that happens to this share of matters happens to this one."""
        return self.chance.random() < share

    def run(self) -> Iterator[dt.datetime]:
        """The whole life."""
        yield self.told
        self._raise()
        at = self.told
        if self.root is not None:
            at = yield from self._duplicate(self.root)
            if self.ended:
                return
        if self.happens(0.025) and self.kept.reports[0].reporter_id:
            yield (at := awake(at, self.chance.randint(0, 1), self.chance))
            return self.kept.withdraw(self.own_hand(), self.kept.reports[0], at, self.telling.said("withdrawn"))
        yield (at := office(at, self.chance.choice((0, 0, 1, 1, 1, 2, 3)), self.chance))
        if self.root is None and self.happens(0.03):
            return self.kept.decline(self.desk, at, *self.chance.choice(words()["course"]["decline"]))
        self._accept(at)
        at = yield from self._appeal(at)
        at = yield from self._routed(at)
        at = yield from self._worked(at)
        yield from self.answered(at)
        return None

    # --- told and sorted ---------------------------------------------------------------------

    def _raise(self) -> None:
        text = self.telling.text(self.channel)
        title = self.telling.title()
        latitude, longitude = self._spot()
        hall = self.place.by_kind.get(self.story.hall) if self.story.hall else None
        matter = Matter(
            town_id=self.sheet.town.pk, reference=self.reporters.reference(self.told), title=masked(title),
            text=masked(text), community_id=self.place.area.pk, place=masked(self.telling.where), latitude=latitude,
            longitude=longitude, hall_id=hall.pk if hall else None,
            urgent=routing.emergency_number(f"{title}\n{text}"), channel=self.channel, nature=self.nature,
            raised_at=self.told, changed_at=self.told, visibility=Matter.Visibility.HANDLERS,
        )  # fmt: skip
        self.kept = Kept(self.book, matter)
        data, hand = self.reporters.telling(self, title, text)
        self.kept.report(hand, data, self.told, first=True)
        self.book.make_findable(matter)

    def _spot(self) -> tuple[float | None, float | None]:
        area = self.place.area
        if area.latitude is None or area.longitude is None:
            return None, None
        return (
            round(area.latitude + self.chance.gauss(0, 0.0028), 6),
            round(area.longitude + self.chance.gauss(0, 0.0032), 6),
        )

    def _duplicate(self, root: "Course") -> Flow:
        """Told already by someone else: merged into the first; now and then wrongly, and split again."""
        yield (at := office(self.told, self.chance.randint(0, 1), self.chance))
        if not hasattr(root, "kept") or root.ended or root.kept.matter.stage == Stage.SUSPENDED:
            return at
        row = merging.merge(self.kept, root.kept, self.desk, at, self.telling.said("merged"))
        if not self.happens(0.15):
            return at
        yield (at := office(at, 1, self.chance))
        if not root.ended and not any(r.state != Report.State.OPEN for r in self.kept.moved):
            merging.split(row, self.kept, root.kept, self.desk, at, self.telling.said("split"))
        return at

    def _accept(self, at: dt.datetime) -> None:
        category = self.sheet.categories[self.story.category]
        public = self.story.category not in PRIVATE or self.happens(0.4)
        self.kept.accept(
            self.desk, at, category_id=category.pk, size=self.story.size,
            size_reason=self.telling.said(f"size_{self.story.size}"), decider=self.story.decider,
            decider_reason=said(routing.clause_of(self.story.decider))[:300],
            visibility=Matter.Visibility.PUBLIC if public else Matter.Visibility.HANDLERS,
        )  # fmt: skip

    def _appeal(self, at: dt.datetime) -> Flow:
        if self.story.size != "everyday" or not self.kept.reports[0].reporter_id or not self.happens(0.03):
            return at
        yield (at := awake(at, 1, self.chance))
        row: SizeAppeal = self.kept.appeal_size(self.own_hand(), at, "hard", self.telling.said("appeal"))
        yield (at := office(at, 1, self.chance))
        accept = self.happens(0.5)
        self.kept.answer_appeal(self.desk, row, at, accept, self.telling.said("appeal_yes" if accept else "appeal_no"))
        return at

    def own_hand(self) -> Hand:
        """The first reporter, acting for themselves."""
        return Hand(self.kept.reports[0].reporter_id)

    # --- given and worked on -----------------------------------------------------------------

    def _routed(self, at: dt.datetime) -> Flow:
        yield (at := office(at, self.chance.choice((0, 0, 0, 1)), self.chance))
        if self.ended:
            return at
        given = self.kept.assign(self.desk, at, self.lead.pk, self.telling.said("assigned"))
        if self.lead.kind == Organisation.Kind.DEPARTMENT and self.happens(0.06):
            given = yield from self._returned(given, at)
            at = max(given.sent_at, given.ruled_at or given.sent_at)
        yield (at := office(at, self.chance.choice((0, 0, 1, 1, 1, 2)), self.chance))
        if not self.ended and given.state in ACTIVE:
            self.kept.sign(self.handler, given, at)
        return at

    def _returned(self, given: Assignment, at: dt.datetime) -> Generator[dt.datetime, None, Assignment]:
        yield (at := office(at, self.chance.randint(0, 1), self.chance))
        if self.ended:
            return given
        self.kept.ask_return(
            self.handler, given, at, self.telling.said("return_reason"), self.telling.said("return_clause")
        )
        yield (at := office(at, 1, self.chance))
        if self.ended:
            return given
        others = [d for d in self.sheet.working_departments if d.pk != self.lead.pk and self.sheet.hand(d)]
        if self.happens(0.5) or not others:
            self.kept.refuse_return(self.desk, given, at, self.telling.said("ruling_refused"))
            return given
        self.lead = self.chance.choice(others)
        self.handler = self.sheet.hand(self.lead) or self.handler
        return self.kept.grant_return(self.desk, given, at, self.telling.said("ruling_granted"), self.lead.pk)

    def _worked(self, at: dt.datetime) -> Flow:
        late = self.happens(0.05)
        yield (at := office(at, 2 if late else self.chance.choice((0, 0, 1)), self.chance))
        if self.ended or self.kept.matter.stage != Stage.DOING:
            return at
        for report in [r for r in self.kept.reports if r.contacted_at is None and r.withdrawn_at is None]:
            if report.channel != Report.Channel.VISIT:
                self.kept.contact(self.handler, report, at, self.telling.said("contacted"))
        if self.nature == "consult":
            return at
        yield (at := office(at, self.chance.randint(0, 2), self.chance))
        if self.ended:
            return at
        self.kept.note(self.handler, at, self.telling.note())
        if self.story.suspend and self.telling.is_usual and self.happens(0.4):
            return (yield from self._suspended(at))
        if self.story.commit and self.telling.is_usual and self.happens(0.85):
            at = yield from self._promised(at)
        return at

    def _suspended(self, at: dt.datetime) -> Flow:
        condition, plan = (self.telling.fill(t) for t in self.story.suspend)
        review = at.date() + dt.timedelta(days=self.chance.choice((14, 21, 30, 45, 60)))
        self.kept.suspend(self.handler, at, condition, plan, review)
        if self.happens(0.25):
            yield at + dt.timedelta(days=4000)  # still waiting for its condition
        yield (at := office(at, self.chance.randint(12, 45), self.chance))
        self.kept.resume(self.handler, at, self.telling.said("resumed"))
        return at

    def _promised(self, at: dt.datetime) -> Flow:
        """A commitment: made, moved on, perhaps delayed, done, and accepted by someone else."""
        low, high = self.story.cost
        budget = Decimal(self.chance.randint(low, max(low, high)) // 100 * 100)
        days = self.chance.randint(4, 9)
        promise = self.promise = Promise(
            self.kept, self.handler, at, what=self.telling.one(self.story.commit)[:300], organisation_id=self.lead.pk,
            doer_id=self.handler.person_id, due_on=at.date() + dt.timedelta(days=days + 2), budget=budget,
        )  # fmt: skip
        yield (at := office(at, self.chance.randint(1, 3), self.chance))
        promise.progress(
            self.handler, at, self.telling.said("progress"), self.chance.choice((30, 40, 50, 60)), _part(budget, 40)
        )
        if self.happens(0.15):
            yield (at := office(at, 1, self.chance))
            later = promise.row.due_on + dt.timedelta(days=self.chance.randint(2, 6))
            promise.delay(self.handler, at, self.telling.said("delayed"), later)
        yield (at := office(at, self.chance.randint(1, 3), self.chance))
        promise.progress(self.handler, at, self.telling.said("progress"), 90, _part(budget, 50))
        yield (at := office(at, self.chance.randint(0, 2), self.chance))
        promise.done(self.handler, at, self.telling.said("done"))
        return at


def _part(amount: Decimal, percent: int) -> Decimal:
    return (amount * percent / 100).quantize(Decimal("0.01"))
