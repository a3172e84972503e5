"""`yishi budget` as a person or a script calls it, scenario 16 through it, and the words of the answers."""

import csv
import gzip
import json
import tomllib
from collections import defaultdict
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from yishi.cli import app as whole
from yishi.commands.budget import app
from yishi.engines.tally.budget import as_data, as_words, equal_shares, greedy, instance_of
from yishi.engines.tally.budget.payments import exact_text

CASES = tomllib.loads((Path(__file__).resolve().parents[2] / "cases" / "s16_micro_budget.toml").read_text("utf-8"))
RULES = {"greedy": ["--rule", "greedy"], "equal_shares": ["--rule", "equal-shares"], "first": ["--completion", "none"]}


def run(*words: Any, language: str = "zh") -> Any:
    return CliRunner().invoke(app, [str(w) for w in words], env={"YISHI_LANGUAGE": language})


def pabulib(case: dict[str, Any]) -> str:
    """A golden case as a Pabulib file."""
    likes = defaultdict(list)
    for p in case["projects"]:
        for i in range(p["votes"]):
            likes[(p["from"] + i) % case["residents"]].append(p["id"])
    rows = [f"{p['id']};{p['cost']};{p['votes']};{p['name']}" for p in case["projects"]]
    votes = [f"{i};{','.join(likes[i])}" for i in range(case["residents"])]
    head = ["META", "key;value", f"budget;{case['money']}", "vote_type;approval", f"num_votes;{case['residents']}"]
    return "\n".join([*head, "PROJECTS", "project_id;cost;votes;name", *rows, "VOTES", "voter_id;vote", *votes])


@pytest.fixture
def town(tmp_path: Path) -> Path:
    path = tmp_path / "小区.pb"
    path.write_text(pabulib(CASES["budgets"][0]), encoding="utf-8")
    return path


@pytest.mark.parametrize("rule", [key for key in RULES if key in CASES["budgets"][0]])
def test_scenario_16(town: Path, rule: str) -> None:
    want = CASES["budgets"][0][rule]
    answer = run(town, *RULES[rule], "--json")
    assert answer.exit_code == 0, answer.output
    got = json.loads(answer.stdout)
    assert got["selected"] == want["selected"]
    assert sorted(p["id"] for p in got["projects"]) == list("123456789")
    assert all(p["text"]["zh"] and p["text"]["en"] for p in got["projects"])
    for sentence in want["says"]:
        assert sentence in answer.stdout


def test_the_answer_holds_its_arithmetic(town: Path) -> None:
    got = json.loads(run(town, "--json").stdout)
    assert (got["rule"], got["utility"], got["completion"]) == ("equal-shares", "cost", "add1")
    assert Fraction(got["share"]) == Fraction(60000, 84) + got["raises"]
    assert int(got["spent"]) + int(got["left"]) == 60000
    assert int(got["spent"]) == sum(int(p["cost"]) for p in got["projects"] if p["selected"])
    for p in got["projects"]:
        if p["selected"]:
            assert p["paying_in_full"] + p["paying_the_rest"] + p["with_nothing_left"] == p["votes"]
            assert Fraction(p["each"]) * p["paying_in_full"] <= int(p["cost"])
        else:
            assert 0 < Fraction(p["missing"]) <= int(p["cost"])


@pytest.mark.parametrize("name", ["payments.csv", "payments.csv.gz"])
def test_the_trace_pays_for_every_project(town: Path, tmp_path: Path, name: str) -> None:
    got = json.loads(run(town, "--utility", "cardinality", "--trace", tmp_path / name, "--json").stdout)
    written = (tmp_path / name).read_bytes()
    text = (gzip.decompress(written) if name.endswith(".gz") else written).decode()
    paid: dict[str, Fraction] = defaultdict(Fraction)
    for row in csv.DictReader(text.splitlines()):
        paid[row["project_id"]] += Fraction(row["paid_exact"])
        assert abs(Fraction(row["paid"]) - Fraction(row["paid_exact"])) <= Fraction(1, 200)
    assert paid == {p["id"]: int(p["cost"]) for p in got["projects"] if p["selected"]}


