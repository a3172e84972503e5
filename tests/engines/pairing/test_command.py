"""`yishi pair`: the command as a person or a script calls it."""

import builtins
import json

import pytest
from openpyxl import Workbook
from typer.testing import CliRunner

from yishi.commands.pair import app
from yishi.engines.pairing import template


def run(*arguments, language="zh"):
    return CliRunner().invoke(app, [str(a) for a in arguments], env={"YISHI_LANGUAGE": language})


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "结对.csv"
    path.write_text(template.as_csv(), encoding="utf-8-sig")
    return path


def test_the_template_printed_is_the_table_it_reads(tmp_path):
    shown = run("--template")
    assert shown.exit_code == 0
    path = tmp_path / "filled.csv"
    path.write_text(shown.stdout, encoding="utf-8")
    assert run(path, "--json").exit_code == 0
    for name in ("t.xlsx", "t.csv"):
        assert run("--template", "--out", tmp_path / name).exit_code == 0
        assert json.loads(run(tmp_path / name, "--json").stdout)["status"] == "optimal"
    assert run("--template", "--out", tmp_path / "t.doc").exit_code == 2


def test_the_answer_holds_pairs_with_reasons_and_the_proof(table):
    found = json.loads(run(table, "--json").stdout)
    assert found["status"] == "optimal"
    assert found["certificate"]["proven"]
    assert found["certificate"]["bound"] == found["total"] == sum(p["score"] for p in found["pairs"])
    for pair in found["pairs"]:
        assert sum(pair["parts"].values()) == pair["score"]
        assert {"zh", "en"} == set(pair["why"])
    told = {(p["branch"], p["community"]): p["why"] for p in found["pairs"]}
    assert "带来医疗（3），西社区需要医疗（2）" in told["卫生院支部", "西社区"]["zh"]
    assert "brings 医疗 (3), 西社区 needs 医疗 (2)" in told["卫生院支部", "西社区"]["en"]
    assert found["quotas"][0]["most"] <= 1
    assert found["unpaired"] == {"branches": [], "communities": []}


def test_words_in_the_readers_language(table):
    assert "已证明最优" in run(table).stdout
    assert "proven best" in run(table, language="en").stdout


def test_what_an_edit_costs(table):
    found = json.loads(run(table, "--json", "--forbid", "卫生院支部=东社区", "--fix", "司法所支部=南社区").stdout)
    assert found["what_if"]["cost"] == found["what_if"]["before"] - found["what_if"]["after"]
    assert "分" in found["what_if"]["sentence"]["zh"]
    assert run(table, "--forbid", "卫生院支部").exit_code == 2
    assert run(table, "--forbid", "无=东社区").exit_code == 2
    none = json.loads(run(table, "--json", *(f for c in "东西南" for f in ("--forbid", f"司法所支部={c}社区"))).stdout)
    assert none["what_if"]["after"] is None
    assert len(none["what_if"]["conflict"]["wishes"]) == 4


def test_the_plan_after_an_edit_comes_whole_and_the_answer_above_stays_that_of_the_table(table):
    plain = json.loads(run(table, "--json").stdout)
    found = json.loads(run(table, "--json", "--forbid", "卫生院支部=西社区", "--fix", "司法所支部=南社区").stdout)
    after = found.pop("what_if")
    assert found == plain
    assert after["status"] == "optimal"
    assert after["certificate"]["proven"]
    assert after["total"] == after["after"] == sum(p["score"] for p in after["pairs"])
    had = {(p["branch"], p["community"]) for p in plain["pairs"]}
    has = {(p["branch"], p["community"]): p for p in after["pairs"]}
    assert set(has) == had - set(map(tuple, after["gone"])) | set(map(tuple, after["new"]))
    assert has["司法所支部", "南社区"]["fixed"]
    assert not any(p["fixed"] for pair, p in has.items() if pair != ("司法所支部", "南社区"))
    words = run(table, "--forbid", "卫生院支部=西社区").stdout
    assert "- 卫生院支部 — 西社区\n" in words
    none = json.loads(run(table, "--json", *(f for c in "东西南" for f in ("--forbid", f"司法所支部={c}社区"))).stdout)
    assert (none["what_if"]["status"], none["what_if"]["total"], none["what_if"]["pairs"]) == ("infeasible", None, [])
    assert "what_if" in run("--help").output


