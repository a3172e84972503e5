"""Working days of a year, read once from the published calendar and kept as ranks."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from chinese_calendar.constants import (
    holidays,
    workdays,
)

from yishi.engines.words import Text, say


class CalendarUnpublished(ValueError):
    """The State Council has not published (or we do not hold) the holidays of `year`.

    `text` says so in both languages; the answer is never guessed from weekdays alone.
    """

    def __init__(self, year: int) -> None:
        self.year = year
        self.text: Text = say(
            f"{year} 年的放假安排尚未公布或尚未收录，不能推算工作日；请在公布后更新日历数据。",
            f"The public-holiday calendar of {year} is not published or not installed, so working"
            " days cannot be counted; update the calendar data once it is published.",
        )
        super().__init__(self.text["en"])


@dataclass(frozen=True, slots=True)
class YearTable:
    """`first`: ordinal of 1 January; `rank[i]`: working days among days 0..i of the year;
    `working`: ordinals of the year's working days, ascending."""

    first: int
    rank: tuple[int, ...]
    working: tuple[int, ...]


@cache
def year_table(year: int) -> YearTable:
    """The table of one year. Raises `CalendarUnpublished` where no calendar is held.

    A year is held when its National Day is in the published data; weekends worked in lieu
    and weekdays off are taken from the State Council's yearly notice (chinesecalendar).
    """
    if not date.min.year <= year < date.max.year or date(year, 10, 1) not in holidays:
        raise CalendarUnpublished(year)
    first, beyond = date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()
    rank: list[int] = []
    working: list[int] = []
    for ordinal in range(first, beyond):
        when = date.fromordinal(ordinal)
        if when in workdays or (when.weekday() < 5 and when not in holidays):
            working.append(ordinal)
        rank.append(len(working))
    return YearTable(first, tuple(rank), tuple(working))
