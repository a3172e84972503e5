"""Importing from Excel: choose, look at what would happen, do it; the rows returned come as a file."""

import re
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from yishi.core import clock
from yishi.core.answers import done
from yishi.core.policies import policy
from yishi.core.verdicts import Refusal, hidden, require
from yishi.network import importing, permissions, selectors, services
from yishi.network.forms import ImportForm
from yishi.network.models import Area, ImportRun
from yishi.network.viewers import viewer_of

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _town(request: HttpRequest) -> Area:
    town = selectors.the_town()
    require(permissions.may_import_network(viewer_of(request), town.pk, clock.now()))
    return town


def _kept(digest: str) -> Path:
    """Where a file that waits for its import lies; named by its content, so that it cannot be another."""
    if not re.fullmatch(r"[0-9a-f]{64}", digest):
        raise Refusal(hidden())
    return Path(settings.DATA_DIR) / "imports" / f"{digest}.excel"


def _read(digest: str) -> bytes:
    place = _kept(digest)
    if not place.exists():
        raise Refusal(hidden())
    return place.read_bytes()


@policy("network.may_import_network")
@login_required
def start(request: HttpRequest) -> HttpResponse:
    """Choose a file; a POST shows what it would do and changes nothing."""
    town = _town(request)
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        content = upload.read()
        try:
            outcome = services.import_network(viewer_of(request), town, content, upload.name, clock.now(), dry_run=True)
        except ValidationError as error:
            form.add_error("file", error)
        else:
            place = _kept(outcome.digest)
            place.parent.mkdir(mode=0o700, exist_ok=True)
            place.write_bytes(content)
            return render(request, "network/preview.html", {"outcome": outcome, "name": upload.name})
    runs = ImportRun.objects.filter(town=town).select_related("by").order_by("-at", "-pk")[:10]
    return render(request, "network/import.html", {"form": form, "runs": runs})


@policy("network.may_import_network")
@require_POST
@login_required
def apply(request: HttpRequest) -> HttpResponse:
    """Do what the preview showed."""
    town, digest = _town(request), request.POST.get("digest", "")
    content, name = _read(digest), request.POST.get("name", "")[:120]
    outcome = services.import_network(viewer_of(request), town, content, name, clock.now(), dry_run=False)
    if not outcome.faults:
        _kept(digest).unlink(missing_ok=True)
        words = _("已导入：新增 %(added)d 行，更改 %(changed)d 行，不变 %(unchanged)d 行。")
        return done(request, words % {k: outcome.total(k) for k in ("added", "changed", "unchanged")}, "network:town")
    return render(request, "network/preview.html", {"outcome": outcome, "name": name, "applied": True})


@policy("network.may_import_network")
@require_safe
@login_required
def errors(request: HttpRequest, digest: str) -> HttpResponse:
    """The rows that were returned, as an Excel file saying what to mend."""
    town, content = _town(request), _read(digest)
    outcome = services.import_network(viewer_of(request), town, content, "", clock.now(), dry_run=True)
    return _excel(importing.error_file(outcome.faults), "rows-to-mend.xlsx")


@policy("network.may_import_network")
@require_safe
@login_required
def template(request: HttpRequest) -> HttpResponse:
    """An empty file to fill in."""
    _town(request)
    return _excel(importing.template(), "yishi-network.xlsx")


def _excel(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=EXCEL)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
