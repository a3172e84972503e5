"""Who acts in the demo's decisions: officers as viewers, and bodies filled where the town has left them empty."""

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from yishi.core import clock
from yishi.core.demo import DemoSize
from yishi.decisions.models import Decision
from yishi.network import selectors as network
from yishi.network.demo_people import CHUNK, People
from yishi.network.demo_words import STREETS, SURNAMES
from yishi.network.models import Area, Organisation, Post, Term
from yishi.network.viewers import Duty, Kind, Office, Standing, Viewer
from yishi.people.models import Capacity, Household, HouseholdMember, Person, User

SINCE = dt.date(2021, 5, 1)
FIRST_NUMBER = 700_000  # beyond every number that the network's own demo draws
HOME = 3  # adults of a household that is drawn
MEMBER, COMRADE, RESIDENT = Capacity.Kind.MEMBER, Capacity.Kind.PARTY_MEMBER, Capacity.Kind.RESIDENT


@dataclass(frozen=True)
class Body:
    """An organisation with those who carry its decisions; ``branch`` is the Party organisation beside it."""

    organisation: Organisation
    head: int
    others: tuple[int, ...]
    supervisor: int
    branch: Organisation | None = None
    secretary: int = 0
    comrades: tuple[int, ...] = field(default=())

    @property
    def counters(self) -> tuple[int, int]:
        """Two who count, neither the proposer."""
        return self.others[0], self.others[1]


