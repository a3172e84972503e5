"""The catalogue raises its own duties: each organisation, item and period once, when the period has ended."""

import datetime as dt
from typing import TYPE_CHECKING

from django.db.models import Max

from yishi.core import audit, clock
from yishi.core.verdicts import Refusal
from yishi.network import selectors as network
from yishi.publication.models import DisclosureDuty
from yishi.publication.rules import CATALOGUE, Item, last_ended

if TYPE_CHECKING:
    from yishi.network.models import Area

MOST_BACK = 12


def raise_disclosure_duties(at: dt.datetime) -> int:
    """Raise what fell due since the last time (the first time: the last period alone); returns how many."""
    today, count = clock.local_day(at), 0
    try:
        town = network.the_town()
    except Refusal:  # nothing is set up yet
        return 0
    for item in CATALOGUE.values():
        if item.frequency != "event":
            count += _raise(town, item, today, at)
    return count


def _raise(town: "Area", item: Item, today: dt.date, at: dt.datetime) -> int:
    organisations = list(network.organisations(town.pk, item.organisations))
    if not organisations:
        return 0
    raised = DisclosureDuty.objects.filter(item=item.code).aggregate(last=Max("period_end"))["last"]
    count = 0
    for back in range(MOST_BACK):
        period = last_ended(item.frequency, today, back)
        if raised is not None and period.end <= raised and back > 0:
            break
        there = set(
            DisclosureDuty.objects.filter(item=item.code, period_start=period.start).values_list(
                "organisation_id", flat=True
            )
        )
        fresh = [
            DisclosureDuty(
                town_id=o.town_id, organisation=o, item=item.code, period_start=period.start, period_end=period.end,
                due_on=period.end + dt.timedelta(days=item.within), raised_at=at,
            )
            for o in organisations
            if o.pk not in there and (o.opened_on is None or o.opened_on <= period.end)
        ]  # fmt: skip
        DisclosureDuty.objects.bulk_create(fresh, batch_size=500, ignore_conflicts=True)
        count += len(fresh)
        if raised is None:
            break
    if count:
        audit.record("publication.duties_raised", town, at=at, actor_id=None, item=item.code, n=count)
    return count
