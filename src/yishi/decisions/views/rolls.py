"""Rolls: drawn or taken in before the notice, read and printed after it, changed in the open."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yishi.core import clock, sheets
from yishi.core.policies import policy
from yishi.core.verdicts import Refusal, hidden, no, require
from yishi.decisions.forms_votes import ChangeForm, RollFileForm
from yishi.decisions.models import AgendaItem, Roll
from yishi.decisions.permissions import voting as permissions
from yishi.decisions.selectors import meetings as reads
from yishi.decisions.selectors import rolls as rolls_read
from yishi.decisions.services import roll_imports, rolls
from yishi.decisions.views._votes import attempt, gone, send
from yishi.network.viewers import viewer_of

PAGE = 100


@policy("decisions.get_item_for")
@never_cache
@require_http_methods(["GET", "POST"])
def roll(request: HttpRequest, pk: int) -> HttpResponse:
    """The roll of an item: names and household numbers, never phone or ID; its root, its changes."""
    viewer, at = viewer_of(request), clock.now()
    item = reads.get_item_for(viewer, pk, at)
    runs, found = permissions.runs(viewer, item.meeting), rolls_read.roll_of_item(item)
    if found is None and not runs:
        raise Refusal(hidden())
    form = ChangeForm(request.POST or None)
    if request.method == "POST" and found is not None and send(form, lambda: _change(request, found, form)):
        return gone("item_roll", pk)
    query = request.GET.get("q", "")
    page = Paginator(rolls_read.entries_of(found, query), PAGE).get_page(request.GET.get("page")) if found else None
    given: dict[str, Any] = {
        "item": item, "roll": found, "page": page, "query": query, "form": form, "runs": runs, "upload": RollFileForm(),
        "counts": rolls_read.counts_in_words(found) if found else [],
        "changes": found.changes.select_related("entry").order_by("-pk")[:50] if found else [],
    }  # fmt: skip
    return render(request, "decisions/meeting/roll.html", given, status=422 if form.errors else 200)


def _change(request: HttpRequest, found: Roll, form: ChangeForm) -> None:
    given = form.cleaned_data
    entry = found.entries.filter(number=given["number"]).first() if given["number"] else None
    rolls.change_roll(viewer_of(request), found, entry, given["reason"], given["words"], clock.now())


@policy("decisions.may_run_meeting")
@require_POST
def draw(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw the roll from the facts of today."""
    viewer, item = viewer_of(request), _run_item(request, pk)
    attempt(request, lambda: rolls.draw_roll(viewer, item.decision, item.meeting.mode, clock.now()), _("名册已生成。"))
    return gone("item_roll", pk)


def _run_item(request: HttpRequest, pk: int) -> AgendaItem:
    viewer, at = viewer_of(request), clock.now()
    item = reads.get_item_for(viewer, pk, at)
    require(permissions.may_run_meeting(viewer, item.meeting, at))
    if item.meeting.state != "draft":
        raise Refusal(no(_("名册已随通知固定，只能登记变动。")))
    return item


@policy("decisions.may_run_meeting")
@require_POST
def take_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a roll, or units with owners, in from Excel or CSV; faults are listed by row."""
    viewer, item, at = viewer_of(request), _run_item(request, pk), clock.now()
    form = RollFileForm(request.POST, request.FILES)
    taken = roll_imports.Taken()
    if form.is_valid():
        data = form.cleaned_data["file"].read()
        try:
            if form.cleaned_data["what"] == "units":
                taken = roll_imports.import_units(viewer, item.decision, data, at)
            else:
                taken = roll_imports.import_roll(viewer, item.decision, data, item.meeting.mode, at)
        except ValidationError as error:
            form.add_error("file", error)
    if form.errors or taken.faults:
        given = {
            "item": item,
            "form": form,
            "faults": taken.faults[:200],
            "count": len(taken.faults),
            "rows": taken.rows,
        }
        return render(request, "decisions/meeting/roll_faults.html", given, status=422)
    attempt(request, lambda: None, _("已导入 %(n)s 行。") % {"n": taken.rows})
    return gone("item_roll", pk)


@policy("decisions.may_run_meeting")
@never_cache
@require_safe
def sign_in_book(request: HttpRequest, pk: int) -> HttpResponse:
    """The sign-in book as Excel: number, household, name, and room to sign."""
    viewer, at = viewer_of(request), clock.now()
    item = reads.get_item_for(viewer, pk, at)
    require(permissions.may_run_meeting(viewer, item.meeting, at))
    found = rolls_read.roll_of_item(item)
    rows = rolls_read.entries_of(found) if found else []
    lines = [(e.number, e.household, e.label, "", "", "") for e in rows]
    header = [_("序号"), _("户号"), _("姓名"), _("签名（指印）"), _("到会时间"), _("离会时间")]
    return sheets.download(sheets.excel(header, lines, _("签到册"), (8, 16, 16, 24, 14, 14)), f"sign-in-{pk}.xlsx")
