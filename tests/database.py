"""The database of the tests: migrated once for a state of the sources, then copied for every process that tests.

Migrating costs twenty to forty seconds on a small machine and each process of each
part of a run would pay it. The first one keeps what it migrated under ``.pytest_cache``
(SQLite) or as a template database (PostgreSQL), named after a digest of the sources; the
others copy that in well under a second.
"""

import fcntl
import hashlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from pytest_django.plugin import DjangoDbBlocker

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / ".pytest_cache" / "databases"

__all__ = ["django_db_setup"]


def _digest() -> str:
    """Names the state of the sources: anything changed under ``src`` or in the locked packages counts."""
    made = hashlib.sha256((ROOT / "uv.lock").read_bytes())
    for path in sorted((ROOT / "src").rglob("*.py")):
        made.update(path.read_bytes())
    return made.hexdigest()[:16]


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _migrate() -> None:
    """Migrate the database that the default connection points at, quietly."""
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0, interactive=False)
    _let_go(connection)


def _let_go(connection: Any) -> None:
    """Close the connection, and the pool that holds others of its kind open."""
    connection.close()
    if getattr(connection, "pool", None):
        connection.close_pool()


def _point_at(name: str) -> None:
    from django.db import connection

    _let_go(connection)
    connection.settings_dict["NAME"] = name


def _sqlite(target: str, digest: str) -> None:
    """Copy the migrated file to ``target``; make it first where this state of the sources has none."""
    template = KEPT / f"{digest}.sqlite3"
    if not template.is_file():
        for old in KEPT.glob("*.sqlite3*"):
            old.unlink()
        half = template.with_suffix(".half")
        half.unlink(missing_ok=True)
        _point_at(str(half))
        _migrate()
        with closing(sqlite3.connect(half)) as file:
            file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        half.replace(template)
    with closing(sqlite3.connect(template)) as whole, closing(sqlite3.connect(target)) as copy:
        whole.backup(copy)
    _point_at(target)


def _postgresql(target: str, digest: str) -> None:
    """Create ``target`` from the template database; make that first where this state of the sources has none."""
    from django.db import connection

    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'yishi\\_template\\_%%'")
        there = {name for (name,) in cursor.fetchall()}
        template = f"yishi_template_{digest}"
        if template not in there:
            for old in there:
                cursor.execute(f'DROP DATABASE IF EXISTS "{old}"')
            half = f"yishi_half_{digest}"
            cursor.execute(f'DROP DATABASE IF EXISTS "{half}"')
            cursor.execute(f'CREATE DATABASE "{half}"')
            _point_at(half)
            _migrate()
            cursor.execute(f'ALTER DATABASE "{half}" RENAME TO "{template}"')
        cursor.execute(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{target}" TEMPLATE "{template}"')
    _point_at(target)


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """A database of this process's own, copied from the migrated one, dropped at the end."""
    from django.db import connection, connections

    settings: dict[str, Any] = connection.settings_dict
    before = settings["NAME"]
    postgresql = connection.vendor == "postgresql"
    worker = os.environ.get("PYTEST_XDIST_WORKER", str(os.getpid()))
    target = f"test_{before}_{worker}" if postgresql else settings["TEST"]["NAME"]
    with django_db_blocker.unblock(), _one_at_a_time():
        (_postgresql if postgresql else _sqlite)(target, _digest())
    yield
    with django_db_blocker.unblock():
        connections.close_all()
        if postgresql:
            _let_go(connection)
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)')