def test_a_sheet_of_notes_is_named_in_the_answer(tmp_path):
    book = Workbook()
    for row in template.rows():
        book.active.append(row)
    book.create_sheet("备注").append(["填表人：小王"])
    book.save(tmp_path / "t.xlsx")
    assert json.loads(run(tmp_path / "t.xlsx", "--json").stdout)["left_out"] == ["备注"]
    assert "没有读的工作表：“备注”。" in run(tmp_path / "t.xlsx").stdout
    assert "Sheets left out: “备注”." in run(tmp_path / "t.xlsx", language="en").stdout


def test_an_edit_that_leaves_no_plan_names_what_conflicts_in_words_too(table):
    edits = [f for c in "东西南" for f in ("--forbid", f"司法所支部={c}社区")]
    for language, no_plan, wish in (
        ("zh", "改动后没有可行的方案", "不许“司法所支部”与“西社区”结对"),
        ("en", "With this edit no plan is left", "“司法所支部” pairs with at least 1 community\n"),
    ):
        done = run(table, *edits, language=language)
        assert done.exit_code == 0
        assert no_plan in done.stdout
        assert f"· {wish}" in done.stdout.partition(no_plan)[2]


def test_edits_that_mend_a_conflict_are_tried(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("类别,名称,最多,对方\n支部,甲,1,\n支部,乙,1,\n社区,东,1,\n社区,西,1,\n指定,甲,,东\n指定,乙,,东\n", encoding="utf-8")  # fmt: skip
    found = json.loads(run(path, "--json", "--free", "乙=东").stdout)
    assert found["status"] == "infeasible"
    assert found["conflict"]["smallest"]
    assert (found["what_if"]["before"], found["what_if"]["after"], found["what_if"]["cost"]) == (None, 0, None)
    assert found["what_if"]["new"] == [["乙", "西"], ["甲", "东"]]
    words = run(path, "--free", "乙=东", language="en").stdout
    assert "No plan" in words
    assert "With this edit there is a plan: 2 pairs, 0 points in all\n· 乙 — 西\n· 甲 — 东\n" in words
    still = json.loads(run(path, "--json", "--forbid", "乙=西").stdout)
    assert still["what_if"]["after"] is None
    assert still["what_if"]["conflict"]["wishes"]


def test_wishes_that_conflict_are_an_answer(table):
    with table.open("a", encoding="utf-8") as file:
        file.write("名额,,,,5,,,,东片,合计\n")
    done = run(table, "--json")
    assert done.exit_code == 0
    found = json.loads(done.stdout)
    assert found["status"] == "infeasible"
    assert found["conflict"]["smallest"]
    assert 1 <= len(found["conflict"]["wishes"]) <= 2
    assert "这一项单独也做不到" in run(table).stdout
    table.write_text(table.read_text("utf-8-sig").replace(",,,,5,,,,东片", ",,,,3,,,,东片"), encoding="utf-8")
    assert "不能同时满足" in run(table).stdout
    assert "cannot all be kept" in run(table, language="en").stdout


def test_faults_are_said_without_a_traceback(tmp_path, table):
    assert run().exit_code == 2
    assert run(tmp_path / "none.csv").exit_code == 2
    table.write_text("类别,名称\n支部,甲\n社区,东\n别的,x\n", encoding="utf-8")
    done = run(table, "--json")
    assert done.exit_code == 2
    assert "第 4 行" in json.loads(done.stdout)["error"]["zh"]


def test_without_the_solver_the_words_say_what_to_install(table, monkeypatch):
    real = builtins.__import__

    def without(name, *rest, **more):
        if name.startswith("ortools"):
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    done = run(table, "--json")
    assert done.exit_code == 2
    assert "yishi[pairing]" in json.loads(done.stdout)["error"]["en"]
