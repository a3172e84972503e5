"""The command as a person uses it: fast help, plain errors, accounts, everything out and in."""

import json
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from tests.cli.installation import YISHI, Installation
from tests.matters.imports.files import TICKETS, comma

from yishi.cli import MOUNTS


@pytest.mark.parametrize("name", ["law", "decide", "opinion", "triage"])
def test_engines_never_load_django(name: str) -> None:
    code = f"import sys\nfrom yishi.cli import app\ntry:\n    app(['{name}', '--help'])\nexcept SystemExit:\n    pass\nassert 'django' not in sys.modules"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_help_lists_every_command_without_loading_one() -> None:
    code = "import sys\nfrom yishi.cli import app\ntry:\n    app(['--help'])\nexcept SystemExit:\n    pass\nassert not [m for m in sys.modules if m.startswith('yishi.commands.')]"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert [name for name in MOUNTS if name not in done.stdout] == []


@pytest.mark.parametrize("name", [n for n, m in MOUNTS.items() if m.panel != MOUNTS["law"].panel and n != "network"])
def test_every_command_helps_with_an_example(name: str) -> None:
    done = subprocess.run([*YISHI, name, "--help"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    inner = ("messages", "hotline", "paper", "network") if name == "import" else ("",)
    for sub in inner:
        shown = subprocess.run([*YISHI, name, *filter(None, [sub]), "--help"], capture_output=True, text=True).stdout
        assert "Example" in shown, (name, sub)


def test_a_slip_of_the_pen_is_met_with_a_suggestion() -> None:
    done = subprocess.run([*YISHI, "exprot"], capture_output=True, text=True)
    assert done.returncode == 2 and "No such command" in done.stderr and "Traceback" not in done.stderr


def test_migrating_twice_changes_nothing(installation: Installation) -> None:
    assert "up to date" in installation.run("migrate").stdout


def test_a_keeper_is_made_once_and_decides_nothing(installation: Installation) -> None:
    installation.more["ADMIN_PASSWORD"] = "correct horse 2026"
    assert "decides no matter" in installation.run("create-admin", "--email", "k@example.org").stdout
    again = installation.run("create-admin", "--email", "K@example.org", code=1)
    assert "exists" in again.stderr
    installation.more["ADMIN_PASSWORD"] = "short"
    assert "short" in installation.run("create-admin", "--email", "l@example.org", code=1).stderr
    assert installation.count("people.User") == 1
    code = "from yishi.people.models import User; u = User.objects.get(); print(u.is_keeper, u.person)"
    assert installation.python(code) == "True None"


def test_without_tables_the_way_out_is_said(tmp_path: Path) -> None:
    done = Installation(tmp_path / "new").run("import", "messages", __file__, code=1)
    assert "yishi migrate" in done.stderr


def test_a_database_that_does_not_answer_is_named(tmp_path: Path) -> None:
    away = Installation(tmp_path / "new", {"YISHI_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"})
    assert "YISHI_DATABASE_URL" in away.run("migrate", code=1).stderr


def test_tickets_come_in_and_the_refused_go_into_a_file(installation: Installation, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_bytes(comma(TICKETS))
    done = installation.run("import", "hotline", tmp_path / "list.csv", "--town", "dali")
    assert "6 rows: 2 added, 0 unchanged, 4 refused." in done.stdout
    assert (tmp_path / "list.refused.xlsx").is_file()
    assert "0 added, 2 unchanged" in installation.run("import", "hotline", tmp_path / "list.csv").stdout
    assert installation.count("matters.Report") == 2
    wrong = installation.run("import", "messages", tmp_path / "list.csv", "--town", "nowhere", code=1)
    assert "大沥镇" in wrong.stderr
    assert (
        "field=column" in installation.run("import", "hotline", tmp_path / "list.csv", "--map", "text", code=1).stderr
    )


def digests(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as file:
        entries = json.loads(file.read("manifest.json"))["entries"]
    return {n: e["sha256"] for n, e in entries.items() if n.endswith(".jsonl") and "auditentry" not in n}


def test_from_sqlite_to_postgresql_and_back(
    installation: Installation, postgresql: Installation, tmp_path: Path
) -> None:
    (tmp_path / "list.csv").write_bytes(comma(TICKETS))
    installation.run("import", "hotline", tmp_path / "list.csv")
    installation.run("export", tmp_path / "one.zip")
    postgresql.run("restore", tmp_path / "one.zip")
    postgresql.run("check")
    postgresql.run("export", tmp_path / "two.zip")
    assert digests(tmp_path / "one.zip") == digests(tmp_path / "two.zip")
    assert "already" in postgresql.run("restore", tmp_path / "one.zip", code=1).stderr
    back = Installation(tmp_path / "back")
    back.run("restore", tmp_path / "two.zip")
    back.run("check")
    assert "0 added, 2 unchanged" in back.run("import", "hotline", tmp_path / "list.csv").stdout
    (tmp_path / "more.csv").write_bytes(
        comma([TICKETS[0], ("GD9", "新", "新的一件", "2026-09-20", "投诉", "", "", "")])
    )
    for place in (back, postgresql):
        assert "1 added" in place.run("import", "hotline", tmp_path / "more.csv").stdout


def test_a_backup_is_put_back(installation: Installation, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_bytes(comma(TICKETS))
    installation.run("import", "hotline", tmp_path / "list.csv")
    installation.run("backup", tmp_path / "backup")
    other = Installation(tmp_path / "other")
    other.run("restore", tmp_path / "backup")
    assert other.count("matters.Report") == 2
    other.run("check")
    assert "not empty" in installation.run("backup", tmp_path / "backup", code=1).stderr


def test_check_finds_what_is_broken_and_says_what_to_do(installation: Installation, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_bytes(comma(TICKETS))
    installation.run("import", "hotline", tmp_path / "list.csv")
    assert "FAULT" not in installation.run("check").stderr
    with sqlite3.connect(installation.folder / "yishi.sqlite3") as database:
        database.execute("UPDATE core_auditentry SET actor_id = 77 WHERE verb = 'matters.imported'")
        database.execute("DELETE FROM core_searchentry WHERE id = (SELECT max(id) FROM core_searchentry)")
        database.execute(
            "INSERT INTO core_storedfile (town_id, token, subject_kind, subject_id, kind, role, public, name, path, media_type,"
            " size, sha256, added_at) VALUES (1, 't', 'matters.report', 999, 'photo', '', 0, '', 'gone', 'image/jpeg', 1, 'x',"
            " '2026-09-28')"
        )
    found = installation.run("check", code=1).stderr
    assert "search" not in installation.run("check", "--mend", code=1).stderr
    for words in ("Audit chain broken", "File missing: gone", "matters.report that is not there", "check --mend"):
        assert words in found, words


def test_what_must_not_be_found_is_taken_out_of_the_index(installation: Installation, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_bytes(comma(TICKETS))
    installation.run("import", "hotline", tmp_path / "list.csv")
    with sqlite3.connect(installation.folder / "yishi.sqlite3") as database:
        database.execute("UPDATE matters_matter SET sealed = 1 WHERE id = (SELECT min(id) FROM matters_matter)")
        database.execute("UPDATE core_searchentry SET public = 1 WHERE id = (SELECT max(id) FROM core_searchentry)")
    found = installation.run("check", code=1).stderr
    assert "must not be found" in found and "as they are now" in found
    assert "2 entries of the search index were mended" in installation.run("check", "--mend").stdout
    assert "FAULT" not in installation.run("check").stderr
