"""The network to read: town, area, organisation, person, who holds what on a day."""

from collections.abc import Iterable

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yishi.core import clock, sheets
from yishi.core.pagecache import public_page
from yishi.core.policies import policy
from yishi.network import directory, permissions, selectors
from yishi.network.forms import HoldersFilter
from yishi.network.models import Area
from yishi.network.viewers import viewer_of
from yishi.network.views.common import day_of, trail_of

PAGE = 30


@policy("public")
@require_safe
@public_page
def town(request: HttpRequest) -> HttpResponse:
    """The town at a glance: its communities and what lies in them; a search finds organisations."""
    found, day = selectors.the_town(), day_of(request)
    query = request.GET.get("q", "").strip()
    lines, totals = directory.overview(found, day)
    matches = Paginator(directory.matching(found, query), PAGE).get_page(request.GET.get("page")) if query else None
    context = {
        "town": found, "lines": lines, "totals": totals, "query": query, "matches": matches, "day": day,
        "manages": permissions.organises(viewer_of(request), found.pk),
    }  # fmt: skip
    return render(request, "network/town.html", context)


@policy("public")
@require_safe
@public_page
def area(request: HttpRequest, area_id: int) -> HttpResponse:
    """An area: Party and civil organisations side by side, and the areas in it."""
    viewer, day = viewer_of(request), day_of(request)
    found = directory.get_area_for(viewer, area_id)
    tree = request.GET.get("tree", "")
    page = Paginator(directory.organisations_in(found, day, tree), PAGE).get_page(request.GET.get("page"))
    context = {
        "area": found, "day": day, "page": page, "tree": tree, "trail": trail_of(directory.area_trail(found)),
        "children": Area.objects.filter(parent=found, closed_on=None).order_by("kind", "pk"),
        "manages": permissions.organises(viewer, found.town_id or 0),
    }  # fmt: skip
    return render(request, "network/area.html", context)


@policy("public")
@require_safe
@public_page
def organisation(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """An organisation: posts, who holds them today or on any day, ties with dates."""
    viewer, day = viewer_of(request), day_of(request)
    found = directory.get_organisation_for(viewer, organisation_id)
    context = {
        "organisation": found, "day": day, "today": clock.today(),
        "posts": directory.posts_of(viewer, found, day, clock.today()),
        "ties": directory.ties_of(found, day),
        "trail": trail_of(directory.area_trail(found.area), found.shown),
        "manages": permissions.organises(viewer, found.town_id),
    }  # fmt: skip
    return render(request, "network/organisation.html", context)


@policy("network.may_see_history")
@require_safe
def person(request: HttpRequest, person_id: int) -> HttpResponse:
    """The posts of an office holder; the whole history for those who may see it."""
    terms, whole = directory.history_of(viewer_of(request), person_id, clock.today())
    context = {"person": terms[0].person, "terms": terms, "whole": whole, "today": clock.today()}
    return render(request, "network/person.html", context)


@policy("public")
@require_safe
@public_page
def holders(request: HttpRequest) -> HttpResponse:
    """Who holds which post on a day: filtered, sorted, paged, printed, exported."""
    viewer, found = viewer_of(request), selectors.the_town()
    form = HoldersFilter(request.GET, town=found)
    asked = form.cleaned_data if form.is_valid() else {}
    day = asked.get("on") or clock.today()
    rows = directory.filtered(
        found, day, query=asked.get("q", ""), duty=asked.get("duty", ""), kind=asked.get("kind", ""),
        area=asked.get("community"), sort=request.GET.get("sort", ""), today=clock.today(),
    )  # fmt: skip
    if (wanted := request.GET.get("export")) in EXPORTS:
        return EXPORTS[wanted](directory.shown(viewer, rows, found.pk, clock.today()), f"posts-{day}")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "town": found, "form": form, "day": day, "page": page, "sort": request.GET.get("sort", ""),
        "holdings": directory.shown(viewer, page.object_list, found.pk, clock.today()),
    }  # fmt: skip
    return render(request, "network/holders.html", context)


def _table(holdings: Iterable[directory.Holding]) -> list[list[str]]:
    head = [_("区域"), _("组织"), _("职务"), _("姓名"), _("任职日期"), _("离任日期")]
    return [head] + [
        [
            h.term.post.organisation.area.name,
            h.term.post.organisation.name,
            h.term.post.title,
            h.shown,
            h.term.since.isoformat(),
            h.term.until.isoformat() if h.term.until else "",
        ]
        for h in holdings
    ]


def _csv(holdings: Iterable[directory.Holding], name: str) -> HttpResponse:
    head, *lines = _table(holdings)
    return sheets.download(sheets.comma_separated(head, lines), f"{name}.csv")


def _excel(holdings: Iterable[directory.Holding], name: str) -> HttpResponse:
    head, *lines = _table(holdings)
    return sheets.download(sheets.excel(head, lines, _("任职")), f"{name}.xlsx")


EXPORTS = {"csv": _csv, "xlsx": _excel}
