"""What every app's part of the API shares: scopes, pages, problem documents (RFC 9457)."""

import datetime as dt
import re
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Annotated, Any, BinaryIO, Generic, TypeVar, cast

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, File, Schema
from ninja.errors import AuthenticationError
from ninja.files import UploadedFile
from pydantic import BeforeValidator

from yishi.core.verdicts import Refusal, no

Row = TypeVar("Row")
View = TypeVar("View", bound=Callable[..., Any])
LARGEST_PAGE = 100


def _iso(value: object) -> object:
    """Days are written 2026-09-28; a bare number is no day.

    Raises:
        ValueError: another form.
    """
    if not isinstance(value, dt.date) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", str(value)):
        raise ValueError("a day is written as in 2026-09-28")
    return value


Day = Annotated[dt.date, BeforeValidator(_iso)]
Id = Annotated[int, Field(ge=1, le=2**62)]
Truth = Annotated[bool, Field(strict=True)]
Number = Annotated[int, Field(strict=True)]
Uploads = File[list[UploadedFile]]
NO_FILES: list[UploadedFile] = []


class Problem(Schema):
    """Why a request was not carried out, and what can be done (application/problem+json)."""

    type: str = Field("about:blank", description="Kind of problem")
    title: str = Field(..., description="What went wrong, in the language asked for")
    status: int
    detail: str = Field("", description="The reason in plain words")
    clause: str = Field("", description="The article of law or the house rule that says so")
    what_now: str = Field("", description="What can be done now")
    errors: dict[str, list[str]] = Field(default_factory=dict, description="Faults by field")


class Listed(Schema, Generic[Row]):
    """A page of a list."""

    items: list[Row]
    page: int
    pages: int = Field(..., description="How many pages there are, as far as was counted")
    count: int = Field(..., description="How many rows there are, as far as was counted")
    capped: bool = Field(False, description="True when there are more than were counted")


class Asked(Schema):
    """Which page of a list."""

    page: int = Field(1, ge=1, le=1000)
    per_page: int = Field(20, ge=1, le=LARGEST_PAGE)


PROBLEMS: dict[int, type[Problem]] = {
    400: Problem,
    401: Problem,
    403: Problem,
    404: Problem,
    422: Problem,
    429: Problem,
}


def answers(success: Any, status: int = 200) -> dict[int, Any]:
    """The answers of an operation: its own, and the problems."""
    return {status: success, **PROBLEMS}


def scoped(scope: str) -> Callable[[View], View]:
    """Only for tokens of this scope; sets the operation's ``scope`` for the description."""

    def wrap(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if "Authorization" not in request.headers:
                raise AuthenticationError
            if scope not in getattr(request, "scopes", ()):
                raise Refusal(no(_("这个令牌没有所需的权限 %(scope)s。") % {"scope": scope}))
            return view(request, *args, **kwargs)

        checked.scope = scope  # type: ignore[attr-defined]
        return checked  # type: ignore[return-value]

    return wrap


def paged(rows: Sequence[Any], asked: Asked, count: int, *, capped: bool = False) -> dict[str, Any]:
    """A page that is already cut, with what is known of the whole."""
    pages = max(1, -(-count // asked.per_page))
    return {"items": list(rows), "page": asked.page, "pages": pages, "count": count, "capped": capped}


def cut(rows: Any, asked: Asked, shape: Callable[[Any], Any] = lambda row: row) -> dict[str, Any]:
    """A page cut out of a queryset or a list."""
    count = len(rows) if isinstance(rows, Sequence) else rows.count()
    start = (asked.page - 1) * asked.per_page
    return paged([shape(r) for r in rows[start : start + asked.per_page]], asked, count)


def streams(uploads: Sequence[UploadedFile]) -> list[BinaryIO]:
    """Uploaded files as the commands read them."""
    return [cast(BinaryIO, upload) for upload in uploads]


def faults(error: ValidationError) -> dict[str, list[str]]:
    """Faults by field, as the API tells them."""
    if hasattr(error, "message_dict"):
        return {str(k): [str(m) for m in v] for k, v in error.message_dict.items()}
    return {"": [str(m) for m in error.messages]}
