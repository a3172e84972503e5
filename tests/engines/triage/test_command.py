"""`yishi triage`: the command as a person or a script calls it."""

import gzip
import json
import zipfile
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner, Result

from yishi.commands.triage import app

LABELS = {
    "环境": ("河水发臭，工厂排污", "夜里烧垃圾有浓烟", "工地扬尘大"),
    "交通": ("公交车班次少", "出租车拒载", "路口红绿灯太短"),
}


def run(*arguments: object, language: str = "zh") -> Result:
    return CliRunner().invoke(app, [str(a) for a in arguments], env={"YISHI_LANGUAGE": language})


@pytest.fixture
def history(tmp_path: Path) -> Path:
    lines = ["标题,内容,分类"]
    for k in range(20):
        for label, sayings in LABELS.items():
            lines += [f"{k}号院反映,{k}号院{s}，请处理,{label}" for s in sayings]
    path = tmp_path / "history.csv.gz"
    path.write_bytes(gzip.compress("\n".join(lines).encode()))
    return path


@pytest.fixture
def model(history: Path) -> Path:
    path = history.with_name("town.model")
    done = run("train", history, "--text", "内容", "--label", "分类", "--out", path)
    assert done.exit_code == 0, done.output
    return path


@pytest.fixture
def messages(tmp_path: Path) -> Path:
    path = tmp_path / "messages.csv"
    path.write_text(
        "编号,标题,内容,时间,留言用户,点赞数,反对数\n"
        "7,阳光花园三栋门口有坑,三栋门口大坑积水，老人摔倒,2026/1/2 8:00,甲,3,0\n"
        "8,阳光花园三栋门口的坑,三栋门口的坑积水没人修,2026/1/3 8:00,乙,0,0\n"
        "9,阳光花园三栋门口大坑,三栋门口的大坑积水多日,2026/1/5 8:00,丙,1,1\n"
        "10,公交车太少,三桥路公交车班次少,2026/1/4 8:00,丁,0,0\n",
        encoding="utf-8",
    )
    return path


