"""Public numbers that nothing has yet: drawn by chance, looked up, drawn again where another was quicker."""

import datetime as dt
from collections.abc import Callable, Sequence

from django.db import IntegrityError, transaction

from yishi.core import clock
from yishi.matters.models import Matter

Draw = Callable[[dt.datetime], str]
BATCH = 500


def save_numbered(matters: Sequence[Matter], draw: Draw = clock.new_reference) -> None:
    """Write new matters, each under a number of its own; one that has a free number keeps it.

    Inside a transaction alone. ``draw`` gives a number for a moment.
    """
    waiting = [m for m in matters if not m.reference]
    while True:
        for matter in waiting:
            matter.reference = draw(matter.raised_at)
        waiting = _to_draw_again(matters)
        if not waiting and _written(matters):
            return


def _to_draw_again(matters: Sequence[Matter]) -> list[Matter]:
    """Those whose number stands in the database or on one before them."""
    used, again = _taken(matters), []
    for matter in matters:
        if matter.reference in used:
            again.append(matter)
        used.add(matter.reference)
    return again


def _taken(matters: Sequence[Matter]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(matters), BATCH):
        numbers = [m.reference for m in matters[start : start + BATCH]]
        found.update(Matter.objects.filter(reference__in=numbers).values_list("reference", flat=True))
    return found


def _written(matters: Sequence[Matter]) -> bool:
    """Write them; False where another process took one of the numbers at this very moment.

    Raises:
        IntegrityError: something else than a number stands in the way.
    """
    try:
        with transaction.atomic():
            Matter.objects.bulk_create(matters, batch_size=BATCH)
    except IntegrityError:
        if not _taken(matters):
            raise
        return False
    return True
