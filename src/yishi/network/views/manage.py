"""The network kept by the town's organisation officers."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from yishi.core import clock
from yishi.core.answers import done
from yishi.core.forms import attempt
from yishi.core.policies import policy
from yishi.core.verdicts import Refusal, hidden, require
from yishi.network import directory, permissions, services
from yishi.network.forms import DayForm, EndForm, OrganisationForm, PersonForm, PostForm, TieForm, TransferForm
from yishi.network.models import Edge, Organisation, Post, Term
from yishi.network.viewers import Viewer, viewer_of
from yishi.people import selectors as people
from yishi.people import services as people_services


def _page(request: HttpRequest, form: Form, title: str, button: str, about: Organisation, **more: Any) -> HttpResponse:
    context = {"form": form, "title": title, "button": button, "organisation": about, **more}
    return render(request, "network/act.html", context)


def _found(row: Any) -> Any:
    if row is None:
        raise Refusal(hidden())
    return row


def _term(term_id: int) -> Term:
    term: Term = _found(Term.objects.filter(pk=term_id).select_related("post__organisation__area", "person").first())
    return term


def _who(viewer: Viewer, data: dict[str, Any]) -> int:
    """The person chosen from the roll, or one whose record is opened now."""
    if data.get("person"):
        return int(data["person"])
    if not data["name"].strip():
        raise ValidationError(_("请从名册选一个人，或填写姓名。"))
    return people_services.add_person(viewer, name=data["name"], phone=data["phone"], at=clock.now()).pk


def _candidates(request: HttpRequest, town_id: int) -> dict[str, Any]:
    query = request.GET.get("q", "")
    return {"searches": True, "query": query, "people": people.find_people(town_id, query)}


@policy("network.may_manage_network")
@login_required
def add_organisation(request: HttpRequest, area_id: int) -> HttpResponse:
    """Set up an organisation in an area."""
    viewer = viewer_of(request)
    area = directory.get_area_for(viewer, area_id)
    require(permissions.may_manage_network(viewer, area.town_id or 0, clock.now()))
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and (
        made := attempt(form, lambda d: services.add_organisation(viewer, area, at=clock.now(), **d))
    ):
        return done(request, _("已设立。"), "network:organisation", made.pk)
    context = {"form": form, "title": _("新设组织"), "button": _("设立"), "area": area}
    return render(request, "network/act.html", context)


@policy("network.may_manage_network")
@login_required
def add_post(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Set up a post."""
    viewer = viewer_of(request)
    found = directory.get_organisation_for(viewer, organisation_id)
    require(permissions.may_manage_network(viewer, found.town_id, clock.now()))
    form = PostForm(request.POST or None)
    if request.method == "POST" and attempt(
        form, lambda d: services.add_post(viewer, found, d["duty"], d["title"], d["seats"], clock.now())
    ):
        return done(request, _("已设立职务。"), "network:organisation", found.pk)
    return _page(request, form, _("设立职务"), _("设立"), found)


@policy("network.may_appoint")
@login_required
def appoint(request: HttpRequest, post_id: int) -> HttpResponse:
    """Put someone into a post."""
    viewer = viewer_of(request)
    post: Post = _found(Post.objects.filter(pk=post_id).select_related("organisation__area").first())
    require(permissions.may_appoint(viewer, post, None, clock.now()))
    form = PersonForm(request.POST or None)
    if request.method == "POST" and attempt(
        form, lambda d: services.appoint(viewer, post, _who(viewer, d), d["since"], clock.now())
    ):
        return done(request, _("已登记任职。"), "network:organisation", post.organisation_id)
    more = _candidates(request, post.organisation.town_id)
    return _page(request, form, post.title, _("登记任职"), post.organisation, **more)


