"""Who tells it, by which channel, with which contact and consent."""

import datetime as dt
import random
import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.apps import apps

from yishi.core import clock
from yishi.matters.bulk.book import Book
from yishi.matters.bulk.kept import NOBODY, Hand
from yishi.matters.demo.reading import Story
from yishi.matters.demo.sheet import Sheet
from yishi.matters.demo.telling import called
from yishi.matters.models import Report
from yishi.matters.permissions import STAFF_CHANNELS
from yishi.matters.services.raising import ContactInput, RaiseInput
from yishi.network.models import Organisation

if TYPE_CHECKING:
    from yishi.matters.demo.course import Course

Channel = Report.Channel
_SHARES = (
    ("web", 34),
    ("phone", 15),
    ("walk_in", 9),
    ("paper", 4),
    ("patrol", 9),
    ("visit", 6),
    ("hotline", 19),
    ("message_board", 4),
)
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


class Reporters:
    """Draws reporters; every number is used once."""

    def __init__(self, sheet: Sheet, book: Book, accounts: Sequence[int]) -> None:
        self.sheet, self.book, self.accounts = sheet, book, accounts
        self.chance: random.Random = sheet.chance
        self.references: set[str] = set()
        self.tickets = 0

    def channel(self, story: Story) -> str:
        """By which channel it comes in."""
        names = story.channels or [c for c, _ in _SHARES]
        weights = [dict(_SHARES)[c] for c in names]
        return self.chance.choices(list(names), weights)[0]

    def reference(self, at: dt.datetime) -> str:
        """A public number as ``clock.new_reference`` makes them, but decided by the seed."""
        while True:
            found = f"{clock.local_day(at):%y%m%d}-{''.join(self.chance.choices(_LETTERS, k=5))}"
            if found not in self.references:
                self.references.add(found)
                return found

    def telling(self, course: "Course", title: str, text: str) -> tuple[RaiseInput, Hand]:
        """The input that the service would be given, and whose hand wrote it."""
        channel, hand = course.channel, NOBODY
        facts: dict[str, Any] = {}
        if channel == Channel.WEB:
            facts["reporter_id"] = course.reporter_id or self._resident(course)
            hand = Hand(facts["reporter_id"])
        elif channel == Channel.PATROL:
            hand = self._patroller(course)
            facts["reporter_id"] = hand.person_id
        else:
            hand = course.desk
            if channel == Channel.HOTLINE:
                facts["external_number"] = self._ticket(course.told)
            if channel != Channel.VISIT:
                facts["contact"] = self._contact(channel)
            if channel in STAFF_CHANNELS and channel != Channel.VISIT:
                facts["consent_id"] = self.consent(hand, channel, course.told)
        data = RaiseInput(
            key=new_key(self.chance), title=title, text=text, nature=course.nature, channel=channel,
            received_at=course.told, **facts,
        )  # fmt: skip
        return data, hand

    def _resident(self, course: "Course") -> int | None:
        near = self.sheet.residents.get(course.place.area.pk)
        return self.chance.choice(near) if near else None

    def _patroller(self, course: "Course") -> Hand:
        for kind in (Organisation.Kind.NEIGHBOURS_HALL, Organisation.Kind.RESIDENTS_HALL):
            hall = course.place.by_kind.get(kind)
            able = [p for p, duty in self.sheet.people[hall.pk] if duty == "deliberator"] if hall else []
            if able:
                return Hand(self.chance.choice(able))
        return Hand(self._resident(course))

    def _ticket(self, at: dt.datetime) -> str:
        self.tickets += 1
        return f"FS{clock.local_day(at):%y%m%d}{self.tickets:06d}"

    def _contact(self, channel: str) -> ContactInput:
        """Invented; the numbers lie in a range that no telephone has."""
        name = called(self.chance)
        if channel == Channel.MESSAGE_BOARD:
            return ContactInput(name=f"用户{self.chance.randint(10000, 99999)}", shown_as="网友")
        return ContactInput(name=name, phone=f"123{self.chance.randint(0, 99_999_999):08d}", shown_as=name)

    def consent(self, hand: Hand, channel: str, at: dt.datetime) -> int:
        """Consent to keep a name and number, spoken or written, on record."""
        manner = "written" if channel == Channel.PAPER else "spoken"
        consent = apps.get_model("people.Consent")
        row: Any = self.book.add(
            consent(person_id=None, purpose="contact", manner=manner, given_at=at, recorded_by_id=hand.person_id)
        )
        self.book.record("people.consent_given", row, at=at, actor_id=hand.person_id, purpose="contact", manner=manner)
        return int(row.pk)


def new_key(chance: random.Random) -> uuid.UUID:
    """A key that the seed decides."""
    return uuid.UUID(int=chance.getrandbits(128), version=4)
