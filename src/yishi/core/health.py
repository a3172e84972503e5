"""What `yishi check` looks at: database, audit chains, kept files, stray references, search index."""

import datetime as dt
import hashlib
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Literal

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Model

from yishi.core import audit, search, terms
from yishi.core.models import AuditEntry, SearchEntry, StoredFile
from yishi.engines.calendar import CalendarUnpublished, is_workday

Tick = Callable[[int], None]
Level = Literal["fault", "warning"]
Found = tuple[int, int, str, bool]
Findable = Callable[[], Iterable[Found]]
SHOWN = 10
LEAST_FREE = 500 * 2**20
_findable: dict[str, Findable] = {}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be, and how to mend it."""

    level: Level
    area: str
    zh: str
    en: str


def environment(at: dt.datetime) -> Iterator[Finding]:
    """Settings that a public site should not have, room on the disk, the working-day calendar."""
    if settings.DEBUG:
        yield Finding(
            "warning",
            "environment",
            "YISHI_DEBUG 已开启；对外服务前请关闭。",
            "YISHI_DEBUG is on; switch it off before serving the public.",
        )
    if not settings.SITE_URL.startswith("https://") and not _is_local(settings.SITE_URL):
        yield Finding(
            "warning",
            "environment",
            "YISHI_URL 不是 https；请启用 HTTPS 并设 YISHI_HTTPS=1。",
            "YISHI_URL is not https; set up HTTPS and YISHI_HTTPS=1.",
        )
    free = shutil.disk_usage(settings.DATA_DIR).free
    if free < LEAST_FREE:
        yield Finding(
            "warning", "environment", f"数据盘只剩 {free // 2**20} MB。", f"Only {free // 2**20} MB are free for data."
        )
    for day in (at.date(), (at + dt.timedelta(days=40)).date()):
        try:
            is_workday(day)
        except CalendarUnpublished as error:
            yield Finding("warning", "environment", error.text["zh"], error.text["en"])
            return


def _is_local(url: str) -> bool:
    return any(host in url for host in ("//127.0.0.1", "//localhost", "//[::1]"))


def database() -> Iterator[Finding]:
    """Migrations that are missing; pages and references that the database itself finds broken."""
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        yield Finding(
            "fault",
            "database",
            f"有 {len(waiting)} 步结构升级未执行；运行 yishi migrate。",
            f"{len(waiting)} migrations are missing; run `yishi migrate`.",
        )
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA quick_check(5)")
        broken = [row[0] for row in cursor.fetchall() if row[0] != "ok"]
        cursor.execute("PRAGMA foreign_key_check")
        orphans = cursor.fetchmany(SHOWN)
    if broken:
        yield Finding(
            "fault",
            "database",
            f"数据库文件损坏：{broken[0]}；请从备份恢复。",
            f"The database file is damaged: {broken[0]}; restore a backup.",
        )
    for table, row, parent, _ in orphans:
        yield Finding(
            "fault",
            "orphans",
            f"{table} 第 {row} 行指向 {parent} 中不存在的记录。",
            f"Row {row} of {table} points to a missing row of {parent}.",
        )


def chains(tick: Tick) -> Iterator[Finding]:
    """Every audit chain, recomputed."""
    entries = AuditEntry.objects.order_by("subject_kind", "subject_id", "number").iterator(chunk_size=2000)
    shown = 0
    for _, chain in groupby(entries, key=lambda e: (e.subject_kind, e.subject_id)):
        try:
            tick(audit.check_chain(chain))
        except audit.BrokenChain as error:
            shown += 1
            yield Finding(
                "fault",
                "audit",
                f"审计链断裂：{error}。请保全现状并与备份比对。",
                f"Audit chain broken: {error}. Keep things as they are and compare with a backup.",
            )
            if shown == SHOWN:
                return


def files(tick: Tick) -> Iterator[Finding]:
    """Every kept file against its digest, and files that nothing refers to."""
    root = Path(settings.MEDIA_ROOT)
    known = set()
    for path, digest in StoredFile.objects.values_list("path", "sha256").iterator():
        known.add(path)
        tick(1)
        place = root / path
        if not place.is_file():
            yield Finding(
                "fault", "files", f"文件缺失：{path}；请从备份取回。", f"File missing: {path}; take it from a backup."
            )
        elif _digest(place) != digest:
            yield Finding(
                "fault",
                "files",
                f"文件内容已变：{path}；请从备份取回。",
                f"File changed: {path}; take it from a backup.",
            )
    stray = [p for p in root.rglob("*") if p.is_file() and p.relative_to(root).as_posix() not in known]
    if stray:
        names = "、".join(p.relative_to(root).as_posix() for p in stray[:3])
        yield Finding(
            "warning",
            "files",
            f"有 {len(stray)} 个文件无人引用，如 {names}；可删除。",
            f"{len(stray)} files belong to nothing, such as {names}; they can be deleted.",
        )


def _digest(path: Path) -> str:
    with path.open("rb") as inner:
        return hashlib.file_digest(inner, "sha256").hexdigest()


def orphans() -> Iterator[Finding]:
    """Rows that name a subject which is not there. The audit keeps entries of what was erased."""
    for model in apps.get_models():
        names = {f.name for f in model._meta.get_fields()}
        if not {"subject_kind", "subject_id"} <= names or model is AuditEntry:
            continue
        named = model._default_manager.exclude(subject_kind="")
        for kind in named.values_list("subject_kind", flat=True).distinct().order_by():
            yield from _strays(model, kind)


def _strays(model: type[Model], kind: str) -> Iterator[Finding]:
    ids = model._default_manager.filter(subject_kind=kind)
    try:
        found = ids.exclude(subject_id__in=apps.get_model(kind)._default_manager.values("pk")).count()
    except (LookupError, ValueError):
        found = ids.count()
    if found:
        label = model._meta.label
        yield Finding(
            "fault",
            "orphans",
            f"{label} 有 {found} 行指向不存在的 {kind}。",
            f"{found} rows of {label} name a {kind} that is not there.",
        )


def register_findable(kind: str, rows: Findable) -> None:
    """Say what the index must hold of a kind: (id, town id, text, public) of every object that may be found."""
    _findable[kind] = rows


def _compared(kind: str, rows: Findable) -> tuple[list[Found], list[int]]:
    """What is missing from the index or out of date, and what it holds though it must not."""
    held = {
        i: (hash(t), p) for i, t, p in SearchEntry.objects.filter(kind=kind).values_list("object_id", "text", "public")
    }
    wrong = []
    for row in rows():
        known = held.pop(row[0], None)
        if known != (hash(row[2][: terms.LONGEST]), row[3]):
            wrong.append(row)
    return wrong, sorted(held)


def search_index() -> Iterator[Finding]:
    """Everything that may be found is in the index as it reads now, nothing else is, and the index itself is whole."""
    for kind, rows in _findable.items():
        wrong, strangers = _compared(kind, rows)
        if wrong:
            first = min(row[0] for row in wrong)
            yield Finding(
                "fault",
                "search",
                f"{len(wrong)} 条 {kind} 搜不到或索引过时（如编号 {first}）；运行 yishi check --mend。",
                f"{len(wrong)} of {kind} cannot be found as they are now (such as id {first}); run `yishi check --mend`.",
            )
        if strangers:
            yield Finding(
                "fault",
                "search",
                f"索引里有 {len(strangers)} 条不应能搜到的 {kind}（如编号 {strangers[0]}）；运行 yishi check --mend。",
                f"The index holds {len(strangers)} of {kind} that must not be found (such as id {strangers[0]}); run "
                "`yishi check --mend`.",
            )
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT count(*) FROM core_search_docsize")
        else:
            cursor.execute("SELECT count(terms) FROM core_searchentry")
        held = cursor.fetchone()[0]
    if held != SearchEntry.objects.count():
        yield Finding(
            "fault",
            "search",
            "搜索索引不完整；运行 yishi check --mend。",
            "The search index is not complete; run `yishi check --mend`.",
        )


def mend_search(tick: Tick) -> int:
    """Make the index what it must be; returns how many entries were mended."""
    count = 0
    for kind, rows in _findable.items():
        wrong, strangers = _compared(kind, rows)
        for object_id, town_id, text, public in wrong:
            search.index_text(kind, object_id, town_id, text, public=public)
            tick(1)
        for object_id in strangers:
            search.drop(kind, object_id)
        count += len(wrong) + len(strangers)
    search.rebuild()
    return count


def background(at: dt.datetime) -> Iterator[Finding]:
    """Jobs that have been waiting for long: nobody works on them."""
    from django_tasks_db.models import DBTaskResult

    waiting = DBTaskResult.objects.ready().filter(enqueued_at__lt=at - dt.timedelta(minutes=15)).count()
    if waiting:
        yield Finding(
            "warning",
            "background",
            f"{waiting} 个后台任务等了 15 分钟以上；后台任务在运行吗？（yishi serve 或 yishi worker）",
            f"{waiting} background jobs have waited for over 15 minutes; is `yishi serve` or `yishi worker` running?",
        )
