"""Statements that PostgreSQL plans once for a connection, not each time: for the few that everybody runs.

The long ones cost several times as much to plan as to run. Values travel apart from the statement, and the
server keeps the plan from the second time on (``prepare_threshold`` in ``config/databases.py``).
"""

from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from django.db import connection


def prepared_cursor() -> Any:
    """A cursor of the default database, to be used in ``with``; on SQLite an ordinary one."""
    if connection.vendor != "postgresql":
        return connection.cursor()
    link: Any = connection
    link.ensure_connection()
    return link._prepare_cursor(_kind()(link.connection))


@lru_cache(maxsize=1)
def _kind() -> Any:
    from django.db.backends.postgresql import base

    binding: Any = base.ServerBindingCursor

    class Prepared(binding):  # type: ignore[misc]
        """Tells Django's log its statement also where only the name of the plan was sent."""

        def execute(self, query: str, params: Any = None, **given: Any) -> Any:
            done = super().execute(query, params, **given)
            if self._query is None:  # type: ignore[has-type]
                self._query = SimpleNamespace(query=query.encode())
            return done

    return Prepared
