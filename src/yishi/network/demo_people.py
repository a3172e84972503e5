"""Invented people: names drawn from lists, numbers from ranges that no telephone has."""

import datetime as dt
import random
from collections.abc import Callable

from yishi.network.demo_words import GIVEN_MEN, GIVEN_WOMEN, SURNAMES
from yishi.people import names
from yishi.people.models import Person

CHUNK = 500


class People:
    """Draws persons one by one and stores them in bulk; the same seed draws the same people."""

    def __init__(self, town_id: int, seed: int, at: dt.datetime) -> None:
        self.town_id, self.at = town_id, at
        self.chance = random.Random(seed)
        self.waiting: list[Person] = []
        self.count = 0

    def draw(self, *, surname: str = "", youngest: int = 22, oldest: int = 68, name: str = "") -> Person:
        """A person not yet stored; those of one household share a surname."""
        self.count += 1
        woman = self.chance.random() < 0.5
        given = self.chance.choice(GIVEN_WOMEN if woman else GIVEN_MEN)
        called = name or (surname or self.chance.choice(SURNAMES)) + given
        born = self.at.date().replace(day=1) - dt.timedelta(days=self.chance.randint(youngest * 365, oldest * 365))
        person = Person(
            town_id=self.town_id, name=called, name_initials=names.initials(called),
            phone=f"+86123{self.count:08d}", birth_date=born, id_last4=f"00{2 if woman else 1}{self.count % 10}",
            import_key=f"demo:{self.count}", created_at=self.at,
        )  # fmt: skip
        self.waiting.append(person)
        return person

    def store(self, tick: Callable[[int], None]) -> None:
        """Write everyone drawn since the last time; they then have numbers."""
        for start in range(0, len(self.waiting), CHUNK):
            part = self.waiting[start : start + CHUNK]
            Person.objects.bulk_create(part)
            tick(len(part))
        self.waiting = []
