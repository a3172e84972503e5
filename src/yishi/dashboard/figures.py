"""The town's figures for the page: what is late and whose, three rates, volumes, every figure with its list."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import dateformat
from django.utils.http import urlencode
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from yishi.core.terms import reading_of
from yishi.dashboard.charts import Pair, paired_bars, tenths
from yishi.matters import selectors as matters

Context = dict[str, Any]
MONTHS = 6
SHOWN_AT_ONCE = 10


@dataclass(frozen=True, slots=True)
class Period:
    """From a day to a day, both counted; a community's or the whole town's."""

    since: dt.date
    until: dt.date
    community: int | None = None

    def list_url(self, **more: Any) -> str:
        """The list of the matters that a figure of this period speaks of."""
        query = {"since": self.since, "until": self.until} | ({"community": self.community} if self.community else {})
        return f"{reverse('matters:list')}?{urlencode({k: v for k, v in {**query, **more}.items() if v not in (None, '')})}"


def list_url(**query: Any) -> str:
    """A list of matters, of any time."""
    return f"{reverse('matters:list')}?{urlencode({k: v for k, v in query.items() if v})}"


def named(area: Any) -> str:
    """An area's name in the page's language."""
    return str(((get_language() or "").startswith("en") and area.name_en) or area.name)


def late(town_id: int, community: int | None) -> Context:
    """Who has what is late now, the most first; what nobody leads yet lies with the desk."""
    found = matters.overdue_by_lead(town_id, community_id=community)
    lines = [
        {
            "name": _late_name(line), "oldest": line.oldest,
            "words": ngettext("%(n)s 件逾期", "%(n)s 件逾期", line.count) % {"n": line.count},
            "url": list_url(overdue="on", sort="due", lead=line.organisation_id or "", community=community),
        }
        for line in found
    ]  # fmt: skip
    total = sum(line.count for line in found)
    return {
        "late": lines,
        "late_more": len(lines) - SHOWN_AT_ONCE,
        "late_total": total,
        "late_url": list_url(overdue="on", sort="due", community=community),
    }


def _late_name(line: matters.Late) -> str:
    english = (get_language() or "").startswith("en") and line.organisation_en
    return english or line.organisation or _("还没有派单：在受理人手里")


def three_rates(found: matters.Rates, period: Period) -> list[Context]:
    """Response, resolution, satisfaction: numerator, denominator, how counted, what was left out."""
    given = (
        (_("响应率"), found.response, _("按时联系到反映人的，除以这段时间派出的反映。"), period.list_url()),
        (_("解决率"), found.resolution, _("反映人说解决了的，除以这段时间回访到、并且算数的反映。"), period.list_url(stage="settled")),
        (_("满意率"), found.satisfaction, _("反映人说满意或基本满意的，除以这段时间回访到、并且算数的反映。"), period.list_url(stage="settled")),
    )  # fmt: skip
    return [
        {
            "label": label, "numerator": rate.numerator, "denominator": rate.denominator, "how": how, "url": url,
            "excluded": [(e.reason, e.count) for e in rate.excluded], "note": _left_out(rate.excluded),
        }
        for label, rate, how, url in given
    ]  # fmt: skip


def _left_out(excluded: Iterable[matters.Exclusion]) -> str:
    n = sum(e.count for e in excluded)
    return ngettext("另有 %(n)s 条没有算", "另有 %(n)s 条没有算", n) % {"n": n} if n else ""


def per_thousand(count: int, households: int) -> int:
    """Reports for each 1,000 households, in tenths, half up; 0 where the households are not known."""
    return (20_000 * count + households) // (2 * households) if households else 0


def said_rate(count: int, households: int) -> str:
    """The same as words: ``3.7``, or a dash."""
    return tenths(per_thousand(count, households)) if households else "—"


def volume(town_id: int, period: Period, places: list[Any]) -> Context:
    """Six months to the period's end: all channels beside the hotline, for each 1,000 households."""
    rows = matters.volume_by_month(town_id, _months_before(period.until), period.until, community_id=period.community)
    households = sum(c.household_count for c in places if period.community in (None, c.pk))
    months: list[Context] = [
        {
            "label": dateformat.format(row.month, "M"), "whole": row.all_channels, "hotline": row.hotline,
            "whole_rate": said_rate(row.all_channels, households), "hotline_rate": said_rate(row.hotline, households),
        }
        for row in rows
    ]  # fmt: skip
    pairs = [
        Pair(m["label"], per_thousand(m["whole"], households), per_thousand(m["hotline"], households)) for m in months
    ]
    return {"months": months, "households": households, "monthly": paired_bars(pairs, _("每月每千户的反映条数"))}


def _months_before(until: dt.date) -> dt.date:
    """The first day of the month that begins the last six."""
    month = until.year * 12 + until.month - MONTHS
    return dt.date(month // 12, month % 12 + 1, 1)


def by_community(town_id: int, period: Period, places: list[Any]) -> list[Context]:
    """Each community's figures, in the order of the communities; never ranked."""
    counts = matters.counts_by_community(town_id, period.since, period.until)
    return [
        _community_line(c, counts.get(c.pk, matters.CommunityCounts()), period)
        for c in sorted(places, key=lambda c: [reading_of(letter) for letter in named(c)])
        if period.community in (None, c.pk)
    ]


def _community_line(area: Any, n: matters.CommunityCounts, period: Period) -> Context:
    own = Period(period.since, period.until, area.pk)
    return {
        "area": area, "url": own.list_url(), "whole": n.reports, "hotline": n.hotline,
        "whole_rate": said_rate(n.reports, area.household_count), "hotline_rate": said_rate(n.hotline, area.household_count),
        "open": n.open, "open_url": list_url(stage="open", community=area.pk), "overdue": n.overdue,
        "overdue_url": list_url(overdue="on", community=area.pk), "settled": n.settled,
        "settled_url": own.list_url(stage="settled"),
    }  # fmt: skip
