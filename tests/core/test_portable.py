"""Everything out and in again: equal to the byte, refused when damaged, never over existing data."""

import datetime as dt
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection
from PIL import Image
from tests.matters.stages import told

from yishi.core import files, portable, search
from yishi.core.models import AuditEntry, StoredFile
from yishi.core.portable import backing
from yishi.core.portable.tables import schema
from yishi.matters import services
from yishi.matters.models import Matter
from yishi.network.viewers import Viewer

pytestmark = pytest.mark.django_db(transaction=True)
MOMENT = dt.datetime(2026, 9, 28, 2, 0, tzinfo=dt.UTC)


@pytest.fixture
def media(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path / "media")
    return tmp_path / "media"


@pytest.fixture
def matter(alice: Viewer, officer: Viewer, media: Path, at: dt.datetime) -> Matter:
    """A matter with odd characters, a photo, and acts on the record."""
    report = services.raise_matter(alice, told(title='引号"、逗号，\n换行 =1+1', text="永东街\u3000🚧 电梯"), at)
    picture = ContentFile(b"")
    Image.new("RGB", (32, 24), "red").save(picture, "PNG")
    picture.seek(0)
    files.store_photo(report, picture, at=at, public=True, town_id=report.town_id)
    return report.matter


def emptied() -> None:
    call_command("flush", interactive=False, verbosity=0)
    search.rebuild()


def tables(manifest: dict[str, Any]) -> dict[str, str]:
    return {n: e["sha256"] for n, e in manifest["entries"].items() if n.endswith((".jsonl", ".csv"))}


def test_round_trip_is_equal(matter: Matter, media: Path, tmp_path: Path) -> None:
    before = portable.export(tmp_path / "one.zip", MOMENT)
    photo = StoredFile.objects.get()
    emptied()
    shutil.rmtree(media)
    with portable.open_source(tmp_path / "one.zip") as source:
        portable.verify(source)
        counts = portable.restore(source)
    assert (
        counts["matters.matter"] == 1
        and counts["core.auditentry"] == before["entries"]["tables/core.auditentry.jsonl"]["rows"]
    )
    assert files.path_of(photo).is_file()
    after = portable.export(tmp_path / "two.zip", MOMENT)
    assert tables(before) == tables(after) and not after["missing"]
    assert search.find("matters.matter", "电梯", town_id=matter.town_id, public_only=False) == [matter.pk]


def test_new_rows_get_new_numbers_after_a_restore(
    matter: Matter, alice: Viewer, tmp_path: Path, at: dt.datetime
) -> None:
    portable.export(tmp_path / "one.zip", MOMENT)
    emptied()
    with portable.open_source(tmp_path / "one.zip") as source:
        portable.restore(source)
    assert services.raise_matter(alice, told(), at).matter_id > matter.pk


def test_a_folder_holds_the_same_as_a_zip(matter: Matter, tmp_path: Path) -> None:
    zipped = portable.export(tmp_path / "one.zip", MOMENT)
    folder = portable.export(tmp_path / "folder", MOMENT)
    assert tables(zipped) == tables(folder)
    with portable.open_source(tmp_path / "folder") as source:
        portable.verify(source)
    with pytest.raises(FileExistsError):
        portable.export(tmp_path / "folder", MOMENT)


def test_nothing_is_left_out_unsaid() -> None:
    labels = {m._meta.label_lower for m in apps.get_models(include_auto_created=True)}
    assert {m._meta.label_lower for m in portable.exported_models()} | set(portable.excluded_models()) >= labels
    assert {label for label in labels if label.split(".")[0] in ("matters", "people", "network", "core", "inbox")} <= {
        m._meta.label_lower for m in portable.exported_models()
    }


