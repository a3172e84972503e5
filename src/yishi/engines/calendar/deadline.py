"""A deadline that explains itself: the day, the arithmetic, the clause."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal

from yishi.engines.calendar.days import (
    add_working_days,
    after_clear_days,
    next_workday,
    same_day_after,
)
from yishi.engines.words import Text, articles_text, joined, say

Unit = Literal["working_day", "day", "clear_day", "month", "year"]
CIVIL_CODE = say("民法典", "Civil Code")
_NAMES: dict[Unit, tuple[str, str]] = {
    "working_day": ("个工作日", "working days"),
    "day": ("日", "days"),
    "clear_day": ("个整日", "clear days"),
    "month": ("个月", "months"),
    "year": ("年", "years"),
}


@dataclass(frozen=True, slots=True)
class Deadline:
    """`due` is the last day to act (for clear days: the first day on which one may act).

    `start` is not counted; `rolled_from` is the nominal last day where it fell on a rest
    day; `arithmetic` and `clause` are sentences `{"zh", "en"}`.
    """

    start: date
    due: date
    amount: int
    unit: Unit
    rolled_from: date | None
    clause: Text
    arithmetic: Text

    def under(self, clause: Text) -> "Deadline":
        """The same deadline with the rule that sets the period named before the Civil Code."""
        return replace(self, clause=joined([clause, self.clause]))

    def as_json(self) -> dict[str, Any]:
        """Plain values: dates as ISO strings."""
        out = asdict(self)
        for key in ("start", "due", "rolled_from"):
            out[key] = out[key].isoformat() if out[key] else None
        return out


def deadline(start: date, amount: int, unit: Unit) -> Deadline:
    """The end of a period of `amount` units after `start` (Civil Code 201 to 203).

    Raises `ValueError` for a negative amount or an unknown unit, `CalendarUnpublished` when a
    needed year has no calendar.
    """
    if unit not in _NAMES:
        raise ValueError(f"unknown unit {unit!r}: use one of {', '.join(_NAMES)}")
    if amount < 0:
        raise ValueError("a period cannot be negative")
    due, nominal = _RULES[unit](start, amount)
    moved = nominal if nominal != due else None
    articles = ["201"]
    if unit in ("month", "year"):
        articles.append("202")
    if moved:
        articles.append("203")
    clause = articles_text(CIVIL_CODE, tuple(articles))
    return Deadline(
        start,
        due,
        amount,
        unit,
        moved,
        clause,
        _explain(start, due, amount, unit, moved),
    )


def posting_until(posted: date, days: int, missing: Iterable[date] = ()) -> Deadline:
    """The first day on which a notice may come down: `days` whole days after the posting day,
    one more for each later day on which it was found missing (gaps extend)."""
    end = after_clear_days(posted, days)
    for gap in sorted(set(missing)):
        if posted < gap < end:
            end += timedelta(days=1)
    gaps = (end - after_clear_days(posted, days)).days
    base = deadline(posted, days, "clear_day")
    if not gaps:
        return base
    more = say(
        f"缺失 {gaps} 日顺延，{end} 起方可撤下",
        f"{gaps} missing day(s) added, may come down from {end}",
    )
    return replace(base, due=end, arithmetic=joined([base.arithmetic, more]))


def _rolling(nominal: date) -> tuple[date, date]:
    return next_workday(nominal), nominal


def _exact(due: date) -> tuple[date, date]:
    return due, due


_RULES: dict[Unit, Callable[[date, int], tuple[date, date]]] = {
    "working_day": lambda start, n: _exact(add_working_days(start, n)),
    "day": lambda start, n: _rolling(start + timedelta(days=n)),
    "clear_day": lambda start, n: _exact(after_clear_days(start, n)),
    "month": lambda start, n: _rolling(same_day_after(start, n)),
    "year": lambda start, n: _rolling(same_day_after(start, 12 * n)),
}


def _explain(start: date, due: date, amount: int, unit: Unit, moved: date | None) -> Text:
    zh, en = _NAMES[unit]
    first = (start + timedelta(days=1)).isoformat()
    text = say(
        f"{start} 当日不计，自 {first} 起算 {amount} {zh}",
        f"{start} itself is not counted; {amount} {en} from {first}",
    )
    if moved:
        text = joined(
            [
                text,
                say(
                    f"{moved} 是法定休假日，顺延",
                    f"{moved} is a rest day, so it moves on",
                ),
            ]
        )
    if unit == "clear_day":
        return joined([text, say(f"{due} 起可办", f"may happen from {due}")])
    return joined([text, say(f"截止 {due}", f"due {due}")])
