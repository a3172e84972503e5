"""Which clock runs for a report, how far it may be extended, and the house's own short limits."""

import datetime as dt
from collections.abc import Callable
from typing import TypeVar

from django.utils.translation import gettext as _

from yishi.core.verdicts import YES, Refusal, Verdict, no
from yishi.engines.calendar import CalendarUnpublished, Deadline, deadline
from yishi.engines.procedure import clock, clock_due
from yishi.matters.rules.words import data, said

Found = TypeVar("Found")


def _published(count: Callable[[], Found]) -> Found:
    """Count days; a year without a published calendar is a refusal that says so."""
    try:
        return count()
    except CalendarUnpublished as error:
        raise Refusal(
            no(said(error.text), what_now=_("请等国务院公布放假安排并更新日历后再办；没有保存任何内容。"))
        ) from error


def clock_of(nature: str) -> tuple[str, str]:
    """Pack and rule of a nature's clock.

    Raises:
        KeyError: no such nature.
    """
    rule = data("handling")["natures"][nature]
    return rule["pack"], rule["clock"]


def due(pack: str, rule: str, received: dt.date) -> Deadline:
    """When a report received on a day falls due, with arithmetic and clause.

    Raises:
        Refusal: a needed year has no published calendar.
    """
    return _published(lambda: clock_due(pack, rule, received))


def limit(name: str, start: dt.date) -> Deadline:
    """The last day of a short limit of the house: ``sign``, ``return``, ``contact``, ``accept``, ``redo``.

    Raises:
        Refusal: a needed year has no published calendar.
    """
    rule = data("handling")[name]
    return _published(lambda: deadline(start, rule["working_days"], "working_day")).under(rule["clause"])


def redo_times() -> int:
    """How often an unsatisfied judgement re-opens a report."""
    return int(data("handling")["redo"]["times"])


def longest_extension(pack: str, rule: str, due_on: dt.date) -> Deadline | None:
    """The last day to which a due day may be moved; None where the pack allows none.

    Raises:
        Refusal: a needed year has no published calendar.
    """
    found = data("handling")["extensions"].get(pack)
    if found is None:
        return None
    period = clock(pack, rule) if found.get("same_again") else clock(found["pack"], found["clock"])
    return _published(lambda: period.due(due_on))


def may_extend(pack: str, rule: str, old: dt.date, new: dt.date) -> Verdict:
    """Whether a due day may be moved from ``old`` to ``new``."""
    last = longest_extension(pack, rule, old)
    if last is None:
        return no(_("这类时限不能延期。"), said(clock(pack, rule).clause))
    if new <= old:
        return no(_("新的到期日要晚于原来的 %(old)s。") % {"old": old})
    if new > last.due:
        return no(
            _("最多延到 %(last)s。") % {"last": last.due}, said(last.clause),
            _("请选择不晚于这一天的日期；确实办不了的，可以挂账并写明条件、计划和复核日期。"),
        )  # fmt: skip
    return YES


def extended_by(due_on: dt.date, working_days: int) -> dt.date:
    """A due day moved by working days.

    Raises:
        Refusal: a needed year has no published calendar.
    """
    return _published(lambda: deadline(due_on, working_days, "working_day")).due
