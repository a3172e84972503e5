"""`yishi law` and `yishi decide`: plain words, JSON, and exit codes."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from yishi.commands import decide, law

run = CliRunner()


def test_packs_and_show() -> None:
    every = json.loads(run.invoke(law.app, ["packs", "--json"]).stdout)
    assert {"id": "RC", "status": "unverified"}.items() <= next(p for p in every if p["id"] == "RC").items()
    on = json.loads(run.invoke(law.app, ["packs", "--on", "2025-06-01", "--json"]).stdout)
    assert "VA-OLD" in {p["id"] for p in on}
    assert "VA" not in {p["id"] for p in on}
    spoken = run.invoke(law.app, ["packs"]).stdout
    assert "未核定" in spoken
    for pack in every:
        shown = run.invoke(law.app, ["show", pack["id"], "--json"])
        assert json.loads(shown.stdout)["id"] == pack["id"]
        assert run.invoke(law.app, ["show", pack["id"]]).exit_code == 0
    assert "households" in run.invoke(law.app, ["show", "VA"]).stdout


def test_check_in_words_with_a_local_rule() -> None:
    asked = ["check", "REO-MA", "members_full_capacity=498", "present_incl_online_and_proxy=400", "yes=373"]
    answer = run.invoke(law.app, [*asked, "--on", "2026-11-01", "--local", "pass=3/4"])
    assert answer.exit_code == 0
    assert "需 374 = ⌈498×3/4⌉" in answer.stdout
    assert "未通过" in answer.stdout
    undated = run.invoke(law.app, asked)
    assert "not certifiable" in undated.stdout
    wrong = run.invoke(law.app, ["check", "REO-MA", "members_full_capacity=498", "yes=499"])
    assert wrong.exit_code == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["show", "NOPE"],
        ["packs", "--on", "tomorrow"],
        ["check", "REO-MA", "yes"],
        ["check", "REO-MA", "yes=1", "yes=2"],
        ["check", "REO-MA", "yes=1.5"],
        ["check", "REO-MA", "yes=NaN"],
        ["check", "REO-MA", "yes=-1"],
        ["check", "REO-MA", "yes=1e99"],
        ["check", "REO-MA", "oui=1"],
        ["check", "REO-MA", "yes=abc"],
        ["check", "OWN-12", "area_yes=1.005"],
        ["check", "REO-MA", "yes=1", "--local", "pass=1/2"],
        ["check", "REO-MA", "yes=1", "--local", "pass=x"],
        ["deadline", "--from", "2026-13-01", "--days", "1"],
        ["deadline", "--from", "2026-01-01"],
        ["deadline", "--from", "2026-01-01", "--days", "1", "--working-days", "1"],
        ["deadline", "--from", "2026-01-01", "--working-days", "1", "--clear"],
        ["deadline", "--from", "2026-01-01", "--days", "-1"],
        ["deadline", "--from", "2026-01-01", "--days", "9999999999"],
        ["deadline", "--from", "2026-12-20", "--days", "30"],
        ["floor", "REO-MA", "pass=x"],
    ],
)
def test_mistakes_are_told_in_plain_words(arguments: list[str]) -> None:
    for extra in ([], ["--json"]):
        answer = run.invoke(law.app, [*arguments, *extra])
        assert answer.exit_code == 2, answer.output
        assert "Traceback" not in answer.output
        assert answer.exception is None or isinstance(answer.exception, SystemExit)
    assert json.loads(run.invoke(law.app, [*arguments, "--json"]).stdout)["error"]["zh"]


def test_floor_and_deadline_in_words() -> None:
    assert "不能采用" in run.invoke(law.app, ["floor", "REO-MA", "pass=1/2"]).stdout
    spoken = run.invoke(law.app, ["deadline", "--from", "2026-09-28", "--working-days", "15"])
    assert "2026-10-23" in spoken.stdout


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.toml", "decision = 1"),
        ("a.toml", "[decision]"),
        ("a.toml", '[decision]\nprocedure = "nope"'),
        ("a.toml", '[decision]\nprocedure = "council"\nproceduer = 1'),
        ("a.toml", '[decision]\nprocedure = "council"\n[extra]'),
        ("a.toml", "[decision"),
        ("a.json", "[1]"),
        ("a.json", "{"),
        ("a.json", "[" * 100_000),
    ],
)
def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    for extra in ([], ["--json"]):
        answer = run.invoke(decide.app, ["replay", str(path), *extra])
        assert answer.exit_code == 2, answer.output
        assert "Traceback" not in answer.output


def test_missing_huge_and_binary_files_are_errors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run.invoke(decide.app, ["replay", str(tmp_path / "none.toml")]).exit_code == 2
    binary = tmp_path / "b.toml"
    binary.write_bytes(b"\xff\xfe\x00")
    assert run.invoke(decide.app, ["replay", str(binary)]).exit_code == 2
    monkeypatch.setattr(decide, "LIMIT", 1)
    assert "64 MB" in run.invoke(decide.app, ["replay", str(binary)]).stderr


def test_clauses_of_a_covenant(tmp_path: Path) -> None:
    draft = tmp_path / "draft.txt"
    draft.write_text("第一条 邻里和睦。\n第六条 宠物罚款 200 元。", encoding="utf-8")
    found = run.invoke(law.app, ["clauses", str(draft), "--json"])
    assert found.exit_code == 1
    assert [flag["kind"] for flag in json.loads(found.stdout)] == ["fine"]
    assert "第31条" in run.invoke(law.app, ["clauses", str(draft)]).stdout
    draft.write_text("第一条 邻里和睦。", encoding="utf-8")
    assert run.invoke(law.app, ["clauses", str(draft)]).exit_code == 0
    draft.write_bytes(b"\xff\xfe\x00")
    assert run.invoke(law.app, ["clauses", str(draft)]).exit_code == 2
