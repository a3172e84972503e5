"""News of matters, told after commit."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MatterChanged:
    """A step was added to a matter. ``kind`` is a ``Step.Kind``; ``report_id`` where one report is meant."""

    matter_id: int
    kind: str
    step_id: int
    at: dt.datetime
    actor_id: int | None = None
    report_id: int | None = None
