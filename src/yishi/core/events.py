"""News between apps: frozen dataclasses, delivered after commit, handled idempotently."""

import logging
from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from django.db import transaction

logger = logging.getLogger(__name__)
Event = TypeVar("Event")
_reactions: dict[type[Any], list[Callable[[Any], None]]] = defaultdict(list)


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
    for reaction in _reactions[type(event)]:
        transaction.on_commit(lambda reaction=reaction: _run(reaction, event))  # type: ignore[misc]


def _run(reaction: Callable[[Any], None], event: object) -> None:
    try:
        reaction(event)
    except Exception:
        logger.exception("reaction %s.%s failed", reaction.__module__, reaction.__qualname__)
