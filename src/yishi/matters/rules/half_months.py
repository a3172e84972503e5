"""Half-months: 1st to 15th, 16th to the end. Lanes are walked once in each (M25; house rule)."""

import calendar
import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HalfMonth:
    """Its first and last day, both included."""

    starts_on: dt.date
    ends_on: dt.date

    def holds(self, day: dt.date) -> bool:
        """Whether a day lies in it."""
        return self.starts_on <= day <= self.ends_on


def half_month_of(day: dt.date) -> HalfMonth:
    """The half-month in which a day lies."""
    if day.day <= 15:
        return HalfMonth(day.replace(day=1), day.replace(day=15))
    return HalfMonth(day.replace(day=16), day.replace(day=calendar.monthrange(day.year, day.month)[1]))


def before(half: HalfMonth) -> HalfMonth:
    """The half-month before."""
    return half_month_of(half.starts_on - dt.timedelta(days=1))
