"""On a phone: sign in by the code at the door, see what is voted on, vote, keep the receipt."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yishi.core import clock
from yishi.core.policies import policy
from yishi.core.verdicts import Refusal, hidden, require
from yishi.decisions.forms_votes import ReceiptForm, VoteForm
from yishi.decisions.models import BallotBox
from yishi.decisions.permissions import voting as permissions
from yishi.decisions.selectors import ballots as boxes
from yishi.decisions.selectors import law, own
from yishi.decisions.selectors import meetings as reads
from yishi.decisions.services import attendance, ballots
from yishi.decisions.views._votes import attempt, decision_url, gone, refused
from yishi.decisions.views.parts import agenda
from yishi.network.viewers import Viewer, viewer_of


@policy("signed_in")
@never_cache
@require_safe
def attend(request: HttpRequest, code: str) -> HttpResponse:
    """The page behind the code at the door: sign in, then vote on the items that are open."""
    viewer = viewer_of(request)
    if viewer.is_anonymous:
        return redirect("account_login")
    meeting = reads.get_meeting_by_code_for(viewer, code)
    lines = reads.own_lines(viewer, meeting)
    here = reads.is_here(meeting, lines) if lines else False
    rows = agenda(viewer, meeting, clock.now()) if lines else []
    turns = {row.item.pk: boxes.turns_of(viewer, row.box) for row in rows if row.box and row.item.state == "voting"}
    given = {
        "meeting": meeting, "lines": lines, "here": here, "rows": [(row, turns.get(row.item.pk, [])) for row in rows],
        "signing": meeting.state in attendance.SIGNING, "presence": own.takes_signing_in(reads.items_of(meeting)),
    }  # fmt: skip
    template = "_attend.html" if request.headers.get("HX-Request") else "attend.html"
    return render(request, f"decisions/meeting/{template}", given)


@policy("decisions.get_meeting_by_code_for")
@require_POST
def sign_in(request: HttpRequest, code: str) -> HttpResponse:
    """Sign in, oneself or the person one helps."""
    viewer = viewer_of(request)
    meeting = reads.get_meeting_by_code_for(viewer, code)
    attempt(request, lambda: attendance.sign_in(viewer, meeting, "qr", clock.now()), _("已签到。"))
    return gone("attend", code)


@policy("decisions.get_meeting_by_code_for")
@require_POST
def go(request: HttpRequest, code: str) -> HttpResponse:
    """Leave the meeting oneself."""
    viewer = viewer_of(request)
    meeting = reads.get_meeting_by_code_for(viewer, code)
    for entry in reads.own_lines(viewer, meeting)[:1]:
        attempt(request, lambda e=entry: attendance.leave(viewer, meeting, e, clock.now()), _("已登记离会。"))  # type: ignore[misc]
    return gone("attend", code)


@policy("decisions.get_box_for")
@never_cache
@require_http_methods(["GET", "POST"])
def vote(request: HttpRequest, pk: int) -> HttpResponse:
    """One's ballot: the full text with its hash, the choices, one button."""
    if request.method == "POST" and (answer := _at_once(request, pk)):
        return answer
    viewer, at = viewer_of(request), clock.now()
    box = boxes.get_box_for(viewer, pk, at)
    turns = boxes.turns_of(viewer, box)
    asked = request.POST.get("entry") or request.GET.get("for", "")
    turn = next((t for t in turns if str(t.entry.pk) == asked), None) or next((t for t in turns if t.open), None)
    turn = turn or (turns[0] if turns else None)
    if turn is None:
        raise Refusal(hidden())
    start = {"key": clock.new_key(), "entry": turn.entry.pk}
    form = VoteForm(request.POST or None, choices=boxes.choice_words(box), initial=start)
    if request.method == "POST" and form.is_valid() and (cast := _cast(request, box, form)):
        return _after(request, box, cast)
    given = _ballot(viewer, box, turn, turns, form)
    return _page(request, "vote", given, 422 if form.errors else 200)


def _at_once(request: HttpRequest, pk: int) -> HttpResponse | None:
    """The way of nearly every ballot: five queries, and the one that writes asks every rule."""
    box = boxes.box_to_cast(pk)
    if box is None:
        return None
    form = VoteForm(request.POST, choices=[(mark, mark) for mark in box.choices])
    if not form.is_valid():
        return None
    given = form.cleaned_data
    cast = ballots.cast_at_once(viewer_of(request), box, given["entry"], [given["mark"]], given["key"], clock.now())
    return _after(request, box, cast) if cast else None


