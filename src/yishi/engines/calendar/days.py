"""Counting of days by Civil Code articles 201 to 203, and of statutory working days."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from yishi.engines.calendar.tables import year_table


def is_workday(d: date) -> bool:
    """Whether `d` is a statutory working day (make-up days count, holidays do not)."""
    table = year_table(d.year)
    i = d.toordinal() - table.first
    return table.rank[i] > (table.rank[i - 1] if i else 0)


def next_workday(d: date) -> date:
    """`d` itself when it is a working day, otherwise the first working day after it."""
    return d if is_workday(d) else add_working_days(d, 1)


def add_working_days(start: date, n: int) -> date:
    """The n-th working day after `start`; the first day is not counted (Civil Code 201).

    `n` 0 gives `start`. Constant time within a year. Raises `ValueError` for a negative `n`
    and `CalendarUnpublished` when the count runs into a year without a calendar.
    """
    if n < 0:
        raise ValueError("the number of working days cannot be negative")
    if n == 0:
        return date.fromordinal(start.toordinal())
    year = start.year
    table = year_table(year)
    wanted = table.rank[start.toordinal() - table.first] + n
    while wanted > len(table.working):
        wanted -= len(table.working)
        year += 1
        table = year_table(year)
    return date.fromordinal(table.working[wanted - 1])


def working_days_between(a: date, b: date) -> int:
    """Working days after `a` up to and including `b`; negative when `b` lies before `a`.

    The inverse of `add_working_days`: `working_days_between(a, add_working_days(a, n)) == n`.
    """
    if b < a:
        return -working_days_between(b, a)
    total = -_rank(a) + _rank(b)
    for year in range(a.year, b.year):
        total += len(year_table(year).working)
    return total


def _rank(d: date) -> int:
    table = year_table(d.year)
    return table.rank[d.toordinal() - table.first]


def add_days(start: date, n: int) -> date:
    """The last day of a period of `n` calendar days after `start`, within which to act.

    The first day is not counted (Civil Code 201); a last day that is a statutory rest day
    moves to the next working day (203). Raises `CalendarUnpublished`, `ValueError`.
    """
    if n < 0:
        raise ValueError("the number of days cannot be negative")
    return next_workday(start + timedelta(days=n))


def add_months(start: date, n: int) -> date:
    """The last day of `n` months: the same day of the month, or its last day where there is
    none (Civil Code 202), moved past rest days (203)."""
    return next_workday(same_day_after(start, n))


def add_years(start: date, n: int) -> date:
    """The last day of `n` years (Civil Code 202, 203)."""
    return add_months(start, 12 * n)


def same_day_after(start: date, months: int) -> date:
    """The corresponding day `months` later, before any move for rest days (Civil Code 202)."""
    if months < 0:
        raise ValueError("the number of months cannot be negative")
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))


def clear_days(notice: date, event: date) -> int:
    """Whole days between two dates, neither of them counted (never below 0)."""
    return max(0, (event - notice).days - 1)


def after_clear_days(start: date, n: int) -> date:
    """The first day on which something may happen after `n` whole days have passed since
    `start`, neither end counted: posted 1 July for 15 days → 17 July. A waiting period, so
    rest days do not move it."""
    if n < 0:
        raise ValueError("the number of days cannot be negative")
    return start + timedelta(days=n + 1)


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """The hours of a counter, in local time. The default is an assumption: set your own."""

    opens: time = time(8, 30)
    closes: time = time(17, 30)


def paper_received(moment: datetime, hours: OfficeHours | None = None) -> date:
    """The day on which a paper handed in at `moment` (local time) counts as received.

    On a working day until the counter closes: that day; later, or on a rest day: the next
    working day. After Civil Code 203(2): where there are business hours, the day ends when
    business stops. Raises `CalendarUnpublished`.
    """
    closes = (hours or OfficeHours()).closes
    today = moment.date()
    if moment.time() > closes:
        return add_working_days(today, 1)
    return next_workday(today)
