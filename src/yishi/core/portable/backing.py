"""Backups while running: the database's own copy, and the kept files beside it."""

import datetime as dt
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, connections

from yishi import __version__
from yishi.core.models import StoredFile
from yishi.core.portable.places import DamagedExport, Source
from yishi.core.portable.tables import written
from yishi.core.portable.writing import export

FORMAT = "yishi-backup"
Tick = Callable[[int], None]


def back_up(folder: Path, at: dt.datetime, tick: Tick = lambda n: None) -> dict[str, Any]:
    """Copy the running installation into a new folder; returns the manifest.

    SQLite: the online backup interface. PostgreSQL: ``pg_dump`` where it is installed,
    otherwise a full export. Kept files are linked where the disk allows it, else copied.

    Raises:
        FileExistsError: the folder exists and is not empty.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if any(folder.iterdir()):
        raise FileExistsError(17, "the folder is not empty; choose a new one", str(folder))
    name = _copy_database(folder, at)
    files: dict[str, str] = {}
    missing = []
    if name != "export.zip":
        for kept, digest in StoredFile.objects.order_by("path").values_list("path", "sha256"):
            (files.__setitem__(kept, digest) if _keep(folder, kept) else missing.append(kept))
            tick(1)
    manifest = {
        "format": FORMAT, "version": 1, "yishi": __version__, "made_at": written(at), "database": name,
        "sha256": file_digest(folder / name), "files": files, "missing": missing,
    }  # fmt: skip
    (folder / "manifest.json").write_text(json.dumps(manifest, ensure_ascii=False, indent=1))
    return manifest


def _copy_database(folder: Path, at: dt.datetime) -> str:
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with sqlite3.connect(folder / "database.sqlite3") as copy:
            connection.connection.backup(copy)
        copy.close()
        return "database.sqlite3"
    if shutil.which("pg_dump"):
        _postgres("pg_dump", "--format=custom", "--no-owner", f"--file={folder / 'database.dump'}")
        return "database.dump"
    export(folder / "export.zip", at)
    return "export.zip"


def _postgres(program: str, *options: str) -> None:
    s = connections["default"].settings_dict
    environment = os.environ | {
        "PGHOST": s["HOST"], "PGPORT": str(s["PORT"]), "PGUSER": s["USER"], "PGPASSWORD": s["PASSWORD"],
        "PGDATABASE": s["NAME"],
    }  # fmt: skip
    done = subprocess.run([program, *options], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise OSError(done.returncode, done.stderr.strip() or program, program)


def _keep(folder: Path, kept: str) -> bool:
    source, place = Path(settings.MEDIA_ROOT) / kept, folder / "files" / kept
    if not source.is_file():
        return False
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, place)  # kept files are never written twice, so a link is a copy
    except OSError:
        shutil.copy2(source, place)
    return True


def file_digest(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    with path.open("rb") as inner:
        return hashlib.file_digest(inner, "sha256").hexdigest()


def is_backup(path: Path) -> bool:
    """Whether a folder is a backup rather than an export."""
    place = path / "manifest.json"
    return place.is_file() and json.loads(place.read_text()).get("format") == FORMAT


def put_back(folder: Path) -> dict[str, Any]:
    """Put a backup back into an empty installation on the same kind of database.

    Raises:
        DamagedExport: the database or a file differs from the manifest.
    """
    manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
    _verify(folder, manifest)
    name = manifest["database"]
    if (name == "database.sqlite3") != (connection.vendor == "sqlite"):
        raise DamagedExport(
            name, "备份的数据库种类与本安装不同；请用导出文件", "made on another kind of database; use an export"
        )
    if name == "database.sqlite3":
        connection.ensure_connection()
        with sqlite3.connect(f"file:{folder / name}?mode=ro", uri=True) as copy:
            copy.backup(connection.connection)
        copy.close()
    else:
        _postgres(
            "pg_restore", "--clean", "--if-exists", "--no-owner", f"--dbname={connection.settings_dict['NAME']}",
            str(folder / name),
        )  # fmt: skip
    for kept in manifest["files"]:
        place = Path(settings.MEDIA_ROOT) / kept
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(folder / "files" / kept, place)
    return manifest


def _verify(folder: Path, manifest: dict[str, Any]) -> None:
    wanted = {manifest["database"]: manifest["sha256"]} | {f"files/{k}": d for k, d in manifest["files"].items()}
    source = Source(folder)
    for name, digest in wanted.items():
        if source.digest(name) != digest:
            raise DamagedExport(name, "内容与清单不符", "its content differs from the manifest")
