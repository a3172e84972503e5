"""Offline booths: the desk that seals and writes off, the tablet's page, what it sends once there is network."""

import json
import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yishi.core import clock
from yishi.core.policies import policy
from yishi.core.verdicts import Refusal, hidden
from yishi.decisions.forms_votes import BoothForm, SealForm
from yishi.decisions.models import BallotBox, Booth
from yishi.decisions.permissions.voting import runs
from yishi.decisions.selectors import booths as reads
from yishi.decisions.selectors.ballots import get_run_box_for
from yishi.decisions.services import booth
from yishi.decisions.views._votes import attempt, gone, send
from yishi.decisions.views.motions import only_person
from yishi.network.viewers import viewer_of

LONGEST = 2_000_000


@policy("decisions.get_booths_box_for")
@never_cache
@require_safe
def desk(request: HttpRequest, pk: int) -> HttpResponse:
    """Every booth of a vote: where it stands, its seal to be recorded, its conflicts."""
    viewer, at = viewer_of(request), clock.now()
    return _desk(request, reads.get_booths_box_for(viewer, pk, at))


def _desk(
    request: HttpRequest, box: BallotBox, sent: Booth | None = None, form: SealForm | None = None
) -> HttpResponse:
    viewer, at = viewer_of(request), clock.now()
    shown = reads.shown_booths(box, viewer, at)
    forms = [(one, form if form and sent and one.booth.pk == sent.pk else _seal_form(one.booth)) for one in shown]
    given = {"box": box, "booths": forms, "runs": runs(viewer, box.item.meeting), "over": box.is_over(at)}
    return render(request, "decisions/voting/booths.html", given, status=422 if form else 200)


def _seal_form(found: Booth, data: Any = None) -> SealForm:
    return SealForm(data, prefix=f"b{found.number}", initial={"how": Booth.How.TOLD})


def _booth(box: BallotBox, number: int) -> Booth:
    found = box.booths.filter(number=number).first()
    if found is None:
        raise Refusal(hidden())
    found.box = box
    return found


@policy("decisions.get_run_box_for")
@require_POST
def seal(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The desk keys what was read out, or stands on the slip."""
    viewer, at = viewer_of(request), clock.now()
    box = get_run_box_for(viewer, pk, at)
    found = _booth(box, number)
    form = _seal_form(found, request.POST)
    if not send(form, lambda: booth.seal_booth(viewer, found, booth.SealInput(**form.cleaned_data), at)):
        return _desk(request, box, found, form)
    attempt(request, lambda: None, _("已登记封箱。截止以后只收这一批。"))
    return gone("box_booths", pk)


@policy("decisions.may_write_off_booth")
@require_POST
def write_off(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """A booth that will not come: lost, broken, never used."""
    viewer, at = viewer_of(request), clock.now()
    found = _booth(reads.get_booths_box_for(viewer, pk, at), number)
    reason = request.POST.get("reason", "")
    attempt(request, lambda: booth.write_off_booth(viewer, found, reason, at), _("已核销，理由随结果公布。"))
    return gone("box_booths", pk)


@policy("decisions.get_run_box_for")
@never_cache
@require_http_methods(["GET", "POST"])
def tablet(request: HttpRequest, pk: int) -> HttpResponse:
    """The booth itself: registered with network, then collects and is sealed without."""
    viewer, at = viewer_of(request), clock.now()
    box = get_run_box_for(viewer, pk, at)
    form = BoothForm(request.POST or None)

    def act() -> None:
        given = form.cleaned_data
        person = only_person(box.item.meeting.town_id, given["who"])
        booth.register_booth(viewer, box, booth.BoothInput(given["device"], given["label"], person), at)

    if request.method == "POST" and send(form, act):
        return gone("box_booth", pk)
    handed_in = [one for one in reads.shown_booths(box) if one.batches]
    given = {"box": box, "facts": reads.facts_of(box, at), "form": form, "booths": handed_in}
    return render(request, "decisions/voting/booth.html", given, status=422 if form.errors else 200)


@policy("decisions.get_run_box_for")
@require_POST
def tablet_seal(request: HttpRequest, pk: int) -> HttpResponse:
    """The tablet records its own seal where it has network."""
    viewer, at = viewer_of(request), clock.now()
    box = get_run_box_for(viewer, pk, at)

    def act() -> dict[str, Any]:
        found = box.booths.filter(device=request.POST.get("device", "")).first()
        if found is None:
            raise ValidationError(_("这台设备没有登记为这次表决的离线票箱。"))
        count = request.POST.get("count", "")
        given = booth.SealInput(
            int(count) if count.isdigit() and len(count) < 6 else -1, request.POST.get("code", ""), Booth.How.ONLINE
        )
        return {"sealed": booth.seal_booth(viewer, found, given, at).code}

    return _answer(request, act)


@policy("decisions.get_run_box_for")
@require_POST
def tablet_send(request: HttpRequest, pk: int) -> HttpResponse:
    """A batch from the booth. The answer names the batch; only then the device lets its ballots go (else 409)."""
    viewer, at = viewer_of(request), clock.now()
    box = get_run_box_for(viewer, pk, at)

    def act() -> dict[str, Any]:
        batch = booth.take_batch(viewer, box, read_batch(request.POST), at)
        return {"key": str(batch.key), "taken": batch.taken, "conflicts": len(batch.conflicts), "sealed": batch.sealed}

    return _answer(request, act)


def _answer(request: HttpRequest, act: Callable[[], dict[str, Any]]) -> HttpResponse:
    """What was done, or in plain words why not (409): what was not taken stays on the device."""
    made: list[dict[str, Any]] = []
    if attempt(request, lambda: made.append(act())):
        return JsonResponse(made[0])
    words = " ".join(str(one) for one in messages.get_messages(request))
    return HttpResponse(words, content_type="text/plain; charset=utf-8", status=409)


def read_batch(sent: Any) -> booth.Batch:
    """A batch as the tablet writes it: its own key, the batch's, and ``[[code, [marks], key], …]``.

    Raises:
        ValidationError: anything else.
    """
    try:
        text = sent.get("ballots", "")
        rows = json.loads(text) if len(text) <= LONGEST else None
        if not isinstance(rows, list):
            raise TypeError
        ballots = [
            booth.BoothBallot(str(code), tuple(map(str, marks)), uuid.UUID(str(one))) for code, marks, one in rows
        ]
        return booth.Batch(uuid.UUID(sent.get("device", "")), uuid.UUID(sent.get("key", "")), ballots)
    except (TypeError, ValueError, RecursionError) as error:
        raise ValidationError(_("这一批票读不懂：请更新离线票箱后再交。")) from error
