"""News of commitments, told after commit."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CommitmentChanged:
    """Something happened to a commitment. ``kind`` is ``made`` or a ``Progress.Kind``."""

    commitment_id: int
    subject_kind: str
    subject_id: int
    kind: str
    at: dt.datetime
    actor_id: int | None
    progress_id: int | None = None
