"""Who acts, as this app needs to know it. The network's Viewer fits; this app lies below it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from django.http import HttpRequest


class Actor(Protocol):
    """A viewer who does something: person, account, offices, and whom they help."""

    @property
    def at(self) -> dt.datetime: ...
    @property
    def user_id(self) -> int | None: ...
    @property
    def person_id(self) -> int | None: ...
    @property
    def town_id(self) -> int | None: ...
    @property
    def helping_id(self) -> int | None: ...
    @property
    def for_id(self) -> int | None: ...
    @property
    def offices(self) -> Sequence[Any]: ...
    @property
    def standings(self) -> Sequence[Any]: ...
    @property
    def is_anonymous(self) -> bool: ...
    @property
    def is_keeper(self) -> bool: ...
    @property
    def second_factor(self) -> bool: ...
    def holding(self, duties: Iterable[str] = (), kinds: Iterable[str] = ()) -> Sequence[Any]:
        """Offices of these duties in organisations of these kinds."""


def viewer_of(request: HttpRequest) -> Actor:
    """Who looks at a page."""
    viewer: Actor = request.viewer  # type: ignore[attr-defined]
    return viewer
