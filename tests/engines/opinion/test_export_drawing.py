"""Polis exports out and in again; the picture, its words and its fonts."""

import io
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from yishi.engines.opinion.drawing import png, svg
from yishi.engines.opinion.export import polis_export
from yishi.engines.opinion.mapping import Settings, map_votes
from yishi.engines.opinion.reader import read_conversation
from yishi.engines.opinion.scene import HEIGHT, WIDTH, scene_of, wrapped
from yishi.engines.opinion.sentences import text_twin
from yishi.engines.opinion.votes import VoteMatrix


def mapped(folder):
    read = read_conversation(folder)
    settings = Settings(removed=read.removed(), meta=read.meta(), divisions=1)
    return read, map_votes(read.matrix(), settings).with_texts({k: s.text for k, s in read.statements.items()})


@pytest.fixture
def drawn(crowd):
    texts = {j: f"意见 <{j}> & 电梯" for j in range(20)}
    return map_votes(VoteMatrix.from_votes(*crowd(200, 20, 15, camps=2))).with_texts(texts)


def test_an_export_reads_back_as_it_was(conversation, tmp_path):
    read, result = mapped(conversation)
    for name, lines in polis_export(read, result):
        (tmp_path / name).write_text("".join(lines), encoding="utf-8", newline="")
    again = read_conversation(tmp_path)
    assert again.statements == read.statements
    for name in ("people", "statements"):
        assert set(getattr(again.ballots, name).tolist()) <= set(read.matrix().participants.tolist()) | set(
            read.matrix().statements.tolist()
        )
    for one, two in ((read.ballots, again.ballots),):
        assert np.array_equal(one.people[one.person], two.people[two.person])
        assert np.array_equal(one.statements[one.statement], two.statements[two.statement])
        assert np.array_equal(one.vote, two.vote)
        assert np.array_equal(one.time, two.time)
    groups = {p: "" if g < 0 else str(g) for p, g in zip(result.participants.tolist(), result.groups, strict=True)}
    assert again.about["group-id"] == {p: groups[p] for p in again.about["group-id"]}
    assert again.about.get("xid") == read.about.get("xid")
    for fact in ("n-votes", "n-agree", "n-disagree", "n-comments"):
        assert fact in again.about
    assert again.summary["topic"] == read.summary["topic"]


def test_times_that_are_none_of_ours_go_out_and_in_again(tmp_path):
    """A clock in microseconds, or none at all: the number stays, no day is made up for it."""
    times = [-5, 1_658_933_760_180, 1_658_933_760_180_000, 999_999_999_999_999_999]
    rows = "".join(f"{t},,{k},1,1\n" for k, t in enumerate(times))
    (tmp_path / "votes.csv").write_text("timestamp,datetime,comment-id,voter-id,vote\n" + rows)
    read, result = mapped(tmp_path)
    files = {name: "".join(lines) for name, lines in polis_export(read, result)}
    written = [line.split(",")[:2] for line in files["votes.csv"].splitlines()[1:]]
    days = ["", "Wed Jul 27 14:56:00 UTC 2022", "", ""]
    assert written == [[str(t), day] for t, day in zip(times, days, strict=True)]


def test_counts_of_people_are_those_of_the_original(conversation, tmp_path):
    read, result = mapped(conversation)
    for name, lines in polis_export(read, result):
        (tmp_path / name).write_text("".join(lines), encoding="utf-8", newline="")
    again = read_conversation(tmp_path / "participants-votes.csv").about
    for person, votes in read.about["n-votes"].items():
        assert again["n-votes"][person] == votes


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_picture_carries_its_words(drawn, language):
    scene = scene_of(drawn, language=language, title="加装电梯 <一>", you=3)
    tree = ElementTree.fromstring(svg(scene))
    space = {"s": "http://www.w3.org/2000/svg"}
    assert tree.find("s:title", space).text == "加装电梯 <一>"
    assert tree.find("s:desc", space).text == text_twin(drawn, language)
    shown = [t.text for t in tree.findall("s:text", space)]
    assert {"zh": "甲组", "en": "Group A"}[language] in shown
    assert {"zh": "您", "en": "you"}[language] in shown
    assert len(tree.findall("s:circle", space)) > 10
    for number in re.findall(r'(?:cx|cy|x|y)="([-\d.]+)"', svg(scene)):
        assert -20 <= float(number) <= max(WIDTH, HEIGHT) + 20


