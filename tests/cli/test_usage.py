"""A slip of the pen is answered in both languages, by every command, and as JSON where JSON was asked for."""

import json

import pytest
from typer.testing import CliRunner

from yishi.cli import MOUNTS, app

SLIPS = [
    (["opinion", "map", "x", "--method", "bad"], "--method 的值不对：只能是 'yishi', 'polis'", "'yishi', 'polis'"),
    (["opinion", "map", "x", "--seed", "x"], "--seed 的值不对：应为整数", "integer"),
    (["opinion", "map", "x", "--seed", "-1"], "--seed 的值不对：不能小于 0", "0"),
    (["opinion", "map", "x", "--seed"], "选项 --seed 后面要有值", "requires an argument"),
    (["opinion", "map"], "缺少 votes", "Missing argument"),
    (["opinion", "map", "x", "y", "z"], "多出的词：y z", "unexpected extra"),
    (["opinion", "mapp"], "没有命令 mapp。是不是 'map'？", "Did you mean"),
    (["reach", "site", "a", "b", "c", "--k", "0"], "--k 的值不对：不能小于 1", "1"),
    (["exprot"], "没有命令 exprot", "No such command"),
    (["--nope"], "没有选项 --nope", "No such option"),
]


def typed(words: list[str], language: str = "zh"):
    return CliRunner().invoke(app, words, env={"YISHI_LANGUAGE": language})


@pytest.mark.parametrize(("words", "zh", "en"), SLIPS, ids=[" ".join(words) for words, _, _ in SLIPS])
def test_a_slip_is_told_in_both_languages(words: list[str], zh: str, en: str) -> None:
    done = typed([*words[:2], "--json", *words[2:]])
    assert done.exit_code == 2
    error = json.loads(done.stdout)["error"]
    assert set(error) == {"zh", "en"} and zh in error["zh"] and en in error["en"]
    for language, said in (("zh", zh), ("en", en)):
        done = typed(words, language)
        assert (done.exit_code, done.stdout) == (2, "")
        assert said in done.stderr and "--help" in done.stderr and "╭" not in done.stderr


@pytest.mark.parametrize("name", MOUNTS)
def test_every_command_answers_an_unknown_option_as_json(name: str) -> None:
    done = typed([name, "--json", "--no-such-option"])
    assert done.exit_code == 2
    assert set(json.loads(done.stdout)["error"]) == {"zh", "en"}


def test_after_two_dashes_json_is_a_word() -> None:
    done = typed(["opinion", "map", "--seed", "x", "--", "--json"])
    assert (done.exit_code, done.stdout) == (2, "")


def test_a_group_alone_still_shows_its_help() -> None:
    assert "Usage" in typed(["opinion"]).output
    assert "Usage" in typed([]).output
