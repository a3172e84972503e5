"""The network through the API: areas, organisations, who holds what on a day."""

import datetime as dt
from typing import Annotated

from django.http import HttpRequest
from ninja import Field, Query, Schema

from yishi.core import clock
from yishi.core.rest import Asked, Day, Id, Listed, answers, cut
from yishi.network import directory, selectors
from yishi.network.api.router import router
from yishi.network.models import Area, Organisation
from yishi.network.viewers import Viewer

Words = Annotated[str, Field(max_length=80)]


class AreaOut(Schema):
    """A place of the town."""

    id: int
    kind: str
    name: str
    name_en: str
    code: str
    parent_id: int | None = None
    household_count: int
    latitude: float | None = None
    longitude: float | None = None


class OrganisationOut(Schema):
    """A Party or civil organisation."""

    id: int
    kind: str
    tree: str
    name: str
    name_en: str
    code: str
    area_id: int
    area: str = Field(..., alias="area.name")


class TermOut(Schema):
    """A post held: office holders are public by name while in office, masked afterwards."""

    id: int = Field(..., alias="term.pk")
    post_id: int = Field(..., alias="term.post_id")
    organisation_id: Id = Field(..., alias="term.post.organisation_id")
    duty: str = Field(..., alias="term.post.duty")
    title: str = Field(..., alias="term.post.title")
    holder: str = Field(..., alias="shown")
    in_office: bool = Field(..., description="Whether they hold any post today")
    since: dt.date = Field(..., alias="term.since")
    until: dt.date | None = Field(None, alias="term.until")


class PostOut(Schema):
    """A post of an organisation."""

    id: int
    duty: str
    title: str
    seats: int


class TieOut(Schema):
    """A tie between two organisations, with its dates."""

    id: int
    kind: str
    child_id: int
    parent_id: int
    since: dt.date
    until: dt.date | None = None


@router.get("/communities", response=answers(Listed[AreaOut]), operation_id="list_communities")
def list_communities(request: HttpRequest, asked: Query[Asked]) -> object:
    """The communities of the town."""
    return cut(selectors.communities(selectors.the_town().pk), asked)


@router.get("/organisations", response=answers(Listed[OrganisationOut]), operation_id="list_organisations")
def list_organisations(request: HttpRequest, asked: Query[Asked], kind: Organisation.Kind | None = None) -> object:
    """The organisations of the town, of one kind or all."""
    kinds = [kind.value] if kind else []
    return cut(selectors.organisations(selectors.the_town().pk, kinds), asked)


@router.get("/organisations/{organisation_id}/holders", response=answers(list[TermOut]), operation_id="list_holders")
def list_holders(request: HttpRequest, organisation_id: Id, on: Day | None = None) -> object:
    """Who holds the posts of an organisation, today or on any day."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    found = directory.get_organisation_for(viewer, organisation_id)
    held = selectors.holders_on(found, on or clock.today())
    return directory.shown(viewer, held, found.town_id, clock.today())


@router.get("/terms", response=answers(Listed[TermOut]), operation_id="list_terms")
def list_terms(request: HttpRequest, asked: Query[Asked], on: Day | None = None, q: Words = "") -> object:
    """Who held which post on a day, in the whole town; ``q`` finds organisations, posts and people in office."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    town = selectors.the_town()
    found = cut(directory.filtered(town, on or clock.today(), query=q, today=clock.today()), asked)
    return found | {"items": directory.shown(viewer, found["items"], town.pk, clock.today())}


@router.get("/areas", response=answers(Listed[AreaOut]), operation_id="list_areas")
def list_areas(
    request: HttpRequest, asked: Query[Asked], kind: Area.Kind | None = None, within: Id | None = None
) -> object:
    """Communities, cooperatives, estates and grids of the town; of one kind, or right below another area."""
    found = Area.objects.filter(town=selectors.the_town(), closed_on=None)
    if kind:
        found = found.filter(kind=kind.value)
    if within:
        found = found.filter(parent_id=within)
    return cut(found.order_by("path"), asked)


@router.get("/organisations/{organisation_id}/posts", response=answers(Listed[PostOut]), operation_id="list_posts")
def list_posts(request: HttpRequest, organisation_id: Id, asked: Query[Asked]) -> object:
    """The posts of an organisation."""
    found = directory.get_organisation_for(request.viewer, organisation_id)  # type: ignore[attr-defined]
    return cut(found.posts.filter(closed_on=None).order_by("pk"), asked)


@router.get("/organisations/{organisation_id}/ties", response=answers(list[TieOut]), operation_id="list_ties")
def list_ties(request: HttpRequest, organisation_id: Id, on: Day | None = None) -> object:
    """The ties of an organisation on a day: under, serves, joint."""
    found = directory.get_organisation_for(request.viewer, organisation_id)  # type: ignore[attr-defined]
    return directory.ties_of(found, on or clock.today())