def rewritten(source: Path, target: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = change(name, old.read(name))
            if data is not None:
                new.writestr(name, data)
    return target


DAMAGES: dict[str, tuple[str, Callable[[str, bytes], bytes | None]]] = {
    "a changed word": (
        "tables/matters.matter.jsonl",
        lambda n, d: d.replace("永东街".encode(), "永西街".encode()) if n.endswith("matters.matter.jsonl") else d,
    ),
    "a missing table": ("tables/people.person.csv", lambda n, d: None if n == "tables/people.person.csv" else d),
    "a changed table for people": (
        "tables/core.auditentry.csv",
        lambda n, d: d + b"x" if n.endswith("auditentry.csv") else d,
    ),
    "a missing manifest": ("manifest.json", lambda n, d: None if n == "manifest.json" else d),
    "a manifest of nonsense": ("manifest.json", lambda n, d: b"{" if n == "manifest.json" else d),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_export_is_refused_by_the_name_of_its_entry(name: str, matter: Matter, tmp_path: Path) -> None:
    entry, change = DAMAGES[name]
    portable.export(tmp_path / "one.zip", MOMENT)
    bad = rewritten(tmp_path / "one.zip", tmp_path / "bad.zip", change)
    with portable.open_source(bad) as source, pytest.raises(portable.DamagedExport) as found:
        portable.verify(source)
    assert found.value.entry == entry and entry in found.value.zh and entry in found.value.en


def test_a_stranger_in_the_zip_and_a_zip_cut_short_are_refused(matter: Matter, tmp_path: Path) -> None:
    portable.export(tmp_path / "one.zip", MOMENT)
    data = (tmp_path / "one.zip").read_bytes()
    (tmp_path / "short.zip").write_bytes(data[: len(data) // 2])
    with pytest.raises(portable.DamagedExport, match=r"short\.zip"), portable.open_source(tmp_path / "short.zip"):
        pass
    with zipfile.ZipFile(tmp_path / "one.zip", "a") as more:
        more.writestr("files/../../evil", b"x")
    with portable.open_source(tmp_path / "one.zip") as source, pytest.raises(portable.DamagedExport, match="evil"):
        portable.verify(source)


def test_an_unsafe_path_is_never_opened(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "one.zip", "w") as new:
        new.writestr("../evil", b"x")
    with portable.open_source(tmp_path / "one.zip") as source, pytest.raises(portable.DamagedExport):
        source.digest("../evil")


def test_only_an_empty_installation_is_filled(matter: Matter, tmp_path: Path) -> None:
    portable.export(tmp_path / "one.zip", MOMENT)
    with portable.open_source(tmp_path / "one.zip") as source, pytest.raises(portable.NotEmpty):
        portable.restore(source)


def test_another_version_is_named(matter: Matter, tmp_path: Path) -> None:
    portable.export(tmp_path / "one.zip", MOMENT)

    def other(key: str, value: Any) -> Path:
        def change(name: str, data: bytes) -> bytes:
            return json.dumps(json.loads(data) | {key: value}).encode() if name == "manifest.json" else data

        return rewritten(tmp_path / "one.zip", tmp_path / f"{key}.zip", change)

    emptied()
    for path in (other("version", 99), other("schema", schema() | {"matters": "0999_later"})):
        with portable.open_source(path) as source, pytest.raises(portable.OtherVersion):
            portable.restore(source)
    assert not Matter.objects.exists()


def test_a_restore_that_fails_leaves_nothing_behind(
    matter: Matter, media: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    portable.export(tmp_path / "one.zip", MOMENT)
    emptied()
    shutil.rmtree(media)

    def broken() -> int:
        raise RuntimeError("power cut")

    monkeypatch.setattr(search, "rebuild", broken)
    with portable.open_source(tmp_path / "one.zip") as source, pytest.raises(RuntimeError):
        portable.restore(source)
    assert not Matter.objects.exists() and not AuditEntry.objects.exists()
    assert not [p for p in media.rglob("*") if p.is_file()]


def test_a_spreadsheet_never_computes_a_cell(matter: Matter, tmp_path: Path) -> None:
    Matter.objects.update(title="=HYPERLINK(1)")
    portable.export(tmp_path / "folder", MOMENT)
    text = (tmp_path / "folder" / "tables" / "matters.matter.csv").read_text("utf-8-sig")
    assert "'=HYPERLINK(1)" in text and ",=HYPERLINK" not in text
    assert "=HYPERLINK(1)" in (tmp_path / "folder" / "tables" / "matters.matter.jsonl").read_text()


def test_a_lost_photo_is_said(matter: Matter, media: Path, tmp_path: Path) -> None:
    files.path_of(StoredFile.objects.get()).unlink()
    assert portable.export(tmp_path / "one.zip", MOMENT)["missing"] == [StoredFile.objects.get().path]


def test_an_export_is_one_moment_while_others_write(matter: Matter, tmp_path: Path) -> None:
    """A row added by another connection while the export runs is in no table of it."""
    import threading

    from yishi.people.models import Consent

    started, go_on = threading.Event(), threading.Event()
    fresh: list[int] = []

    def write() -> None:
        started.wait(20)
        fresh.append(Consent.objects.create(purpose="late", manner="spoken", given_at=MOMENT).pk)
        connection.close()
        go_on.set()

    writer = threading.Thread(target=write)
    writer.start()

    def tick(n: int) -> None:
        if not started.is_set():
            started.set()
            go_on.wait(20)

    manifest = portable.export(tmp_path / "one.zip", MOMENT, tick)
    writer.join()
    assert fresh and Consent.objects.filter(pk=fresh[0]).exists()
    assert manifest["entries"]["tables/people.consent.jsonl"]["rows"] == 0


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the copy of a PostgreSQL database needs its own tools")
def test_a_backup_is_a_whole_database_with_its_files(matter: Matter, tmp_path: Path) -> None:
    import sqlite3

    manifest = backing.back_up(tmp_path / "backup", MOMENT)
    assert backing.is_backup(tmp_path / "backup") and not manifest["missing"]
    with sqlite3.connect(tmp_path / "backup" / "database.sqlite3") as copy:
        assert copy.execute("SELECT reference FROM matters_matter").fetchall() == [(matter.reference,)]
    assert (
        len(list((tmp_path / "backup" / "files").rglob("*.*")) + list((tmp_path / "backup" / "files").rglob("*"))) >= 1
    )
    kept = tmp_path / "backup" / "files" / StoredFile.objects.get().path
    kept.unlink()
    with pytest.raises(portable.DamagedExport):
        backing.put_back(tmp_path / "backup")
