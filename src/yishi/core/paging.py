"""A page of a long list, counted only as far as people read."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet

COUNT_UP_TO = 1000
DEEPEST_PAGE = 500
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows of a list. ``total`` stops at :data:`COUNT_UP_TO`; ``capped`` then says "or more"."""

    items: list[Row]
    number: int
    size: int
    total: int
    capped: bool
    has_next: bool

    @property
    def has_previous(self) -> bool:
        """Whether a page stands before this one."""
        return self.number > 1


def page_of(rows: QuerySet[Row], number: int, size: int) -> Page[Row]:
    """One page of ordered rows: two queries, one where the page itself tells how many there are.

    Pages beyond the deepest give the deepest.
    """
    number = min(max(number, 1), DEEPEST_PAGE)
    start = (number - 1) * size
    items = list(rows[start : start + size + 1])
    more = len(items) > size
    if more or (not items and number > 1):
        total = rows.order_by()[: COUNT_UP_TO + 1].count()
    else:
        total = start + len(items)
    return Page(items[:size], number, size, min(total, COUNT_UP_TO), total > COUNT_UP_TO, more)
