"""One's own messages through the API."""

import datetime as dt

from django.http import HttpRequest
from ninja import Query, Router, Schema

from yishi.core import clock
from yishi.core.rest import Asked, Id, Listed, answers, cut, scoped
from yishi.inbox import selectors, services

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
