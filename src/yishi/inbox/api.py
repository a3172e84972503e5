"""One's own messages through the API."""

import datetime as dt

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from yishi.core import clock
from yishi.core.rest import Asked, Id, Listed, Truth, answers, cut, scoped
from yishi.inbox import selectors, services
from yishi.inbox.models import Follow

router = Router(tags=["inbox"])


class MessageOut(Schema):
    """A message to the owner of the token."""

    id: int
    title: str
    title_en: str
    body: str
    body_en: str
    url: str
    at: dt.datetime
    read_at: dt.datetime | None = None


class Read(Schema):
    """Which messages have been read; none named means all."""

    ids: list[Id] | None


class Counted(Schema):
    """How many were changed."""

    count: int


@router.get("/messages", response=answers(Listed[MessageOut]), operation_id="list_messages")
@scoped("inbox:read")
def list_messages(request: HttpRequest, asked: Query[Asked], unread_only: bool = False) -> object:
    """Messages, newest first."""
    return cut(selectors.messages_for(request.viewer, unread_only=unread_only), asked)  # type: ignore[attr-defined]


@router.post("/messages/read", response=answers(Counted), operation_id="mark_messages_read")
@scoped("inbox:write")
def mark_messages_read(request: HttpRequest, read: Read) -> object:
    """Mark messages as read."""
    return {"count": services.mark_read(request.viewer, read.ids, clock.now())}  # type: ignore[attr-defined]


class FollowOut(Schema):
    """Something that one follows, with the title of the latest message about it."""

    id: int
    subject: str = Field(..., description="Kind and number, as in matters.matter:12")
    since: dt.datetime
    last_title: str | None = None
    last_url: str | None = None

    @staticmethod
    def resolve_subject(row: Follow) -> str:
        """Kind and number."""
        return f"{row.subject_kind}:{row.subject_id}"


class Wishes(Schema):
    """How one wants to be told besides in the application."""

    by_email: Truth
    by_sms: Truth
    language: str = Field(..., pattern="^(zh-hans|en)$")


@router.get("/follows", response=answers(Listed[FollowOut]), operation_id="list_follows")
@scoped("inbox:read")
def list_follows(request: HttpRequest, asked: Query[Asked]) -> object:
    """What one follows, the newest first."""
    return cut(selectors.follows_of(request.viewer), asked)  # type: ignore[attr-defined]


@router.get("/preferences", response=answers(Wishes), operation_id="get_preferences")
@scoped("inbox:read")
def get_preferences(request: HttpRequest) -> object:
    """How one is told."""
    return selectors.preference_of(request.viewer.person_id or 0)  # type: ignore[attr-defined]


@router.put("/preferences", response=answers(Wishes), operation_id="set_preferences")
@scoped("inbox:write")
def set_preferences(request: HttpRequest, given: Wishes) -> object:
    """Choose how to be told."""
    return services.set_preference(request.viewer, **given.model_dump(), at=clock.now())  # type: ignore[attr-defined]