def _after(request: HttpRequest, box: BallotBox, cast: ballots.Cast) -> HttpResponse:
    return _done(request, viewer_of(request), box, cast.receipt) if cast.receipt else gone("voted", box.pk)


def _cast(request: HttpRequest, box: BallotBox, form: VoteForm) -> ballots.Cast | None:
    """Cast; what was refused is said over the form."""
    given = form.cleaned_data
    try:
        return ballots.cast_ballot(viewer_of(request), box, given["entry"], [given["mark"]], given["key"], clock.now())
    except Refusal as refusal:
        refused(form, refusal)
        return None


def _done(request: HttpRequest, viewer: Viewer, box: BallotBox, receipt: str) -> HttpResponse:
    """The ballot is in the box. A receipt is shown in this answer alone: no session and no address holds it."""
    code, left = boxes.after_casting(viewer, box)
    given = {
        "box": box, "receipt": boxes.shown_receipt(receipt), "code": code, "left": left,
        "own": boxes.own_ballots(viewer, box),
    }  # fmt: skip
    return _page(request, "voted", given)


def _page(request: HttpRequest, name: str, given: dict[str, Any], status: int = 200) -> HttpResponse:
    """The page; or, asked by the page itself, its inside alone (then always 200, so that it is put in place)."""
    if request.headers.get("HX-Request"):
        return render(request, f"decisions/voting/_{name}.html", given | {"swapped": True})
    return render(request, f"decisions/voting/{name}.html", given, status=status)


def _ballot(
    viewer: Viewer, box: BallotBox, turn: boxes.Turn, turns: list[boxes.Turn], form: VoteForm
) -> dict[str, Any]:
    decision = box.item.decision
    version = (
        decision.versions.filter(digest=box.motion_digest).first() or decision.versions.order_by("-number").first()
    )
    return {
        "box": box, "turn": turn, "others": [t for t in turns if t.entry.pk != turn.entry.pk], "form": form,
        "decision": decision, "version": version, "url": decision_url(decision), "open": not box.is_over(viewer.at),
        "own": boxes.own_ballots(viewer, box, turn.entry), "doubt": law.doubt_at(decision, box.item.step, viewer.at),
    }  # fmt: skip


@policy("decisions.get_box_for")
@never_cache
@require_safe
def voted(request: HttpRequest, pk: int) -> HttpResponse:
    """The signed ballot is in the box. The receipt of a secret one was in the answer to its casting.

    Who has not voted yet is led to their ballot.
    """
    viewer = viewer_of(request)
    box = boxes.get_box_for(viewer, pk, clock.now())
    if not boxes.own_ballots(viewer, box) and not any(turn.voted for turn in boxes.turns_of(viewer, box)):
        return gone("vote", pk)
    return _done(request, viewer, box, "")


@policy("public")
@never_cache
@require_http_methods(["GET", "POST"])
def receipts(request: HttpRequest, pk: int) -> HttpResponse:
    """Look a receipt up in a closed secret box: in it, or not; never how. Whoever may see the decision may."""
    box = (
        BallotBox.objects.select_related("item__decision__organisation", "item__meeting")
        .filter(pk=pk, secret=True)
        .first()
    )
    require(permissions.may_look_up_receipts(viewer_of(request), box, clock.now()))
    assert box is not None
    form, found = ReceiptForm(request.POST or None), None
    closed = box.state != BallotBox.State.OPEN
    if request.method == "POST" and closed and form.is_valid():
        found = boxes.find_receipt(box, form.cleaned_data["receipt"])
    given = {"box": box, "form": form, "found": found, "closed": closed, "count": box.receipts.count()}
    return render(request, "decisions/voting/receipts.html", given)


@policy("public")
@require_safe
def receipt_list(request: HttpRequest, pk: int) -> HttpResponse:
    """All receipts of a closed secret box in their order, as text: what was counted can be counted again."""
    rows = BallotBox.objects.select_related("item__decision", "item__meeting").exclude(state=BallotBox.State.OPEN)
    box = rows.filter(pk=pk, secret=True).first()
    require(permissions.may_look_up_receipts(viewer_of(request), box, clock.now()))
    assert box is not None
    lines = box.receipts.order_by("receipt").values_list("receipt", flat=True)
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
