"""Meetings for the tests: people on rolls, decisions that stand before the vote, the day moving on."""

import datetime as dt
import itertools
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from yishi.core import clock
from yishi.decisions import rules
from yishi.decisions.models import (
    AgendaItem,
    BallotBox,
    Booth,
    BoothBatch,
    Decision,
    Meeting,
    MotionVersion,
    PaperBallot,
    Result,
    RollEntry,
    Unit,
    UnitOwner,
)
from yishi.decisions.services import attendance, ballots, booth, certifying, counting, meetings, paper, rolls
from yishi.decisions.services._acts import append, follow, held
from yishi.decisions.voting import sealing
from yishi.network.models import Area, Organisation, Post, Term
from yishi.network.viewers import Viewer
from yishi.people.models import Capacity, Household, HouseholdMember, Person

TEXT = "把旧厂房租给街坊开办的工场，租期五年，年租金三十二万元。"
BORN = dt.date(1970, 5, 1)
_number = itertools.count(1)


def moment(day: str, hour: int = 10) -> dt.datetime:
    """An hour of a day in China."""
    return dt.datetime.fromisoformat(f"{day}T{hour:02d}:00:00+08:00")


def people(town: Area, count: int, born: dt.date | None = BORN, prefix: str = "街坊") -> list[Person]:
    """So many persons without accounts."""
    rows = [
        Person(town=town, name=f"{prefix}{i:04d}", birth_date=born, created_at=moment("2026-01-01"))
        for i in range(1, count + 1)
    ]
    return Person.objects.bulk_create(rows, batch_size=500)


