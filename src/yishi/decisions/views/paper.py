"""Paper and the offline booth: ballots handed out by serial, keyed when they come back, batches handed in."""

import json
import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yishi.core import clock
from yishi.core.policies import policy
from yishi.decisions.forms_votes import NumbersForm, PaperForm
from yishi.decisions.models import BallotBox, BoothBatch, RollEntry
from yishi.decisions.selectors import ballots as boxes
from yishi.decisions.services import ballots, booth, paper
from yishi.decisions.views._votes import attempt, gone, send
from yishi.network.viewers import viewer_of

PAGE, LONGEST = 40, 2_000_000


@policy("decisions.get_run_box_for")
@never_cache
@require_http_methods(["GET", "POST"])
def papers(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand ballots out, key those that came back."""
    viewer, at = viewer_of(request), clock.now()
    box = boxes.get_run_box_for(viewer, pk, at)
    issuing = "numbers" in request.POST
    give = NumbersForm(request.POST if issuing else None)
    back = PaperForm(request.POST if request.POST and not issuing else None, choices=boxes.choice_words(box))
    if issuing and send(
        give, lambda: paper.issue_papers(viewer, box, give.cleaned_data["numbers"], give.cleaned_data["door"], at)
    ):
        return gone("box_papers", pk)
    if request.POST and not issuing and _keyed(request, box, back):
        return gone("box_papers", pk)
    rows = boxes.papers_of(box)
    out, returned = rows.filter(spoiled=False).count(), rows.filter(returned=True).count()
    given = {
        "box": box, "give": give, "back": back, "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "out": out, "returned": returned, "wanting": out - returned, "open": box.state == "open",
    }  # fmt: skip
    return render(request, "decisions/voting/papers.html", given, status=422 if give.errors or back.errors else 200)


def _keyed(request: HttpRequest, box: BallotBox, form: PaperForm) -> bool:
    outcome: list[str] = []

    def act() -> None:
        given = form.cleaned_data
        outcome.append(paper.key_paper(viewer_of(request), box, given["serial"], given["marks"], clock.now()))

    if not send(form, act):
        return False
    words = _("已录入。") if outcome == ["counted"] else _("此人已用别的方式投过票：这张纸质票作“重复投票”另计。")
    attempt(request, lambda: None, words)
    return True


@policy("decisions.get_run_box_for")
@require_POST
def spoil(request: HttpRequest, pk: int, serial: int) -> HttpResponse:
    """A spoiled ballot given back and replaced."""
    viewer, at = viewer_of(request), clock.now()
    box = boxes.get_run_box_for(viewer, pk, at)
    found = box.papers.select_related("box").filter(serial=serial).first()
    if found is not None:
        attempt(request, lambda: paper.spoil_paper(viewer, found, at), _("已作废并换发一张。"))
    return gone("box_papers", pk)


@policy("decisions.get_run_box_for")
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """A signed ballot taken back for its voter, who came in person."""
    viewer, at = viewer_of(request), clock.now()
    box = boxes.get_run_box_for(viewer, pk, at)
    number = request.POST.get("number", "")
    rows = boxes.signed_for(box, [int(number)]) if number.isdigit() and len(number) < 7 else None
    found = rows.first() if rows is not None else None
    if found is not None:
        attempt(request, lambda: ballots.revoke_ballot(viewer, found, at), _("已撤回，可以重新投票。"))
    else:
        attempt(request, _nobody)
    return gone("box_papers", pk)


def _nobody() -> None:
    raise ValidationError(_("这个序号没有投过票。"))


@policy("decisions.get_run_box_for")
@never_cache
@require_safe
def booth_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The booth: works without network once opened; collects ballots and hands them in."""
    box = boxes.get_run_box_for(viewer_of(request), pk, clock.now())
    rows = RollEntry.objects.filter(roll_id=box.roll_id, struck=False).order_by("number")
    lines = [{"code": e.code, "n": e.number, "label": e.label, "household": e.household} for e in rows]
    known = set(box.signed.filter(revoked_at=None).values_list("entry__code", flat=True))
    facts: dict[str, Any] = {
        "box": box.pk, "choices": boxes.choice_words(box), "lines": lines, "voted": sorted(known),
    }  # fmt: skip
    given = {"box": box, "facts": facts, "batches": box.batches.select_related("by").order_by("-pk")[:10]}
    return render(request, "decisions/voting/booth.html", given)


@policy("decisions.get_run_box_for")
@require_POST
def booth_send(request: HttpRequest, pk: int) -> HttpResponse:
    """A batch from the booth; the answer lists the conflicts. What was not taken stays on the device (409)."""
    viewer, at = viewer_of(request), clock.now()
    box = boxes.get_run_box_for(viewer, pk, at)
    made: list[BoothBatch] = []

    def act() -> None:
        key, given = read_batch(request.POST.get("key", ""), request.POST.get("ballots", ""))
        made.append(booth.take_batch(viewer, box, key, given, at))

    if not attempt(request, act):
        words = " ".join(str(one) for one in messages.get_messages(request))
        return HttpResponse(words, content_type="text/plain; charset=utf-8", status=409)
    taken = made[0].taken
    attempt(request, lambda: None, ngettext("收到 %(n)s 张票。", "收到 %(n)s 张票。", taken) % {"n": taken})
    return gone("box_booth", pk)


def read_batch(key: str, text: str) -> tuple[uuid.UUID, list[booth.BoothBallot]]:
    """A batch as the tablet writes it: ``[[code, [marks], key], …]``.

    Raises:
        ValidationError: anything else.
    """
    try:
        rows = json.loads(text) if len(text) <= LONGEST else None
        if not isinstance(rows, list):
            raise TypeError
        return uuid.UUID(key), [
            booth.BoothBallot(str(code), tuple(map(str, marks)), uuid.UUID(str(one))) for code, marks, one in rows
        ]
    except (TypeError, ValueError, RecursionError) as error:
        raise ValidationError(_("这一批票读不懂：请更新离线票箱后再交。")) from error