class Cast:
    """Finds or fills the posts that decisions need, and lets people act on a day."""

    def __init__(self, town: Area, size: DemoSize) -> None:
        self.town, self.now = town, size.now
        self.people = People(town.pk, size.seed + 60, size.now)
        self.people.count = FIRST_NUMBER
        self.chance = random.Random(size.seed + 61)
        self.houses = 0
        self.offices: dict[int, tuple[Office, ...]] = {}
        accounts = User.objects.exclude(person=None).values_list("email", "person_id")
        self.personas = {str(email).partition("@")[0]: person for email, person in accounts}

    def drawn(self, count: int) -> list[int]:
        """So many invented people of the town, kept; those who will share a home bear one name but for who married in."""
        found, surname = list[Person](), ""
        for n in range(count):
            if n % HOME == 0:
                surname = self.chance.choice(SURNAMES)
            found.append(self.people.draw(surname="" if n % HOME == 1 else surname))
        self.people.store(lambda n: None)
        return [person.pk for person in found]

    def settled(self, persons: Sequence[int], area: Area, organisation: Organisation | None = None) -> None:
        """Households for people who have none, and what follows: residents of the area, members of its cooperative."""
        numbers = range(self.houses + 1, self.houses + 1 + -(-len(persons) // HOME))
        self.houses += len(numbers)
        homes = Household.objects.bulk_create([
            Household(
                town=self.town, area=area, number=f"{area.pk:04d}-9{n:04d}",
                address=f"{self.chance.choice(STREETS)} {self.chance.randint(1, 180)} 号",
            )
            for n in numbers
        ])  # fmt: skip
        lived = [(person, homes[i // HOME]) for i, person in enumerate(persons)]
        HouseholdMember.objects.bulk_create(
            [HouseholdMember(household=home, person_id=p, since=SINCE) for p, home in lived], batch_size=CHUNK
        )
        self._capacities(RESIDENT, lived, area, None)
        if organisation is not None:
            self._capacities(MEMBER, lived, area, organisation)

    def _capacities(
        self, kind: str, lived: Sequence[tuple[int, Household | None]], area: Area, organisation: Organisation | None
    ) -> None:
        Capacity.objects.bulk_create([
            Capacity(
                person_id=p, kind=kind, area=area, organisation=organisation, household=home, since=SINCE,
                basis="roll", verified_at=self.now,
            )
            for p, home in lived
        ], batch_size=CHUNK)  # fmt: skip

    def cooperative(self, organisation: Organisation) -> Body:
        """A council of five, a supervisor, thirty-one representatives, a branch of forty-seven with its committee."""
        branch = Organisation.objects.get(area=organisation.area, kind=Kind.PARTY_BRANCH)
        head, secretary = self.in_office(organisation, Duty.PRESIDENT), self.in_office(branch, Duty.SECRETARY)
        assert head is not None
        assert secretary is not None
        leading = list(dict.fromkeys((head, secretary)))
        drawn = self.drawn(78)
        directors, supervisor, committee, rest = drawn[:4], drawn[4], drawn[5:9], drawn[9:]
        self._hold(organisation, Duty.COMMITTEE_MEMBER, "理事", "Director", directors)
        self._hold(organisation, Duty.SUPERVISOR, "监事", "Supervisor", [supervisor])
        self._hold(branch, Duty.COMMITTEE_MEMBER, "支部委员", "Committee Member", committee)
        representatives = [*leading, *rest[: 31 - len(leading)]]
        self._hold(organisation, Duty.REPRESENTATIVE, "成员代表", "Representative", representatives)
        comrades = [*leading, *committee, *directors[:2], *rest[-40:]][:47]
        self._capacities(COMRADE, [(p, None) for p in comrades], organisation.area, branch)
        self.settled([*leading, *drawn], organisation.area, organisation)
        return Body(organisation, head, tuple(directors), supervisor, branch, secretary, tuple(committee))

    def owners(self, organisation: Organisation) -> Body:
        """An owners' committee with its director, two members and a supervisor."""
        head = self.in_office(organisation, Duty.DIRECTOR)
        drawn = self.drawn(3)
        assert head is not None
        self._hold(organisation, Duty.COMMITTEE_MEMBER, "委员", "Committee Member", drawn[:2])
        self._hold(organisation, Duty.SUPERVISOR, "监事", "Supervisor", drawn[2:])
        return Body(organisation, head, tuple(drawn[:2]), drawn[2])

    def village(self, organisation: Organisation) -> Body:
        """A villagers' committee and a supervisor, all drawn."""
        drawn = self.drawn(4)
        self._hold(organisation, Duty.DIRECTOR, "主任", "Director", drawn[:1])
        self._hold(organisation, Duty.COMMITTEE_MEMBER, "委员", "Committee Member", drawn[1:3])
        self._hold(organisation, Duty.SUPERVISOR, "监督员", "Supervisor", drawn[3:])
        self.settled(drawn, organisation.area)
        return Body(organisation, drawn[0], tuple(drawn[1:3]), drawn[3])

    def community(self, organisation: Organisation) -> Body:
        """A residents' committee as the town has it, the Party organisation beside it."""
        party = Organisation.objects.get(area=organisation.area, kind=Kind.PARTY_COMMITTEE)
        watching = Organisation.objects.get(area=organisation.area, kind=Kind.SUPERVISION_COMMITTEE)
        secretary, head = self.in_office(party, Duty.SECRETARY), self.in_office(organisation, Duty.DIRECTOR)
        supervisor = self.in_office(watching, Duty.SUPERVISOR)
        members = Term.objects.filter(post__organisation=organisation, post__duty=Duty.COMMITTEE_MEMBER, until=None)
        assert head is not None
        assert secretary is not None
        assert supervisor is not None
        others = tuple(members.order_by("pk").values_list("person_id", flat=True))
        return Body(organisation, head, others, supervisor, party, secretary)

    def _hold(self, organisation: Organisation, duty: str, title: str, english: str, persons: Sequence[int]) -> None:
        post = Post.objects.create(
            organisation=organisation, duty=duty, title=title, title_en=english, seats=len(persons), opened_on=SINCE
        )
        Term.objects.bulk_create([Term(post=post, person_id=p, since=SINCE) for p in persons])

    def in_office(self, organisation: Organisation, duty: str) -> int | None:
        """Who holds a duty there now."""
        found = Term.objects.filter(post__organisation=organisation, post__duty=duty, until=None).order_by("pk").first()
        return found.person_id if found else None

    @contextmanager
    def acting(self, person_id: int, at: dt.datetime, *standings: Standing) -> Iterator[Viewer]:
        """A person as they are in office on that day, the clock standing there."""
        with clock.standing_at(at):
            if person_id not in self.offices:  # nobody of the stories comes into or leaves office while they run
                self.offices[person_id] = network.offices_of(person_id, clock.local_day(at))
            offices = self.offices[person_id]
            yield Viewer(at=at, person_id=person_id, town_id=self.town.pk, offices=offices, standings=standings)


def standing(kind: str, organisation: Organisation) -> Standing:
    """What a member, resident or owner is, in an organisation's place."""
    member = organisation.pk if kind == MEMBER else None
    return Standing(kind, organisation.area_id, organisation.area.path, member, None)


def fresh(decision: Decision) -> Decision:
    """The decision as it is now."""
    return Decision.objects.select_related("organisation__area", "area").get(pk=decision.pk)
