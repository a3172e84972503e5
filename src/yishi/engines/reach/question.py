"""A question about a town: which venues count, who stands where, how far each walks."""

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

import numpy as np

from yishi.engines.calendar import CalendarUnpublished
from yishi.engines.reach.points import Points, Snapper
from yishi.engines.reach.search import Tick
from yishi.engines.reach.streets import Ints, ReachError, Streets, limit_of
from yishi.engines.reach.tables import Spots, located
from yishi.engines.words import Text, say

MOST_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Asked:
    """`minutes` and `speed` (m/s, for people without one of their own); venues with this service, open at
    `at` (a moment, or from it `until` another)."""

    minutes: Fraction
    speed: Fraction
    service: str = ""
    at: datetime | None = None
    until: datetime | None = None

    def __post_init__(self) -> None:
        if not 0 < self.minutes <= MOST_MINUTES:
            raise ReachError("分钟数应大于 0、不超过一天。", "minutes should be above 0 and no more than a day.")
        if not Fraction(1, 10) <= self.speed <= 10:
            raise ReachError("步速应为每秒 0.1 到 10 米。", "the speed should be 0.1 to 10 metres a second.")

    @property
    def limit(self) -> int:
        """How far one walks in time, µm."""
        return limit_of(self.minutes, self.speed)


@dataclass(frozen=True, slots=True, eq=False)
class Town:
    """Streets with all venues and people on them. `speeds`: m/s of each person, `limits` µm."""

    streets: Streets
    snapper: Snapper
    venues: Spots
    people: Spots
    venue_points: Points
    people_points: Points
    speeds: list[Fraction]
    limits: Ints


def town(streets: Streets, venues: Spots, people: Spots, asked: Asked, tick: Tick = lambda n: None) -> Town:
    """Everybody put on the streets. Raises ReadError."""
    snapper = Snapper(streets)
    stand = located(streets, snapper, venues), located(streets, snapper, people, tick)
    speeds = [people.speeds.get(i, asked.speed) for i in range(len(people))]
    far = {speed: limit_of(asked.minutes, speed) for speed in set(speeds)}
    return Town(streets, snapper, venues, people, *stand, speeds, np.array([far[s] for s in speeds], np.int64))


def counted(venues: Spots, asked: Asked) -> tuple[Ints, dict[int, Text]]:
    """Which venues count, and why each other one does not. Hours that are not given are not taken for open.

    Raises ReachError where working days are asked of a year whose calendar is not out.
    """
    rows, why = [], {}
    for i in range(len(venues)):
        reason = _why_not(venues, i, asked)
        if reason is None:
            rows.append(i)
        else:
            why[i] = reason
    return np.array(rows, np.int64), why


def _why_not(venues: Spots, i: int, asked: Asked) -> Text | None:
    if asked.service and asked.service not in venues.services[i]:
        return say(f"没有“{asked.service}”服务", f"does not offer “{asked.service}”")
    if asked.at is None:
        return None
    hours = venues.hours[i]
    if hours is None:
        return say("没有写开放时间，不算开放", "no hours given, so not taken for open")
    try:
        is_open = hours.is_open(asked.at, asked.until)
    except CalendarUnpublished:
        year = asked.at.year
        raise ReachError(f"{year} 年的放假安排没有公布，工作日算不出。", f"the calendar of {year} is not published, so working days are not known.") from None  # fmt: skip
    return None if is_open else say("这时不开放", "closed then")
