"""What the background does by itself: once for each day and matter, whatever fails beside it."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from tests.matters.stages import Desk, told

from yishi.commitments import services as promises
from yishi.core import clock, duties
from yishi.inbox.duties import retry_deliveries
from yishi.inbox.models import Delivery, Notification
from yishi.matters import duties as own
from yishi.matters import services
from yishi.network.viewers import Viewer


@pytest.fixture
def registered() -> Iterator[dict[str, duties.Duty]]:
    kept = dict(duties.duties)
    duties.forget()
    yield duties.duties
    duties.duties.clear()
    duties.duties.update(kept)
    duties.forget()


def keys(person_id: int | None) -> list[str]:
    return sorted(Notification.objects.filter(person_id=person_id).values_list("key", flat=True))


def test_a_handler_hears_once_that_a_matter_is_due_soon(
    alice: Viewer, desk: Desk, officer: Viewer, at: dt.datetime
) -> None:
    report = services.raise_matter(alice, told(), at)
    desk.doing(report.matter)
    report.matter.refresh_from_db()
    due = report.matter.due_on
    assert due == dt.date(2026, 10, 23)
    for day, expected in ((dt.date(2026, 10, 21), 0), (dt.date(2026, 10, 22), 1), (dt.date(2026, 10, 23), 0)):
        moment = dt.datetime.combine(day, dt.time(9), at.tzinfo)
        with clock.standing_at(moment):
            assert own.remind_due_soon(moment) == expected
            assert own.remind_due_soon(moment) == 0
    assert f"due-soon:{report.matter_id}:2026-10-23" in keys(officer.person_id)
    assert not [k for k in keys(alice.person_id) if k.startswith("due-soon")]


def test_a_review_day_and_a_commitment_are_called_to_mind(
    alice: Viewer, desk: Desk, officer: Viewer, town: Any, at: dt.datetime
) -> None:
    report = services.raise_matter(alice, told(), at)
    desk.doing(report.matter)
    made = promises.make_commitment(
        officer, report.matter, "疏通", town.dawei_committee.pk, officer.person_id, dt.date(2026, 9, 30), 0, at
    )
    services.suspend_matter(officer, report.matter, "待表决", "先围蔽", dt.date(2026, 9, 29), at)
    later = at + dt.timedelta(days=1)
    with clock.standing_at(later):
        assert own.remind_reviews(later) == 1 and own.remind_reviews(later) == 0
        assert own.remind_commitments(later) == 1 and own.remind_commitments(later) == 0
        assert own.remind_due_soon(later) == 0
    found = keys(officer.person_id)
    assert [k for k in found if k.startswith("review:")] and f"commitment-due:{made.pk}:2026-09-30" in found


def test_duties_run_at_their_pace_and_one_that_fails_stops_no_other(
    registered: dict[str, duties.Duty], at: dt.datetime
) -> None:
    registered.clear()
    done: list[str] = []

    def fails(moment: dt.datetime) -> None:
        raise RuntimeError("broken")

    duties.register("a", lambda moment: done.append("a"), minutes=5)
    duties.register("b", fails, minutes=5)
    duties.register("c", lambda moment: done.append("c"), minutes=30)
    assert duties.run_due(at) == ["a", "c"]
    assert duties.run_due(at + dt.timedelta(minutes=1)) == []
    assert duties.run_due(at + dt.timedelta(minutes=6)) == ["a"]
    assert done == ["a", "c", "a"]


def test_all_duties_of_the_house_can_run_twice(registered: dict[str, duties.Duty], town: Any, at: dt.datetime) -> None:
    names = {
        "matters.lane_alarms",
        "matters.due_soon",
        "matters.reviews",
        "matters.commitments_due",
        "inbox.deliveries",
    }
    assert names <= set(duties.run_due(at))
    duties.forget()
    assert names <= set(duties.run_due(at))


def test_a_delivery_left_behind_is_queued_again(alice: Viewer, at: dt.datetime) -> None:
    from django_tasks_db.models import DBTaskResult

    note = Notification.objects.create(
        person_id=alice.person_id or 0, key="k", subject_kind="x", subject_id=1, title="t", title_en="t", url="/", at=at
    )
    Delivery.objects.create(notification=note, channel="email")
    before = DBTaskResult.objects.count()
    assert retry_deliveries(at) == 0
    assert retry_deliveries(at + dt.timedelta(minutes=20)) == 1
    assert DBTaskResult.objects.count() == before + 1
