"""A book of rows that are written together: ids given beforehand, audit chains linked, search filled."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.db import connection
from django.db.models import Max, Model

from yishi.core import audit, generations, search
from yishi.core.models import AuditEntry
from yishi.matters.findable import words_of
from yishi.matters.models import Matter
from yishi.matters.services._acts import SEARCH_KIND
from yishi.matters.services._references import save_numbered

Row = TypeVar("Row", bound=Model)
Tick = Callable[[int], None]
BLOCK = 200
BATCH = 500


class Numbers:
    """Ids for new rows, given before the rows are written. Inside a transaction alone."""

    def __init__(self) -> None:
        self._waiting: dict[type[Model], list[int]] = {}
        self._given: dict[type[Model], int] = {}

    def next(self, model: type[Model]) -> int:
        """The next id of a table."""
        waiting = self._waiting.get(model)
        if not waiting:
            waiting = self._waiting[model] = self._reserve(model)[::-1]
        return waiting.pop()

    def _reserve(self, model: type[Model]) -> list[int]:
        table = model._meta.db_table
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(
                    "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, BLOCK]
                )
                return [row[0] for row in cursor.fetchall()]
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            used = (cursor.fetchone() or (0,))[0]
        highest = model._default_manager.aggregate(m=Max("pk"))["m"] or 0
        first = max(used, highest, self._given.get(model, 0)) + 1
        self._given[model] = first + BLOCK - 1
        return list(range(first, first + BLOCK))


class Book:
    """Rows of one town, written by :meth:`write` inside the caller's transaction."""

    def __init__(self, town_id: int) -> None:
        self.town_id = town_id
        self.numbers = Numbers()
        self.rows: dict[type[Model], list[Model]] = defaultdict(list)
        self.entries: list[AuditEntry] = []
        self._chains: dict[tuple[str, int], tuple[int, str]] = {}
        self._found: dict[int, Matter] = {}

    def add(self, row: Row) -> Row:
        """Take a new row in; it has its id from now on and may still be changed until it is written."""
        row.pk = self.numbers.next(type(row))
        self.rows[type(row)].append(row)
        return row

    def record(
        self, verb: str, subject: Model, *, at: dt.datetime, actor_id: int | None, town_id: int | None = None,
        **data: Any,
    ) -> None:  # fmt: skip
        """An audit entry, as ``audit.record`` writes it. The subject must be one of this book's new rows."""
        key = (audit.kind_of(subject), subject.pk)
        entry = audit.entry_after(
            self._chains.get(key, (0, audit.GENESIS)), verb, subject, at=at, actor_id=actor_id, on_behalf_of_id=None,
            town_id=self.town_id if town_id is None else town_id, data=data,
        )  # fmt: skip
        self._chains[key] = (entry.number, entry.digest)
        self.entries.append(entry)

    def make_findable(self, matter: Matter) -> None:
        """Put a matter into the search index with the words it has when the book is written."""
        self._found[matter.pk] = matter

    def write(self, tick: Tick = lambda n: None) -> int:
        """Write everything; returns how many matters. The book is empty afterwards."""
        matters = self.rows.pop(Matter, [])
        count = len(matters)
        save_numbered(cast(list[Matter], matters))
        for model, rows in self.rows.items():
            model._default_manager.bulk_create(rows, batch_size=BATCH)
        AuditEntry.objects.bulk_create(self.entries, batch_size=BATCH)
        shown = [m for m in self._found.values() if not m.sealed]
        search.index_many(SEARCH_KIND, self.town_id, ((m.pk, words_of(m), m.is_public) for m in shown))
        generations.move_on_commit()
        self.rows.clear()
        self.entries.clear()
        self._chains.clear()
        self._found.clear()
        tick(count)
        return count
