"""The meeting desk: the list, convening, notice with proof, proxies, agenda; each button one act."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yishi.core import clock
from yishi.core.policies import policy
from yishi.core.verdicts import require
from yishi.decisions.forms_votes import DeliveryForm, MeetingForm, NoticeForm, ProxyForm, RecusalForm
from yishi.decisions.models import Meeting, RollEntry
from yishi.decisions.permissions import voting as permissions
from yishi.decisions.selectors import meetings as reads
from yishi.decisions.selectors import own
from yishi.decisions.services import attendance, meetings, proxies
from yishi.decisions.views._votes import attempt, gone, send
from yishi.decisions.views.parts import agenda, steps_of
from yishi.network.viewers import viewer_of

PAGE = 30


@policy("signed_in")
@never_cache
@require_safe
def meetings_list(request: HttpRequest) -> HttpResponse:
    """Meetings that the viewer runs or may come to."""
    viewer, at = viewer_of(request), clock.now()
    page = Paginator(reads.meetings_for(viewer), PAGE).get_page(request.GET.get("page"))
    ready = reads.ready_decisions(viewer, at) if viewer.offices else []
    given = {"page": page, "ready": ready, "votes": own.open_votes(viewer, at), "mine": own.votes_of(viewer)}
    return render(request, "decisions/meeting/list.html", given)


@policy("decisions.may_convene_meeting")
@never_cache
@require_http_methods(["GET", "POST"])
def convene(request: HttpRequest) -> HttpResponse:
    """Convene a meeting on one or several decisions."""
    viewer, at = viewer_of(request), clock.now()
    ready = reads.ready_decisions(viewer, at)
    asked = [str(d.pk) for d in ready if d.reference == request.GET.get("decision")]
    start = {
        "decisions": asked or [str(d.pk) for d in ready[:1]],
        "title": ready[0].organisation.name + _("会议") if ready else "",
    }
    form = MeetingForm(request.POST or None, ready=ready, initial=start)
    made: list[Meeting] = []

    def act() -> None:
        given = form.cleaned_data
        told = meetings.MeetingInput(
            given["title"], given["place"], given["meets_at"], form.chosen(), given["mode"], given["votes_until"],
            merged=given.get("merged", False),
        )  # fmt: skip
        made.append(meetings.convene(viewer, told, at))

    if request.method == "POST" and send(form, act):
        return gone("meeting", made[0].pk)
    return render(request, "decisions/meeting/convene.html", {"form": form, "ready": ready})


@policy("decisions.get_meeting_for")
@never_cache
@require_safe
def desk(request: HttpRequest, pk: int) -> HttpResponse:
    """A meeting: where it stands, its agenda, what may be done next."""
    viewer, at = viewer_of(request), clock.now()
    meeting = reads.get_meeting_for(viewer, pk, at)
    runs = permissions.runs(viewer, meeting)
    items = agenda(viewer, meeting, at)
    given: dict[str, Any] = {
        "meeting": meeting, "items": items, "runs": runs, "steps": steps_of(meeting),
        "lines": reads.own_lines(viewer, meeting), "deliveries": meeting.deliveries.order_by("-pk")[:20] if runs else [],
        "presence": own.takes_signing_in([row.item for row in items]), "here": reads.here_now(meeting).count(), "today": clock.local_day(at) == clock.local_day(meeting.meets_at),
    }  # fmt: skip
    return render(request, "decisions/meeting/desk.html", given)


@policy("decisions.may_run_meeting")
@never_cache
@require_http_methods(["GET", "POST"])
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Give notice: rolls and texts are fixed with it."""
    viewer, at = viewer_of(request), clock.now()
    meeting = _run(viewer, pk, at)
    form = NoticeForm(request.POST or None, initial={"states": ["time", "place", "matters"]})

    def act() -> None:
        given = form.cleaned_data
        told = meetings.NoticeInput(
            given["proof"], tuple(given["states"]), tuple(given["participating"]), given["special_circumstances"]
        )
        meetings.give_notice(viewer, meeting, told, at)

    if request.method == "POST" and send(form, act):
        return gone("meeting", pk)
    given = {"meeting": meeting, "form": form, "items": agenda(viewer, meeting, at)}
    return render(request, "decisions/meeting/notice.html", given, status=422 if form.errors else 200)


def _run(viewer: Any, pk: int, at: Any) -> Meeting:
    meeting = reads.get_meeting_for(viewer, pk, at)
    require(permissions.may_run_meeting(viewer, meeting, at))
    return meeting


