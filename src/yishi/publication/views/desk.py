"""The desk of those who post: what waits, preparing something new, duties and what is overdue."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from yishi.core import clock, sheets
from yishi.core.answers import done
from yishi.core.forms import attempt
from yishi.core.policies import policy
from yishi.core.verdicts import require
from yishi.network.viewers import Viewer
from yishi.publication import permissions, selectors, services
from yishi.publication.forms import PrepareForm
from yishi.publication.models import DisclosureDuty
from yishi.publication.rules import CATALOGUE, items_for, said
from yishi.publication.views.board import page_number
from yishi.publication.views.shown import row_of

MOST_CHOICES, PAGE = 400, 50


@policy("publication.may_use_desk")
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """What waits: to hang up, to look at, to take down, to answer."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    require(permissions.may_use_desk(viewer, clock.now()))
    today = clock.today()
    found = selectors.desk_of(viewer, today)
    rows = {
        name: [row_of(p, today) for p in getattr(found, name)]
        for name in ("to_post", "to_check", "to_end", "to_correct", "hanging")
    }
    return render(request, "publication/desk.html", {
        **rows, "to_answer": found.to_answer, "waits": found.waits, "today": today,
        "overdue": selectors.duties_of(viewer, today).count(),
    })  # fmt: skip


@policy("publication.may_use_desk")
@require_http_methods(["GET", "POST"])
def prepare(request: HttpRequest) -> HttpResponse:
    """Prepare something to be posted; from a duty, its organisation and item are filled in."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    at = clock.now()
    require(permissions.may_use_desk(viewer, at))
    duty = _duty(viewer, request.GET.get("duty", ""))
    form = _form(request, viewer, duty)
    sent, duty_id = request.method == "POST", duty.pk if duty else None
    if sent and (
        made := attempt(
            form,
            lambda given: services.prepare_posting(viewer, services.PostingInput(**given, duty_id=duty_id), at),
        )
    ):
        return done(request, _("已拟好：打印张贴后，拍照登记。"), "publication:posting", made.reference)
    return render(request, "publication/prepare.html", {"form": form, "duty": duty}, status=422 if sent else 200)


def _duty(viewer: Viewer, asked: str) -> DisclosureDuty | None:
    if not (asked.isascii() and asked.isdigit() and len(asked) < 12):
        return None
    return selectors.duties_of(viewer, clock.today(), overdue=False).filter(pk=int(asked)).first()


def _form(request: HttpRequest, viewer: Viewer, duty: DisclosureDuty | None) -> PrepareForm:
    own = list(selectors.own_organisations(viewer)[:MOST_CHOICES])
    codes = dict.fromkeys(i.code for o in {o.kind: o for o in own}.values() for i in items_for(o.kind))
    items = [(code, said(CATALOGUE[code].title)) for code in codes]
    initial: dict[str, Any] = {}
    if duty is not None:
        item = CATALOGUE[duty.item]
        title = f"{duty.organisation.name} {duty.period_start:%Y-%m-%d}—{duty.period_end:%Y-%m-%d} {item.title['zh']}"
        initial = {"organisation_id": duty.organisation_id, "item": duty.item, "title": title}
    return PrepareForm(
        request.POST or None, request.FILES or None, initial=initial, items=items,
        organisations=[(o.pk, o.shown) for o in own],
    )  # fmt: skip


@policy("publication.may_use_desk")
@require_safe
def duties(request: HttpRequest) -> HttpResponse:
    """What the catalogue asks for and nothing posted has met: overdue first, or all that is raised."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    require(permissions.may_use_desk(viewer, clock.now()))
    today, everything = clock.today(), request.GET.get("all") == "on"
    found = selectors.duties_of(viewer, today, overdue=not everything)
    start = (page_number(request) - 1) * PAGE
    rows = list(found[start : start + PAGE + 1])
    return render(request, "publication/duties.html", {
        "rows": [_line(d, today) for d in rows[:PAGE]], "total": found.count(), "today": today, "all": everything,
        "more": len(rows) > PAGE, "number": page_number(request), "next_number": page_number(request) + 1,
        "previous_number": page_number(request) - 1,
    })  # fmt: skip


def _line(duty: DisclosureDuty, today: Any) -> dict[str, Any]:
    item = CATALOGUE[duty.item]
    return {
        "duty": duty, "item": said(item.title), "basis": said(item.basis), "verified": item.verified,
        "late": (today - duty.due_on).days,
    }  # fmt: skip


@policy("publication.may_use_desk")
@require_safe
def duties_export(request: HttpRequest) -> HttpResponse:
    """The list of duties as Excel, as the page shows it."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    require(permissions.may_use_desk(viewer, clock.now()))
    today = clock.today()
    head = [_("由谁公布"), _("项目"), _("期间"), _("到期日"), _("逾期天数"), _("依据")]
    lines = [
        [line["duty"].organisation.shown, line["item"], f"{d.period_start} — {d.period_end}", d.due_on,
         max(line["late"], 0), line["basis"]]
        for d in selectors.duties_of(viewer, today, overdue=request.GET.get("all") != "on")[:20_000]
        for line in [_line(d, today)]
    ]  # fmt: skip
    return sheets.download(sheets.excel(head, lines, _("公开任务"), (28, 32, 24)), f"duties-{today:%Y%m%d}.xlsx")
