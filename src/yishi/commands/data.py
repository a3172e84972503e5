"""`yishi export`, `restore`, `backup`, `check`."""

import datetime as dt
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from yishi.commands.console import Tick, err, fail, out, plain_errors, progress, ready, say, tell

if TYPE_CHECKING:
    from yishi.core.health import Finding

app = typer.Typer()


def note_in_audit(verb: str, at: dt.datetime, **data: Any) -> None:
    """Put the act on the record of each town (nothing to put it on where there is none)."""
    from django.apps import apps
    from django.db import transaction

    from yishi.core import audit

    with transaction.atomic():
        for town in apps.get_model("network.Area").objects.filter(kind="town"):
            audit.record(verb, town, at=at, actor_id=None, town_id=town.pk, **data)


@app.command("export")
def export_all(
    place: Annotated[Path, typer.Argument(help="新文件夹，或 .zip 文件 · a new folder, or a .zip file")],
) -> None:
    """导出全部数据：每张表 CSV 与 JSON，附件，带校验清单。 Export everything: CSV and JSON a table, files, manifest.

    例 Examples:

    yishi export 2026-11.zip

    yishi export /backup/yishi-2026-11
    """
    with plain_errors():
        ready()
        from yishi.core import clock, portable
        from yishi.core.portable.backing import file_digest
        from yishi.core.portable.writing import count_rows

        at = clock.now()
        with progress("导出", "Exporting", count_rows()) as tick:
            manifest = portable.export(place, at, tick)
        note_in_audit("core.exported", at, digest=file_digest(_manifest_or_zip(place)))
        rows = sum(e.get("rows", 0) for n, e in manifest["entries"].items() if n.endswith(".jsonl"))
        files = sum(n.startswith("files/") for n in manifest["entries"])
        tell(
            f"已导出 {rows} 行、{files} 个附件到 {place}。内含个人信息，请妥善保管。",
            f"Exported {rows} rows and {files} files to {place}. It holds personal data: keep it safe.",
        )
        if manifest["missing"]:
            raise fail(
                f"有 {len(manifest['missing'])} 个附件缺失或已变，如 {manifest['missing'][0]}；运行 yishi check。",
                f"{len(manifest['missing'])} files are missing or changed, such as {manifest['missing'][0]}; "
                "run `yishi check`.",
            )


def _manifest_or_zip(place: Path) -> Path:
    return place / "manifest.json" if place.is_dir() else place


@app.command()
def restore(
    place: Annotated[Path, typer.Argument(exists=True, help="导出文件或备份文件夹 · an export or a backup folder")],
) -> None:
    """把导出或备份恢复到一个空的安装（SQLite 或 PostgreSQL）。 Restore into an empty installation.

    例 Example: YISHI_DATABASE_URL=postgresql://… yishi restore 2026-11.zip
    """
    with plain_errors():
        ready()
        from yishi.commands.core import bring_up_to_date
        from yishi.core import clock
        from yishi.core.portable import DamagedExport, NotEmpty, OtherVersion
        from yishi.core.portable.backing import is_backup

        bring_up_to_date()
        try:
            (_put_back if place.is_dir() and is_backup(place) else _restore_export)(place)
        except (DamagedExport, OtherVersion) as error:
            raise fail(f"没有恢复任何数据。{error.zh}", f"Nothing was restored. {error.en}") from None
        except NotEmpty as error:
            raise fail(
                f"本安装已有数据（{error.table}）。请恢复到空的安装：换 YISHI_DATA_DIR 或数据库。",
                f"This installation holds data already ({error.table}). Restore into an empty one: another "
                "YISHI_DATA_DIR or database.",
            ) from None
        note_in_audit("core.restored", clock.now(), source=place.name[:100])
        tell(
            "已恢复。所有人需重新登录。运行 yishi check 可再核对一次。",
            "Restored. Everyone signs in anew. Run `yishi check` to look again.",
        )


def _restore_export(place: Path) -> None:
    from yishi.core import portable

    with portable.open_source(place) as source:
        with progress("核对校验值", "Checking digests") as tick:
            manifest = portable.verify(source, tick)
        rows = sum(e.get("rows", 0) for n, e in manifest["entries"].items() if n.endswith(".jsonl"))
        with progress("恢复", "Restoring", rows) as tick:
            portable.restore(source, tick)


def _put_back(place: Path) -> None:
    from yishi.core.portable.backing import put_back
    from yishi.core.portable.reading import refuse_full

    refuse_full()
    put_back(place)


@app.command()
def backup(
    place: Annotated[Path | None, typer.Argument(help="新文件夹；默认在数据目录下 · a new folder")] = None,
) -> None:
    """在线备份数据库与附件，不停服务。 Back up the database and files while the site runs.

    例 Example: yishi backup /backup/2026-11-23
    """
    with plain_errors():
        ready()
        from django.conf import settings

        from yishi.core import clock
        from yishi.core.portable.backing import back_up

        at = clock.now()
        folder = place or Path(settings.DATA_DIR) / "backups" / f"{clock.local_day(at):%Y%m%d}-{at:%H%M%S}"
        with progress("备份", "Backing up") as tick:
            manifest = back_up(folder, at, tick)
        note_in_audit("core.backed_up", at, digest=manifest["sha256"])
        tell(
            f"已备份到 {folder}。恢复：yishi restore {folder}",
            f"Backed up to {folder}. To restore: yishi restore {folder}",
        )


@app.command()
def check(
    mend: Annotated[bool, typer.Option("--mend", help="修整搜索索引 · mend the search index")] = False,
) -> None:
    """体检：环境、数据库、审计链、附件、孤立记录、搜索索引。 Check the installation; say what to mend.

    没有问题返回 0，只有提醒返回 0，有故障返回 1。 Exit code 0: sound, or warnings only; 1: faults.

    例 Examples:

    yishi check

    yishi check --mend
    """
    with plain_errors():
        ready()
        from yishi.core import clock, health

        at = clock.now()
        found = list(health.environment(at))
        faulty = list(health.database())
        found += faulty
        if not any(f.area == "database" for f in faulty):
            if mend:
                _mend_search()
            found += _contents(at)
        _show(found)
        if any(f.level == "fault" for f in found):
            raise typer.Exit(1)


def _contents(at: dt.datetime) -> "list[Finding]":
    from yishi.core import health
    from yishi.core.models import AuditEntry, StoredFile

    steps: tuple[tuple[str, str, int, Callable[[Tick], Iterable[Finding]]], ...] = (
        ("审计链", "Audit chains", AuditEntry.objects.count(), health.chains),
        ("附件", "Files", StoredFile.objects.count(), health.files),
        ("孤立记录", "Stray rows", 1, lambda tick: health.orphans()),
        ("搜索索引", "Search index", 1, lambda tick: health.search_index()),
        ("后台任务", "Background jobs", 1, lambda tick: health.background(at)),
    )
    found: list[Finding] = []
    for zh, en, total, look in steps:
        with progress(zh, en, total) as tick:
            found += look(tick)
    return found


def _mend_search() -> None:
    from yishi.core import health

    with progress("修整搜索索引", "Mending the search index") as tick:
        count = health.mend_search(tick)
    tell(f"搜索索引修整了 {count} 条。", f"{count} entries of the search index were mended.")


def _show(found: "list[Finding]") -> None:
    for finding in found:
        mark = say("故障", "FAULT") if finding.level == "fault" else say("提醒", "note ")
        (err if finding.level == "fault" else out).print(f"{mark} {say(finding.zh, finding.en)}", markup=False)
    if not found:
        tell("一切正常。", "All is well.")
