"""When things happen: officers in office hours on working days, residents at any waking hour."""

import datetime as dt
import random

from django.utils import timezone

from yishi.core import clock
from yishi.engines.calendar import add_working_days, next_workday

OPENS, CLOSES = dt.time(8, 35), dt.time(17, 25)


def _at(day: dt.date, first: dt.time, last: dt.time, chance: random.Random) -> dt.datetime:
    begin = first.hour * 3600 + first.minute * 60
    span = last.hour * 3600 + last.minute * 60 - begin
    moment = dt.datetime.combine(day, dt.time()) + dt.timedelta(seconds=begin + int(chance.random() * max(span, 60)))
    return timezone.make_aware(moment, timezone.get_default_timezone())


def office(after: dt.datetime, days: int, chance: random.Random) -> dt.datetime:
    """An office hour ``days`` working days later (0: the same day where it still can be).

    Raises:
        CalendarUnpublished: that day lies in a year without a calendar.
    """
    local = timezone.localtime(after)
    day = next_workday(local.date())
    if days == 0 and (day != local.date() or local.time() < dt.time(16, 50)):
        first = max(OPENS, (local + dt.timedelta(minutes=12)).time()) if day == local.date() else OPENS
        return _at(day, first, CLOSES, chance)
    return _at(add_working_days(local.date(), max(days, 1)), OPENS, CLOSES, chance)


def awake(after: dt.datetime, days: int, chance: random.Random) -> dt.datetime:
    """A waking hour ``days`` days later."""
    local = timezone.localtime(after)
    if days == 0:
        return after + dt.timedelta(minutes=30 + chance.randint(0, 240))
    return _at(local.date() + dt.timedelta(days=days), dt.time(7, 20), dt.time(22, 40), chance)


def told_on(now: dt.datetime, chance: random.Random) -> dt.datetime:
    """When something was told within the year that ends now; somewhat more of it lately."""
    back = 365 * (1 - chance.random() ** 0.82)
    day = clock.local_day(now) - dt.timedelta(days=int(back))
    weekday = day.weekday() < 5
    hours = ((8, 12), (8, 12), (14, 18), (19, 22)) if weekday else ((9, 12), (15, 21))
    first, last = chance.choice(hours)
    found = _at(day, dt.time(first), dt.time(last), chance)
    return min(found, now - dt.timedelta(minutes=chance.randint(5, 600)))
