"""Figures for anyone: the three rates with what was left out, volumes beside the hotline, what is late and whose."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Schema

from yishi.core.rest import Asked, Day, Id, Listed, answers, cut
from yishi.matters import selectors
from yishi.matters.api.router import figures
from yishi.network import selectors as network

LONGEST = dt.timedelta(days=366 * 3)


class ExclusionOut(Schema):
    """What a rate leaves out, and why."""

    reason: str
    count: int


class RateOut(Schema):
    """An exact rate; ``percent`` is rounded for the eye, empty where nothing was counted."""

    numerator: int
    denominator: int
    percent: str
    excluded: list[ExclusionOut]


class VolumeOut(Schema):
    """Reports received: the hotline's beside those of all channels, and the households they come from."""

    hotline: int
    all_channels: int
    households: int


class RatesOut(Schema):
    """A period's rates (both days counted)."""

    since: dt.date
    until: dt.date
    response: RateOut
    resolution: RateOut
    satisfaction: RateOut
    volume: VolumeOut
    backlog: int
    suspended: int


class MonthOut(Schema):
    """Reports received in a month."""

    month: dt.date
    hotline: int
    all_channels: int


class LateOut(Schema):
    """Overdue matters by who leads them; no organisation where nobody does yet."""

    organisation_id: int | None = None
    organisation: str
    count: int
    oldest: dt.date | None = None


class Period(Schema):
    """From a day to a day, both counted; of a community or the whole town."""

    since: Day
    until: Day
    community: Id | None = None

    def checked(self) -> "Period":
        """The period itself.

        Raises:
            ValidationError: it ends before it begins, or is longer than three years.
        """
        if self.until < self.since or self.until - self.since > LONGEST:
            raise ValidationError({"until": _("结束日期不能早于开始日期，最多三年。")})
        return self


@figures.get("/rates", response=answers(RatesOut), operation_id="get_rates")
def get_rates(request: HttpRequest, period: Query[Period]) -> Any:
    """Response, resolution and satisfaction, each with numerator, denominator and what was left out."""
    asked = period.checked()
    return selectors.rates(network.the_town().pk, asked.since, asked.until, community_id=asked.community)


@figures.get("/volume", response=answers(list[MonthOut]), operation_id="get_volume")
def get_volume(request: HttpRequest, period: Query[Period]) -> Any:
    """Reports by month: the hotline's beside those of all channels."""
    asked = period.checked()
    return selectors.volume_by_month(network.the_town().pk, asked.since, asked.until, community_id=asked.community)


@figures.get("/overdue", response=answers(Listed[LateOut]), operation_id="list_overdue")
def list_overdue(request: HttpRequest, asked: Query[Asked], community: Id | None = None) -> Any:
    """What is late now, by who leads it."""
    return cut(selectors.overdue_by_lead(network.the_town().pk, community_id=community), asked)
