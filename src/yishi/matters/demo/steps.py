"""The demo step of matters: about two thousand of them, a year up to today, in every state."""

import datetime as dt
import heapq
import itertools
import random
from collections.abc import Callable, Iterator

from django.db import transaction

from yishi.core.demo import DemoSize
from yishi.engines.calendar import CalendarUnpublished
from yishi.matters.bulk.book import Book
from yishi.matters.bulk.kept import Hand
from yishi.matters.demo.course import Course
from yishi.matters.demo.days import awake, told_on
from yishi.matters.demo.extras import Extras
from yishi.matters.demo.fieldwork import Fieldwork
from yishi.matters.demo.reading import Story, stories
from yishi.matters.demo.reporters import Reporters, new_key
from yishi.matters.demo.sheet import Place, Sheet
from yishi.matters.demo.telling import Telling
from yishi.matters.models import Matter
from yishi.matters.services.raising import RaiseInput
from yishi.network.models import Area

Tick = Callable[[int], None]
DUPLICATES, JOINED = 0.035, 0.10


class Town:
    """Draws the courses and runs them in the order of time."""

    def __init__(self, size: DemoSize) -> None:
        self.size = size
        self.chance = random.Random(size.seed + 50)
        town = Area.objects.filter(kind=Area.Kind.TOWN).order_by("pk")[0]
        self.sheet = Sheet(town, self.chance)
        self.book = Book(town.pk)
        personas = [p for p in self.sheet.accounts if any(p in r for r in self.sheet.residents.values())]
        self.reporters = Reporters(self.sheet, self.book, personas)
        self.personas = personas
        self.weights = [s.weight for s in stories()]

    def courses(self) -> Iterator[Course]:
        """All courses, duplicates right after what they repeat."""
        made = 0
        while made < self.size.matters:
            course = self._course()
            if course is None:
                continue
            made += 1
            yield course
            if made < self.size.matters and self.chance.random() < DUPLICATES:
                made += 1
                yield self._again(course)

    def _course(self) -> Course | None:
        story = self.chance.choices(stories(), self.weights)[0]
        place = self._place(story)
        if place is None:
            return None
        estate = self.chance.choice(place.estates) if story.needs == "estate" else None
        cooperative = self.chance.choice(place.cooperatives) if story.needs == "cooperative" else None
        lead = self.sheet.lead(story, place, estate, cooperative)
        if lead is None:
            return None
        telling = Telling(self.chance, story, place, estate, cooperative)
        own = self.chance.choice(self.personas) if self.personas and self.chance.random() < 0.05 else None
        course = Course(
            self.sheet, self.book, self.reporters, telling, lead, told_on(self.size.now, self.chance), reporter_id=own
        )
        if own is not None:
            course.channel = "web"
        return course

    def _place(self, story: Story) -> Place | None:
        able = [
            p for p in self.sheet.places
            if (story.needs != "estate" or p.estates) and (story.needs != "cooperative" or p.cooperatives)
        ]  # fmt: skip
        if not able:
            return None
        first = able[0]
        return first if self.chance.random() < 0.09 else self.chance.choice(able)

    def _again(self, first: Course) -> Course:
        """The same happening told by someone else, in other words, some days later."""
        told = min(awake(first.told, self.chance.randint(0, 4), self.chance), self.size.now - dt.timedelta(minutes=3))
        return Course(
            self.sheet, self.book, self.reporters, first.telling.again(), first.lead, max(told, first.told), root=first
        )

    def joins(self, course: Course) -> Iterator[dt.datetime]:
        """Others who say: me too."""
        at = course.told
        for _ in range(self.chance.choice((1, 1, 1, 2, 2, 3, 5))):
            yield (at := awake(at, self.chance.randint(0, 5), self.chance))
            if (
                not course.ended
                and course.kept.matter.visibility == Matter.Visibility.PUBLIC
                and course.kept.matter.is_open
            ):
                self._join(course, at)

    def _join(self, course: Course, at: dt.datetime) -> None:
        near = self.sheet.residents.get(course.place.area.pk)
        if not near:
            return
        person = self.chance.choice(near)
        data = RaiseInput(
            key=new_key(self.chance), title="", text=course.telling.said("joined"), nature=course.nature, channel="web",
            reporter_id=person, received_at=at,
        )  # fmt: skip
        course.kept.report(Hand(person), data, at, first=False)

    def run(self, tick: Tick) -> int:
        """Everything that has happened by now."""
        order = itertools.count()
        waiting: list[tuple[dt.datetime, int, Iterator[dt.datetime]]] = []

        def go_on(life: Iterator[dt.datetime]) -> None:
            try:
                at = next(life)
            except (StopIteration, CalendarUnpublished):
                return
            if at <= self.size.now:
                heapq.heappush(waiting, (at, next(order), life))

        courses = list(self.courses())
        for course in courses:
            go_on(course.run())
            if self.chance.random() < JOINED:
                go_on(self.joins(course))
        while waiting:
            _, _, life = heapq.heappop(waiting)
            go_on(life)
        Fieldwork(self.sheet, self.book, self.size.now).build(courses)
        extras = Extras(self.sheet, self.book, self.reporters, self.size.now)
        extras.sealed()
        extras.notifications(courses)
        count = self.book.write(tick)
        extras.follows(courses)
        extras.photos(courses)
        return count


@transaction.atomic
def build_matters(size: DemoSize, tick: Tick) -> None:
    """The step that the registry runs, after the network's."""
    Town(size).run(tick)
