"""Clocks: golden cases of the law, changes of nature, extension, suspension; nothing half-written."""

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from tests.matters.stages import Desk, told

from yishi.core import audit, clock
from yishi.core.verdicts import Refusal
from yishi.engines.calendar import working_days_between
from yishi.matters import selectors, services
from yishi.matters.models import Extension, Matter, Report
from yishi.matters.rules import clocks
from yishi.network.viewers import Viewer

CASES = Path(__file__).resolve().parents[1] / "cases" / "clocks"


def golden(table: str) -> list[dict[str, Any]]:
    return [c for path in sorted(CASES.glob("*.toml")) for c in tomllib.loads(path.read_text()).get(table, ())]


@pytest.mark.parametrize("case", golden("case"), ids=lambda c: c["name"])
def test_golden_clocks(case: dict[str, Any]) -> None:
    pack, rule = clocks.clock_of(case["nature"])
    if "refused" in case:
        with pytest.raises(Refusal) as refused:
            clocks.due(pack, rule, case["received"])
        assert str(case["refused"]) in str(refused.value.verdict.reason)
        return
    found = clocks.due(pack, rule, case["received"])
    assert found.due == case["due"]
    assert case["clause"] in found.clause["zh"] and found.arithmetic["en"]


@pytest.mark.parametrize("case", golden("extension"), ids=lambda c: c["name"])
def test_golden_extensions(case: dict[str, Any]) -> None:
    last = clocks.longest_extension(case["pack"], case["rule"], case["due"])
    if "last" not in case:
        assert last is None
        assert not clocks.may_extend(case["pack"], case["rule"], case["due"], case["due"] + dt.timedelta(days=1))
        return
    assert last is not None
    assert last.due == case["last"]
    assert clocks.may_extend(case["pack"], case["rule"], case["due"], case["last"])
    too_far = clocks.may_extend(case["pack"], case["rule"], case["due"], case["last"] + dt.timedelta(days=1))
    assert not too_far
    assert str(case["last"]) in too_far.reason and too_far.clause


@pytest.mark.parametrize("case", golden("limit"), ids=lambda c: c["name"])
def test_golden_limits_of_the_house(case: dict[str, Any]) -> None:
    found = clocks.limit(case["limit"], case["start"])
    assert found.due == case["due"]
    assert "本平台规则" in found.clause["zh"]


@given(
    received=st.dates(dt.date(2024, 1, 1), dt.date(2026, 10, 1)),
    nature=st.sampled_from(["consult", "help", "suggest", "complaint", "report"]),
)
def test_a_clock_counts_exactly_its_working_days(received: dt.date, nature: str) -> None:
    days = {"consult": 2, "help": 10, "suggest": 10, "complaint": 15, "report": 15}
    due = clocks.due(*clocks.clock_of(nature), received).due
    assert working_days_between(received, due) == days[nature]
    assert working_days_between(due - dt.timedelta(days=1), due) == 1


@pytest.mark.django_db
def test_a_year_without_calendar_writes_nothing(alice: Viewer, at: dt.datetime) -> None:
    late = dt.datetime(2026, 12, 28, 10, tzinfo=at.tzinfo)
    with clock.standing_at(late), pytest.raises(Refusal, match="2027"):
        services.raise_matter(alice, told(), late)
    assert not Matter.objects.exists() and not Report.objects.exists()


@pytest.mark.django_db
def test_another_nature_counts_anew_from_receipt(alice: Viewer, desk: Desk, at: dt.datetime) -> None:
    report = services.raise_matter(alice, told(), at)
    later = at + dt.timedelta(days=1)
    changed = services.set_nature(desk.officer, report, "consult", "其实是咨询。", later)
    assert changed.due_on == dt.date(2026, 9, 30)
    assert Matter.objects.get().due_on == dt.date(2026, 9, 30)
    assert services.set_nature(desk.officer, report, "petition", "信访事项。", later).clock_pack == "XF"
    with pytest.raises(Refusal):
        services.set_nature(alice, report, "consult", "我要快。", later)
    entry = audit.chain(report.matter)[1]
    assert entry.data["old"] == "complaint" and entry.data["new"] == "consult"


@pytest.mark.django_db
def test_extended_once_with_a_reason_and_not_past_the_limit(alice: Viewer, desk: Desk, at: dt.datetime) -> None:
    report = services.raise_matter(alice, told(), at)
    desk.doing(report.matter)
    with pytest.raises(ValidationError):
        services.extend_report(desk.officer, report, dt.date(2026, 11, 1), " ", at)
    with pytest.raises(Refusal, match="2026-11-13"):
        services.extend_report(desk.officer, report, dt.date(2026, 11, 16), "材料要采购。", at)
    with pytest.raises(Refusal, match="晚于"):
        services.extend_report(desk.officer, report, dt.date(2026, 10, 23), "材料要采购。", at)
    extension = services.extend_report(desk.officer, report, 5, "材料要采购。", at)
    assert (extension.old_due_on, extension.new_due_on) == (dt.date(2026, 10, 23), dt.date(2026, 10, 30))
    with pytest.raises(Refusal, match="已经延期过一次"):
        services.extend_report(desk.officer, report, 1, "还要。", at)
    assert Extension.objects.count() == 1


@pytest.mark.django_db
def test_suspended_stays_in_the_backlog_and_is_late_past_its_review_day(
    alice: Viewer, desk: Desk, at: dt.datetime
) -> None:
    report = services.raise_matter(alice, told(), at)
    matter = report.matter
    desk.doing(matter)
    with pytest.raises(ValidationError):
        services.suspend_matter(desk.officer, matter, "等雨季过", "每周巡查", at.date(), at)
    services.suspend_matter(desk.officer, matter, "等雨季过", "每周巡查", dt.date(2026, 11, 2), at)
    town = desk.town.area.pk
    assert selectors.rates(town, at.date(), at.date()).backlog == 1
    assert selectors.rates(town, at.date(), at.date()).suspended == 1
    late = selectors.MatterFilter(overdue=True)
    with clock.standing_at(dt.datetime(2026, 11, 2, 9, tzinfo=at.tzinfo)):
        assert selectors.list_matters(desk.officer, late).items == []
    after = dt.datetime(2026, 11, 3, 9, tzinfo=at.tzinfo)
    with clock.standing_at(after):
        assert [m.pk for m in selectors.list_matters(desk.officer, late).items] == [matter.pk]
    assert services.resume_matter(desk.officer, matter, "雨季过了。", after).stage == "doing"


@pytest.mark.django_db
def test_overdue_is_computed(alice: Viewer, desk: Desk, at: dt.datetime) -> None:
    report = services.raise_matter(alice, told(), at)
    late = selectors.MatterFilter(overdue=True)
    for day, expected in ((dt.date(2026, 10, 23), []), (dt.date(2026, 10, 24), [report.matter_id])):
        with clock.standing_at(dt.datetime.combine(day, dt.time(9), at.tzinfo)):
            assert [m.pk for m in selectors.list_matters(desk.officer, late).items] == expected
