"""Patrols: today's lanes, a walk, plans and alarms."""

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yishi.core import clock
from yishi.core.answers import see_other
from yishi.core.forms import put_back
from yishi.core.policies import policy
from yishi.core.verdicts import require
from yishi.matters.forms_field import LaneForm, PlanForm, ReasonForm, WalkForm
from yishi.matters.permissions import patrols as permissions
from yishi.matters.rules.half_months import half_month_of
from yishi.matters.selectors import field as reads
from yishi.matters.services import patrol as services
from yishi.network import selectors as network
from yishi.network.viewers import HALL_KINDS, Viewer, viewer_of


@policy("matters.may_see_patrols")
@never_cache
@require_safe
def patrols(request: HttpRequest) -> HttpResponse:
    """The viewer's lanes in this half-month: to be walked first."""
    viewer, at = viewer_of(request), clock.now()
    require(permissions.may_see_patrols(viewer, at))
    lanes = reads.lanes_today(viewer, at)
    half = half_month_of(clock.local_day(at))
    plans = [(p, bool(permissions.may_plan_patrol(viewer, p.hall, at))) for p in reads.plans_for(viewer)]
    left = sum(1 for lane in lanes if lane.walked_at is None)
    planner = any(may for _, may in plans) or bool(_halls(viewer))
    given = {"lanes": lanes, "half": half, "plans": plans, "left": left, "may_plan": planner}
    return render(request, "matters/field/patrols.html", given)


@policy("matters.may_walk_lane")
@never_cache
@require_http_methods(["GET", "POST"])
def walk(request: HttpRequest, pk: int) -> HttpResponse:
    """Walk a lane: the checklist, camera first; kept on the phone while there is no network."""
    viewer, at = viewer_of(request), clock.now()
    lane = reads.get_lane_for(viewer, pk, at)
    start = {"key": clock.new_key(), "walked_at": timezone.localtime(at)}
    form = WalkForm(request.POST or None, request.FILES or None, lane=lane, initial=start)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        told = services.WalkInput(given["key"], lane.pk, given["walked_at"], given["note"], form.answers())
        try:
            done = services.walk_lane(viewer, told, at)
        except ValidationError as error:
            put_back(form, error)
        else:
            return see_other("matters:walked", done.key)
    return render(request, "matters/field/walk.html", {"lane": lane, "form": form})


@policy("matters.may_see_patrols")
@never_cache
@require_safe
def walked(request: HttpRequest, key: str) -> HttpResponse:
    """What a walk found, with the matters that came of it."""
    walk = reads.get_walk_for(viewer_of(request), key)
    asked = dict(enumerate(walk.lane.plan.checklist, 1))
    answers = [(asked.get(answer.number, ""), answer) for answer in walk.answers.all()]
    return render(request, "matters/field/walked.html", {"walk": walk, "answers": answers})


def _halls(viewer: Viewer) -> list[tuple[int, str]]:
    at = clock.now()
    found = network.organisations(viewer.town_id or 0, HALL_KINDS)
    return [(hall.pk, hall.name) for hall in found if permissions.may_plan_patrol(viewer, hall, at)]


@policy("matters.may_plan_patrol")
@never_cache
@require_http_methods(["GET", "POST"])
def new_plan(request: HttpRequest) -> HttpResponse:
    """Plan the patrols of a hall."""
    viewer, at = viewer_of(request), clock.now()
    halls = _halls(viewer)
    require(permissions.may_see_patrols(viewer, at))
    form = PlanForm(request.POST or None, halls=halls, initial={"since": clock.today()})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        lines = given["checklist"].splitlines()
        try:
            plan = services.plan_patrol(viewer, given["hall"], given["name"], lines, given["since"], at)
        except ValidationError as error:
            put_back(form, error)
        else:
            return see_other("matters:plan", plan.pk)
    return render(request, "matters/field/new_plan.html", {"form": form, "halls": halls})


@policy("matters.may_see_patrols")
@never_cache
@require_http_methods(["GET", "POST"])
def plan_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A plan: its checklist, its lanes, what was walked; a lane more."""
    viewer, at = viewer_of(request), clock.now()
    plan = reads.get_plan_for(viewer, pk)
    form = LaneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_lane(viewer, plan, form.cleaned_data["number"], form.cleaned_data["name"], at)
        except ValidationError as error:
            put_back(form, error)
        else:
            return see_other("matters:plan", plan.pk)
    walks = Paginator(reads.walks_of(plan), 20).get_page(request.GET.get("page"))
    may = permissions.may_plan_patrol(viewer, plan.hall, at)
    given = {"plan": plan, "form": form, "page": walks, "may_plan": may, "lanes": plan.lanes.order_by("number")}
    return render(request, "matters/field/plan.html", given)


@policy("matters.may_plan_patrol")
@require_POST
def close_lane(request: HttpRequest, pk: int, lane: int) -> HttpResponse:
    """Walk a lane no more."""
    viewer = viewer_of(request)
    plan = reads.get_plan_for(viewer, pk)
    found = plan.lanes.filter(pk=lane).first()
    if found is not None:
        services.close_lane(viewer, found, clock.now())
    return see_other("matters:plan", pk)


@policy("matters.may_plan_patrol")
@never_cache
@require_http_methods(["GET", "POST"])
def end_alarm(request: HttpRequest, pk: int) -> HttpResponse:
    """Say why a lane was not walked."""
    viewer = viewer_of(request)
    alarm = reads.get_alarm_for(viewer, pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.end_alarm(viewer, alarm, form.cleaned_data["reason"], clock.now())
        return see_other("matters:patrols")
    return render(request, "matters/field/end_alarm.html", {"alarm": alarm, "form": form})
