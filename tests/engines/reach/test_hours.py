"""Opening hours as they are written on doors."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yishi.engines.reach.hours import read_hours, read_moment

FRIDAY, SATURDAY, SUNDAY = (datetime(2026, 11, d) for d in (27, 28, 29))


def at(day, hour, minute=0):
    return day.replace(hour=hour, minute=minute)


@pytest.mark.parametrize(
    "text",
    [
        "周一至周五 9:00-12:00,14:00-17:30；周六 9:00-12:00",
        "星期一至星期五：09:00—12:00、14:00—17:30；星期六 9:00～12:00；周日休息",
        "Mo-Fr 09:00-12:00,14:00-17:30; Sa 09:00-12:00; Su off",
        "Monday-Friday 9:00-12:00; Monday-Friday 14:00-17:30; Saturday 9:00-12:00",
        "每天 9:00-12:00；周一至周五 9:00-12:00 14:00-17:30；周日 休息",
        "周一、二、三、四、五 9点-12点，14点-17点30分；周六 9点至12点",
    ],
)
def test_the_same_week_in_many_words(text):
    hours = read_hours(text)
    assert hours.spans(FRIDAY.date()) == ((540, 720), (840, 1050))
    assert hours.spans(SATURDAY.date()) == ((540, 720),)
    assert hours.spans(SUNDAY.date()) == ()
    assert hours.is_open(at(FRIDAY, 9))
    assert not hours.is_open(at(FRIDAY, 12))
    assert not hours.is_open(at(FRIDAY, 13, 59))
    assert hours.is_open(at(FRIDAY, 14), at(FRIDAY, 17, 30))
    assert not hours.is_open(at(FRIDAY, 11), at(FRIDAY, 15))


def test_all_day_past_midnight_and_over_midnight():
    always = read_hours("全天")
    assert always.is_open(at(FRIDAY, 0), at(SUNDAY, 23))
    assert read_hours("24/7") == read_hours("每天 24小时") == always
    night = read_hours("周五 22:00-02:00")
    assert night.is_open(at(FRIDAY, 23))
    assert night.is_open(at(SATURDAY, 1, 59))
    assert not night.is_open(at(SATURDAY, 2))
    assert not night.is_open(at(FRIDAY, 1))
    assert read_hours("Fr-Mo 9:00-10:00").spans(date(2026, 11, 29)) == ((540, 600),)
    assert read_hours("周末 9:00-10:00").spans(date(2026, 11, 27)) == ()


def test_working_days_follow_the_published_calendar():
    hours = read_hours("工作日 9:00-17:00；休息日 10:00-12:00")
    holiday, workday = date(2026, 10, 1), date(2026, 9, 30)
    assert hours.spans(holiday) == ((600, 720),)
    assert hours.spans(workday) == ((540, 1020),)
    with pytest.raises(ValueError):
        hours.spans(date(2090, 1, 1))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "；",
        "随时",
        "周一",
        "9:00",
        "25:00-26:00",
        "9:60-10:00",
        "9:00-9:00",
        "周九 9:00-10:00",
        "9:00-10:00 见门口",
        "PH off",
        "9:00-10:00 周一",
    ],
)
def test_what_is_not_understood_is_not_guessed(text):
    with pytest.raises(ValueError):
        read_hours(text)


@given(st.text(max_size=60) | st.text("周一二至五日0123456789:-,; 休息offMoTu", max_size=40))
def test_any_words_are_hours_or_a_fault(text):
    try:
        hours = read_hours(text)
    except ValueError:
        return
    for days, spans in hours.rules:
        assert days
        assert all(0 <= low < high <= 2880 for low, high in spans)


def test_moments_and_intervals():
    assert read_moment("2026-11-27 10:00") == (at(FRIDAY, 10), None)
    assert read_moment("2026-11-27T10:00/11:30") == (at(FRIDAY, 10), at(FRIDAY, 11, 30))
    assert read_moment("2026-11-27 22:00/2026-11-28 01:00") == (at(FRIDAY, 22), at(SATURDAY, 1))
    for wrong in ("", "2026-11-27", "10:00", "2026-11-27 10:00/09:00", "2026-11-27 10:00/2027-11-27 10:00"):
        with pytest.raises(ValueError):
            read_moment(wrong)