def test_predict_answers_a_json_array_in_row_order(model: Path, messages: Path) -> None:
    done = run("predict", model, messages, "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert len(found) == 4
    assert {"label", "probability", "reasons", "abstain"} <= set(found[0])
    assert found[3]["label"] == "交通"
    assert found[3]["reasons"][0]["words"]
    assert isinstance(found[3]["abstain"], bool)
    assert 0 <= found[3]["probability"] <= 1


def test_kind_and_urgency_can_be_added(model: Path, tmp_path: Path) -> None:
    path = tmp_path / "now.csv"
    path.write_text("内容\n楼道里有很浓的煤气味，快来人\n建议增设路灯\n", encoding="utf-8")
    gas, lamp = json.loads(run("predict", model, path, "--json", "--with-kind").stdout)
    assert (gas["urgency"]["level"], gas["urgency"]["number"]) == ("emergency", "119")
    assert "煤气味" in "".join(w for r in gas["urgency"]["reasons"] for w in r["words"])
    assert "119" in gas["urgency"]["reasons"][0]["en"]
    assert (lamp["kind"], lamp["kind_certain"]) == ("suggest", True)
    assert lamp["kind_reasons"][0]["words"] == ["建议"]
    assert {"words", "zh", "en"} == set(lamp["kind_reasons"][0])
    assert lamp["urgency"]["reasons"][0]["zh"] == "文中没有危险的词。"
    assert "建议" in run("predict", model, path, "--with-kind").stdout.splitlines()[1]
    assert "emergency 119 " in run("predict", model, path, "--with-kind", language="en").stdout.splitlines()[0]


def test_a_kind_that_no_rule_gives_is_marked_uncertain(model: Path, tmp_path: Path) -> None:
    path = tmp_path / "now.csv"
    path.write_text("内容\n三桥路的公交车\n", encoding="utf-8")
    (said,) = json.loads(run("predict", model, path, "--json", "--with-kind").stdout)
    assert (said["kind"], said["kind_certain"]) == ("help", False)
    assert "请人工确认" in said["kind_reasons"][0]["zh"]
    assert "求助 (不确定)\t一般" in run("predict", model, path, "--with-kind").stdout
    assert "request for help (uncertain)\tordinary" in run("predict", model, path, "--with-kind", language="en").stdout


def test_a_correction_is_learned(model: Path, tmp_path: Path) -> None:
    fixed = tmp_path / "fixed.model"
    done = run("correct", model, "--message", "工地扬尘大，货车进出", "--label", "交通", "--out", fixed)
    assert done.exit_code == 0, done.output
    assert "现在判为“交通”（看" in done.stdout
    said = run("correct", model, "--message", "工地扬尘大，货车进出", "--label", "交通", "--out", fixed, "--json")
    assert json.loads(said.stdout)["reasons"][0]["words"]
    path = tmp_path / "one.csv"
    path.write_text("内容\n工地扬尘大，货车进出\n", encoding="utf-8")
    assert json.loads(run("predict", fixed, path, "--json").stdout)[0]["label"] == "交通"


def test_a_tree_alone_is_a_cold_start(tmp_path: Path) -> None:
    tree, path = tmp_path / "tree.csv", tmp_path / "m.csv"
    tree.write_text("一级,二级\n环境保护,污水排放\n交通运输,公交班次\n", encoding="utf-8")
    path.write_text("内容\n公交班次能多一点吗\n", encoding="utf-8")
    done = run("train", "--tree", tree, "--out", tmp_path / "cold.model", "--json")
    assert json.loads(done.stdout)["calibrated"] is False
    (said,) = json.loads(run("predict", tmp_path / "cold.model", path, "--json").stdout)
    assert said["label"] == "交通运输/公交班次"
    assert said["parents"][0]["label"] == "交通运输"


def test_an_unknown_label_is_answered_with_those_there_are(model: Path, tmp_path: Path) -> None:
    asked = ("correct", model, "--message", "公交", "--label", "水利", "--out", tmp_path / "m")
    assert "没有“水利”这一类；有：交通、环境" in run(*asked).output
    error = json.loads(run(*asked, "--json").stdout)["error"]
    assert "unknown label “水利”; there are: 交通, 环境" in error["en"]
    assert not (tmp_path / "m").exists()
    blank = run("correct", model, "--message", "", "--label", "交通", "--out", tmp_path / "m", "--json")
    assert "没有模型认识的字词" in json.loads(blank.stdout)["error"]["zh"]


def test_a_cold_start_says_when_a_person_decides(tmp_path: Path) -> None:
    tree = tmp_path / "tree.csv"
    tree.write_text("一级,二级\n环境保护,污水排放\n交通运输,公交班次\n", encoding="utf-8")
    asked = ("train", "--tree", tree, "--out", tmp_path / "cold.model")
    assert "概率不到第二名 2.5 倍的请人来定" in run(*asked).stdout
    facts = json.loads(run(*asked, "--json").stdout)
    assert (facts["calibrated"], facts["lead"], facts["left_out"]) == (False, 2.5, [])
    done = run(*asked, "--level", "9", "--json")
    assert done.exit_code == 2
    assert "分类表有 2 级，没有第 9 级" in json.loads(done.stdout)["error"]["zh"]


@pytest.mark.parametrize(
    ("field", "value"), [("columns", [[]]), ("columns", [-1]), ("scale", 1e308), ("threshold", -1)]
)
def test_a_crafted_model_is_refused_in_words(model: Path, messages: Path, field: str, value: object) -> None:
    with zipfile.ZipFile(model) as file:
        entries = {name: file.read(name) for name in file.namelist()}
    entries["manifest.json"] = json.dumps(json.loads(entries["manifest.json"]) | {field: value}).encode()
    with zipfile.ZipFile(model, "w") as file:
        for name, data in entries.items():
            file.writestr(name, data)
    done = run("predict", model, messages, "--json")
    assert done.exit_code == 2
    assert isinstance(done.exception, SystemExit)
    error = json.loads(done.stdout)["error"]
    assert error["zh"].startswith("模型文件不能用：")
    assert error["en"].startswith("This model file cannot be used: ")


def workbook(path: Path, sheets: dict[str, list[tuple[object, ...]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book["Sheet"])
    for title, lines in sheets.items():
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(line)
    book.save(path)
    return path


def test_every_sheet_with_the_columns_is_learned_and_the_others_are_named(history: Path, tmp_path: Path) -> None:
    lines = [tuple(line.split(",")[1:]) for line in gzip.decompress(history.read_bytes()).decode().splitlines()]
    half = [lines[0], *lines[61:]]
    path = workbook(tmp_path / "h.xlsx", {"说明": [("这是说明",)], "一月": lines[:61], "二月": half})
    asked = ("train", path, "--out", tmp_path / "book.model")
    done = run(*asked, "--json")
    assert (json.loads(done.stdout)["messages"], json.loads(done.stdout)["left_out"]) == (120, ["说明"])
    assert "没有读的工作表：“说明”。" in run(*asked).stderr
    plain = tmp_path / "plain.model"
    run("train", history, "--text", "内容", "--label", "分类", "--out", plain)
    assert (tmp_path / "book.model").read_bytes() == plain.read_bytes()
    done = run("predict", plain, path, "--json")
    found = json.loads(done.stdout)
    assert [found[k]["sheet"] for k in (0, 59, 60)] == ["一月", "一月", "二月"]
    assert [found[k]["row"] for k in (0, 59, 60)] == [2, 61, 2]
    assert "没有读的工作表：“说明”。" in done.stderr
    assert run("predict", plain, path).stdout.startswith("一月!2\t")
    bad = workbook(tmp_path / "bad.xlsx", {"一月": lines[:61], "二月": [*half, ("路灯", None)]})
    error = json.loads(run("train", bad, "--out", tmp_path / "m", "--json").stdout)["error"]
    assert (error["rows"], "“二月”表" in error["zh"], "sheet “二月”" in error["en"]) == ([62], True, True)


def test_nothing_found_is_said(tmp_path: Path) -> None:
    path = tmp_path / "few.csv"
    path.write_text("内容\n路灯坏了很久没人修\n公交车班次太少\n", encoding="utf-8")
    assert "没有一件事至少有 3 人" in run("hot", path).stdout
    assert "at least 3 people" in run("hot", path, language="en").stdout
    assert json.loads(run("hot", path, "--json").stdout)["topics"] == []
    assert "No duplicates were found." in run("duplicates", path, language="en").stdout


def test_duplicates_name_both_rows_and_what_they_share(messages: Path) -> None:
    found = json.loads(run("duplicates", messages, "--json").stdout)
    assert [(p["first"]["row"], p["second"]["row"]) for p in sorted(found["pairs"], key=lambda p: p["second"]["row"])]
    assert found["groups"] == [[{"row": 2, "id": "7"}, {"row": 3, "id": "8"}, {"row": 4, "id": "9"}]]
    assert found["pairs"][0]["shared"]["words"]
    assert run("duplicates", messages).output.count("\n") == len(found["pairs"])


def test_hot_topics_come_with_their_formula_and_numbers(messages: Path) -> None:
    found = json.loads(run("hot", messages, "--json").stdout)
    (topic,) = found["topics"]
    assert "ln" in found["formula"]
    assert topic["people"] == 3
    assert topic["reach"] == 8
    assert (topic["first"], topic["last"]) == ("2026-01-02", "2026-01-05")
    assert {m["id"] for m in topic["messages"]} == {"7", "8", "9"}
    assert "3 人写了 3 条" in run("hot", messages).output
    assert "3 people wrote 3 messages" in run("hot", messages, language="en").output


@pytest.mark.parametrize(
    ("content", "rows", "says"),
    [
        ("内容,分类\n路灯,甲\n公交,甲\n", [2, 3], "两个不同的分类"),
        ("内容,分类\n路灯,甲\n ,乙\n公交,乙\n", [3], "没有文字"),
        ("内容,分类\n路灯,甲\n公交\n", [3], "列数"),
        ("内容,分类\n路灯,甲\n公交,\n河,乙\n", [3], "没有分类"),
        ("内容,分类\n", [], "两个不同的分类"),
    ],
)
def test_what_cannot_be_learned_is_refused_by_row(tmp_path: Path, content: str, rows: list[int], says: str) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(content, encoding="utf-8")
    done = run("train", path, "--text", "内容", "--label", "分类", "--out", tmp_path / "m", "--json")
    assert done.exit_code == 2
    error = json.loads(done.stdout)["error"]
    assert error["rows"] == rows
    assert says in error["zh"]
    assert not (tmp_path / "m").exists()


def test_refusals_are_words_not_tracebacks(model: Path, messages: Path, tmp_path: Path) -> None:
    for arguments in (
        ("predict", messages, messages),
        ("predict", tmp_path / "none.model", messages),
        ("predict", model, tmp_path / "none.csv"),
        ("predict", model, messages, "--text", "正文"),
        ("train", "--out", tmp_path / "m"),
        ("correct", model, "--message", "公交", "--label", "没有这类", "--out", tmp_path / "m"),
        ("hot", messages, "--time", "标题"),
    ):
        done = run(*arguments)
        assert done.exit_code == 2, arguments
        assert isinstance(done.exception, SystemExit)
        assert "Traceback" not in done.output
