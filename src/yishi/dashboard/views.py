"""The town's page: what is late first, then rates, volumes and communities; and the same as a file."""

import csv
import datetime as dt
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yishi.core import clock, generations
from yishi.core.pagecache import public_page
from yishi.core.policies import policy
from yishi.dashboard import figures
from yishi.dashboard.figures import Period, named
from yishi.dashboard.forms import PeriodForm
from yishi.matters import selectors as matters
from yishi.network import selectors as network

LONGEST_DAYS = 3 * 366


def period_of(request: HttpRequest, places: list[Any]) -> tuple[PeriodForm, Period]:
    """The form and the period that it says: the last 90 days where it says nothing that makes sense."""
    today = clock.today()
    given = request.GET.dict()
    given.setdefault("since", (today - dt.timedelta(days=89)).isoformat())
    given.setdefault("until", today.isoformat())
    form = PeriodForm(given, communities=[(c.pk, named(c)) for c in places])
    form.is_valid()
    until = form.cleaned_data.get("until") or today
    since = form.cleaned_data.get("since") or until - dt.timedelta(days=89)
    since = min(max(since, until - dt.timedelta(days=LONGEST_DAYS)), until)
    return form, Period(since, until, form.cleaned_data.get("community"))


@policy("public")
@public_page
@require_safe
def town_page(request: HttpRequest) -> HttpResponse:
    """The town at a glance; every figure opens its list."""
    town = network.the_town()
    places = list(network.communities(town.pk))
    form, period = period_of(request, places)
    return render(request, "dashboard/town.html", {"town": town, "form": form, **kept_facts(town.pk, period, places)})


def kept_facts(town_id: int, period: Period, places: list[Any]) -> dict[str, Any]:
    """The page's facts, counted once until the next act anywhere (at most a minute)."""
    key = f"town:{town_id}:{generations.current()}:{clock.today()}:{get_language()}:{period}".replace(" ", "")
    found: dict[str, Any] | None = cache.get(key)
    if found is None:
        found = facts(town_id, period, places)
        cache.set(key, found, 60)
    return found


def facts(town_id: int, period: Period, places: list[Any]) -> dict[str, Any]:
    """Everything that the page says."""
    found = matters.rates(town_id, period.since, period.until, community_id=period.community)
    rates = figures.three_rates(found, period)
    return {
        "period": period, "rates": rates, "excluded_total": sum(n for r in rates for _why, n in r["excluded"]),
        "all_url": period.list_url(), "chips": chips(period), "communities": figures.by_community(town_id, period, places),
        "area": next((c for c in places if c.pk == period.community), None),
        **figures.late(town_id, period.community), **figures.volume(town_id, period, places),
    }  # fmt: skip


def chips(period: Period) -> list[dict[str, Any]]:
    """Ready periods."""
    today = clock.today()
    ready = (
        (_("近 30 天"), today - dt.timedelta(days=29)), (_("近 90 天"), today - dt.timedelta(days=89)),
        (_("今年"), today.replace(month=1, day=1)), (_("近一年"), today - dt.timedelta(days=364)),
    )  # fmt: skip
    where = f"&community={period.community}" if period.community else ""
    return [
        {
            "label": label, "url": f"?since={since}&until={today}{where}",
            "current": (period.since, period.until) == (since, today),
        }
        for label, since in ready
    ]  # fmt: skip


@policy("public")
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The page's figures as CSV: rates with numerators, denominators and exclusions, then the communities."""
    town = network.the_town()
    places = list(network.communities(town.pk))
    _form, period = period_of(request, places)
    found = kept_facts(town.pk, period, places)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="town-{period.since}-{period.until}.csv"'
    response.write("\ufeff")
    out = csv.writer(response)
    out.writerows(_rate_rows(found))
    out.writerows(_volume_rows(found))
    return response


def _rate_rows(found: dict[str, Any]) -> list[list[Any]]:
    period = found["period"]
    rows: list[list[Any]] = [[_("从"), period.since, _("到"), period.until], []]
    rows.append([_("比率"), _("分子"), _("分母"), _("怎么算的")])
    for rate in found["rates"]:
        rows.append([rate["label"], rate["numerator"], rate["denominator"], rate["how"]])
        rows += [["", _("没有算"), n, why] for why, n in rate["excluded"]]
    return [*rows, []]


def _volume_rows(found: dict[str, Any]) -> list[list[Any]]:
    heads = [_("所有渠道"), _("每千户"), _("12345 热线"), _("每千户")]
    rows: list[list[Any]] = [[_("月份"), *heads]]
    rows += [[m["label"], m["whole"], m["whole_rate"], m["hotline"], m["hotline_rate"]] for m in found["months"]]
    rows += [[], [_("社区"), *heads, _("未办结"), _("逾期"), _("办结")]]
    return rows + [
        [
            c["area"].name,
            c["whole"],
            c["whole_rate"],
            c["hotline"],
            c["hotline_rate"],
            c["open"],
            c["overdue"],
            c["settled"],
        ]
        for c in found["communities"]
    ]