@policy("decisions.may_run_meeting")
@never_cache
@require_http_methods(["GET", "POST"])
def deliveries(request: HttpRequest, pk: int) -> HttpResponse:
    """Proof of notice: who, how, when; a photo or a receipt."""
    viewer, at = viewer_of(request), clock.now()
    meeting = _run(viewer, pk, at)
    form = DeliveryForm(request.POST or None, request.FILES or None)

    def act() -> None:
        given = form.cleaned_data
        entry = line_of(meeting, given["number"]) if given["number"] else None
        told = meetings.DeliveryInput(given["way"], given["words"], entry, given["photo"])
        meetings.record_delivery(viewer, meeting, told, at)

    if request.method == "POST" and send(form, act):
        return gone("meeting_deliveries", pk)
    rows = meeting.deliveries.select_related("entry", "by").order_by("-pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    photos = reads.proofs_of(list(page))
    given = {"meeting": meeting, "form": form, "page": page, "shown": [(d, photos.get(d.pk, "")) for d in page]}
    return render(request, "decisions/meeting/deliveries.html", given, status=422 if form.errors else 200)


def line_of(meeting: Meeting, number: int) -> RollEntry | None:
    """A line of the first item's roll by its printed number."""
    first = meeting.items.exclude(roll=None).order_by("number").first()
    return RollEntry.objects.filter(roll_id=first.roll_id, number=number).first() if first and first.roll_id else None


@policy("decisions.may_run_meeting")
@never_cache
@require_http_methods(["GET", "POST"])
def proxies_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Proxies: recorded from the written form, checked by the rules."""
    viewer, at = viewer_of(request), clock.now()
    meeting = _run(viewer, pk, at)
    form = ProxyForm(request.POST or None)

    def act() -> None:
        given = form.cleaned_data
        principal, agent = line_of(meeting, given["principal"]), line_of(meeting, given["agent"])
        if principal is None or agent is None:
            form.add_error("principal" if principal is None else "agent", _("名册上没有这个序号。"))
            return
        told = proxies.ProxyInput(principal, agent, given["relation"], given["scope"], given["written"])
        proxies.record_proxy(viewer, meeting, told, at)

    if request.method == "POST" and send(form, act) and not form.errors:
        return gone("meeting_proxies", pk)
    rows = meeting.proxies.select_related("principal", "agent").prefetch_related("items__decision").order_by("-pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    given = {"meeting": meeting, "form": form, "page": page}
    return render(request, "decisions/meeting/proxies.html", given, status=422 if form.errors else 200)


@policy("decisions.may_run_meeting")
@require_POST
def revoke_proxy(request: HttpRequest, pk: int, proxy: int) -> HttpResponse:
    """Take a proxy back: the principal comes in person."""
    viewer, at = viewer_of(request), clock.now()
    found = _run(viewer, pk, at).proxies.filter(pk=proxy).first()
    if found is not None:
        attempt(request, lambda: proxies.revoke_proxy(viewer, found, at), _("已撤回委托。"))
    return gone("meeting_proxies", pk)


@policy("decisions.may_run_meeting")
@never_cache
@require_http_methods(["GET", "POST"])
def recusals(request: HttpRequest, pk: int) -> HttpResponse:
    """Who stands aside for an item."""
    viewer, at = viewer_of(request), clock.now()
    item = reads.get_item_for(viewer, pk, at)
    require(permissions.may_run_meeting(viewer, item.meeting, at))
    form = RecusalForm(request.POST or None)

    def act() -> None:
        entry = RollEntry.objects.filter(roll_id=item.roll_id or 0, number=form.cleaned_data["number"]).first()
        if entry is None:
            form.add_error("number", _("名册上没有这个序号。"))
            return
        attendance.recuse(viewer, item, entry, form.cleaned_data["reason"], at)

    if request.method == "POST" and send(form, act) and not form.errors:
        return gone("item_recusals", pk)
    given = {"item": item, "form": form, "recusals": item.recusals.select_related("entry").order_by("pk")}
    return render(request, "decisions/meeting/recusals.html", given, status=422 if form.errors else 200)


@policy("decisions.may_run_meeting")
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel a meeting that has not been opened."""
    viewer, at = viewer_of(request), clock.now()
    meeting = _run(viewer, pk, at)
    attempt(request, lambda: meetings.cancel_meeting(viewer, meeting, at), _("会议已取消。"))
    return gone("meeting", pk)
