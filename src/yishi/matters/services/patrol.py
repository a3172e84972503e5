"""Patrols: planning lanes, walking them, and the alarm when a lane misses its half-month."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from yishi.core import audit, clock
from yishi.core.verdicts import Refusal, hidden, require
from yishi.inbox import services as inbox
from yishi.matters.models import Lane, LaneAlarm, Patrol, PatrolAnswer, PatrolPlan, Report
from yishi.matters.permissions import patrols as permissions
from yishi.matters.rules.half_months import before, half_month_of
from yishi.matters.services.raising import RaiseInput, raise_matter
from yishi.network import selectors as network
from yishi.network.viewers import Viewer

MOST_QUESTIONS = 30
LATEST_DAYS = 60  # a walk kept on a phone may be sent so long after


@dataclass(frozen=True, slots=True)
class AnswerInput:
    """The answer to a question; one that is not fine becomes a report under ``report_key``."""

    number: int
    fine: bool
    words: str = ""
    report_key: uuid.UUID | None = None
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    photos: Sequence[BinaryIO] = ()


@dataclass(frozen=True, slots=True)
class WalkInput:
    """A walk as the phone kept it."""

    key: uuid.UUID
    lane_id: int
    walked_at: dt.datetime
    note: str = ""
    answers: Sequence[AnswerInput] = field(default=())


def _record(verb: str, viewer: Viewer, subject: PatrolPlan | Lane, at: dt.datetime, **refs: str | int) -> None:
    town = subject.town_id if isinstance(subject, PatrolPlan) else subject.plan.town_id
    audit.record(
        f"matters.{verb}", subject, at=at, actor_id=viewer.person_id, on_behalf_of_id=viewer.helping_id,
        town_id=town, **refs,
    )  # fmt: skip


@transaction.atomic
def plan_patrol(
    viewer: Viewer, hall_id: int, name: str, checklist: Sequence[str], since: dt.date, at: dt.datetime
) -> PatrolPlan:
    """A plan for a hall's lanes.

    Raises:
        ValidationError: no name, no question, or too many.
        Refusal: the viewer neither hosts the hall nor works in its community.
    """
    hall = network.organisations(viewer.town_id or network.the_town().pk).filter(pk=hall_id).first()
    require(permissions.may_plan_patrol(viewer, hall, at))
    questions = [q.strip()[:200] for q in checklist if q.strip()]
    if not name.strip() or not 1 <= len(questions) <= MOST_QUESTIONS:
        raise ValidationError(_("请写计划名称，并至少写一个检查项（最多 30 个）。"))
    assert hall is not None
    plan = PatrolPlan.objects.create(
        town_id=hall.town_id, hall=hall, name=name.strip()[:60], checklist=questions, since=since
    )
    _record("patrol_planned", viewer, plan, at, questions=len(questions))
    return plan


@transaction.atomic
def add_lane(
    viewer: Viewer, plan: PatrolPlan, number: int, name: str, at: dt.datetime, *,
    latitude: float | None = None, longitude: float | None = None,
) -> Lane:  # fmt: skip
    """A lane of a plan.

    Raises:
        ValidationError: no name, or the number is taken.
        Refusal: not allowed.
    """
    plan = PatrolPlan.objects.select_for_update(of=("self",)).select_related("hall__area").get(pk=plan.pk)
    require(permissions.may_plan_patrol(viewer, plan.hall, at))
    if not name.strip():
        raise ValidationError({"name": _("请写街巷名称。")})
    if Lane.objects.filter(plan=plan, number=number).exists():
        raise ValidationError({"number": _("%(number)s 号已有街巷，请换一个编号。") % {"number": number}})
    lane = Lane.objects.create(plan=plan, number=number, name=name.strip()[:60], latitude=latitude, longitude=longitude)
    _record("lane_added", viewer, lane, at, number=number)
    return lane


@transaction.atomic
def close_lane(viewer: Viewer, lane: Lane, at: dt.datetime) -> Lane:
    """A lane is walked no more, from today.

    Raises:
        Refusal: not allowed.
    """
    lane = Lane.objects.select_for_update(of=("self",)).select_related("plan__hall__area").get(pk=lane.pk)
    require(permissions.may_plan_patrol(viewer, lane.plan.hall, at))
    if lane.closed_on is None:
        lane.closed_on = clock.local_day(at)
        lane.save(update_fields=["closed_on"])
        _record("lane_closed", viewer, lane, at)
    return lane


def walk_lane(viewer: Viewer, walk: WalkInput, at: dt.datetime) -> Patrol:
    """Record a walk and raise what was found; the same key again gives the first walk.

    Raises:
        ValidationError: the walk lies in the future or too far back, or an answer is incomplete.
        Refusal: the viewer does not walk for this hall.
    """
    if (known := _known(viewer, walk)) is not None:
        return known
    try:
        with transaction.atomic():
            return _known(viewer, walk) or _walk(viewer, walk, at)
    except IntegrityError:  # the same walk was sent twice at the same moment
        if (known := _known(viewer, walk)) is not None:
            return known
        raise


def _known(viewer: Viewer, walk: WalkInput) -> Patrol | None:
    found = Patrol.objects.filter(key=walk.key).first()
    if found is not None and found.by_id != viewer.person_id:
        raise Refusal(hidden())
    return found


def _walk(viewer: Viewer, walk: WalkInput, at: dt.datetime) -> Patrol:
    lane = (
        Lane.objects.select_for_update(of=("self",)).select_related("plan__hall__area").filter(pk=walk.lane_id).first()
    )
    require(permissions.may_walk_lane(viewer, lane, at))
    assert lane is not None
    assert viewer.person_id is not None
    _check(walk, lane, at)
    patrol = Patrol.objects.create(
        lane=lane, key=walk.key, by_id=viewer.person_id, walked_at=walk.walked_at, sent_at=at, note=walk.note.strip()
    )
    found = 0
    for answer in walk.answers:
        report = None if answer.fine else _finding(viewer, lane, walk, answer, at)
        found += report is not None
        PatrolAnswer.objects.create(
            patrol=patrol, number=answer.number, fine=answer.fine, words=answer.words.strip()[:500], report=report
        )
    _end_alarm_of(lane, walk.walked_at, at)
    _record("lane_walked", viewer, lane, at, patrol=patrol.pk, found=found)
    return patrol


def _check(walk: WalkInput, lane: Lane, at: dt.datetime) -> None:
    if walk.walked_at > at + dt.timedelta(minutes=10):
        raise ValidationError({"walked_at": _("巡查时间不能晚于现在，请检查手机时间。")})
    if walk.walked_at < at - dt.timedelta(days=LATEST_DAYS):
        raise ValidationError({"walked_at": _("巡查已过去太久（超过 60 天），请联系社区补录。")})
    for answer in walk.answers:
        if not 1 <= answer.number <= len(lane.plan.checklist):
            raise ValidationError({"answers": _("检查项有变动，请刷新后重填。")})
        if not answer.fine and (not answer.words.strip() or answer.report_key is None):
            raise ValidationError(
                {"answers": _("第 %(number)s 项有问题，请写几个字说明。") % {"number": answer.number}}
            )


def _finding(viewer: Viewer, lane: Lane, walk: WalkInput, answer: AnswerInput, at: dt.datetime) -> Report:
    question = lane.plan.checklist[answer.number - 1]
    words = answer.words.strip()
    assert answer.report_key is not None
    community = network.community_of(lane.plan.hall.area_id)
    return raise_matter(
        viewer,
        RaiseInput(
            key=answer.report_key, title=f"{lane.name}:{words}"[:120], text=f"{words}\n({question})",
            nature=Report.Nature.HELP, channel=Report.Channel.PATROL,
            place=f"{lane.name} {answer.place}".strip()[:200],
            latitude=answer.latitude if answer.latitude is not None else lane.latitude,
            longitude=answer.longitude if answer.longitude is not None else lane.longitude,
            community_id=community.pk if community else None, hall_id=lane.plan.hall_id, photos=answer.photos,
            received_at=min(walk.walked_at, at),
        ),
        at,
    )  # fmt: skip


def _end_alarm_of(lane: Lane, walked_at: dt.datetime, at: dt.datetime) -> None:
    """A walk of that half-month that comes in late ends its alarm."""
    half = half_month_of(clock.local_day(walked_at))
    LaneAlarm.objects.filter(lane=lane, starts_on=half.starts_on, ended_at=None).update(
        ended_at=at, ended_because=_("已补报")
    )


# --- alarms ----------------------------------------------------------------------------------


def raise_lane_alarms(at: dt.datetime) -> int:
    """Raise an alarm for every lane that was not walked in the last full half-month; returns how many are new.

    Run daily; running it again raises nothing twice.
    """
    missed = before(half_month_of(clock.local_day(at)))
    lanes = Lane.objects.select_related("plan__hall__area").filter(
        Q(closed_on=None) | Q(closed_on__gt=missed.ends_on),
        Q(plan__until=None) | Q(plan__until__gte=missed.ends_on),
        plan__since__lte=missed.starts_on,
    )
    walked = set(
        Patrol.objects.filter(walked_at__date__gte=missed.starts_on, walked_at__date__lte=missed.ends_on).values_list(
            "lane_id", flat=True
        )
    )
    known = set(LaneAlarm.objects.filter(starts_on=missed.starts_on).values_list("lane_id", flat=True))
    late = [lane for lane in lanes if lane.pk not in walked and lane.pk not in known]
    for lane in late:
        _alarm(lane, missed.starts_on, missed.ends_on, at)
    return len(late)


@transaction.atomic
def _alarm(lane: Lane, starts_on: dt.date, ends_on: dt.date, at: dt.datetime) -> None:
    alarm, made = LaneAlarm.objects.get_or_create(
        lane=lane, starts_on=starts_on, defaults={"ends_on": ends_on, "raised_at": at}
    )
    if not made:
        return
    audit.record(
        "matters.lane_alarm_raised", lane, at=at, actor_id=None, town_id=lane.plan.town_id,
        starts_on=starts_on.isoformat(), ends_on=ends_on.isoformat(),
    )  # fmt: skip
    span = f"{starts_on:%m-%d} – {ends_on:%m-%d}"
    inbox.notify(
        permissions.who_hears_of(lane, clock.local_day(at)), f"lane-alarm:{alarm.pk}", lane,
        f"{lane.name} 上个半月没有巡查", f"{lane.name} was not walked last half-month",
        f"{lane.plan.name} {span}", f"{lane.plan.name} {span}", reverse("matters:patrols"), at,
    )  # fmt: skip


@transaction.atomic
def end_alarm(viewer: Viewer, alarm: LaneAlarm, reason: str, at: dt.datetime) -> LaneAlarm:
    """End an alarm with a reason (rain, road works).

    Raises:
        ValidationError: no reason.
        Refusal: not allowed.
    """
    alarm = LaneAlarm.objects.select_for_update(of=("self",)).select_related("lane__plan__hall__area").get(pk=alarm.pk)
    require(permissions.may_plan_patrol(viewer, alarm.lane.plan.hall, at))
    if not reason.strip():
        raise ValidationError({"reason": _("请写几个字说明。")})
    if alarm.ended_at is None:
        alarm.ended_at, alarm.ended_because = at, reason.strip()[:200]
        alarm.save(update_fields=["ended_at", "ended_because"])
        _record("lane_alarm_ended", viewer, alarm.lane, at, alarm=alarm.pk)
    return alarm
