"""Running the meeting: the host's large controls, the sign-in desk, the screen in the hall."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yishi.core import clock
from yishi.core.policies import policy
from yishi.core.verdicts import require
from yishi.decisions.forms_votes import NumbersForm
from yishi.decisions.models import AgendaItem, Meeting
from yishi.decisions.permissions import voting as permissions
from yishi.decisions.selectors import meetings as reads
from yishi.decisions.services import attendance, ballots, elections, meetings
from yishi.decisions.views._votes import attempt, gone, send
from yishi.decisions.views.meeting import line_of
from yishi.decisions.views.parts import agenda, outcome_words, row_of
from yishi.network.viewers import viewer_of

SHOWN_NAMES = 60


def _run(request: HttpRequest, pk: int) -> Meeting:
    viewer, at = viewer_of(request), clock.now()
    meeting = reads.get_meeting_for(viewer, pk, at)
    require(permissions.may_run_meeting(viewer, meeting, at))
    return meeting


@policy("decisions.may_run_meeting")
@never_cache
@require_safe
def host(request: HttpRequest, pk: int) -> HttpResponse:
    """The host's page: the item at hand, its number line, one large button for what comes next."""
    meeting = _run(request, pk)
    items = agenda(viewer_of(request), meeting, clock.now())
    here = reads.current_item(meeting, [row.item for row in items])
    row = next((r for r in items if here is not None and r.item.pk == here.pk), None)
    given = {"meeting": meeting, "items": items, "row": row, "here": reads.here_now(meeting).count()}
    return render(request, "decisions/meeting/host.html", given)


@policy("decisions.may_run_meeting")
@require_POST
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin the meeting."""
    viewer, meeting = viewer_of(request), _run(request, pk)
    attempt(request, lambda: meetings.open_meeting(viewer, meeting, clock.now()), _("会议开始。"))
    return gone("meeting_host", pk)


@policy("decisions.may_run_meeting")
@require_POST
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End the meeting."""
    viewer, meeting = viewer_of(request), _run(request, pk)
    done = attempt(request, lambda: meetings.end_meeting(viewer, meeting, clock.now()), _("会议已结束。"))
    return gone("meeting" if done else "meeting_host", pk)


ITEM_ACTS: dict[str, Callable[[Any, AgendaItem, Any], Any]] = {
    "take-up": meetings.take_up_item,
    "open-ballot": ballots.open_ballot,
    "run-off": elections.open_runoff,
}


@policy("decisions.may_run_meeting")
@require_POST
def item_act(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """One button of an item: take it up, open or close its ballot, adjourn it, open the run-off."""
    viewer, at = viewer_of(request), clock.now()
    item = reads.get_item_for(viewer, pk, at)
    require(permissions.may_run_meeting(viewer, item.meeting, at))
    if verb == "adjourn":
        reason, poll = request.POST.get("reason", ""), item.step == "poll"
        words = _("这一项没有投票：闭会以后请另定选举日。") if poll else _("已宣布休会，须另行通知。")
        attempt(request, lambda: meetings.adjourn_item(viewer, item, reason, at), words)
    elif verb == "close-ballot":
        leaving = [int(pk) for pk in request.POST.getlist("leaving") if pk.isdigit() and len(pk) < 19]
        attempt(request, lambda: ballots.close_ballot(viewer, item, at, leaving))
    elif verb in ITEM_ACTS:
        attempt(request, lambda: ITEM_ACTS[verb](viewer, item, at))
    return gone("meeting_host", item.meeting_id)


@policy("decisions.may_run_meeting")
@never_cache
@require_http_methods(["GET", "POST"])
def door(request: HttpRequest, pk: int) -> HttpResponse:
    """The sign-in desk: numbers from the paper book, who is here, who leaves."""
    viewer, meeting = viewer_of(request), _run(request, pk)
    first = meeting.items.select_related("roll", "meeting").exclude(roll=None).order_by("number").first()
    form = NumbersForm(request.POST or None)
    form.fields.pop("door")

    def act() -> None:
        assert first is not None
        attendance.sign_in_numbers(viewer, first, form.cleaned_data["numbers"], clock.now())

    if request.method == "POST" and first is not None and send(form, act):
        return gone("meeting_door", pk)
    here = reads.here_now(meeting).filter(entry__roll_id=(first.roll_id or 0) if first else 0)
    given = {
        "meeting": meeting, "form": form, "first": first, "here": list(here[:SHOWN_NAMES]), "count": here.count(),
        "row": row_of(first) if first else None, "url": request.build_absolute_uri(_code(meeting)),
    }  # fmt: skip
    return render(request, "decisions/meeting/door.html", given, status=422 if form.errors else 200)


def _code(meeting: Meeting) -> str:
    return reverse("decisions:attend", args=[meeting.sign_in_code])


@policy("decisions.may_run_meeting")
@require_POST
def left(request: HttpRequest, pk: int) -> HttpResponse:
    """Someone leaves."""
    viewer, meeting = viewer_of(request), _run(request, pk)
    number = request.POST.get("number", "")
    entry = line_of(meeting, int(number)) if number.isdigit() and len(number) < 7 else None
    if entry is not None:
        attempt(request, lambda: attendance.leave(viewer, meeting, entry, clock.now()), _("已登记离会。"))
    return gone("meeting_door", pk)


@policy("decisions.get_meeting_for")
@never_cache
@require_safe
def screen(request: HttpRequest, pk: int) -> HttpResponse:
    """The projector: the item, the line it must reach, how many are there; it renews itself every few seconds."""
    meeting = reads.get_meeting_for(viewer_of(request), pk, clock.now())
    items = reads.items_of(meeting)
    here = reads.current_item(meeting, items)
    row = row_of(here) if here is not None else None
    version = here.decision.versions.order_by("-number").first() if here is not None else None
    given = {
        "meeting": meeting, "row": row, "version": version, "count": len(items),
        "url": request.build_absolute_uri(_code(meeting)),
        "outcome": outcome_words(row.result) if row and row.result else "",
    }  # fmt: skip
    template = "_screen.html" if request.headers.get("HX-Request") else "screen.html"
    return render(request, f"decisions/meeting/{template}", given)