@policy("network.may_end_term")
@login_required
def end_term(request: HttpRequest, term_id: int) -> HttpResponse:
    """End a term."""
    viewer, term = viewer_of(request), _term(term_id)
    require(permissions.may_end_term(viewer, term, clock.now()))
    form = EndForm(request.POST or None)
    if request.method == "POST" and attempt(
        form, lambda d: services.end_term(viewer, term, d["until"], d["because"], clock.now())
    ):
        return done(request, _("已登记离任。"), "network:organisation", term.post.organisation_id)
    return _page(request, form, f"{term.person.name} · {term.post.title}", _("登记离任"), term.post.organisation)


@policy("network.may_end_term")
@login_required
def transfer(request: HttpRequest, term_id: int) -> HttpResponse:
    """Hand a post over."""
    viewer, term = viewer_of(request), _term(term_id)
    require(permissions.may_end_term(viewer, term, clock.now()))
    form = TransferForm(request.POST or None)
    if request.method == "POST" and attempt(
        form,
        lambda d: services.transfer(viewer, term, _who(viewer, d), d["since"], d["because"], clock.now()),
    ):
        return done(request, _("已登记交接。"), "network:organisation", term.post.organisation_id)
    more = _candidates(request, term.post.organisation.town_id)
    title = f"{term.person.name} · {term.post.title}"
    return _page(request, form, title, _("登记交接"), term.post.organisation, **more)


@policy("network.may_manage_network")
@require_POST
@login_required
def invite(request: HttpRequest, term_id: int) -> HttpResponse:
    """A sheet by which an office holder claims their account, shown this once."""
    term = _term(term_id)
    try:
        claim = services.invite_holder(viewer_of(request), term, clock.now())
    except ValidationError as error:
        return done(request, " ".join(error.messages), "network:organisation", term.post.organisation_id)
    address = f"{settings.SITE_URL}{reverse('people:claim')}?claim={claim}"
    response = render(request, "network/claim.html", {"term": term, "address": address})
    response["Cache-Control"] = "no-store"
    return response


@policy("network.may_manage_network")
@login_required
def tie(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Tie an organisation to another."""
    viewer = viewer_of(request)
    found = directory.get_organisation_for(viewer, organisation_id)
    require(permissions.may_manage_network(viewer, found.town_id, clock.now()))
    form = TieForm(request.POST or None, organisation=found)
    if request.method == "POST" and attempt(
        form, lambda d: services.tie_organisations(viewer, found, d["parent"], d["kind"], d["since"], clock.now())
    ):
        return done(request, _("已登记关系。"), "network:organisation", found.pk)
    return _page(request, form, _("登记组织关系"), _("登记"), found)


@policy("network.may_manage_network")
@login_required
def end_edge(request: HttpRequest, edge_id: int) -> HttpResponse:
    """End a tie."""
    edge: Edge = _found(Edge.objects.filter(pk=edge_id).select_related("child__area", "parent").first())
    require(permissions.may_manage_network(viewer_of(request), edge.child.town_id, clock.now()))
    form = DayForm(request.POST or None)
    if request.method == "POST" and attempt(
        form, lambda d: services.end_edge(viewer_of(request), edge, d["on"], clock.now())
    ):
        return done(request, _("已登记结束。"), "network:organisation", edge.child_id)
    return _page(request, form, f"{edge.child} · {edge.parent}", _("结束这个关系"), edge.child)


@policy("network.may_close_organisation")
@login_required
def close(request: HttpRequest, organisation_id: int) -> HttpResponse:
    """Close an organisation; its history stays."""
    viewer = viewer_of(request)
    found = directory.get_organisation_for(viewer, organisation_id)
    require(permissions.may_close_organisation(viewer, found, clock.now()))
    form = DayForm(request.POST or None)
    if request.method == "POST" and attempt(
        form, lambda d: services.close_organisation(viewer, found, d["on"], clock.now())
    ):
        return done(request, _("已撤销，历史保留。"), "network:organisation", found.pk)
    return _page(request, form, found.name, _("撤销组织"), found)
