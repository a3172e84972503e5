"""Months, quarters and years that have ended, and the middle of a posting."""

import datetime as dt
from dataclasses import dataclass

_MONTHS = {"monthly": 1, "quarterly": 3, "yearly": 12}


@dataclass(frozen=True, slots=True)
class Period:
    """From a day to a day, both included."""

    start: dt.date
    end: dt.date


def _shifted(day: dt.date, months: int) -> dt.date:
    place = day.year * 12 + day.month - 1 + months
    return dt.date(place // 12, place % 12 + 1, 1)


def last_ended(frequency: str, today: dt.date, back: int = 0) -> Period:
    """The last period that ended before ``today``; with ``back``, so many before it."""
    months = _MONTHS[frequency]
    first = dt.date(today.year, (today.month - 1) // months * months + 1, 1)
    start = _shifted(first, -months * (back + 1))
    return Period(start, _shifted(start, months) - dt.timedelta(days=1))


def middle_of(posted_on: dt.date, days: int) -> dt.date:
    """The day in the middle on which the board is looked at: half of the whole days, rounded up, after the posting."""
    return posted_on + dt.timedelta(days=(days + 1) // 2)
