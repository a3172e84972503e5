"""Raising a matter: the resident's page, the desk for callers and paper slips, and the receipt."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yishi.core import clock
from yishi.core.answers import see_other
from yishi.core.forms import put_back
from yishi.core.policies import policy
from yishi.core.verdicts import Refusal, require
from yishi.engines.triage.urgency import SERVICES, urgency_of
from yishi.matters import permissions, selectors, services
from yishi.matters.forms_raise import DeskForm, RaiseForm, WhatAndWhere, title_of
from yishi.matters.models import Matter, Report
from yishi.matters.views import reads
from yishi.matters.views.limits import may_send
from yishi.matters.views.map import center_of, ground_names
from yishi.network.viewers import Viewer

Given = dict[str, Any]
SHORTEST = 6  # characters from which similar matters are looked for


@policy("public")
@never_cache
@require_http_methods(["GET", "POST"])
def raise_page(request: HttpRequest) -> HttpResponse:
    """A resident, or someone without an account, tells what happened and where."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    form = RaiseForm(
        request.POST or None, request.FILES or None, anonymous=viewer.is_anonymous,
        communities=reads.town_facts().communities, halls=reads.private_halls(), initial=_beginning(request),
    )  # fmt: skip
    return _answer(request, form, viewer, Report.Channel.WEB)


@policy("matters.may_raise_matter")
@never_cache
@require_http_methods(["GET", "POST"])
def desk_page(request: HttpRequest) -> HttpResponse:
    """An officer writes down what a caller, a walk-in or a paper slip says."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    require(permissions.may_raise_matter(viewer, Report.Channel.PHONE, clock.now()))
    form = DeskForm(
        request.POST or None,
        request.FILES or None,
        communities=reads.town_facts().communities,
        halls=reads.private_halls(),
        initial=_beginning(request),
    )
    return _answer(request, form, viewer, "")


def _beginning(request: HttpRequest) -> Given:
    """What the address says already: the matter to join, or a place pressed on a map."""
    known = ("join", "place", "latitude", "longitude", "community", "text")
    found = {k: request.GET[k] for k in known if k in request.GET}
    return found | {"key": clock.new_key()}


def _answer(request: HttpRequest, form: WhatAndWhere, viewer: Viewer, channel: str) -> HttpResponse:
    if request.method == "POST" and "look" not in request.POST and form.is_valid():
        try:
            require(may_send(request))
            report = _record(viewer, form.cleaned_data, request.POST.get("join_reference", ""), channel)
        except ValidationError as error:
            put_back(form, error)
        except Refusal as refusal:
            if refusal.verdict.hidden:
                raise
            form.add_error(None, f"{refusal.verdict.reason}{refusal.verdict.what_now}")
        else:
            return see_other("matters:receipt", report.key)
    return _form_page(request, form, viewer)


def _record(viewer: Viewer, given: Given, joining: str, channel: str) -> Report:
    """One report, with the consent under which a name or number is kept."""
    at = clock.now()
    channel = given.get("channel") or channel
    contact = services.ContactInput(
        name=given.get("contact_name", ""), phone=given.get("contact_phone", ""),
        address=given.get("contact_address", ""), shown_as=given.get("shown_as", ""),
        reachable=bool(given.get("contact_phone") or given.get("contact_address")),
    )  # fmt: skip
    anonymous = viewer.person_id is None or channel != Report.Channel.WEB
    text = given["text"].strip() or (_("（语音反映，请听录音）") if given.get("voice") else "")
    return services.raise_with_contact(
        viewer,
        services.RaiseInput(
            key=given["key"], title=title_of(text), text=text, nature=given.get("nature", ""), channel=channel,
            place=given["place"], latitude=given["latitude"], longitude=given["longitude"],
            community_id=given["community"], contact=contact if anonymous else None,
            photos=given["photos"], voice=given["voice"], join_reference=None if given.get("hall") else joining or given["join"] or None, hall_id=given.get("hall"),
        ),
        given.get("consent_note", ""), at,
    )  # fmt: skip


def _form_page(request: HttpRequest, form: WhatAndWhere, viewer: Viewer) -> HttpResponse:
    desk, text = isinstance(form, DeskForm), request.POST.get("text", "")
    joining = form["join"].value()
    context = {
        "form": form, "desk": desk, "draft_key": "desk" if desk else "raise", "emergency": SERVICES,
        "helping": viewer.helping_name, "similar_url": reverse("matters:similar"),
        "joining": _joined(viewer, joining) if joining else None, "chosen": request.POST.get("join_reference", ""),
        "map_center": center_of(reads.town_facts(), selectors.home_community(viewer)), "map_names": ground_names(), "map_tiles": settings.ENV.map_tiles,
        "map_credit": settings.ENV.map_attribution, **_found(viewer, text, request.POST.get("place", "")),
    }  # fmt: skip
    wrong = form.is_bound and "look" not in request.POST
    return render(request, "matters/raise.html", context, status=422 if wrong else 200)


def _joined(viewer: Viewer, reference: str) -> Matter | None:
    try:
        return selectors.get_matter_for(viewer, reference)
    except Refusal:
        return None


def _found(viewer: Viewer, text: str, place: str) -> Given:
    """What the words call to mind: a danger, and matters like it."""
    if len(text.strip()) < SHORTEST:
        return {"similar": [], "urgency": None, "looked": False}
    urgency = urgency_of(text)
    similar = selectors.similar_to(text, place, viewer.town_id or reads.town_facts().town.pk, viewer)[:5]
    return {"similar": similar, "urgency": None if urgency.level == "ordinary" else urgency, "looked": True}


@policy("public")
@require_POST
def similar(request: HttpRequest) -> HttpResponse:
    """Matters like what is being typed, and the number to call where it tells of danger."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    found = _found(viewer, request.POST.get("text", "")[:4000], request.POST.get("place", "")[:200])
    return render(request, "matters/_similar.html", {**found, "looked": False})


@policy("public")
@never_cache
@require_safe
def receipt(request: HttpRequest, key: Any) -> HttpResponse:
    """The receipt of a report, opened by the key that only its sender holds."""
    report = reads.report_by_key(key)
    matter = report.matter
    return render(request, "matters/receipt.html", {
        "report": report, "matter": matter, "may_see": permissions.may_see_matter(request.viewer, matter),  # type: ignore[attr-defined]
        "joined": report.first_matter_id != report.matter_id or matter.report_count > 1,
        "page_url": settings.SITE_URL + reverse("matters:receipt", args=[key]),
        "clock_says": reads.due_explained(report), "desk": report.channel in DeskForm.CHANNELS,
    })  # fmt: skip
