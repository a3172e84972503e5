"""The network through the API: areas, organisations, who holds what on a day."""

import datetime as dt

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from yishi.core import clock
from yishi.core.rest import Asked, Day, Id, Listed, answers, cut
from yishi.network import selectors
from yishi.network.models import Organisation

router = Router(tags=["network"])


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
    """A post held: office holders are public while in office."""

    organisation_id: Id = Field(..., alias="post.organisation_id")
    duty: str = Field(..., alias="post.duty")
    title: str = Field(..., alias="post.title")
    holder: str = Field(..., alias="person.name")
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
    town = selectors.the_town()
    found = Organisation.objects.filter(pk=organisation_id, town=town).first()
    if found is None:
        return []
    return list(selectors.holders_on(found, on or clock.today()).select_related("post", "person"))
