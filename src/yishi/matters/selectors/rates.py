"""The three rates, each with numerator, denominator and what was left out and why; volumes beside them.

domain.md §2.9: response = contacted in time / dispatched; resolution = confirmed solved / effective visit-backs;
satisfaction = satisfied or basically / effective visit-backs. Exact fractions; rounding is for the eye alone.
Sealed matters enter no figure, so that no difference of two figures reveals them.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _

from yishi.matters.models import Report, VisitBack
from yishi.network import selectors as network

Satisfaction = VisitBack.Satisfaction
GOOD = (Satisfaction.SATISFIED, Satisfaction.BASICALLY)
HOTLINE = Report.Channel.HOTLINE


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Items outside a rate: how many, and why in words."""

    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class Rate:
    """``numerator`` of ``denominator``, exact; None where nothing was counted."""

    numerator: int
    denominator: int
    excluded: tuple[Exclusion, ...] = ()

    @property
    def value(self) -> Fraction | None:
        """The exact rate."""
        return Fraction(self.numerator, self.denominator) if self.denominator else None

    @property
    def percent(self) -> str:
        """One decimal, half up, for the eye: ``97.0``; empty where nothing was counted."""
        if self.value is None:
            return ""
        tenths = (self.value * 1000 + Fraction(1, 2)).__floor__()
        return f"{tenths // 10}.{tenths % 10}"


@dataclass(frozen=True, slots=True)
class Volume:
    """Reports received, through the hotline and through all channels, and per 1,000 households."""

    hotline: int
    all_channels: int
    households: int

    def per_thousand(self, count: int) -> Fraction | None:
        """Exact number per 1,000 households; None where the households are not known."""
        return Fraction(count * 1000, self.households) if self.households else None

    @property
    def hotline_per_thousand(self) -> Fraction | None:
        """Hotline reports per 1,000 households."""
        return self.per_thousand(self.hotline)

    @property
    def all_per_thousand(self) -> Fraction | None:
        """Reports of all channels per 1,000 households."""
        return self.per_thousand(self.all_channels)


@dataclass(frozen=True, slots=True)
class Rates:
    """A period's three rates and volumes. ``since`` and ``until`` are included."""

    since: dt.date
    until: dt.date
    response: Rate
    resolution: Rate
    satisfaction: Rate
    volume: Volume
    backlog: int
    suspended: int


def rates(
    town_id: int, since: dt.date, until: dt.date, *, community_id: int | None = None, organisation_id: int | None = None
) -> Rates:
    """The rates of a town, a community or a lead organisation between two days (both counted).

    Raises:
        ValueError: the period ends before it begins.
    """
    if until < since:
        raise ValueError("the period ends before it begins")
    reports = Report.objects.filter(town_id=town_id, matter__sealed=False)
    if community_id is not None:
        reports = reports.filter(matter__community_id=community_id)
    if organisation_id is not None:
        reports = reports.filter(matter__lead_id=organisation_id)
    effective, excluded = _visit_backs(reports, since, until)
    solved = sum(1 for v in effective if v.solved)
    pleased = sum(1 for v in effective if v.satisfaction in GOOD)
    open_states = (Report.State.OPEN, Report.State.REOPENED, Report.State.REPLIED)
    backlog = reports.filter(state__in=open_states, withdrawn_at=None).aggregate(
        n=Count("pk"), hung=Count("pk", filter=Q(matter__stage="suspended"))
    )
    return Rates(
        since, until, _response(reports, since, until), Rate(solved, len(effective), excluded),
        Rate(pleased, len(effective), excluded), _volume(reports, town_id, since, until, community_id),
        backlog["n"], backlog["hung"],
    )  # fmt: skip


def within(field: str, since: dt.date, until: dt.date) -> Q:
    """A moment within two local days, as a range that an index serves."""
    from django.utils import timezone

    zone = timezone.get_current_timezone()
    start = dt.datetime.combine(since, dt.time.min, zone)
    end = dt.datetime.combine(until + dt.timedelta(days=1), dt.time.min, zone)
    return Q(**{f"{field}__gte": start, f"{field}__lt": end})


def _response(reports: QuerySet[Report], since: dt.date, until: dt.date) -> Rate:
    """Contacted by the last day of the contact clock, of all dispatched in the period."""
    sent = reports.filter(within("dispatched_at", since, until))
    nobody = Q(reporter=None) & (Q(contact=None) | Q(contact__phone="", contact__address=""))
    silent = nobody & ~Q(channel__in=(HOTLINE, Report.Channel.MESSAGE_BOARD)) & Q(contacted_at=None)
    rows = sent.annotate(day=TruncDate("contacted_at")).values_list("day", "contact_by", "withdrawn_at")
    left_out = list(sent.filter(silent).values_list("pk", flat=True))
    in_time = total = withdrawn = 0
    for day, contact_by, gone in rows.exclude(pk__in=left_out):
        if gone is not None:
            withdrawn += 1
            continue
        total += 1
        in_time += day is not None and (contact_by is None or day <= contact_by)
    found = ((_("没有留下联系方式"), len(left_out)), (_("反映人已撤回"), withdrawn))
    return Rate(in_time, total, _exclusions(found))


def _visit_backs(
    reports: QuerySet[Report], since: dt.date, until: dt.date
) -> tuple[list[VisitBack], tuple[Exclusion, ...]]:
    """The last visit-back of each report in the period that got an answer and counts; and what was left out."""
    asked = VisitBack.objects.filter(within("at", since, until), report__in=reports.values("pk"))
    last: dict[int, VisitBack] = {}
    for visit in asked.order_by("at", "pk"):
        known = last.get(visit.report_id)
        if known is None or visit.satisfaction != Satisfaction.NO_ANSWER:
            last[visit.report_id] = visit
    reasons: dict[str, int] = {}
    effective = []
    for visit in last.values():
        if visit.satisfaction == Satisfaction.NO_ANSWER:
            reasons[_("未接通")] = reasons.get(_("未接通"), 0) + 1
        elif not visit.counted:
            reasons[visit.excluded_because] = reasons.get(visit.excluded_because, 0) + 1
        else:
            effective.append(visit)
    return effective, _exclusions(sorted(reasons.items()))


def _exclusions(found: Iterable[tuple[str, int]]) -> tuple[Exclusion, ...]:
    return tuple(Exclusion(str(reason), count) for reason, count in found if count)


def _volume(
    reports: QuerySet[Report], town_id: int, since: dt.date, until: dt.date, community_id: int | None
) -> Volume:
    got = reports.filter(within("received_at", since, until)).aggregate(
        all=Count("pk"), hotline=Count("pk", filter=Q(channel=HOTLINE))
    )
    places = network.communities(town_id)
    if community_id is not None:
        places = places.filter(pk=community_id)
    households = sum(places.values_list("household_count", flat=True))
    return Volume(got["hotline"], got["all"], households)