def test_words_in_the_readers_language(town: Path) -> None:
    assert "等额分担法" in run(town).stdout
    assert "method of equal shares" in run(town, language="en").stdout
    assert "贪心法：按票数" in run(town, "--rule", "greedy").stdout
    assert "by votes per money" in run(town, "--rule", "greedy", "--utility", "cardinality", language="en").stdout
    listed = CliRunner().invoke(whole, ["budget", str(town)], env={"YISHI_LANGUAGE": "zh"})
    assert listed.stdout == run(town).stdout


def test_what_cannot_be_done_is_said_with_code_2(town: Path, tmp_path: Path) -> None:
    for words, said in (
        ([tmp_path / "none.pb"], "读写文件出错"),
        ([town, "--rule", "greedy", "--completion", "add1"], "贪心法没有补足"),
        ([town, "--rule", "greedy", "--trace", tmp_path / "t.csv"], "没有每人付款"),
        ([town, "--trace", tmp_path / "t.xlsx"], "只能写 .csv"),
        ([town, "--trace", tmp_path / "no folder" / "t.csv"], "读写文件出错"),
    ):
        answer = run(*words)
        assert answer.exit_code == 2
        assert said in answer.stderr
        as_json = run(*words, "--json")
        assert as_json.exit_code == 2
        assert said in json.loads(as_json.stdout)["error"]["zh"]
    town.write_text(
        town.read_text(encoding="utf-8").replace("vote_type;approval", "vote_type;ordinal"), encoding="utf-8"
    )
    assert "META, line 4, column “vote_type”" in run(town, language="en").stderr
    assert "META 第 4 行 “vote_type”列" in json.loads(run(town, "--json").stdout)["error"]["zh"]
    assert run(town, "--rule", "best").exit_code == 2


def reasons(result: Any) -> dict[str, str]:
    return {p["id"]: p["text"]["en"] for p in as_data(result)["projects"]}


def test_every_project_has_its_reason() -> None:
    costs = {"a": 12, "b": 5, "c": 0, "d": 3, "e": 40, "f": 0, "g": 2}
    likes = {"1": "abceg", "2": "abe", "3": "ace", "4": "beg"}
    instance = instance_of(costs, likes, 20)
    assert reasons(equal_shares(instance)) == {
        "a": "funded in round 1: of 3 supporters 3 pay 4 each; together 12",
        "g": "funded in round 2: of 2 supporters 1 pay 1 each, 1 all they had left; together 2",
        "b": "funded in round 3: of 3 supporters 2 all they had left, 1 had nothing left; together 5",
        "e": "not funded: its 4 supporters have 1 left of its cost 40, 39 short",
        "c": "left out: costs nothing, so it has no utility by cost",
        "d": "not funded: nobody approves it",
        "f": "not funded: nobody approves it",
    }
    counted = reasons(equal_shares(instance, "cardinality", "add1"))
    assert counted["c"] == "funded: costs nothing and is approved"
    assert "≈1.67" in counted["b"]
    ranked = reasons(greedy(instance))
    assert ranked["e"] == "place 1: 4 votes, cost 40, 20 left: 20 more than is left: on to the next that fits"
    assert ranked["c"] == "place 5: 2 votes, cost 0, 1 left: funded"
    assert ranked["f"] == "place 7: 0 votes, cost 0, 1 left: approved by nobody, funded last because it fits"
    assert ranked["d"].startswith("place 6: 0 votes, cost 3, 1 left: 2 more than is left")
    assert list(reasons(greedy(instance, "cardinality")))[:2] == ["c", "g"]


def test_notes_are_told() -> None:
    data = as_data(greedy(instance_of({"a": 1}, {"1": "a"}, 1)))
    assert as_words({**data, "notes": [{"zh": "注", "en": "note"}]}, "en").endswith("! note\n")


def test_exact_numbers_of_any_length() -> None:
    long = Fraction(10**9000 + 7, 3)
    text = exact_text(long)
    assert text.startswith("1000")
    assert text.endswith("0007/3")
    assert len(text) == 9003
    assert exact_text(Fraction(4)) == "4"