def test_the_same_map_is_the_same_picture(drawn):
    assert svg(scene_of(drawn)) == svg(scene_of(drawn))


def test_png_in_latin_needs_no_font_and_in_chinese_says_so(drawn):
    plain = drawn.with_texts({})
    image = Image.open(io.BytesIO(png(scene_of(plain, language="en"), None, scale=1)))
    assert image.size == (WIDTH, HEIGHT)
    assert len(image.getcolors(1_000_000)) > 20
    with pytest.raises(ValueError, match="--font"):
        png(scene_of(plain, language="zh"), None)


def test_one_group_is_drawn_without_areas():
    rng = np.random.default_rng(0)
    result = map_votes(
        VoteMatrix.from_votes(np.repeat(np.arange(40), 9), rng.integers(0, 20, 360), rng.integers(-1, 2, 360))
    )
    scene = scene_of(result)
    assert scene.areas == []
    assert len(scene.marks) > 10
    assert any("没有稳定的分组" in words.text for words in scene.words)


@pytest.mark.parametrize(
    ("quiet", "language", "there", "missing"),
    [
        (0, "zh", ["40 人，未分组"], "表态太少"),
        (0, "en", ["40 people, not divided"], "too few votes"),
        (3, "zh", ["40 人，未分组", "3 人，表态太少", "浅灰小点表态太少，未分组"], "表态不足"),
        (3, "en", ["40 people, not divided", "3 people with too few votes", "small grey: too few votes"], "grouped;"),
    ],
)
def test_whoever_voted_enough_is_not_said_to_have_voted_too_little(quiet, language, there, missing):
    rng = np.random.default_rng(0)
    who = np.concatenate([np.repeat(np.arange(40), 9), np.arange(40, 40 + quiet)])
    what = np.concatenate([*(rng.permutation(20)[:9] for _ in range(40)), np.arange(quiet)])
    result = map_votes(VoteMatrix.from_votes(who, what, rng.integers(-1, 2, who.size)))
    assert not result.announced
    caption, *rest = [w.text for w in scene_of(result, language=language).words][::-1]
    words = " ".join([caption, *(text for text in rest if text.startswith(("40", "3 ")))])
    assert all(phrase in words for phrase in there)
    assert missing not in words


def test_a_divided_map_names_only_those_who_voted_too_little(drawn):
    assert "灰" not in scene_of(drawn).words[-1].text


def test_everyone_in_one_place_is_drawn():
    result = map_votes(VoteMatrix.from_votes(np.repeat(np.arange(9), 8), np.tile(np.arange(8), 9), np.ones(72, int)))
    assert ElementTree.fromstring(svg(scene_of(result))) is not None


def test_words_wrap_at_blanks_in_latin_and_anywhere_in_chinese():
    assert wrapped("the quick brown fox", 10) == ["the quick", "brown fox"]
    assert wrapped("老旧小区加装电梯", 8) == ["老旧小区", "加装电梯"]
    assert "".join(wrapped("a" * 25, 10)) == "a" * 25


def test_the_twin_says_it_with_numbers_in_both_languages(drawn):
    for language, expected in (
        ("zh", ("甲组", "比例是其他人的", "意见 <", "人对 20 条意见")),
        ("en", ("Group A", "times the share", "20 statements")),
    ):
        twin = text_twin(drawn, language)
        for words in expected:
            assert words in twin
        assert re.search(r"\d+ (人中|of) \d+", twin)


def test_closing_marks_do_not_begin_a_line():
    assert wrapped("老旧小区，加装电梯。", 8) == ["老旧小区，", "加装电梯。"]
    assert wrapped("共 411 人；稳定：8 次", 17) == ["共 411 人；稳定：", "8 次"]
