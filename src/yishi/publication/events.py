"""News of postings, told after commit."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PostingChanged:
    """Something happened to a posting.

    ``kind``: prepared, opened, checked, missing, objected, answered, suspended, resumed, ended, corrected,
    superseded.
    """

    posting_id: int
    kind: str
    at: dt.datetime
    actor_id: int | None = None
    objection_id: int | None = None
