"""Lists of matters: for everyone, for their reporters, kept under a name, and found by a feed or an export."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yishi.core import clock, generations
from yishi.core.pagecache import public_page
from yishi.core.paging import Page
from yishi.core.policies import policy
from yishi.matters import selectors, services
from yishi.matters.forms_lists import FilterForm
from yishi.matters.models import Matter, SavedView
from yishi.matters.selectors import MatterFilter
from yishi.matters.selectors.lists import SORTS
from yishi.matters.views import reads
from yishi.matters.views.doing import offered
from yishi.matters.views.shown import line_of, named, rows_of
from yishi.network.viewers import Viewer, nobody

Context = dict[str, Any]
MORE = frozenset({"channel", "nature", "size", "lead", "since", "until"})
MOST_EXPORTED = 200_000
CHIPS = (
    (gettext_lazy("全部"), ""),
    (gettext_lazy("未办结"), "stage=open"),
    (gettext_lazy("已逾期"), "overdue=on&sort=due"),
    (gettext_lazy("快到期"), "due_soon=on&sort=due"),
    (gettext_lazy("已办结"), "stage=settled&sort=changed"),
)


def form_of(request: HttpRequest) -> FilterForm:
    """The filter form of an address, with the town's own choices."""
    facts = reads.town_facts()
    communities = [(c.pk, named(c)) for c in facts.communities]
    leads = reads.with_lead(facts, request.GET.get("lead", ""))
    return FilterForm(request.GET, choices={"community": communities, "category": facts.categories, "lead": leads})


def filter_of(given: Context) -> MatterFilter:
    """What was asked for, as the selectors take it."""
    stage = given.pop("stage", "")
    stages = tuple(Matter.OPEN) if stage == "open" else (stage,) if stage else ()
    numbers: Context = {k: int(given.pop(k)) for k in ("community", "category", "lead") if k in given}
    return MatterFilter(stages=stages, town_id=reads.town_facts().town.pk, **numbers, **given)


def all_of(request: HttpRequest) -> Iterator[Matter]:
    """Every matter of the address's filter that its reader may meet, page after page."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return _walk(viewer, filter_of(form_of(request).found()))


def _walk(viewer: Viewer, wanted: MatterFilter) -> Iterator[Matter]:
    found = selectors.matching(viewer, wanted).select_related("community", "category", "lead").defer("text")
    order = SORTS.get(wanted.sort, SORTS["newest"])
    yield from found.order_by(*order)[:MOST_EXPORTED].iterator(chunk_size=500)


def public_rows(request: HttpRequest) -> list[Matter]:
    """The first rows of the address's filter, as anyone may see them."""
    wanted = filter_of(form_of(request).found())
    found = selectors.matching(nobody(clock.now()), wanted).select_related("community", "category")
    return list(found.order_by(*SORTS.get(wanted.sort, SORTS["newest"]))[:50])


@policy("public")
@public_page
@require_safe
def matters_list(request: HttpRequest) -> HttpResponse:
    """Every matter that the reader may meet, by any filter, twenty at a time."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    town = reads.town_facts().town
    form = form_of(request)
    given = form.found()
    page = selectors.list_matters(viewer, filter_of(dict(given)), page_number(request))
    context = {
        "town": town, "filters": _filters(request, form, given), "filtered": bool(set(given) - {"sort"}), "sort": given.get("sort", ""),
        "as_table": viewer.is_officer, **paged(page), **_around(request, viewer, given),
    }  # fmt: skip
    name = "matters/_found.html" if getattr(request, "htmx", False) else "matters/list.html"
    return render(request, name, context)


def _filters(request: HttpRequest, form: FilterForm, given: Context) -> SafeString:
    """The filter form, written once for all who ask the same until the next act anywhere."""
    asked = tuple(sorted((name, request.GET[name]) for name in form.fields if name in request.GET))
    shown = {"form": form, "more_open": bool(MORE & set(given))}
    key = ("matters.filters", get_language(), asked)
    return generations.kept(key, lambda: SafeString(render_to_string("matters/_filters.html", shown)))


def page_number(request: HttpRequest) -> int:
    """The page asked for; nonsense is the first."""
    asked = request.GET.get("page", "1")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 1


def paged(page: Page[Matter]) -> Context:
    """What the list templates need of a page."""
    first = (page.number - 1) * page.size + 1
    return {
        "page": page, "rows": rows_of(page.items, clock.today()), "first": first, "last": first + len(page.items) - 1,
        "previous_number": page.number - 1, "next_number": page.number + 1,
    }  # fmt: skip


def _around(request: HttpRequest, viewer: Viewer, given: Context) -> Context:
    """Ready lists, kept lists, and what may be kept."""
    here, query = reverse("matters:list"), request.GET.copy()
    query.pop("page", None)
    now = query.urlencode()
    chips = [{"label": label, "url": f"{here}?{q}" if q else here, "current": now == q} for label, q in CHIPS]
    return {
        "chips": chips, "saved_views": saved_views(viewer), "query": now,
        "may_save": bool(now) and not viewer.is_anonymous,
    }  # fmt: skip


def saved_views(viewer: Viewer) -> list[SavedView]:
    """The lists that the viewer keeps."""
    if viewer.person_id is None:
        return []
    return list(SavedView.objects.filter(person_id=viewer.person_id).order_by("name"))


@policy("matters.may_save_view")
@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep a list under a name."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    query = QueryDict(request.POST.get("query", "")[:500]).urlencode()
    try:
        services.save_view(viewer, request.POST.get("name", ""), query, clock.now())
        messages.success(request, _("已存起来，在列表上方。"))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(f"{reverse('matters:list')}?{query}")


@policy("matters.may_drop_view")
@require_POST
def drop_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a list no longer."""
    services.drop_view(request.viewer, pk, clock.now())  # type: ignore[attr-defined]
    messages.success(request, _("已去掉。"))
    return redirect("matters:list")


@policy("signed_in")
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The reader's own reports (or those of the person they help), each with its clock and what it waits for."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    if viewer.is_anonymous:
        return redirect(f"{reverse('account_login')}?{urlencode({'next': request.path})}")
    at = clock.now()
    reports = reads.own_reports(viewer)
    lines = [line_of(r, clock.local_day(at), acts=_waiting(viewer, r, at)) for r in reports]
    return render(request, "matters/mine.html", {
        "lines": lines, "today": clock.local_day(at), "helping": viewer.helping_name, "followed": reads.followed(viewer),
    })  # fmt: skip


def _waiting(viewer: Viewer, report: Any, at: dt.datetime) -> tuple[Any, ...]:
    """Judging, where there is an answer to judge."""
    found = offered("judge", viewer, report.matter, report, at)
    return (found,) if found.verdict else ()
