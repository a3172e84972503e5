"""Golden legal cases: facts → outcome and clause, run through the commands that people use."""

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from yishi.commands import decide, law
from yishi.engines.procedure import clock_due, load_pack
from yishi.engines.procedure.floors import floor, read_local

CASES = Path(__file__).resolve().parents[2] / "cases"
run = CliRunner()


def table(name: str) -> dict[str, Any]:
    return tomllib.loads((CASES / name).read_text(encoding="utf-8"))


HISTORIES = sorted(p.name for p in CASES.glob("*.toml") if "decision" in table(p.name))
CHECKS = table("check_values.toml")["check"]


@pytest.mark.parametrize("name", HISTORIES)
def test_history(name: str) -> None:
    answer = run.invoke(decide.app, ["replay", str(CASES / name), "--json"])
    assert answer.exit_code == 0, answer.output
    got, want = json.loads(answer.stdout), table(name)["expect"]
    for key in ("status", "step", "phase", "certified"):
        assert got[key] == want.get(key, got[key]), key
    assert [r["code"] for r in got["refusals"]] == want["refused"]
    assert [r["outcome"] for r in got["results"]] == want.get("outcomes", [r["outcome"] for r in got["results"]])
    assert [r["pack"] for r in got["results"]] == want.get("packs", [r["pack"] for r in got["results"]])
    assert set(want.get("warns", ())) <= {w["code"] for w in got["warnings"]}
    if "elected" in want:
        assert got["results"][-1]["elected"] == want["elected"]
        assert got["results"][-1]["vacant"] == want["vacant"]
    for sentence in want.get("says", ()):
        assert sentence in answer.stdout
    told = [*got["refusals"], *got["warnings"], *got["allowed"]]
    assert all(one["text"]["zh"] and one["text"]["en"] for one in told)


@pytest.mark.parametrize("name", HISTORIES)
def test_a_history_reads_the_same_as_text_and_as_json_file(name: str, tmp_path: Path) -> None:
    spoken = run.invoke(decide.app, ["replay", str(CASES / name)])
    assert spoken.exit_code == 0
    assert "→" in spoken.stdout or "✓" in spoken.stdout
    copy = tmp_path / "events.json"
    copy.write_text(json.dumps(table(name), default=str), encoding="utf-8")
    one = run.invoke(decide.app, ["replay", str(copy), "--json"])
    other = run.invoke(decide.app, ["replay", str(CASES / name), "--json"])
    assert one.stdout == other.stdout


@pytest.mark.parametrize("case", CHECKS, ids=lambda c: f"{c['pack']}-{'-'.join(c['values'].values())}")
def test_check(case: dict[str, Any]) -> None:
    numbers = [f"{key}={value}" for key, value in case["values"].items()]
    mode = [f"mode={case['mode']}"] if "mode" in case else []
    answer = run.invoke(law.app, ["check", case["pack"], *numbers, *mode, "--on", str(case["on"]), "--json"])
    got = json.loads(answer.stdout)
    assert got["outcome"] == case["outcome"]
    assert got["certifiable"] == case["certifiable"]
    assert answer.exit_code == (1 if case["outcome"] == "refused" else 0)
    needs = {(one["rule"], one["name"], one["need"]) for one in got["needs"]}
    assert {tuple(need) for need in case.get("needs", ())} <= needs
    assert case.get("says", "") in answer.stdout
    assert case.get("warns") in [None, *(w["code"] for w in got["warnings"])]
    assert case.get("refuses") in [None, *(r["code"] for r in got["refusals"])]


@pytest.mark.parametrize("case", table("deadlines.toml")["clocks"], ids=lambda c: f"{c['pack']}-{c['rule']}")
def test_clock(case: dict[str, Any]) -> None:
    answer = clock_due(case["pack"], case["rule"], case["from"])
    assert answer.due == case["due"]
    assert load_pack(case["pack"]).law.name["zh"] in answer.clause["zh"]
    assert "民法典第201" in answer.clause["zh"]


@pytest.mark.parametrize("case", table("deadlines.toml")["deadlines"], ids=lambda c: str(c["from"]))
def test_deadline(case: dict[str, Any]) -> None:
    asked = ["--days", str(case["days"])] if "days" in case else ["--working-days", str(case["working_days"])]
    asked += ["--clear"] if case.get("clear") else []
    answer = run.invoke(law.app, ["deadline", "--from", str(case["from"]), *asked, "--json"])
    got = json.loads(answer.stdout)
    assert got["due"] == str(case["due"])
    assert got["rolled_from"] == (str(case["moved"]) if "moved" in case else None)


@pytest.mark.parametrize("case", table("floors.toml")["floors"], ids=lambda c: f"{c['pack']} {c['rule']}")
def test_floor(case: dict[str, Any]) -> None:
    answer = run.invoke(law.app, ["floor", case["pack"], case["rule"], "--json"])
    got = json.loads(answer.stdout)
    assert got["accepted"] is case["accepted"]
    assert answer.exit_code == (0 if case["accepted"] else 1)
    assert floor(load_pack(case["pack"]), read_local(case["rule"])).accepted is case["accepted"]
