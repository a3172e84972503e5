"""What lists are made of: categories, the lists that someone keeps, and following."""

import datetime as dt
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Schema

from yishi.core import clock
from yishi.core.rest import Asked, Id, Listed, answers, cut, scoped
from yishi.inbox import services as inbox
from yishi.matters import services
from yishi.matters.api.acts import WRITE, loaded
from yishi.matters.api.router import lists, router
from yishi.matters.models import Category, SavedView
from yishi.network import selectors as network
from yishi.network.viewers import viewer_of


class CategoryOut(Schema):
    """A category of matters."""

    id: int
    name: str
    name_en: str
    parent_id: int | None = None


class ViewOut(Schema):
    """A list that someone keeps: its name, and its filters as the address writes them."""

    id: int
    name: str
    query: str
    at: dt.datetime


class Keep(Schema):
    """A list to keep; the same name again replaces it."""

    name: str = Field(..., min_length=1, max_length=40)
    query: str = Field(..., max_length=500, description="As in stage=open&sort=due")


class Done(Schema):
    """It is done."""

    done: bool


class Following(Schema):
    """Whether the owner of the token follows the matter now."""

    following: bool


@lists.get("/categories", response=answers(Listed[CategoryOut]), operation_id="list_categories")
def list_categories(request: HttpRequest, asked: Query[Asked]) -> Any:
    """The open categories of the town."""
    return cut(Category.objects.filter(town=network.the_town(), closed=False).order_by("pk"), asked)


@lists.get("/views", response=answers(Listed[ViewOut]), operation_id="list_views")
@scoped("matters:read")
def list_views(request: HttpRequest, asked: Query[Asked]) -> Any:
    """The lists that one keeps."""
    return cut(SavedView.objects.filter(person_id=viewer_of(request).person_id or 0).order_by("name"), asked)


@lists.post("/views", response=answers(ViewOut), operation_id="save_view")
@scoped(WRITE)
def save_view(request: HttpRequest, given: Keep) -> Any:
    """Keep a list under a name."""
    return services.save_view(viewer_of(request), given.name, given.query, clock.now())


@lists.delete("/views/{view_id}", response=answers(Done), operation_id="drop_view")
@scoped(WRITE)
def drop_view(request: HttpRequest, view_id: Id) -> Any:
    """Keep a list no longer."""
    services.drop_view(viewer_of(request), view_id, clock.now())
    return {"done": True}


@router.post("/{reference}/follow", response=answers(Following), operation_id="follow_matter")
@scoped("inbox:write")
def follow_matter(request: HttpRequest, reference: str) -> Any:
    """Be told of what happens to a matter."""
    viewer, matter = loaded(request, reference)
    inbox.follow(viewer, matter, clock.now())
    return {"following": True}


@router.delete("/{reference}/follow", response=answers(Following), operation_id="unfollow_matter")
@scoped("inbox:write")
def unfollow_matter(request: HttpRequest, reference: str) -> Any:
    """Be told no more."""
    viewer, matter = loaded(request, reference)
    inbox.unfollow(viewer, matter, clock.now())
    return {"following": False}
