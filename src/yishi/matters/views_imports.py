"""Pages by which the town's desk takes lists in and gives results back."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from yishi.core import clock
from yishi.core.policies import policy
from yishi.core.sheets import comma_separated, excel
from yishi.core.verdicts import require
from yishi.matters import permissions
from yishi.matters.forms_imports import ColumnsForm, ReturnForm, UploadForm
from yishi.matters.imports import columns, reporting, uploads
from yishi.matters.models import HotlineBatch
from yishi.network import selectors as network
from yishi.network.viewers import Viewer

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN_ROWS, SHOWN_BATCHES, SHOWN_REFUSALS = 6, 20, 50


def seen(request: HttpRequest) -> Viewer:
    """Who looks."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    return viewer


def _desk(request: HttpRequest) -> Viewer:
    viewer = seen(request)
    require(permissions.may_import_reports(viewer, clock.now()))
    return viewer


def _file(data: bytes, name: str, kind: str = EXCEL) -> HttpResponse:
    header = content_disposition_header(True, name)
    return HttpResponse(data, content_type=kind, headers={"Content-Disposition": header or "attachment"})


def _index(request: HttpRequest, upload: UploadForm, back: ReturnForm, status: int = 200) -> HttpResponse:
    batches = HotlineBatch.objects.filter(town_id=seen(request).town_id).select_related("by").order_by("-pk")
    given = {"upload": upload, "back": back, "batches": batches[:SHOWN_BATCHES]}
    return render(request, "matters/imports/index.html", given, status=status)


def _this_month() -> dict[str, dt.date]:
    today = clock.today()
    return {"since": today.replace(day=1), "until": today}


@policy("matters.may_import_reports")
@never_cache
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Upload a list, take results away, look at earlier imports."""
    _desk(request)
    return _index(request, UploadForm(), ReturnForm(initial=_this_month()))


@policy("matters.may_import_reports")
@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Keep an uploaded list and go on to its preview."""
    viewer = _desk(request)
    form = UploadForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            batch = uploads.receive(viewer, file, file.name, form.cleaned_data["layout"], clock.now())
        except ValidationError as error:
            form.add_error("file", error)
        else:
            return redirect("matters:import", batch.pk)
    return _index(request, form, ReturnForm(initial=_this_month()), 422)


def _columns_form(batch: HotlineBatch, table: Any, data: Any = None) -> ColumnsForm:
    return ColumnsForm(
        data, header=table.header, guessed=columns.guess(table.header),
        communities=network.communities(batch.town_id), initial={"public": columns.LAYOUTS[batch.layout].public},
    )  # fmt: skip


def _preview(
    request: HttpRequest, batch: HotlineBatch, form: ColumnsForm, table: Any, status: int = 200
) -> HttpResponse:
    rows = [(number, [cells.get(h, "") for h in table.header]) for number, cells in table.rows[:SHOWN_ROWS]]
    why = uploads.standing(batch).why
    given = {"batch": batch, "form": form, "header": table.header, "rows": rows, "count": len(table.rows), "why": why}
    return render(request, "matters/imports/preview.html", given, status=status)


@policy("matters.may_import_reports")
@never_cache
@require_safe
def batch_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A list: its preview before, its progress meanwhile, its account afterwards."""
    batch = uploads.get_batch_for(_desk(request), pk)
    standing = uploads.standing(batch)
    if standing.state in ("waiting", "failed"):
        table = uploads.table_of(batch)
        return _preview(request, batch, _columns_form(batch, table), table)
    refusals = [r for r in batch.refusals if not r.get("kept")]
    kept = [r for r in batch.refusals if r.get("kept")]
    given = {
        "batch": batch, "standing": standing, "refusals": refusals[:SHOWN_REFUSALS], "kept": kept,
        "has_file": uploads.file_of(batch) is not None,
    }  # fmt: skip
    template = "matters/imports/_progress.html" if request.headers.get("HX-Request") else "matters/imports/batch.html"
    return render(request, template, given)


@policy("matters.may_import_reports")
@require_POST
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm the columns; the rest happens in the background."""
    viewer = _desk(request)
    batch = uploads.get_batch_for(viewer, pk)
    table = uploads.table_of(batch)
    form = _columns_form(batch, table, request.POST)
    if form.is_valid():
        chosen = form.cleaned_data
        try:
            uploads.begin(
                viewer, batch, form.mapping, int(chosen["community"]) if chosen["community"] else None,
                chosen["public"], clock.now(),
            )  # fmt: skip
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect("matters:import", batch.pk)
    return _preview(request, batch, form, table, 422)


@policy("matters.may_import_reports")
@never_cache
@require_safe
def refused(request: HttpRequest, pk: int) -> HttpResponse:
    """The refused rows with what to mend, as Excel."""
    batch = uploads.get_batch_for(_desk(request), pk)
    data = uploads.bytes_of(batch)
    if data is None:
        return redirect("matters:import", pk)
    return _file(reporting.refused_rows(batch, data), _("未导入的行-%(number)s.xlsx") % {"number": pk})


@policy("matters.may_import_reports")
@never_cache
@require_safe
def paper_form(request: HttpRequest) -> HttpResponse:
    """The empty form for keying paper slips in."""
    _desk(request)
    return _file(reporting.empty_paper_form(), _("纸条登记表.xlsx"))


@policy("matters.may_import_reports")
@require_POST
def give_back(request: HttpRequest) -> HttpResponse:
    """What was done about the hotline's tickets, for a period, as Excel or CSV."""
    viewer, form = _desk(request), ReturnForm(request.POST)
    if not form.is_valid():
        return _index(request, UploadForm(), form, 422)
    chosen, town = form.cleaned_data, viewer.town_id or network.the_town().pk
    found = reporting.to_return(town, None, chosen["since"], chosen["until"])
    return _returned(viewer, town, found, chosen["kind"], None)


@policy("matters.may_import_reports")
@require_POST
def give_batch_back(request: HttpRequest, pk: int) -> HttpResponse:
    """What was done about the tickets of one import."""
    viewer = _desk(request)
    batch = uploads.get_batch_for(viewer, pk)
    kind = "csv" if request.POST.get("kind") == "csv" else "xlsx"
    return _returned(viewer, batch.town_id, reporting.to_return(batch.town_id, batch.pk), kind, batch)


def _returned(viewer: Viewer, town: int, reports: Any, kind: str, batch: HotlineBatch | None) -> HttpResponse:
    lines = list(reporting.results(reports, settings.SITE_URL))
    uploads.give_back(viewer, town, len(lines), clock.now(), batch)
    name = _("热线办理结果-%(day)s") % {"day": clock.today().isoformat()}
    if kind == "csv":
        return _file(comma_separated(reporting.RESULT_HEADER, lines), f"{name}.csv", "text/csv; charset=utf-8")
    data = excel(reporting.RESULT_HEADER, lines, _("办理结果"), reporting.RESULT_WIDTHS)
    return _file(data, f"{name}.xlsx")
