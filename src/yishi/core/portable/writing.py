"""Writing an export: one consistent moment of the database, streamed row by row."""

import csv
import datetime as dt
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Model

from yishi import __version__
from yishi.core.models import StoredFile
from yishi.core.portable.places import CHUNK, FolderTarget, Hashed, ZipTarget, target_for
from yishi.core.portable.tables import FORMAT, VERSION, columns_of, excluded_models, exported_models, schema, written

Tick = Callable[[int], None]
READ_ME = """议事 Yishi 全量导出 · a full export

tables/<app>.<table>.csv    可用 Excel 打开（UTF-8） · opens in a spreadsheet
tables/<app>.<table>.jsonl  每行一条记录，恢复时用 · one record a line; what a restore reads
files/                      照片、录音、文件原件 · photos, recordings, documents
manifest.json               版本、行数、每个条目的 SHA-256 · versions, row counts, digests

含个人信息，请妥善保管。 It holds personal data; keep it safe.
恢复 restore: yishi restore <this file>
"""


@contextmanager
def one_moment() -> Iterator[None]:
    """Read the database as it is now, whatever others write meanwhile; writers do not wait."""
    if connection.vendor == "sqlite":
        if connection.in_atomic_block:  # a caller's own transaction is a moment already
            yield
            return
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("COMMIT")
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def _rows(model: type[Model]) -> Iterator[tuple[Any, ...]]:
    names = [c.attname for c in columns_of(model)]
    found = model._default_manager.order_by("pk").values_list(*names)
    return found.iterator(chunk_size=2000)


def _write_json(model: type[Model], out: Hashed, tick: Tick) -> int:
    names = [c.attname for c in columns_of(model)]
    count = 0
    for row in _rows(model):
        line = json.dumps(dict(zip(names, map(written, row), strict=True)), ensure_ascii=False, separators=(",", ":"))
        out.write(line.encode() + b"\n")
        count += 1
        tick(1)
    return count


def _write_csv(model: type[Model], out: Hashed) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    out.write(b"\xef\xbb\xbf")
    writer.writerow([c.attname for c in columns_of(model)])
    for row in _rows(model):
        writer.writerow([_cell(value) for value in row])
        if text.tell() > CHUNK:
            out.write(text.getvalue().encode())
            text.seek(0)
            text.truncate()
    out.write(text.getvalue().encode())


def _cell(value: Any) -> Any:
    """A cell that a spreadsheet shows and never computes."""
    plain = written(value)
    if isinstance(plain, dict | list):
        return json.dumps(plain, ensure_ascii=False)
    if isinstance(plain, str) and plain[:1] in {"=", "+", "-", "@", "\t", "\r"}:
        return "'" + plain
    return plain


def _copy(path: Path, out: Hashed) -> None:
    with path.open("rb") as inner:
        while piece := inner.read(CHUNK):
            out.write(piece)


def count_rows() -> int:
    """How many rows an export will hold, for a progress bar."""
    return sum(m._default_manager.count() for m in exported_models())


def export(path: Path, at: dt.datetime, tick: Tick = lambda n: None) -> dict[str, Any]:
    """Write everything to a zip (name ends in .zip) or a new folder; returns the manifest.

    Kept files that are no longer on disk are named in ``manifest["missing"]``.

    Raises:
        FileExistsError: the folder is not empty.
    """
    manifest: dict[str, Any] = {
        "format": FORMAT, "version": VERSION, "yishi": __version__, "made_at": written(at),
        "database": connection.vendor, "schema": {}, "left_out": excluded_models(), "entries": {}, "missing": [],
    }  # fmt: skip
    with target_for(path) as target, one_moment():
        manifest["schema"] = schema()
        for model in exported_models():
            _add_table(target, manifest, model, tick)
        for kept, digest in StoredFile.objects.order_by("path").values_list("path", "sha256"):
            _add_file(target, manifest, kept, digest)
        with target.entry("README.txt") as out:
            out.write(READ_ME.encode())
        manifest["entries"]["README.txt"] = {"sha256": out.digest, "size": out.size}
        with target.entry("manifest.json") as out:
            out.write(json.dumps(manifest, ensure_ascii=False, indent=1).encode())
    return manifest


def _add_table(target: ZipTarget | FolderTarget, manifest: dict[str, Any], model: type[Model], tick: Tick) -> None:
    name = f"tables/{model._meta.label_lower}"
    with target.entry(f"{name}.jsonl") as out:
        rows = _write_json(model, out, tick)
    manifest["entries"][f"{name}.jsonl"] = {"sha256": out.digest, "size": out.size, "rows": rows}
    with target.entry(f"{name}.csv") as out:
        _write_csv(model, out)
    manifest["entries"][f"{name}.csv"] = {"sha256": out.digest, "size": out.size, "rows": rows}


def _add_file(target: ZipTarget | FolderTarget, manifest: dict[str, Any], kept: str, digest: str) -> None:
    path = Path(settings.MEDIA_ROOT) / kept
    if not path.is_file():
        manifest["missing"].append(kept)
        return
    with target.entry(f"files/{kept}") as out:
        _copy(path, out)
    manifest["entries"][f"files/{kept}"] = {"sha256": out.digest, "size": out.size}
    if out.digest != digest:
        manifest["missing"].append(kept)
