"""The visit diary, and what waits on the device to be sent."""

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yishi.core import clock
from yishi.core.answers import see_other
from yishi.core.forms import put_back
from yishi.core.policies import policy
from yishi.core.verdicts import require
from yishi.matters.forms_field import NoteForm, ReasonForm, VisitForm
from yishi.matters.permissions import visits as permissions
from yishi.matters.selectors import field as reads
from yishi.matters.services import visits as services
from yishi.network.viewers import viewer_of


@policy("matters.may_write_visit")
@never_cache
@require_safe
def visits(request: HttpRequest) -> HttpResponse:
    """One's own visits and those shared by colleagues."""
    viewer = viewer_of(request)
    require(permissions.may_write_visit(viewer, clock.now()))
    words = request.GET.get("q", "").strip()[:40]
    found = reads.visits_for(viewer)
    if words:
        found = found.filter(note__icontains=words) | found.filter(place__icontains=words)
    page = Paginator(found, 20).get_page(request.GET.get("page"))
    return render(request, "matters/field/visits.html", {"page": page, "q": words})


@policy("matters.may_write_visit")
@never_cache
@require_http_methods(["GET", "POST"])
def new_visit(request: HttpRequest) -> HttpResponse:
    """Write a visit down."""
    viewer, at = viewer_of(request), clock.now()
    require(permissions.may_write_visit(viewer, at))
    form = VisitForm(request.POST or None, initial={"key": clock.new_key(), "visited_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        told = services.VisitInput(
            key=given["key"], visited_on=given["visited_on"], place=given["place"], note=given["note"],
            shared=given["shared"], leads=[services.LeadInput(*lead) for lead in form.leads()],
        )  # fmt: skip
        try:
            visit = services.write_visit(viewer, told, at)
        except ValidationError as error:
            put_back(form, error)
        else:
            return see_other("matters:visit", visit.pk)
    return render(request, "matters/field/new_visit.html", {"form": form})


@policy("matters.may_see_visit")
@never_cache
@require_http_methods(["GET", "POST"])
def visit_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A visit; its author mends the note and raises its leads."""
    viewer, at = viewer_of(request), clock.now()
    visit = reads.get_visit_for(viewer, pk, at)
    form = NoteForm(request.POST or None, initial={"note": visit.note, "shared": visit.shared})
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        services.change_visit(viewer, visit, note=given["note"], shared=given["shared"], at=at)
        return see_other("matters:visit", pk)
    leads = visit.leads.select_related("report__matter").order_by("pk")
    own = permissions.may_change_visit(viewer, visit, at)
    given_page = {"visit": visit, "leads": leads, "form": form, "own": own, "reason": ReasonForm(auto_id="drop_%s")}
    return render(request, "matters/field/visit.html", given_page)


@policy("matters.may_change_visit")
@require_POST
def raise_lead(request: HttpRequest, pk: int) -> HttpResponse:
    """A lead becomes a matter in one tap."""
    viewer, at = viewer_of(request), clock.now()
    lead = reads.get_lead_for(viewer, pk, at)
    report = services.lead_to_matter(viewer, lead, at)
    return see_other("matters:matter", report.matter.reference)


@policy("matters.may_change_visit")
@require_POST
def drop_lead(request: HttpRequest, pk: int) -> HttpResponse:
    """A lead is left, with a reason."""
    viewer, at = viewer_of(request), clock.now()
    lead = reads.get_lead_for(viewer, pk, at)
    form = ReasonForm(request.POST)
    if form.is_valid():
        services.drop_lead(viewer, lead, form.cleaned_data["reason"], at)
    return see_other("matters:visit", lead.visit_id)


@policy("public")
@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """What waits on this device to be sent; filled in by the page's script."""
    return render(request, "matters/field/outbox.html")
