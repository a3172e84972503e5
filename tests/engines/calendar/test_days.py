"""Statutory days: scenario 15, holidays, make-up days, month ends, years not published."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yishi.engines.calendar import (
    CalendarUnpublished,
    OfficeHours,
    add_days,
    add_months,
    add_working_days,
    add_years,
    after_clear_days,
    clear_days,
    deadline,
    is_workday,
    next_workday,
    paper_received,
    posting_until,
    same_day_after,
    working_days_between,
)

days = st.dates(date(2005, 1, 1), date(2025, 6, 30))


def test_scenario_15_complaint_help_and_consult() -> None:
    start = date(2026, 9, 28)
    assert add_working_days(start, 15) == date(2026, 10, 23)
    assert add_working_days(start, 10) == date(2026, 10, 16)
    assert add_working_days(start, 2) == date(2026, 9, 30)


def test_make_up_days_are_worked_and_holidays_are_not() -> None:
    assert is_workday(date(2026, 9, 20))
    assert is_workday(date(2026, 10, 10))
    assert not any(is_workday(date(2026, 9, n)) for n in (25, 26, 27))
    assert not any(is_workday(date(2026, 10, n)) for n in range(1, 8))
    assert not is_workday(date(2026, 1, 1))


@given(days, st.integers(0, 300))
def test_counting_is_the_same_day_by_day(start: date, n: int) -> None:
    when, left = start, n
    while left:
        when += timedelta(days=1)
        left -= is_workday(when)
    assert add_working_days(start, n) == when
    assert working_days_between(start, when) == n
    assert working_days_between(when, start) == -n


@given(days, st.integers(0, 400))
def test_a_period_never_ends_on_a_rest_day_nor_early(start: date, n: int) -> None:
    due = add_days(start, n)
    assert is_workday(due)
    assert due >= start + timedelta(days=n)
    assert not any(is_workday(start + timedelta(days=n + i)) for i in range((due - start).days - n))


@given(days, st.integers(0, 60), st.integers(0, 60))
def test_longer_periods_end_later(start: date, a: int, b: int) -> None:
    for count in (add_working_days, add_days):
        assert (count(start, a) <= count(start, b)) == (a <= b) or count(start, a) == count(start, b)


def test_months_end_on_the_same_day_or_the_last() -> None:
    assert same_day_after(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert same_day_after(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert same_day_after(date(2025, 11, 30), 3) == date(2026, 2, 28)
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)  # a Saturday worked in lieu
    assert add_months(date(2026, 8, 31), 1) == date(2026, 9, 30)
    assert add_months(date(2026, 9, 1), 1) == date(2026, 10, 8)
    assert add_years(date(2025, 7, 1), 1) == date(2026, 7, 1)


def test_clear_days_count_neither_end() -> None:
    assert clear_days(date(2026, 7, 1), date(2026, 7, 17)) == 15
    assert clear_days(date(2026, 7, 1), date(2026, 7, 1)) == 0
    assert after_clear_days(date(2026, 7, 1), 15) == date(2026, 7, 17)


@given(days, st.integers(0, 90))
def test_clear_days_and_their_end_agree(start: date, n: int) -> None:
    assert clear_days(start, after_clear_days(start, n)) == n


def test_paper_after_hours_or_on_a_rest_day_counts_from_the_next_working_day() -> None:
    assert paper_received(datetime(2026, 9, 24, 17, 30)) == date(2026, 9, 24)
    assert paper_received(datetime(2026, 9, 24, 17, 31)) == date(2026, 9, 28)
    assert paper_received(datetime(2026, 9, 26, 10, 0)) == date(2026, 9, 28)
    assert paper_received(datetime(2026, 9, 28, 6, 0)) == date(2026, 9, 28)
    late = OfficeHours(time(9), time(20))
    assert paper_received(datetime(2026, 9, 24, 19, 0), late) == date(2026, 9, 24)


def test_a_year_without_a_calendar_is_refused_never_guessed() -> None:
    for ask in (
        lambda: is_workday(date(2099, 3, 3)),
        lambda: add_working_days(date(2026, 12, 25), 30),
        lambda: add_days(date(2026, 12, 20), 30),
        lambda: working_days_between(date(2026, 1, 1), date(2027, 1, 4)),
        lambda: is_workday(date(9999, 12, 31)),
    ):
        with pytest.raises(CalendarUnpublished):
            ask()
    with pytest.raises(CalendarUnpublished) as caught:
        next_workday(date(2003, 1, 1))
    assert caught.value.year == 2003
    assert "2003" in caught.value.text["zh"]
    assert "2003" in caught.value.text["en"]


@pytest.mark.parametrize("count", [add_working_days, add_days, same_day_after, after_clear_days])
def test_negative_counts_are_refused(count) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match="negative"):
        count(date(2026, 3, 3), -1)


def test_a_deadline_explains_itself() -> None:
    answer = deadline(date(2026, 9, 1), 30, "day")
    assert answer.due == date(2026, 10, 8)
    assert answer.rolled_from == date(2026, 10, 1)
    assert answer.clause == {"zh": "民法典第201、203条", "en": "Civil Code, art. 201, 203"}
    assert "2026-10-01 是法定休假日，顺延" in answer.arithmetic["zh"]
    assert answer.as_json()["rolled_from"] == "2026-10-01"
    month = deadline(date(2026, 1, 31), 1, "month")
    assert month.clause["zh"] == "民法典第201、202条"
    assert month.as_json()["rolled_from"] is None
    assert deadline(date(2025, 7, 1), 1, "year").due == date(2026, 7, 1)
    assert deadline(date(2026, 7, 1), 15, "clear_day").due == date(2026, 7, 17)
    under = month.under({"zh": "某法第1条", "en": "Some Law, art. 1"})
    assert under.clause["zh"] == "某法第1条；民法典第201、202条"
    assert deadline(date(2026, 9, 28), 2, "working_day").due == date(2026, 9, 30)


def test_a_deadline_of_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown unit"):
        deadline(date(2026, 7, 1), 1, "fortnight")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="negative"):
        deadline(date(2026, 7, 1), -1, "day")


def test_a_missing_notice_extends_the_posting() -> None:
    posted = date(2026, 7, 1)
    assert posting_until(posted, 15).due == date(2026, 7, 17)
    gaps = [date(2026, 7, 10), date(2026, 7, 10), date(2026, 7, 17), date(2026, 6, 30), date(2026, 8, 30)]
    extended = posting_until(posted, 15, gaps)
    assert extended.due == date(2026, 7, 19)
    assert "2026-07-19" in extended.arithmetic["zh"]
