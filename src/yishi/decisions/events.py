"""News of decisions, told after commit."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DecisionChanged:
    """A procedure accepted an event: ``kind`` is one of ``engines.procedure``'s, ``number`` its place."""

    decision_id: int
    number: int
    kind: str
    at: dt.datetime
    actor_id: int | None = None


@dataclass(frozen=True, slots=True)
class MotionDiscussed:
    """Something beside the procedure: ``commented``, ``comment_answered``, ``petition_opened``, ``petition_signed`` …"""

    decision_id: int
    kind: str
    at: dt.datetime
    actor_id: int | None = None
    comment_id: int | None = None
