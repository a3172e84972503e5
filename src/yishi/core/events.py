"""News between apps: frozen dataclasses, delivered after commit, handled idempotently."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

from django.db import transaction

logger = logging.getLogger(__name__)
Event = TypeVar("Event")
_reactions: dict[type[Any], list[Callable[[Any], None]]] = defaultdict(list)
_kept_back: ContextVar[list[object] | None] = ContextVar("kept_back", default=None)


def on(kind: type[Event]) -> Callable[[Callable[[Event], None]], Callable[[Event], None]]:
    """Register a reaction to events of ``kind``; registering twice is once."""

    def register(reaction: Callable[[Event], None]) -> Callable[[Event], None]:
        if reaction not in _reactions[kind]:
            _reactions[kind].append(reaction)
        return reaction

    return register


def publish(event: object) -> None:
    """Tell every reaction once the transaction has committed.

    A reaction that fails is logged without personal data and does not undo the act.
    """
    kept = _kept_back.get()
    if kept is not None:
        kept.append(event)
        return
    for reaction in _reactions[type(event)]:
        transaction.on_commit(lambda reaction=reaction: _run(reaction, event))  # type: ignore[misc]


@contextmanager
def kept_back() -> Iterator[list[object]]:
    """Collect the news of a block untold: whoever builds a long history at once tells only how it ends."""
    kept: list[object] = []
    token = _kept_back.set(kept)
    try:
        yield kept
    finally:
        _kept_back.reset(token)


def _run(reaction: Callable[[Any], None], event: object) -> None:
    try:
        reaction(event)
    except Exception:
        logger.exception("reaction %s.%s failed", reaction.__module__, reaction.__qualname__)
