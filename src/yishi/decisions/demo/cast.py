"""Who acts in the demo's decisions: officers as viewers, and directors, counters and supervisors where the town has none."""

import datetime as dt
import random
from dataclasses import dataclass

from yishi.core.demo import DemoSize
from yishi.decisions.rules import ref
from yishi.network import selectors as network
from yishi.network.demo_people import People
from yishi.network.models import Area, Organisation, Post, Term
from yishi.network.viewers import Duty, Viewer
from yishi.people.models import Person

SINCE = dt.date(2021, 5, 1)
FIRST_NUMBER = 700_000  # beyond every number that the network's own demo draws


@dataclass(frozen=True)
class Body:
    """An organisation with those who carry its decisions: references of counters and certifier are persons'."""

    organisation: Organisation
    head: int
    first: int
    second: int
    supervisor: int

    @property
    def counters(self) -> list[str]:
        """Two who count, neither the proposer."""
        return [ref(self.first), ref(self.second)]


class Cast:
    """Finds or fills the posts that decisions need."""

    def __init__(self, town: Area, size: DemoSize) -> None:
        self.town = town
        self.people = People(town.pk, size.seed + 60, size.now)
        self.people.count = FIRST_NUMBER
        self.chance = random.Random(size.seed + 61)

    def drawn(self, count: int) -> list[Person]:
        """So many invented people of the town, kept."""
        found = [self.people.draw() for _ in range(count)]
        self.people.store(lambda n: None)
        return found

    def body(self, organisation: Organisation, head_duty: str) -> Body:
        """An organisation's head (found, else drawn), two members and a supervisor."""
        found = Term.objects.filter(post__organisation=organisation, post__duty=head_duty, until=None).first()
        drawn = self.drawn(3 if found else 4)
        head = found.person_id if found else self._hold(organisation, head_duty, "主任", "Head", drawn[3:])
        self._hold(organisation, Duty.COMMITTEE_MEMBER, "理事（委员）", "Director", drawn[:2])
        self._hold(organisation, Duty.SUPERVISOR, "监事", "Supervisor", drawn[2:3])
        return Body(organisation, head, drawn[0].pk, drawn[1].pk, drawn[2].pk)

    def _hold(self, organisation: Organisation, duty: str, title: str, english: str, persons: list[Person]) -> int:
        post = Post.objects.create(
            organisation=organisation, duty=duty, title=title, title_en=english, seats=len(persons), opened_on=SINCE
        )
        Term.objects.bulk_create([Term(post=post, person=p, since=SINCE) for p in persons])
        return persons[0].pk

    def viewer(self, person_id: int, at: dt.datetime) -> Viewer:
        """A person as they are in office on that day."""
        offices = network.offices_of(person_id, at.date())
        return Viewer(at=at, person_id=person_id, town_id=self.town.pk, offices=offices)

    def in_office(self, organisation: Organisation, duty: str) -> int | None:
        """Who holds a duty there now."""
        found = Term.objects.filter(post__organisation=organisation, post__duty=duty, until=None).first()
        return found.person_id if found else None
