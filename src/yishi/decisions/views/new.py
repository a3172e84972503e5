"""Bringing a matter to a decision: one page on which the router says whose decision it is and why."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yishi.core import clock
from yishi.core.forms import put_back
from yishi.core.order import natural
from yishi.core.policies import policy
from yishi.core.verdicts import Refusal, require
from yishi.decisions import permissions, routing, services
from yishi.decisions.forms import NewForm, OrganisationForm
from yishi.decisions.models import Decision
from yishi.decisions.routing import SUBJECTS
from yishi.decisions.routing.subjects import PARTIES, VILLAGES
from yishi.decisions.voting.petitioning import takes_petition
from yishi.matters import selectors as matters
from yishi.network import selectors as network
from yishi.network.viewers import Viewer

Context = dict[str, Any]


def _organisations(viewer: Viewer, at: dt.datetime) -> dict[int, Any]:
    """The organisations in whose name the viewer may propose, or whose people may petition through them: first those
    in which they hold office, then those on whose register they are, then the rest of the place."""
    town = network.the_town()
    kinds = {kind for s in SUBJECTS.values() for kind in s.kinds}
    chain = {int(p) for s in viewer.standings for p in s.area_path.split("/") if p}
    serves, of = {o.organisation_id for o in viewer.offices}, {s.organisation_id for s in viewer.standings}
    near = Q(area_id__in=chain | {o.area_id for o in viewer.offices}) | Q(pk__in=serves | of)
    may = (permissions.may_start_decision, permissions.may_start_petition)
    able = [o for o in network.organisations(town.pk, kinds).filter(near) if any(m(viewer, o, at) for m in may)]
    able.sort(key=lambda o: (o.pk not in serves, o.pk not in of, natural(o.shown)))
    return {o.pk: o for o in able}


@policy("decisions.may_start_decision")
@require_http_methods(["GET", "POST"])
def new_decision(request: HttpRequest) -> HttpResponse:
    """Whose matter, of which type; then the motion. What was typed stays when something must be mended."""
    viewer, at = request.viewer, clock.now()  # type: ignore[attr-defined]
    require(permissions.signed_in(viewer))
    able = _organisations(viewer, at)
    usual = None if request.method == "POST" else next(iter(able.values()), None)  # what is sent goes nowhere else
    chosen = able.get(_number(request.GET.get("organisation", "")), usual)
    subjects = routing.subjects_for(chosen.kind) if chosen else []
    subject = next((s for s in subjects if s.id == request.GET.get("subject")), None)
    matter = _matter(viewer, request.POST.get("matter") or request.GET.get("matter", ""))
    context = {
        "first": _first(request, able, chosen, subjects, subject),
        "able": able,
        "chosen": chosen,
        "matter": matter,
    }
    if chosen is None or subject is None:
        return render(request, "decisions/new.html", context)
    return _second(request, viewer, subject, context, at)


def _first(
    request: HttpRequest, able: dict[int, Any], chosen: Any, subjects: list[Any], subject: Any
) -> OrganisationForm:
    """Whose matter and which type. Another organisation brings its own types; only the button asks for one."""
    given = {"organisation": chosen.pk if chosen else "", "subject": subject.id if subject else ""}
    return OrganisationForm(
        given if "go" in request.GET else None, initial=given, organisations=[(o.pk, o.shown) for o in able.values()],
        subjects=[("", _("请选择")), *((s.id, s.label) for s in subjects)],
    )  # fmt: skip


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


def _second(request: HttpRequest, viewer: Viewer, subject: Any, first: Context, at: dt.datetime) -> HttpResponse:
    organisation, matter = first["chosen"], first["matter"]
    officer = bool(permissions.may_start_decision(viewer, organisation, at))
    leave_out = _left_out(organisation, subject, officer)
    asked = {"facts": subject.facts, "leave_out": leave_out, "people": _people(organisation, subject, at)}
    if request.method == "POST":
        form = NewForm(request.POST, **asked)
    else:
        form = NewForm(initial=_from_matter(matter), **asked)
    if form.is_bound and form.is_valid() and (made := _start(viewer, organisation, subject, form, matter, officer, at)):
        messages.success(request, _("已经提出，编号 %(ref)s。") % {"ref": made.reference})
        return redirect("decisions:decision", reference=made.reference)
    way = _route(organisation, subject, form, at)
    context = first | {
        "form": form,
        "subject": subject,
        "route": way,
        "own": "" if officer else _own_right(organisation, way, at),
    }
    return render(request, "decisions/new.html", context, status=422 if form.is_bound and form.errors else 200)


def _left_out(organisation: Any, subject: Any, officer: bool) -> tuple[str, ...]:
    """Questions that make no sense for this type of matter."""
    found = [] if subject.about_person else ["concerned"]
    if not (officer and subject.major):
        found += ["legality", "wider"]
    if not (officer and subject.listed and organisation.kind in VILLAGES):
        found.append("delegated")
    return tuple(found)


def _people(organisation: Any, subject: Any, at: dt.datetime) -> list[tuple[int, str]]:
    """Who is in office there, where the matter is about one of them."""
    terms = network.holders_of(organisation.pk, clock.local_day(at)) if subject.about_person else ()
    return [(term.person_id, f"{term.person.name}（{term.post.title}）") for term in terms]


def _matter(viewer: Viewer, reference: str) -> Any:
    try:
        return matters.get_matter_for(viewer, reference) if reference else None
    except Refusal:
        return None


def _from_matter(matter: Any) -> Context:
    return {"title": matter.title, "text": matter.text, "matter": matter.reference} if matter else {}


def _route(organisation: Any, subject: Any, form: NewForm, at: dt.datetime) -> Any:
    """Where it goes as far as the numbers tell; None where one is missing."""
    given = form.cleaned_data if form.is_bound and hasattr(form, "cleaned_data") else {}
    try:
        return routing.route(
            organisation.kind, subject.id, form.facts_given(subject.facts), clock.local_day(at),
            **{k: bool(given.get(k)) for k in ("wider", "legality", "delegated")},
        )  # fmt: skip
    except routing.Unrouted:
        return None


def _own_right(organisation: Any, way: Any, at: dt.datetime) -> str:
    """What comes of it for someone who is not in office there."""
    if organisation.kind in PARTIES:
        return _("您以党员身份提出，由这个党组织研究、召集。")
    words = _("您是以成员、居民或业主的身份提出。")
    if way is None:
        return words
    may = takes_petition(Decision(procedure=way.procedure, resolve=way.resolve), clock.local_day(at))
    if may:
        return words + _("提出以后请发起联名，达到法定人数就应当召集。")
    return words + f"{may.reason}{may.what_now or _('可以请有权召集的组织提出这件事。')}"


def _start(viewer: Viewer, organisation: Any, subject: Any, form: NewForm, matter: Any, officer: bool, at: dt.datetime) -> Decision | None:  # fmt: skip
    """Bring it; what is wrong goes back into the form."""
    given = form.cleaned_data
    try:
        return services.start_decision(viewer, services.StartInput(
            key=given["key"], organisation_id=organisation.pk, subject=subject.id, title=given["title"],
            text=given["text"], facts=form.facts_given(subject.facts), budget=given["budget"],
            matter_id=matter.pk if matter else None, conflict=given["conflict"],
            conflict_words=given["conflict_words"], by_petition=not officer, concerned_id=given.get("concerned"),
            **{k: bool(given.get(k)) for k in ("wider", "legality", "delegated")},
        ), at)  # fmt: skip
    except ValidationError as error:
        put_back(form, error)
    return None
