"""The catalogue raises its duties by itself, once for each period; overdue is computed and met by what hangs."""

import datetime as dt
from typing import Any

import pytest
from tests.publication.conftest import accounts, moment, picture

from yishi.network.viewers import Viewer
from yishi.publication import rules, selectors, services
from yishi.publication.models import DisclosureDuty

pytestmark = pytest.mark.django_db


def test_periods_that_have_ended() -> None:
    day = dt.date
    assert rules.last_ended("monthly", day(2026, 1, 31)) == rules.Period(day(2025, 12, 1), day(2025, 12, 31))
    assert rules.last_ended("monthly", day(2026, 3, 1)) == rules.Period(day(2026, 2, 1), day(2026, 2, 28))
    assert rules.last_ended("quarterly", day(2026, 9, 28)) == rules.Period(day(2026, 4, 1), day(2026, 6, 30))
    assert rules.last_ended("quarterly", day(2026, 1, 1)) == rules.Period(day(2025, 10, 1), day(2025, 12, 31))
    assert rules.last_ended("yearly", day(2026, 9, 28)).start == day(2025, 1, 1)
    assert rules.last_ended("monthly", day(2026, 3, 15), back=3).start == day(2025, 11, 1)


def test_every_line_of_the_catalogue_has_a_basis_in_both_languages() -> None:
    for item in rules.CATALOGUE.values():
        assert item.kind in ("notice", "disclosure", "announcement") and item.days >= 3
        assert all(text["zh"] and text["en"] for text in (item.title, item.basis))
        word = {"notice": "notice", "disclosure": "disclos", "announcement": "announce"}[item.kind]
        others = {"notice", "disclos", "announce"} - {word}
        assert not any(w in item.title["en"].lower() for w in others), item.code


def test_duties_are_raised_once_and_caught_up(town: Any) -> None:
    first = services.raise_disclosure_duties(moment(7, 2))
    assert first == DisclosureDuty.objects.count() > 0
    assert services.raise_disclosure_duties(moment(7, 20)) == 0
    monthly = DisclosureDuty.objects.filter(item="cooperative_accounts", organisation=town.cooperative)
    assert [(d.period_start, d.due_on) for d in monthly] == [(dt.date(2026, 6, 1), dt.date(2026, 7, 10))]
    services.raise_disclosure_duties(moment(10, 3))
    starts = sorted(monthly.values_list("period_start", flat=True))
    assert starts == [dt.date(2026, m, 1) for m in (6, 7, 8, 9)]


def test_overdue_is_met_by_what_hangs(officer: Viewer, bob: Viewer, town: Any) -> None:
    services.raise_disclosure_duties(moment(7, 2))
    own = DisclosureDuty.objects.get(item="committee_accounts", organisation=town.dawei_committee)

    def overdue(viewer: Viewer, day: int) -> list[int]:
        return list(selectors.duties_of(viewer, dt.date(2026, 7, day)).values_list("pk", flat=True))

    assert own.pk not in overdue(officer, 10) and own.pk in overdue(officer, 11)
    assert overdue(bob, 31) == []
    posting = services.prepare_posting(officer, accounts(town, duty_id=own.pk), moment(7, 12))
    assert own.pk in overdue(officer, 12)
    services.open_posting(officer, posting, picture(), moment(7, 12), places=["栏"])
    assert own.pk not in overdue(officer, 12)
    fresh = services.correct_posting(officer, posting, "更正", "更正的正文", "错了", moment(7, 13))
    assert own.pk in overdue(officer, 13)
    services.open_posting(officer, fresh, picture(), moment(7, 13))
    assert own.pk not in overdue(officer, 13)


def test_a_duty_of_another_item_or_organisation_is_not_met(officer: Viewer, town: Any) -> None:
    services.raise_disclosure_duties(moment(7, 2))
    other = DisclosureDuty.objects.get(item="committee_accounts", organisation=town.taiping_committee)
    services.prepare_posting(officer, accounts(town, duty_id=other.pk), moment(7, 12))
    other.refresh_from_db()
    assert other.posting is None


def test_the_answer_clock_is_ten_working_days_with_make_up_days() -> None:
    due, verified = rules.answer_due(dt.date(2026, 9, 28))
    assert due.due == dt.date(2026, 10, 16) and not verified
    assert "10 个工作日" in due.clause["zh"]
