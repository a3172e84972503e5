"""Opening hours as people write them: “周一至周五 9:00-12:00,14:00-17:30；周六 9:00-12:00”, “Mo-Fr 09:00-17:00; Su off”.

Rules stand between semicolons. A later rule replaces earlier ones on its days; rules with the very
same days add up. No days named: every day. 工作日 (workdays) and 休息日 (rest days) follow the State
Council's calendar. Hours past midnight belong to the day they begin.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from yishi.engines.calendar import is_workday

DAY = 24 * 60
LONGEST = 500
_WEEK = "一二三四五六日"
_WORK, _REST = "work", "rest"
_DASH = r"\s*[-~–—至到]+\s*"
_CLOCK = r"(\d{1,2})(?:[:点时](\d{2})?分?)"
_SPAN = re.compile(_CLOCK + _DASH + _CLOCK)
_ALWAYS = re.compile(r"24/7|24小时|全天(?:开放)?|全天候")
_OFF = re.compile(r"off|closed|休息|关闭|不开放|闭馆")
_EVERY = re.compile(r"每天|每日|天天|daily|every ?day")
_ENGLISH = re.compile(
    r"\b(mo|tu|we|th|fr|sa|su)(?:n|nday|nesday|es|esday|e|ed|d|rsday|r|rs|u|ur|urs|ursday|i|iday|t|turday|day)?\b\.?"
)
_NAMES = dict(zip(("mo", "tu", "we", "th", "fr", "sa", "su"), _WEEK, strict=True))
Days = frozenset[int] | str
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Hours:
    """Rules in order: days (0 Monday … 6 Sunday, or 'work', 'rest') and spans in minutes from midnight."""

    rules: tuple[tuple[Days, tuple[Span, ...]], ...]

    def spans(self, day: date, works: Callable[[date], bool] = is_workday) -> tuple[Span, ...]:
        """When it opens on a day. Raises CalendarUnpublished where the year's calendar is needed and not out."""
        found: tuple[Span, ...] = ()
        for days, spans in self.rules:
            if _applies(days, day, works):
                found = spans
        return found

    def is_open(self, begin: datetime, end: datetime | None = None, works: Callable[[date], bool] = is_workday) -> bool:
        """Whether it is open at a moment (the closing minute is not), or all through from `begin` to `end`."""
        first = begin.date() - timedelta(days=1)
        last = (end or begin).date()
        spans = sorted(
            (low + n * DAY, high + n * DAY)
            for n in range((last - first).days + 1)
            for low, high in self.spans(first + timedelta(days=n), works)
        )
        start = _minutes(begin, first)
        stop = start if end is None else _minutes(end, first)
        reach = start
        for low, high in spans:
            if low <= reach < high:
                reach = high
        return reach > start and reach >= stop


def _minutes(when: datetime, first: date) -> float:
    return (when.date() - first).days * DAY + when.hour * 60 + when.minute + when.second / 60


def _applies(days: Days, day: date, works: Callable[[date], bool]) -> bool:
    if isinstance(days, str):
        return works(day) == (days == _WORK)
    return day.weekday() in days


@lru_cache(maxsize=10_000)
def read_hours(text: str) -> Hours:
    """Hours out of words. Raises ValueError with the part that is not understood."""
    plain = unicodedata.normalize("NFKC", text[: LONGEST + 1]).lower().replace("。", ";")
    if len(plain) > LONGEST:
        raise ValueError(plain[:20] + "…")
    rules: dict[Days, tuple[Span, ...]] = {}
    for part in re.split(r"[;\n]+", plain):
        if not part.strip():
            continue
        days, spans = _rule(part.strip())
        before = rules.pop(days, ())
        rules[days] = tuple(sorted({*before, *spans})) if spans else ()
    if not rules:
        raise ValueError(text[:20])
    return Hours(tuple(rules.items()))


def _rule(part: str) -> tuple[Days, tuple[Span, ...]]:
    spans: tuple[Span, ...]
    mark = _ALWAYS.search(part) or _OFF.search(part)
    if mark and part.endswith(mark[0]) and not _SPAN.search(part):
        spans = ((0, DAY),) if _ALWAYS.fullmatch(mark[0]) else ()
        return _days(part[: mark.start()], part), spans
    first = _SPAN.search(part)
    if first is None:
        raise ValueError(part[:30])
    spans = tuple(_span(m, part) for m in _SPAN.finditer(part))
    if _SPAN.sub("", part[first.start() :]).strip(" ,、和及/"):
        raise ValueError(part[:30])
    return _days(part[: first.start()], part), spans


def _span(found: "re.Match[str]", part: str) -> Span:
    low = int(found[1]) * 60 + int(found[2] or 0)
    high = int(found[3]) * 60 + int(found[4] or 0)
    if low >= DAY or high > DAY or int(found[2] or 0) > 59 or int(found[4] or 0) > 59 or low == high:
        raise ValueError(part[:30])
    return low, high if high > low else high + DAY


def _days(text: str, part: str) -> Days:
    text = text.strip(" ,:、")
    if not text or _EVERY.fullmatch(text):
        return frozenset(range(7))
    if text in {"工作日", "workdays", "workday"}:
        return _WORK
    if text in {"休息日", "节假日", "双休日及节假日", "rest days", "restdays"}:
        return _REST
    text = (
        text.replace("weekdays", "一-五").replace("weekends", "六日").replace("周末", "六日").replace("双休日", "六日")
    )
    text = _ENGLISH.sub(lambda m: _NAMES[m[1]], text)
    text = re.sub(r"周|星期|礼拜", "", text).replace("天", "日")
    text = re.sub(_DASH, "-", text)
    text = re.sub(r"[\s,、和及]+", "", text)
    if not re.fullmatch(rf"[{_WEEK}](?:-?[{_WEEK}])*", text):
        raise ValueError(part[:30])
    found: set[int] = set()
    for one, other in re.findall(rf"([{_WEEK}])(?:-([{_WEEK}]))?", text):
        low = _WEEK.index(one)
        span = (_WEEK.index(other) - low) % 7 if other else 0
        found |= {(low + n) % 7 for n in range(span + 1)}
    return frozenset(found)


def read_moment(text: str) -> tuple[datetime, datetime | None]:
    """“2026-11-27 10:00”, or an interval “2026-11-27 10:00/11:30” (the end may have a date of its own).

    Raises ValueError.
    """
    first, mark, last = (p.strip() for p in text.replace("T", " ").partition("/"))
    begin = datetime.strptime(first, "%Y-%m-%d %H:%M")  # noqa: DTZ007 - local time, as venues post it
    if not mark:
        return begin, None
    last = last if "-" in last else f"{begin:%Y-%m-%d} {last}"
    end = datetime.strptime(last, "%Y-%m-%d %H:%M")  # noqa: DTZ007
    if not begin < end <= begin + timedelta(days=7):
        raise ValueError(text)
    return begin, end
