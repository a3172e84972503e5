"""Statements that PostgreSQL plans once for a connection, not each time: for the few that everybody runs.

The long ones cost several times as much to plan as to run. Values travel apart from the statement, and the
server keeps the plan from the second time on (``prepare_threshold`` in ``config/databases.py``).
"""

from typing import Any

from django.db import connection


def prepared_cursor() -> Any:
    """A cursor of the default database, to be used in ``with``; on SQLite an ordinary one."""
    if connection.vendor != "postgresql":
        return connection.cursor()
    from django.db.backends.postgresql.base import ServerBindingCursor

    link: Any = connection
    kind: Any = ServerBindingCursor
    link.ensure_connection()
    return link._prepare_cursor(kind(link.connection))
