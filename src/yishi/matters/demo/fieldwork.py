"""Patrols of the lanes and visits to homes, around the matters that came of them."""

import datetime as dt
import random
import uuid
from collections import defaultdict

from django.utils import timezone

from yishi.core import clock
from yishi.matters.bulk.book import Book
from yishi.matters.demo.course import Course
from yishi.matters.demo.days import office
from yishi.matters.demo.reading import words
from yishi.matters.demo.reporters import new_key
from yishi.matters.demo.sheet import Place, Sheet
from yishi.matters.models import Lane, LaneAlarm, Lead, Patrol, PatrolAnswer, PatrolPlan, Report, Visit
from yishi.matters.rules.half_months import HalfMonth, before, half_month_of
from yishi.matters.services.visits import LEAD_KEYS
from yishi.network.models import Organisation

HALVES = 12  # half a year of patrols
PLANS = 14
MISSED = 0.05
Kind = Organisation.Kind


class Fieldwork:
    """Plans, lanes, walks and alarms; diaries and leads."""

    def __init__(self, sheet: Sheet, book: Book, now: dt.datetime) -> None:
        self.sheet, self.book, self.now = sheet, book, now
        self.chance: random.Random = sheet.chance

    def build(self, courses: list[Course]) -> None:
        """Everything, from the courses that were told on a patrol or a visit."""
        told = [c for c in courses if hasattr(c, "kept")]
        self._diaries([c for c in told if c.channel == Report.Channel.VISIT])
        by_place: dict[int, list[Course]] = defaultdict(list)
        for course in told:
            if course.channel == Report.Channel.PATROL:
                by_place[course.place.area.pk].append(course)
        halls = [(p, h) for p in self.sheet.places if (h := p.by_kind.get(Kind.NEIGHBOURS_HALL))]
        for place, hall in halls[:PLANS]:
            self._plan(place, hall, by_place.get(place.area.pk, []))

    # --- patrols -----------------------------------------------------------------------------

    def _plan(self, place: Place, hall: Organisation, found: list[Course]) -> None:
        questions = list(words()["course"]["checklist"])
        half = half_month_of(clock.local_day(self.now))
        halves = [half]
        for _ in range(HALVES):
            half = before(half)
            halves.append(half)
        begun = _noon(halves[-1].starts_on)
        host = next((p for p, duty in self.sheet.people[hall.pk] if duty == "host"), None)
        plan = self.book.add(
            PatrolPlan(
                town_id=self.sheet.town.pk, hall=hall, name=f"{place.name}半月巡查", checklist=questions,
                since=halves[-1].starts_on,
            )
        )  # fmt: skip
        self.book.record(
            "matters.patrol_planned", plan, at=begun - dt.timedelta(days=2), actor_id=host, questions=len(questions)
        )
        for number, name in enumerate(self.chance.sample(words()["lanes"], self.chance.randint(4, 6)), start=1):
            self._lane(plan, place, number, name, halves[::-1], found, host)

    def _lane(
        self, plan: PatrolPlan, place: Place, number: int, name: str, halves: list[HalfMonth], found: list[Course],
        host: int | None,
    ) -> None:  # fmt: skip
        area = place.area
        lane = self.book.add(
            Lane(
                plan=plan, number=number, name=name,
                latitude=round((area.latitude or 0) + self.chance.gauss(0, 0.002), 6) if area.latitude else None,
                longitude=round((area.longitude or 0) + self.chance.gauss(0, 0.002), 6) if area.longitude else None,
            )
        )  # fmt: skip
        at = _noon(halves[0].starts_on) - dt.timedelta(days=1)
        self.book.record("matters.lane_added", lane, at=at, actor_id=host, number=number)
        walkers = [p for p, duty in self.sheet.people[plan.hall_id] if duty == "deliberator"]
        for half in halves:
            late = half is halves[-1] and self.chance.random() < 0.4
            if not walkers or late or (half is not halves[-1] and self.chance.random() < MISSED):
                self._missed(lane, half, host)
            else:
                self._walk(lane, plan, half, self.chance.choice(walkers), found)

    def _walk(self, lane: Lane, plan: PatrolPlan, half: HalfMonth, walker: int, found: list[Course]) -> None:
        mine = [c for c in found if half.holds(clock.local_day(c.told))][:2]
        day = half.starts_on + dt.timedelta(days=self.chance.randint(1, (half.ends_on - half.starts_on).days))
        at = mine[-1].told if mine else _noon(day) + dt.timedelta(minutes=self.chance.randint(-240, 420))
        if at > self.now:
            return
        for course in mine:
            found.remove(course)
        if mine and mine[0].kept.reports:
            walker = mine[0].kept.reports[0].reporter_id or walker
        patrol = self.book.add(Patrol(lane=lane, key=new_key(self.chance), by_id=walker, walked_at=at, sent_at=at))
        numbers = self.chance.sample(range(1, len(plan.checklist) + 1), len(mine))
        for number in range(1, len(plan.checklist) + 1):
            finding = mine[numbers.index(number)] if number in numbers else None
            report = finding.kept.reports[0] if finding and finding.kept.reports else None
            self.book.add(
                PatrolAnswer(
                    patrol=patrol, number=number, fine=report is None, report=report,
                    words=finding.kept.matter.title if finding and report else "",
                )
            )  # fmt: skip
        self.book.record("matters.lane_walked", lane, at=at, actor_id=walker, patrol=patrol.pk, found=len(mine))

    def _missed(self, lane: Lane, half: HalfMonth, host: int | None) -> None:
        raised = _noon(half.ends_on + dt.timedelta(days=1)) - dt.timedelta(hours=5)
        if raised > self.now:
            return
        alarm = self.book.add(LaneAlarm(lane=lane, starts_on=half.starts_on, ends_on=half.ends_on, raised_at=raised))
        self.book.record(
            "matters.lane_alarm_raised", lane, at=raised, actor_id=None, starts_on=half.starts_on.isoformat(),
            ends_on=half.ends_on.isoformat(),
        )  # fmt: skip
        ended = office(raised, self.chance.randint(1, 3), self.chance)
        if ended <= self.now and self.chance.random() < 0.8:
            alarm.ended_at, alarm.ended_because = ended, self.chance.choice(words()["course"]["alarm_end"])
            self.book.record("matters.lane_alarm_ended", lane, at=ended, actor_id=host, alarm=alarm.pk)

    # --- visits ------------------------------------------------------------------------------

    def _diaries(self, told: list[Course]) -> None:
        for course in told:
            report = course.kept.reports[0] if course.kept.reports else None
            if report is None or report.entered_by_id is None:
                continue
            visit = self._visit(course.place, report.entered_by_id, course.told, course.kept.matter.place, 1)
            lead = self.book.add(Lead(visit=visit, kind=Lead.Kind.ISSUE, words=course.kept.matter.title))
            report.key, lead.report = uuid.uuid5(LEAD_KEYS, str(lead.pk)), report
            self.book.record(
                "matters.lead_raised", visit, at=course.told, actor_id=report.entered_by_id, report=report.pk
            )
            if self.chance.random() < 0.9:
                self._quiet_visit(course.place, report.entered_by_id, course.told)

    def _visit(self, place: Place, by: int, at: dt.datetime, where: str, leads: int) -> Visit:
        visit = self.book.add(
            Visit(
                town_id=self.sheet.town.pk, community=place.area, key=new_key(self.chance), by_id=by, place=where,
                visited_on=clock.local_day(at), note=self.chance.choice(words()["course"]["visit_note"]),
                shared=self.chance.random() < 0.3, at=at,
            )
        )  # fmt: skip
        self.book.record("matters.visit_written", visit, at=at, actor_id=by, leads=leads)
        return visit

    def _quiet_visit(self, place: Place, by: int, near: dt.datetime) -> None:
        """A visit of which no matter came; perhaps a willing person or something to share."""
        at = office(near - dt.timedelta(days=self.chance.randint(2, 12)), 0, self.chance)
        kind = self.chance.choice((None, Lead.Kind.PERSON, Lead.Kind.ASSET))
        visit = self._visit(place, by, at, f"{place.name}{self.chance.choice(words()['lanes'])}", int(kind is not None))
        if kind is not None:
            self.book.add(Lead(visit=visit, kind=kind, words=self.chance.choice(words()["course"][f"lead_{kind}"])))


def _noon(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(12, 0)), timezone.get_default_timezone())
