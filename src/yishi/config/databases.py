"""Where the data is kept: embedded SQLite by default, PostgreSQL by its address."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=20000; "
    "PRAGMA cache_size=-4000; PRAGMA mmap_size=134217728; PRAGMA temp_store=MEMORY;"
)


def sqlite(path: Path | str) -> dict[str, Any]:
    """Settings of an embedded database: WAL, durable commits, writers queue instead of failing."""
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": SQLITE_PRAGMAS},
    }


def postgresql(url: str, pool: int) -> dict[str, Any]:
    """Settings of a PostgreSQL server with psycopg's own pool (``pool`` connections a process).

    Statements of ``core.prepared`` are prepared when a connection sees them again; ``?prepare=no`` leaves that
    out, for a pooler between that cannot carry them.
    """
    parts = urlsplit(url)
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    options["prepare_threshold"] = None if options.pop("prepare", "") == "no" else 1
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": {**options, "pool": {"min_size": 1, "max_size": pool, "timeout": 20}},
    }


def from_url(url: str, data_dir: Path, pool: int) -> dict[str, Any]:
    """The default database of an installation."""
    if url.startswith(("postgresql://", "postgres://")):
        return postgresql(url, pool)
    return sqlite(url.removeprefix("sqlite:///") if url else data_dir / "yishi.sqlite3")
