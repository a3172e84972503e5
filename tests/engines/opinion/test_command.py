"""`yishi opinion` as it is typed, on files as they come."""

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image
from typer.testing import CliRunner

from yishi.commands.opinion import app

HEADER = "timestamp,datetime,comment-id,voter-id,vote\n"


def run(*words, language="en"):
    """In this process; a traceback would be an exception here."""
    done = CliRunner().invoke(app, [str(w) for w in words], env={"YISHI_LANGUAGE": language})
    assert done.exception is None or isinstance(done.exception, SystemExit)
    return SimpleNamespace(returncode=done.exit_code, stdout=done.stdout, stderr=done.stderr)


def run_apart(*words):
    """As typed in a shell, in a process of its own."""
    command = [Path(sys.executable).with_name("yishi"), "opinion", *map(str, words)]
    environment = {"PATH": "/usr/bin:/bin", "YISHI_LANGUAGE": "en", "HOME": "/nonexistent"}
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


@pytest.fixture
def votes(crowd, tmp_path):
    folder = tmp_path / "export"
    folder.mkdir()
    rows = [f"{i},,{s},{p},{v}\n" for i, (p, s, v) in enumerate(zip(*crowd(120, 24, 12, camps=2), strict=True))]
    (folder / "votes.csv").write_text(HEADER + "".join(rows))
    body = "".join(f"0,{s},1,{-1 if s == 23 else 1},第 {s} 条\n" for s in range(24))
    (folder / "comments.csv").write_text("timestamp,comment-id,author-id,moderated,comment-body\n" + body)
    return folder


def test_the_map_as_json_has_the_stable_keys_and_the_same_bytes(votes):
    one, two = run_apart("map", votes, "--json", "--seed", 3), run("map", votes, "--json", "--seed", 3)
    assert one.returncode == 0
    assert one.stdout == two.stdout
    data = json.loads(one.stdout)
    assert {"groups", "coordinates", "representative", "consensus", "bridging", "priorities"} <= set(data)
    assert len(data["groups"]) == len(data["coordinates"]) == 120
    assert "23" not in data["priorities"]
    for entries in data["representative"].values():
        for entry in entries:
            assert "第 " in entry["sentence"]["zh"]
            assert "Group" in entry["sentence"]["en"]


def test_methods_groups_and_languages(votes):
    data = json.loads(run("map", votes, "--json", "--method", "polis", "--groups", 3).stdout)
    assert data["method"] == "polis"
    assert len(data["group_sizes"]) == 3
    assert "人对" in run("map", votes / "votes.csv", language="zh").stdout
    assert "people cast" in run("map", votes / "votes.csv", "--comments", votes / "comments.csv").stdout


def test_pictures_are_written_with_their_words(votes, tmp_path):
    assert run("plot", votes, "--out", tmp_path / "map.svg", "--lang", "zh", "--you", "5").returncode == 0
    assert (tmp_path / "map.svg").read_text(encoding="utf-8").startswith("<svg")
    assert "甲组" in (tmp_path / "map.txt").read_text(encoding="utf-8")
    alone = run("plot", votes / "votes.csv", "--out", tmp_path / "map.png", "--lang", "en")
    assert alone.returncode == 0
    assert Image.open(tmp_path / "map.png").format == "PNG"


def test_a_font_that_is_none_is_named_with_a_way_out(votes, tmp_path):
    for font in (votes / "votes.csv", tmp_path / "missing.ttf"):
        for language, said in (("zh", "不是字体文件"), ("en", "is no font")):
            done = run("plot", votes, "--out", tmp_path / "m.png", "--lang", "en", "--font", font, language=language)
            assert done.returncode == 2
            assert font.name in done.stderr and said in done.stderr and ".svg" in done.stderr
            assert not (tmp_path / "m.png").exists()


def test_an_export_is_written_once(votes, tmp_path):
    assert run("export", votes, "--out", tmp_path / "out").returncode == 0
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [
        "comments.csv",
        "participants-votes.csv",
        "summary.csv",
        "votes.csv",
    ]
    again = run("export", votes, "--out", tmp_path / "out")
    assert again.returncode == 2
    assert "empty folder" in again.stderr


def test_faults_are_said_in_words_and_as_json(votes, tmp_path):
    bad = tmp_path / "bad.csv"
    bad.write_text(HEADER + "1,,1,1,5\n")
    spoken = run("map", bad, language="zh")
    assert spoken.returncode == 2
    assert "bad.csv 第 2 行 “vote”列" in spoken.stderr
    data = json.loads(run("map", bad, "--json").stdout)
    assert set(data["error"]) == {"zh", "en", "rows"} and data["error"]["rows"] == [2]
    for words in (("map", votes, "--groups", "9"), ("plot", votes, "--out", tmp_path / "map.gif"), ("map", tmp_path)):
        assert run(*words).returncode == 2
    empty = tmp_path / "empty.csv"
    empty.write_text(HEADER)
    assert "no vote" in run("map", empty).stderr
