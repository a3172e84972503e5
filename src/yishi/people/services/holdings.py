"""What other apps hold about a person, for the right to a copy and the right to be erased.

Each app registers what it collects, and how it lets go of it; what a statute
says must be kept is counted by ``archived`` and restricted instead (PIPL art 47(2)).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Holding:
    """One app's part.

    ``collect(person_id)``: plain rows for the person's copy.
    ``erase(person_id)``: deletes what may be deleted.
    ``archived(person_id)``: how many records a statute keeps.
    """

    name: str
    collect: Callable[[int], list[dict[str, Any]]]
    erase: Callable[[int], None] = lambda person_id: None
    archived: Callable[[int], int] = lambda person_id: 0


holdings: dict[str, Holding] = {}


def register(holding: Holding) -> None:
    """Add an app's part; the same name replaces the former."""
    holdings[holding.name] = holding
