"""`yishi verify` as people use it: a zip or a folder, both languages, exit codes."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.engines.bundle.made import LOG, assembly, committed, files_of, owners, public, small
from typer.testing import CliRunner

from yishi.cli import app
from yishi.engines.bundle import archive, commit, make_zip

FILES = files_of(assembly(331))
run = CliRunner()


@pytest.fixture
def packed(tmp_path: Path) -> Path:
    path = tmp_path / "decision.zip"
    path.write_bytes(make_zip(FILES))
    return path


def folder(at: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (at / name).parent.mkdir(parents=True, exist_ok=True)
        (at / name).write_bytes(data)
    return at


@pytest.mark.parametrize(("language", "words"), [("zh", "成立：全部核对无误"), ("en", "Holds: every check is passed")])
def test_a_bundle_that_holds(packed: Path, tmp_path: Path, language: str, words: str) -> None:
    for given in (packed, folder(tmp_path / "open", FILES)):
        answer = run.invoke(app, ["verify", str(given)], env={"YISHI_LANGUAGE": language})
        assert answer.exit_code == 0, answer.output
        assert words in answer.stdout
        assert "⌈498×2/3⌉" in answer.stdout


def test_json_is_for_programs(packed: Path) -> None:
    answer = run.invoke(app, ["verify", str(packed), "--json", "--key", f"{LOG.name}={LOG.public}"])
    told = json.loads(answer.stdout)
    assert (answer.exit_code, told["ok"], told["title"]) == (0, True, "厂房租赁方案")
    assert all(one["zh"] and one["en"] and one["ok"] for one in told["checks"])
    assert told["results"][0]["outcome"] == "not_passed"


def test_a_changed_byte_is_named_with_its_line(packed: Path, tmp_path: Path) -> None:
    ballots = FILES["ballots/1.txt"].replace(b"no\nyes", b"yes\nyes", 1)
    at = folder(tmp_path / "forged", {**FILES, "ballots/1.txt": ballots})
    answer = run.invoke(app, ["verify", str(at)], env={"YISHI_LANGUAGE": "en"})
    assert answer.exit_code == 1
    assert "→ ballots/1.txt:" in answer.stdout
    assert "Does not hold" in answer.stdout


def test_what_a_terminal_would_obey_is_not_passed_on(tmp_path: Path) -> None:
    decision = FILES["decision.json"].replace("厂房租赁方案".encode(), b"\\u001b[2Jgone")
    answer = run.invoke(app, ["verify", str(folder(tmp_path / "b", {**FILES, "decision.json": decision}))])
    assert answer.exit_code == 1
    assert "\x1b" not in answer.stdout
    assert "[2Jgone" in answer.stdout


@pytest.fixture
def both(tmp_path: Path) -> tuple[str, str]:
    """A full edition and its public one, as files."""
    full, shown = tmp_path / "full.zip", tmp_path / "public.zip"
    full.write_bytes(make_zip(files_of(committed(small()))))
    shown.write_bytes(make_zip(public(small())))
    return str(full), str(shown)


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "1 项未公开，见 ○"), ("en", "1 of the checks are withheld, see ○")]
)
def test_what_is_withheld_is_said_and_nothing_fails(both: tuple[str, str], language: str, words: str) -> None:
    answer = run.invoke(app, ["verify", both[1]], env={"YISHI_LANGUAGE": language})
    assert answer.exit_code == 0, answer.output
    assert words in answer.stdout
    assert [line for line in answer.stdout.splitlines() if line.startswith(" ○")]
    told = json.loads(run.invoke(app, ["verify", both[1], "--json"]).stdout)
    assert [one["check"] for one in told["checks"] if one["state"] == "withheld"] == ["ballots"]
    assert told["ok"] is True


def test_a_voter_finds_their_ballot_by_line_or_file(both: tuple[str, str], tmp_path: Path) -> None:
    salt = (committed(small()).votes[0].salts or {})["m000001"]
    answer = run.invoke(
        app, ["verify", both[1], "--mine", "m000001 yes 1", "--salt", salt], env={"YISHI_LANGUAGE": "en"}
    )
    assert answer.exit_code == 0 and "your ballot is among the commitments (commitments/1.txt:" in answer.stdout
    note = tmp_path / "mine.txt"
    note.write_text(f"m000001\tyes\t1\n{salt}\n", encoding="utf-8")
    assert run.invoke(app, ["verify", both[1], "--mine", str(note)]).exit_code == 0
    answer = run.invoke(
        app, ["verify", both[1], "--mine", "m000001 no 1", "--salt", salt], env={"YISHI_LANGUAGE": "zh"}
    )
    assert answer.exit_code == 1 and "没有找到" in answer.stdout
    assert run.invoke(app, ["verify", both[1], "--mine", "m000001 yes 1"]).exit_code == 2
    note.write_text("", encoding="utf-8")
    assert run.invoke(app, ["verify", both[1], "--mine", str(note)]).exit_code == 2


def test_the_full_edition_proves_the_public_one(both: tuple[str, str], tmp_path: Path) -> None:
    answer = run.invoke(app, ["verify", both[0], "--public", both[1]], env={"YISHI_LANGUAGE": "en"})
    assert answer.exit_code == 0, answer.output
    assert "rolls and commitments are the same to the byte" in answer.stdout
    other = folder(tmp_path / "other", public(owners()))
    assert run.invoke(app, ["verify", both[0], "--public", str(other)]).exit_code == 1
    assert run.invoke(app, ["verify", both[0], "--public", str(tmp_path / "none.zip")]).exit_code == 2


def test_what_cannot_be_read_is_code_2(packed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "no.zip").write_bytes(b"PK nonsense")
    for given in ([str(tmp_path / "none.zip")], [str(tmp_path / "no.zip")], [str(packed), "--key", "nonsense"]):
        answer = run.invoke(app, ["verify", *given])
        assert answer.exit_code == 2, answer.output
    told = run.invoke(app, ["verify", str(packed), "--json", "--key", "a=b"])
    assert told.exit_code == 2
    assert set(json.loads(told.stdout)["error"]) == {"zh", "en"}
    monkeypatch.setattr("yishi.commands.verify.LARGEST", 100)
    assert archive.LARGEST > 100
    assert run.invoke(app, ["verify", str(folder(tmp_path / "large", FILES))]).exit_code == 2


def test_the_installed_command_needs_no_database(packed: Path) -> None:
    command = Path(sys.executable).with_name("yishi")
    code = subprocess.run(
        [command, "verify", packed, "--json"],
        capture_output=True,
        text=True,
        env={"PATH": "/usr/bin", "LANG": "C.UTF-8"},
    )
    assert code.returncode == 0, code.stderr
    assert json.loads(code.stdout)["ok"] is True


def test_a_commitment_is_opened_by_salt_and_line() -> None:
    assert commit(b"salt", "张三，一户") == commit(b"salt", "张三，一户")
    assert commit(b"salt", "张三，一户") != commit(b"tlas", "张三，一户")
