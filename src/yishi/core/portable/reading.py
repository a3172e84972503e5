"""Reading an export back: everything is checked before anything is written."""

import json
import shutil
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model

from yishi.core import search
from yishi.core.portable.places import CHUNK, DamagedExport, Source
from yishi.core.portable.tables import FORMAT, VERSION, columns_of, exported_models, read_back, schema

Tick = Callable[[int], None]
BATCH = 500


class NotEmpty(Exception):
    """The installation holds something already; ``table`` names where."""

    def __init__(self, table: str) -> None:
        self.table = table
        super().__init__(table)


class OtherVersion(Exception):
    """The export was made by another version; ``zh`` and ``en`` say which and what to do."""

    def __init__(self, zh: str, en: str) -> None:
        self.zh, self.en = zh, en
        super().__init__(en)


def read_manifest(source: Source) -> dict[str, Any]:
    """The manifest of an export.

    Raises:
        DamagedExport: it is missing or cannot be read.
        OtherVersion: it is of a format that this version does not know.
    """
    with source.open("manifest.json") as inner:
        try:
            manifest = json.loads(inner.read())
        except ValueError:
            raise DamagedExport("manifest.json", "无法读取", "cannot be read") from None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise DamagedExport("manifest.json", "不是议事的导出文件", "not an export of Yishi")
    if manifest.get("version") != VERSION:
        raise OtherVersion(
            f"导出格式为第 {manifest.get('version')} 版，本程序读第 {VERSION} 版。请用导出时的版本恢复。",
            f"The export has format {manifest.get('version')}; this program reads {VERSION}. Restore it with the "
            "version that made it.",
        )
    return manifest


def verify(source: Source, tick: Tick = lambda n: None) -> dict[str, Any]:
    """Check every entry against the manifest; returns the manifest.

    Raises:
        DamagedExport: naming the first entry that is missing, changed, or not in the manifest.
    """
    manifest = read_manifest(source)
    entries: dict[str, Any] = manifest["entries"]
    strangers = sorted(source.names() - set(entries) - {"manifest.json"})
    if strangers:
        raise DamagedExport(strangers[0], "清单中没有这个条目", "not in the manifest")
    for name, facts in entries.items():
        if source.digest(name) != facts["sha256"]:
            raise DamagedExport(name, "内容与清单不符", "its content differs from the manifest")
        tick(1)
    return manifest


def refuse_other_schema(manifest: dict[str, Any]) -> None:
    """Restore only into the very schema that was exported.

    Raises:
        OtherVersion: naming the first app that differs.
    """
    ours, theirs = schema(), manifest["schema"]
    labels = {m._meta.app_label for m in exported_models()}
    for app in sorted(labels):
        if ours.get(app) != theirs.get(app):
            raise OtherVersion(
                f"数据库结构不同（{app}：导出为 {theirs.get(app)}，本库为 {ours.get(app)}）。"
                f"请安装导出时的版本 {manifest.get('yishi')}，恢复后再升级。",
                f"The schema differs ({app}: exported {theirs.get(app)}, here {ours.get(app)}). Install version "
                f"{manifest.get('yishi')}, which made the export, restore, then upgrade.",
            )


def refuse_full() -> None:
    """Restore only into an empty installation.

    Raises:
        NotEmpty: naming a table that has rows.
    """
    for model in exported_models():
        if model._default_manager.exists():
            raise NotEmpty(model._meta.label)


def _lines(source: Source, name: str) -> Iterator[dict[str, Any]]:
    with source.open(name) as inner:
        for line in inner:
            yield json.loads(line)


def _fill_table(source: Source, model: type[Model], tick: Tick) -> int:
    columns = columns_of(model)
    quote = connection.ops.quote_name
    sql = (
        f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(quote(str(c.column)) for c in columns)}) "
        f"VALUES ({', '.join(['%s'] * len(columns))})"
    )
    rows = ([read_back(c, line[c.attname]) for c in columns] for line in _lines(source, _entry(model)))
    count = 0
    with connection.cursor() as cursor:
        while piece := list(islice(rows, BATCH)):
            cursor.executemany(sql, piece)
            count += len(piece)
            tick(len(piece))
    return count


def _entry(model: type[Model]) -> str:
    return f"tables/{model._meta.label_lower}.jsonl"


def _reset_counters(models: list[type[Model]]) -> None:
    """New rows get numbers after the restored ones."""
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(sql)


def _put_files(source: Source, manifest: dict[str, Any], root: Path) -> list[Path]:
    put = []
    for name in manifest["entries"]:
        if not name.startswith("files/"):
            continue
        place = root / name.removeprefix("files/")
        place.parent.mkdir(parents=True, exist_ok=True)
        with source.open(name) as inner, place.open("wb") as out:
            shutil.copyfileobj(inner, out, CHUNK)
        put.append(place)
    return put


def restore(source: Source, tick: Tick = lambda n: None) -> dict[str, int]:
    """Fill an empty installation from an export that :func:`verify` has passed; returns rows per table.

    All or nothing: on any error the database stays empty and the files are taken away again.

    Raises:
        NotEmpty, OtherVersion, DamagedExport
    """
    manifest = read_manifest(source)
    refuse_other_schema(manifest)
    refuse_full()
    put = _put_files(source, manifest, Path(settings.MEDIA_ROOT))
    counts: dict[str, int] = {}
    try:
        with transaction.atomic():
            models = exported_models()
            for model in models:
                counts[model._meta.label_lower] = _fill_table(source, model, tick)
            _reset_counters(models)
            search.rebuild()
    except BaseException:
        for place in put:
            place.unlink(missing_ok=True)
        raise
    return counts
