"""Counts for the town's page: what is late and whose, reports by month, communities side by side.

Counts take in what is not public yet, so that nothing looks better for being unseen; sealed
matters enter none of them.
"""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Min, Q
from django.db.models.functions import TruncMonth
from django.utils import timezone

from yishi.core import clock
from yishi.matters.models import Matter, Report
from yishi.matters.selectors.lists import MatterFilter, matching, overdue_on
from yishi.matters.selectors.rates import HOTLINE, within
from yishi.network.viewers import Viewer


@dataclass(frozen=True, slots=True)
class Late:
    """An organisation's overdue matters; no organisation where nobody leads them yet."""

    organisation_id: int | None
    organisation: str
    organisation_en: str
    count: int
    oldest: dt.date | None


def overdue_by_lead(town_id: int, *, community_id: int | None = None) -> list[Late]:
    """Overdue matters by who leads them, the most first; one query."""
    found = Matter.objects.filter(town_id=town_id, sealed=False).filter(overdue_on(clock.today()))
    if community_id is not None:
        found = found.filter(community_id=community_id)
    rows = (
        found.order_by().values("lead_id", "lead__name", "lead__name_en")
        .annotate(count=Count("pk"), oldest=Min("due_on")).order_by("-count", "lead__name")
    )  # fmt: skip
    return [Late(r["lead_id"], r["lead__name"] or "", r["lead__name_en"] or "", r["count"], r["oldest"]) for r in rows]


@dataclass(frozen=True, slots=True)
class MonthVolume:
    """Reports received in a month: through the hotline, and through all channels."""

    month: dt.date
    hotline: int
    all_channels: int


def volume_by_month(
    town_id: int, since: dt.date, until: dt.date, *, community_id: int | None = None
) -> list[MonthVolume]:
    """Reports received in each month between two days, months without any included; one query."""
    found = Report.objects.filter(within("received_at", since, until), town_id=town_id, matter__sealed=False)
    if community_id is not None:
        found = found.filter(matter__community_id=community_id)
    rows = found.order_by().annotate(month=TruncMonth("received_at")).values("month")
    counted = rows.annotate(every=Count("pk"), hotline=Count("pk", filter=Q(channel=HOTLINE)))
    by_month = {clock.local_day(r["month"]): (r["hotline"], r["every"]) for r in counted}
    months = []
    month = since.replace(day=1)
    while month <= until:
        months.append(MonthVolume(month, *by_month.get(month, (0, 0))))
        month = (month + dt.timedelta(days=32)).replace(day=1)
    return months


@dataclass(frozen=True, slots=True)
class CommunityCounts:
    """Of one community: reports received and matters settled in a period; matters open and overdue now."""

    reports: int = 0
    hotline: int = 0
    open: int = 0
    overdue: int = 0
    settled: int = 0


def counts_by_community(town_id: int, since: dt.date, until: dt.date) -> dict[int, CommunityCounts]:
    """Every community's counts by its id; those without any are left out; two queries."""
    told = Report.objects.filter(within("received_at", since, until), town_id=town_id, matter__sealed=False)
    reports = {
        r["matter__community"]: (r["every"], r["hotline"])
        for r in told.order_by().values("matter__community")
        .annotate(every=Count("pk"), hotline=Count("pk", filter=Q(channel=HOTLINE)))
    }  # fmt: skip
    raised = within("raised_at", since, until)
    matters = {
        r["community"]: (r["open"], r["overdue"], r["settled"])
        for r in Matter.objects.filter(town_id=town_id, sealed=False).order_by().values("community")
        .annotate(
            open=Count("pk", filter=Q(stage__in=Matter.OPEN)), overdue=Count("pk", filter=overdue_on(clock.today())),
            settled=Count("pk", filter=Q(stage=Matter.Stage.SETTLED) & raised),
        )
    }  # fmt: skip
    return {
        pk: CommunityCounts(*reports.get(pk, (0, 0)), *matters.get(pk, (0, 0, 0)))
        for pk in reports.keys() | matters.keys()
        if pk is not None
    }


def home_community(viewer: Viewer) -> int | None:
    """The community that someone belongs to by their first verified capacity; no query."""
    path = next((s.area_path for s in viewer.standings if s.area_path), "")
    steps = [int(step) for step in path.split("/") if step]
    return steps[2] if len(steps) > 2 else None


def newest(
    viewer: Viewer, town_id: int, most: int, *, community_id: int | None = None, open_only: bool = False
) -> list[Matter]:
    """The newest matters that the viewer may meet; one query."""
    wanted = MatterFilter(town_id=town_id, community=community_id, stages=tuple(Matter.OPEN) if open_only else ())
    return list(matching(viewer, wanted).defer("text").order_by("-raised_at", "-pk")[:most])


def settled_since(viewer: Viewer, town_id: int, since: dt.date, most: int) -> list[Matter]:
    """The matters settled since a day, the latest first; one query."""
    start = dt.datetime.combine(since, dt.time.min, timezone.get_current_timezone())
    found = matching(viewer, MatterFilter(town_id=town_id, stages=(Matter.Stage.SETTLED,)))
    return list(found.filter(settled_at__gte=start).defer("text").order_by("-settled_at", "-pk")[:most])
