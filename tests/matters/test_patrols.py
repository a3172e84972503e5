"""Patrols: a lane is walked once in each half-month; what is found becomes a matter, once."""

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from yishi.core import audit
from yishi.core.verdicts import Refusal
from yishi.inbox.models import Notification
from yishi.matters.models import Lane, LaneAlarm, Matter, Patrol, PatrolPlan, Report
from yishi.matters.rules.half_months import before, half_month_of
from yishi.matters.services import patrol as services
from yishi.network.viewers import Viewer

pytestmark = pytest.mark.django_db


def moment(month: int, day: int, hour: int = 10) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, tzinfo=dt.timezone(dt.timedelta(hours=8)))


@pytest.fixture
def plan(town: Any, officer: Viewer) -> PatrolPlan:
    at = moment(9, 1)
    made = services.plan_patrol(officer, town.neighbours_hall.pk, "近邻巡查", ["下水道", "路灯"], at.date(), at)
    for number in range(1, 7):
        services.add_lane(officer, made, number, f"第 {number} 巷", at, latitude=23.11, longitude=113.12)
    return made


def walk_of(plan: PatrolPlan, number: int, at: dt.datetime, *findings: services.AnswerInput) -> services.WalkInput:
    lane = plan.lanes.get(number=number)
    return services.WalkInput(key=uuid.uuid4(), lane_id=lane.pk, walked_at=at, answers=findings)


def blocked(number: int = 1) -> services.AnswerInput:
    return services.AnswerInput(number=number, fine=False, words="下水道堵", report_key=uuid.uuid4())


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [((10, 1), 1, 15), ((10, 15), 1, 15), ((10, 16), 16, 31), ((2, 20), 16, 28), ((11, 30), 16, 30)],
)
def test_half_months(day: tuple[int, int], first: int, last: int) -> None:
    half = half_month_of(dt.date(2026, *day))
    assert (half.starts_on.day, half.ends_on.day) == (first, last)
    assert before(half).ends_on == half.starts_on - dt.timedelta(days=1)


def test_a_missed_lane_alarms_the_day_after(plan: PatrolPlan, deliberator: Viewer, officer: Viewer) -> None:
    """Scenario 14 of the field: lane 3 has no patrol from 1 to 15 October; on the 16th the officer is told."""
    services.raise_lane_alarms(moment(10, 1))
    LaneAlarm.objects.all().delete()
    for number in (1, 2, 4, 5, 6):
        services.walk_lane(deliberator, walk_of(plan, number, moment(10, 9)), moment(10, 9))
    assert services.raise_lane_alarms(moment(10, 15)) == 6  # September's second half was not walked at all
    LaneAlarm.objects.all().delete()
    Notification.objects.all().delete()
    assert services.raise_lane_alarms(moment(10, 16, 0)) == 1
    assert services.raise_lane_alarms(moment(10, 20)) == 0
    alarm = LaneAlarm.objects.get()
    assert (alarm.lane.number, alarm.ends_on) == (3, dt.date(2026, 10, 15))
    assert Notification.objects.filter(person_id=officer.person_id).count() == 1


def test_a_walk_kept_on_the_phone_ends_the_alarm_when_it_comes(plan: PatrolPlan, deliberator: Viewer) -> None:
    services.raise_lane_alarms(moment(10, 16))
    services.walk_lane(deliberator, walk_of(plan, 3, moment(10, 14)), moment(10, 17))
    ended = LaneAlarm.objects.get(lane__number=3)
    assert (ended.ended_at, ended.ended_because) == (moment(10, 17), "已补报")
    services.walk_lane(deliberator, walk_of(plan, 4, moment(10, 17)), moment(10, 17))
    assert LaneAlarm.objects.get(lane__number=4).ended_at is None


def test_a_finding_sent_twice_is_one_matter(plan: PatrolPlan, deliberator: Viewer) -> None:
    walk = walk_of(plan, 3, moment(10, 9), blocked())
    first = services.walk_lane(deliberator, walk, moment(10, 10))
    again = services.walk_lane(deliberator, walk, moment(10, 11))
    assert first == again
    assert (Patrol.objects.count(), Matter.objects.count()) == (1, 1)
    report = Report.objects.get()
    assert (report.channel, report.received_at) == (Report.Channel.PATROL, moment(10, 9))
    assert "第 3 巷" in report.matter.place
    assert [e.verb for e in audit.chain(first.lane)] == ["matters.lane_added", "matters.lane_walked"]


def test_somebody_elses_key_does_not_exist(plan: PatrolPlan, deliberator: Viewer, hall_host: Viewer) -> None:
    walk = walk_of(plan, 3, moment(10, 9))
    services.walk_lane(deliberator, walk, moment(10, 9))
    with pytest.raises(Refusal) as refused:
        services.walk_lane(replace(deliberator, person_id=hall_host.person_id), walk, moment(10, 9))
    assert refused.value.verdict.hidden


@pytest.mark.parametrize(
    "change",
    [
        lambda w: replace(w, walked_at=moment(12, 1)), lambda w: replace(w, walked_at=moment(1, 1)),
        lambda w: replace(w, answers=[services.AnswerInput(number=9, fine=True)]),
        lambda w: replace(w, answers=[services.AnswerInput(number=1, fine=False, words=" ")]),
        lambda w: replace(w, answers=[services.AnswerInput(number=1, fine=False, words="堵")]),
    ],
)  # fmt: skip
def test_a_bad_walk_is_refused_and_nothing_is_kept(
    plan: PatrolPlan, deliberator: Viewer, change: Callable[[services.WalkInput], services.WalkInput]
) -> None:
    with pytest.raises(ValidationError):
        services.walk_lane(deliberator, change(walk_of(plan, 1, moment(10, 9))), moment(10, 9))
    assert not Patrol.objects.exists()


@pytest.mark.parametrize("who", ["alice", "other_officer", "president", "dispatcher", "keeper", "anonymous"])
def test_others_neither_plan_nor_walk(plan: PatrolPlan, who: str, request: pytest.FixtureRequest) -> None:
    viewer = request.getfixturevalue(who)
    at = moment(10, 9)
    with pytest.raises(Refusal):
        services.walk_lane(viewer, walk_of(plan, 1, at), at)
    with pytest.raises(Refusal):
        services.add_lane(viewer, plan, 9, "第 9 巷", at)
    with pytest.raises(Refusal):
        services.plan_patrol(viewer, plan.hall_id, "x", ["y"], at.date(), at)


def test_the_hosts_explain_and_close(plan: PatrolPlan, hall_host: Viewer, deliberator: Viewer) -> None:
    services.raise_lane_alarms(moment(10, 16))
    alarm = LaneAlarm.objects.get(lane__number=2)
    with pytest.raises(Refusal):
        services.end_alarm(deliberator, alarm, "下雨", moment(10, 16))
    with pytest.raises(ValidationError):
        services.end_alarm(_host_of(plan, hall_host), alarm, " ", moment(10, 16))
    assert services.end_alarm(_host_of(plan, hall_host), alarm, "台风停巡", moment(10, 16)).ended_at
    lane = Lane.objects.get(number=2)
    services.close_lane(_host_of(plan, hall_host), lane, moment(10, 16))
    with pytest.raises(Refusal, match="不再巡查"):
        services.walk_lane(deliberator, walk_of(plan, 2, moment(10, 17)), moment(10, 17))


def _host_of(plan: PatrolPlan, host: Viewer) -> Viewer:
    """The host fixture, seated in the plan's hall."""
    return replace(host, offices=tuple(replace(o, organisation_id=plan.hall_id) for o in host.offices))