def made(
    persons: Sequence[Person], kind: str, area: Area, organisation: Organisation | None = None, size: int = 3
) -> None:
    """Give each a verified capacity, in households of ``size``."""
    houses = [
        Household(town_id=area.town_id, area=area, number=f"{area.pk}-{next(_number):04d}", address="一巷")
        for _ in range(0, len(persons), size)
    ]
    houses = Household.objects.bulk_create(houses, batch_size=500)
    since = dt.date(2024, 1, 1)
    HouseholdMember.objects.bulk_create(
        [HouseholdMember(household=houses[i // size], person=p, since=since) for i, p in enumerate(persons)]
    )
    Capacity.objects.bulk_create(
        [
            Capacity(
                person=p, kind=kind, area=area, organisation=organisation, household=houses[i // size], since=since,
                verified_at=moment("2024-01-01"),
            )
            for i, p in enumerate(persons)
        ]
    )  # fmt: skip


def homes(estate: Area, owners: Sequence[Sequence[int | None]]) -> None:
    """A delivered home of 90 m² for each circle of owners."""
    units = [
        Unit(estate=estate, building="1", number=f"1-{next(_number):04d}", area_hundredths=9000) for _ in owners
    ]  # fmt: skip
    units = Unit.objects.bulk_create(units)
    since = dt.date(2024, 1, 1)
    UnitOwner.objects.bulk_create(
        [UnitOwner(unit=u, person_id=p, since=since) for u, circle in zip(units, owners, strict=True) for p in circle]
    )


def in_office(persons: Sequence[Person], organisation: Organisation, duty: str, title: str) -> None:
    """Give each a term in a post of this duty."""
    post = Post.objects.create(organisation=organisation, duty=duty, title=title, seats=len(persons))
    Term.objects.bulk_create([Term(post=post, person=p, since=dt.date(2024, 1, 1)) for p in persons])


def as_viewer(person: Person, at: dt.datetime) -> Viewer:
    """A person as they are seen when signed in, without any office."""
    return Viewer(at=at, user_id=-person.pk, person_id=person.pk, name=person.name, town_id=person.town_id)


def decision_at(
    viewer: Viewer, organisation: Organisation, procedure: str, events: Sequence[tuple[str, str, dict[str, Any]]],
    *, secrecy: str = "signed", resolve: str = "", item: str = "", area: Area | None = None, **settings: Any,
) -> Decision:  # fmt: skip
    """A decision that has come so far by bare events ``(day, kind, data)``."""
    first = moment(events[0][0], 9)
    decision = Decision(
        town_id=organisation.town_id, reference=clock.new_reference(first), key=uuid.uuid4(), organisation=organisation,
        area=area or organisation.area, title="旧厂房租赁方案", procedure=procedure, resolve=resolve, item=item,
        settings=settings, secrecy=secrecy, proposer_id=viewer.person_id, created_at=first, changed_at=first,
    )  # fmt: skip
    follow(decision, rules.open_new(decision), first)
    MotionVersion.objects.create(
        decision=decision, number=1, text=TEXT, digest=rules.motion_digest(TEXT), by_id=viewer.person_id, at=first
    )
    for day, kind, data in events:
        with held(decision) as found:
            append(viewer, found, kind, moment(day), data)
    decision.refresh_from_db()
    return decision


@dataclass
class Hall:
    """A meeting on one decision, carried along by those whose office it is."""

    convener: Viewer
    counters: tuple[Viewer, Viewer]
    certifier: Viewer
    decision: Decision
    meeting: Meeting = field(init=False)

    @property
    def item(self) -> AgendaItem:
        """The first item, as it is now."""
        return AgendaItem.objects.select_related("decision", "meeting", "roll").get(meeting=self.meeting, number=1)

    @property
    def box(self) -> BallotBox:
        """Its box."""
        return BallotBox.objects.select_related("item__meeting", "item__decision", "roll").get(
            item__meeting=self.meeting, item__number=1
        )

    def line(self, number: int) -> RollEntry:
        """A line of the roll by its number."""
        return RollEntry.objects.get(roll=self.item.roll, number=number)

    def convened(self, drawn_on: str, meets_on: str, *, until: str = "", mode: str = "") -> Meeting:
        """Roll drawn and meeting convened."""
        at = moment(drawn_on)
        if rules.case_of(self.decision).step.kind == "meeting":
            rolls.draw_roll(self.convener, self.decision, mode, at)
        given = meetings.MeetingInput(
            title="成员大会", place="祠堂前", meets_at=moment(meets_on, 9), decisions=[self.decision], mode=mode,
            votes_until=moment(until, 20) if until else None,
        )  # fmt: skip
        self.meeting = meetings.convene(self.convener, given, at)
        return self.meeting

    def noticed(self, on: str, meets_on: str, **more: Any) -> None:
        """Convened and noticed on a day, with proof."""
        self.convened(on, meets_on, until=more.pop("until", ""), mode=more.pop("mode", ""))
        meetings.give_notice(self.convener, self.meeting, meetings.NoticeInput(**more), moment(on, 11))
        meetings.record_delivery(
            self.convener, self.meeting, meetings.DeliveryInput("board", "祠堂公示栏"), moment(on, 12)
        )

    def opened(self, on: str) -> None:
        """The meeting begun."""
        meetings.open_meeting(self.convener, self.meeting, moment(on, 9))

    def signed_in(self, numbers: str, on: str) -> int:
        """Lines signed in from the paper book."""
        return attendance.sign_in_numbers(self.convener, self.item, numbers, moment(on, 9))

    def voting(self, on: str) -> BallotBox:
        """The ballot opened."""
        return ballots.open_ballot(self.convener, self.item, moment(on, 10))

    def on_paper(self, marks: dict[str, Sequence[str]], on: str) -> list[PaperBallot]:
        """Paper ballots handed out and, for a signed vote, keyed: ``{"1-300": ["yes"]}``."""
        papers = []
        for numbers, ticked in marks.items():
            batch = paper.issue_papers(self.convener, self.box, numbers, False, moment(on, 11))
            papers += batch
            for one in batch:
                paper.key_paper(self.convener, self.box, one.serial, list(ticked), moment(on, 12))
        return papers

    def web(self, number: int, mark: str, on: str, hour: int = 11) -> ballots.Cast:
        """A line's own ballot from the phone."""
        entry = self.line(number)
        assert entry.person is not None
        at = moment(on, hour)
        return ballots.cast_ballot(as_viewer(entry.person, at), self.box, entry.pk, [mark], uuid.uuid4(), at)

    def closed(self, on: str) -> BallotBox:
        """The box closed."""
        announced = self.box.closes_at
        at = moment(on, 18)
        return ballots.close_ballot(self.convener, self.item, max(at, announced) if announced else at)

    def counted(self, on: str, given: counting.CountInput | None = None) -> Result:
        """Keyed alike by two, then reckoned."""
        given = given or counting.CountInput({})
        for counter in self.counters:
            counting.key_count(counter, self.box, given, moment(on, 19))
        return counting.count_ballots(self.counters[0], self.item, moment(on, 20))

    def certified(self, on: str) -> Result:
        """Certified by the supervisor or the town."""
        return certifying.certify_result(self.certifier, self.item, moment(on, 21))


@dataclass
class Tablet:
    """An offline booth with the ballots that lie on it."""

    hall: Hall
    at: dt.datetime
    label: str = "3号楼流动票箱"
    holder: Viewer | None = None
    key: uuid.UUID = field(default_factory=uuid.uuid4)
    ballots: list[booth.BoothBallot] = field(default_factory=list)
    batch: uuid.UUID = field(default_factory=uuid.uuid4)

    def __post_init__(self) -> None:
        person = (self.holder or self.hall.convener).person_id
        given = booth.BoothInput(sealing.device_of(self.key), self.label, person or 0)
        self.id = booth.register_booth(self.hall.convener, self.hall.box, given, self.at).pk

    @property
    def row(self) -> Booth:
        """The booth as it is now."""
        return Booth.objects.select_related("box").get(pk=self.id)

    def collect(self, number: int, *marks: str) -> None:
        """A ballot of a line of the roll."""
        self.ballots.append(booth.BoothBallot(self.hall.line(number).code, marks, uuid.uuid4()))

    @property
    def screen(self) -> booth.SealInput:
        """What the tablet shows, sealed."""
        digest = sealing.digest_of(self.row.device, self.batch, self.ballots)
        code = sealing.code_of(self.row.device, digest, len(self.ballots))
        return booth.SealInput(len(self.ballots), code, "told")

    def seal(self, at: dt.datetime) -> Booth:
        """The number and the code read out to the desk."""
        return booth.seal_booth(self.hall.convener, self.row, self.screen, at)

    def hand_in(self, at: dt.datetime, *, last: bool = True) -> BoothBatch:
        """What lies on it handed in; by parts it goes on with another batch."""
        given = booth.Batch(self.key, self.batch, tuple(self.ballots))
        taken = booth.take_batch(self.hall.convener, self.hall.box, given, at)
        if not last:
            self.ballots, self.batch = [], uuid.uuid4()
        return taken


MakePerson = Callable[..., Viewer]
