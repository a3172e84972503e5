"""The three rates: exact, with what was left out and why, and volumes beside them."""

import datetime as dt
import itertools
import uuid
from fractions import Fraction
from typing import Any

import pytest
from tests.matters.stages import Desk, told

from yishi.matters import selectors, services
from yishi.matters.models import Matter, Report, VisitBack
from yishi.matters.selectors import Rate
from yishi.network.viewers import Viewer

pytestmark = pytest.mark.django_db
_numbers = itertools.count(1)


def dispatched(town: Any, reporter: int, at: dt.datetime, **given: Any) -> Report:
    """A report dispatched at a moment, written as the services would have left it."""
    number = next(_numbers)
    place = given.pop("community", town.dawei)
    matter = Matter.objects.create(
        town=town.area, reference=f"260928-{number:05d}", title="路灯", text="路灯不亮", raised_at=at, changed_at=at,
        community=place, stage="answered", sealed=given.pop("sealed", False),
    )  # fmt: skip
    fields = {
        "channel": "phone", "reporter_id": reporter, "dispatched_at": at, "contact_by": dt.date(2026, 9, 29),
        "contacted_at": at + dt.timedelta(hours=3), "state": "told",
    } | given  # fmt: skip
    return Report.objects.create(
        town=town.area, matter=matter, first_matter=matter, key=uuid.uuid4(), nature="help", received_at=at,
        clock_pack="HOT-GD", clock_rule="help", **fields,
    )  # fmt: skip


def asked(report: Report, at: dt.datetime, satisfaction: str, solved: bool | None, **given: Any) -> VisitBack:
    return VisitBack.objects.create(report=report, at=at, satisfaction=satisfaction, solved=solved, **given)


def test_scenario_15(alice: Viewer, town: Any, at: dt.datetime) -> None:
    """200 dispatched, 194 contacted in time; 150 effective visit-backs, 126 solved, 132 satisfied."""
    late = at + dt.timedelta(days=2)
    reports = [
        dispatched(town, alice.person_id, at, **({} if n < 194 else {"contacted_at": late if n < 197 else None}))
        for n in range(200)
    ]
    for n, report in enumerate(reports[:150]):
        satisfaction = "satisfied" if n < 100 else "basically" if n < 132 else "unsatisfied"
        asked(report, at, satisfaction, n < 126)
    for report in reports[150:160]:
        asked(report, at, "no_answer", None)
    asked(reports[160], at, "unsatisfied", False, counted=False, excluded_because="执法事项，不追求满意")
    found = selectors.rates(town.area.pk, dt.date(2026, 9, 28), dt.date(2026, 9, 28))
    assert (found.response.numerator, found.response.denominator, found.response.percent) == (194, 200, "97.0")
    assert (found.resolution.numerator, found.resolution.denominator, found.resolution.percent) == (126, 150, "84.0")
    assert (found.satisfaction.numerator, found.satisfaction.percent) == (132, "88.0")
    assert found.satisfaction.value == Fraction(22, 25)
    assert {(e.reason, e.count) for e in found.satisfaction.excluded} == {("未接通", 10), ("执法事项，不追求满意", 1)}


def test_the_last_answer_of_a_report_counts_once(alice: Viewer, town: Any, at: dt.datetime) -> None:
    report = dispatched(town, alice.person_id, at)
    asked(report, at, "unsatisfied", False)
    asked(report, at + dt.timedelta(hours=1), "satisfied", True)
    asked(report, at + dt.timedelta(hours=2), "no_answer", None)
    found = selectors.rates(town.area.pk, at.date(), at.date())
    assert (found.resolution.numerator, found.resolution.denominator) == (1, 1)


def test_who_left_no_contact_and_who_withdrew_are_named_outside(town: Any, alice: Viewer, at: dt.datetime) -> None:
    dispatched(town, alice.person_id, at)
    dispatched(town, None, at, channel="web", contacted_at=None)  # type: ignore[arg-type]
    dispatched(town, alice.person_id, at, withdrawn_at=at)
    found = selectors.rates(town.area.pk, at.date(), at.date()).response
    assert (found.numerator, found.denominator) == (1, 1)
    assert {(e.reason, e.count) for e in found.excluded} == {("没有留下联系方式", 1), ("反映人已撤回", 1)}


def test_hotline_stands_beside_all_channels_per_thousand_households(town: Any, alice: Viewer, at: dt.datetime) -> None:
    for channel in ("hotline", "hotline", "web", "patrol", "phone"):
        dispatched(town, alice.person_id, at, channel=channel)
    dispatched(town, alice.person_id, at, channel="hotline", community=town.taiping)
    dispatched(town, alice.person_id, at, channel="hotline", sealed=True)
    whole = selectors.rates(town.area.pk, at.date(), at.date()).volume
    assert (whole.hotline, whole.all_channels, whole.households) == (3, 6, 9000)
    assert whole.hotline_per_thousand == Fraction(1, 3) and whole.all_per_thousand == Fraction(2, 3)
    here = selectors.rates(town.area.pk, at.date(), at.date(), community_id=town.dawei.pk).volume
    assert (here.hotline, here.all_channels, here.hotline_per_thousand) == (2, 5, Fraction(2, 3))


def test_a_period_counts_both_its_days_and_nothing_else(town: Any, alice: Viewer, at: dt.datetime) -> None:
    zone = at.tzinfo
    for day, hour in ((27, 23), (28, 0), (30, 23), (1, 0)):
        month = 10 if day == 1 else 9
        dispatched(town, alice.person_id, dt.datetime(2026, month, day, hour, tzinfo=zone), contacted_at=None)
    found = selectors.rates(town.area.pk, dt.date(2026, 9, 28), dt.date(2026, 9, 30))
    assert found.response.denominator == 2 and found.volume.all_channels == 2
    with pytest.raises(ValueError, match="ends before"):
        selectors.rates(town.area.pk, dt.date(2026, 9, 30), dt.date(2026, 9, 28))


@pytest.mark.parametrize(
    ("numerator", "denominator", "shown"),
    [(1, 3, "33.3"), (2, 3, "66.7"), (1, 16, "6.3"), (1, 1, "100.0"), (0, 7, "0.0"), (7486, 10000, "74.9"), (0, 0, "")],
)
def test_rounding_is_for_the_eye_alone(numerator: int, denominator: int, shown: str) -> None:
    rate = Rate(numerator, denominator)
    assert rate.percent == shown
    assert rate.value == (Fraction(numerator, denominator) if denominator else None)


def test_the_services_feed_the_rates(
    alice: Viewer, bob: Viewer, desk: Desk, dispatcher: Viewer, at: dt.datetime
) -> None:
    for viewer, well in ((alice, True), (bob, False)):
        report = desk.answered(services.raise_matter(viewer, told(), at))
        services.visit_back(dispatcher, report, well, "satisfied" if well else "unsatisfied", "", at)
    late = services.raise_matter(alice, told(), at)
    desk.doing(late.matter)
    services.contact_reporter(desk.officer, late, "", dt.datetime(2026, 9, 30, 9, tzinfo=at.tzinfo))
    found = selectors.rates(desk.town.area.pk, at.date(), at.date())
    assert (found.response.numerator, found.response.denominator) == (2, 3)
    assert (found.resolution.numerator, found.satisfaction.numerator, found.satisfaction.denominator) == (1, 1, 2)
    assert found.backlog == 2
    lead = selectors.rates(desk.town.area.pk, at.date(), at.date(), organisation_id=desk.town.housing.pk)
    assert lead.response.denominator == 0 and lead.response.percent == ""
