"""`yishi triage`: the command as a person or a script calls it."""

import gzip
import json
from pathlib import Path

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
    assert gas["urgency"] == {"level": "emergency", "number": "119"}
    assert lamp["kind"] == "suggest"


def test_a_correction_is_learned(model: Path, tmp_path: Path) -> None:
    fixed = tmp_path / "fixed.model"
    done = run("correct", model, "--message", "工地扬尘大，货车进出", "--label", "交通", "--out", fixed)
    assert done.exit_code == 0, done.output
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
