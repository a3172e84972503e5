"""The database of the tests: migrated once for a state of the sources, then copied for every process that tests.

Migrating costs twenty to forty seconds on a small machine and each process of each
part of a run would pay it. The first one keeps what it migrated under ``.pytest_cache``
(SQLite) or as a template database (PostgreSQL), named after a digest of the sources; the
others copy that in well under a second.
"""

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from pytest_django.plugin import DjangoDbBlocker

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / ".pytest_cache" / "databases"

__all__ = ["django_db_setup", "migrated_copy"]


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


def _let_go(connection: Any) -> None:
    """Close the connection, and the pool that holds others of its kind open."""
    connection.close()
    if getattr(connection, "pool", None):
        connection.close_pool()


def _point_at(name: str) -> None:
    from django.db import connection

    _let_go(connection)
    connection.settings_dict["NAME"] = name


def _migrated_file() -> Path:
    """The migrated SQLite file of this state of the sources, made where there is none (the lock is held)."""
    template = KEPT / f"{_digest()}.sqlite3"
    if not template.is_file():
        shutil.rmtree(KEPT / "half", ignore_errors=True)
        (KEPT / "half").mkdir()
        given = {name: value for name, value in os.environ.items() if not name.startswith("YISHI_")}
        given |= {"YISHI_DATA_DIR": str(KEPT / "half"), "YISHI_SECRET_KEY": "for tests alone"}
        command = [sys.executable, "-c", "from yishi.cli import app; app()", "migrate"]
        subprocess.run(command, env=given, check=True, stdout=subprocess.DEVNULL)
        for old in KEPT.glob("*.sqlite3*"):
            old.unlink()
        with closing(sqlite3.connect(KEPT / "half" / "yishi.sqlite3")) as file:
            file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (KEPT / "half" / "yishi.sqlite3").replace(template)
    return template


def _copy(target: Path | str) -> None:
    with closing(sqlite3.connect(_migrated_file())) as whole, closing(sqlite3.connect(target)) as copy:
        whole.backup(copy)


def migrated_copy(folder: Path) -> None:
    """Put a migrated SQLite database into a data folder of a test's own."""
    folder.mkdir(exist_ok=True)
    with _one_at_a_time():
        _copy(folder / "yishi.sqlite3")


def _sqlite(target: str) -> None:
    """Copy the migrated file to ``target`` and use it."""
    _copy(target)
    _point_at(target)


def _postgresql(target: str) -> None:
    """Create ``target`` from the template database; make that first where this state of the sources has none."""
    from django.core.management import call_command
    from django.db import connection

    digest = _digest()
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
            call_command("migrate", verbosity=0, interactive=False)
            _let_go(connection)
            cursor.execute(f'ALTER DATABASE "{half}" RENAME TO "{template}"')
        cursor.execute(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{target}" TEMPLATE "{template}"')
    _point_at(target)


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A database of this process's own, copied from the migrated one, dropped at the end."""
    from django.db import connection, connections

    settings: dict[str, Any] = connection.settings_dict
    before = settings["NAME"]
    postgresql = connection.vendor == "postgresql"
    worker = os.environ.get("PYTEST_XDIST_WORKER", str(os.getpid()))
    target = f"test_{before}_{worker}" if postgresql else settings["TEST"]["NAME"]
    with django_db_blocker.unblock(), _one_at_a_time():
        (_postgresql if postgresql else _sqlite)(target)
    yield
    with django_db_blocker.unblock():
        connections.close_all()
        if postgresql:
            _let_go(connection)
            with connection._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)')
