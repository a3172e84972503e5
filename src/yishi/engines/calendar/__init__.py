"""Statutory days: Civil Code 201 to 203 and the State Council's working-day calendar.

Pure functions of their arguments. A year without a published calendar raises
`CalendarUnpublished`; nothing is guessed. See docs/engines/calendar.md.
"""

from yishi.engines.calendar.days import (
    OfficeHours,
    add_days,
    add_months,
    add_working_days,
    add_years,
    after_clear_days,
    clear_days,
    is_workday,
    next_workday,
    paper_received,
    same_day_after,
    working_days_between,
)
from yishi.engines.calendar.deadline import Deadline, Unit, deadline, posting_until
from yishi.engines.calendar.tables import CalendarUnpublished

__all__ = [
    "CalendarUnpublished",
    "Deadline",
    "OfficeHours",
    "Unit",
    "add_days",
    "add_months",
    "add_working_days",
    "add_years",
    "after_clear_days",
    "clear_days",
    "deadline",
    "is_workday",
    "next_workday",
    "paper_received",
    "posting_until",
    "same_day_after",
    "working_days_between",
]
