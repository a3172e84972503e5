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
