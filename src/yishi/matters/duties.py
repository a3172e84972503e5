"""What matters does by itself: lane alarms, and a word to those whose day is near. Run as often as you like."""

import datetime as dt
from collections.abc import Iterable

from django.urls import reverse

from yishi.commitments import selectors as commitments
from yishi.core import clock, duties
from yishi.engines.calendar import CalendarUnpublished, add_working_days
from yishi.inbox import services as inbox
from yishi.matters.models import Assignment, Matter, Step, Suspension
from yishi.matters.notices import officers_next
from yishi.matters.permissions import ACTIVE, DOING_DUTIES
from yishi.matters.services.patrol import raise_lane_alarms
from yishi.network import selectors as network

SOON = 1  # working days before the due day
MOST = 500


def _soon(today: dt.date) -> dt.date:
    """The last day that counts as near."""
    try:
        return add_working_days(today, SOON)
    except CalendarUnpublished:
        return today + dt.timedelta(days=SOON)


def _handlers(matter: Matter) -> set[int]:
    """Who works on it: the lead's handler, else those who hold the lead, else its desk."""
    lead = next((a for a in matter.assignments.all() if a.role == Assignment.Role.LEAD and a.state in ACTIVE), None)
    if lead is not None and lead.handler_id is not None:
        return {lead.handler_id}
    if lead is not None:
        return _holders(lead.organisation_id)
    return officers_next(matter, Step.Kind.RAISED)


def _holders(organisation_id: int) -> set[int]:
    return network.people_in_office([organisation_id], DOING_DUTIES, clock.today())


def remind_due_soon(at: dt.datetime) -> int:
    """Tell handlers of matters that fall due by the next working day, once for each due day; returns how many."""
    today = clock.local_day(at)
    near = (
        Matter.objects.filter(stage__in=Matter.OPEN, due_on__gte=today, due_on__lte=_soon(today))
        .exclude(stage=Matter.Stage.SUSPENDED)
        .select_related("community", "lead")
        .prefetch_related("assignments")
        .order_by("due_on", "pk")
    )
    return sum(
        _tell(
            _handlers(m), f"due-soon:{m.pk}:{m.due_on}", m, "一件事快到期了", "A matter is due soon", f"{m.due_on}", at
        )
        for m in near[:MOST]
    )


def remind_reviews(at: dt.datetime) -> int:
    """Tell handlers of suspended matters whose review day has come, once for each review day."""
    today = clock.local_day(at)
    come = (
        Suspension.objects.filter(ended_at=None, review_on__lte=today, review_on__gte=today - dt.timedelta(days=31))
        .select_related("matter__community", "matter__lead")
        .prefetch_related("matter__assignments")
        .order_by("pk")
    )
    return sum(
        _tell(
            _handlers(s.matter), f"review:{s.pk}:{s.review_on}", s.matter, "挂账的事到了复核日",
            "A suspended matter is to be reviewed", f"{s.review_on}", at,
        )
        for s in come[:MOST]
    )  # fmt: skip


def _tell(people: Iterable[int], key: str, matter: Matter, zh: str, en: str, day: str, at: dt.datetime) -> int:
    body = f"{matter.reference} {'' if matter.sealed else matter.title} {day}"
    return inbox.notify(people, key, matter, zh, en, body, body, reverse("matters:matter", args=[matter.reference]), at)


def remind_commitments(at: dt.datetime) -> int:
    """Tell doers of commitments that fall due by the next working day, once for each due day."""
    today = clock.local_day(at)
    told = 0
    for promise in commitments.due_between(today, _soon(today))[:MOST]:
        people = {promise.doer_id} if promise.doer_id else _holders(promise.organisation_id)
        told += inbox.notify(
            [p for p in people if p is not None], f"commitment-due:{promise.pk}:{promise.due_on}", promise,
            "一项责任事项快到期了", "A commitment is due soon", f"{promise.what} {promise.due_on}",
            f"{promise.what} {promise.due_on}", reverse("commitments:commitment", args=[promise.pk]), at,
        )  # fmt: skip
    return told


def register() -> None:
    """Hand them to the background worker."""
    duties.register("matters.lane_alarms", raise_lane_alarms, minutes=30)
    duties.register("matters.due_soon", remind_due_soon, minutes=30)
    duties.register("matters.reviews", remind_reviews, minutes=60)
    duties.register("matters.commitments_due", remind_commitments, minutes=60)
