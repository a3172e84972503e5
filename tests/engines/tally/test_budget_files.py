"""Pabulib files: read as written, every fault named by section, line and column, nothing swallowed."""

import gzip
import lzma
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yishi.engines.tally.budget import PabulibError, files, read_pabulib, sections

GOOD = """META
key;value
description;小区微更新
budget;60000,50
vote_type;approval
num_projects;3
num_votes;3
max_length;2
PROJECTS
project_id;cost;votes;name
乙;18000.5;2;"长椅; 遮阳"
甲;20000;1;楼道灯
丙;0;0;
VOTES
voter_id;age;vote
v1;40;甲,乙
v2;;乙
v3;71;
"""


@pytest.fixture
def told(tmp_path: Path) -> Any:
    """The faults of a text, as (section, line, column, English)."""

    def read(text: str | bytes, name: str = "town.pb") -> list[tuple[str, int, str, str]]:
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        with pytest.raises(PabulibError) as caught:
            read_pabulib(path)
        for fault in caught.value.faults:
            assert fault.zh
            assert fault.text["zh"] in caught.value.zh
            assert fault.text["en"] in caught.value.en
        return [(f.section, f.row, f.column, f.en) for f in caught.value.faults]

    return read


def changed(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new, 1)


@pytest.mark.parametrize("packed", [bytes, gzip.compress, lzma.compress])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_file_is_read_as_written(tmp_path: Path, packed: Any, ends: str) -> None:
    path = tmp_path / "town.pb"
    path.write_bytes(packed(("\ufeff" + GOOD.rstrip("\n").replace("\n", ends)).encode()))
    instance = read_pabulib(path)
    assert instance.ids == ("丙", "乙", "甲")
    assert instance.names == ("丙", "长椅; 遮阳", "楼道灯")
    assert [instance.money(c) for c in instance.costs] == [0, Decimal("18000.5"), 20000]
    assert instance.money(instance.budget) == Decimal("60000.50")
    assert instance.votes == (0, 2, 1)
    assert instance.voters == ("v1", "v2", "v3")
    assert [sorted(instance.ids[p] for p in instance.ballots[i]) for i in range(3)] == [["乙", "甲"], ["乙"], []]
    assert instance.about["description"] == "小区微更新"
    assert [note["en"] for note in instance.notes] == ["PROJECTS, line 13, column “cost”: costs nothing"]


def test_what_does_not_agree_is_noted_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "town.pb"
    rows = "".join(f"w{i};1;甲,乙,丙,甲\n" for i in range(25))
    path.write_text(changed("num_votes;3\n", "num_votes;28\n") + rows, encoding="utf-8")
    told = [note["en"] for note in read_pabulib(path).notes]
    assert any("VOTES, line 19, 20," in line and "… (25 lines)" in line and "counted once" in line for line in told)
    assert any("more or fewer approvals than allowed" in line for line in told)
    assert any("PROJECTS, line 11, 12, 13, column “votes”" in line for line in told)


FAULTS = {
    "no META": ("key;value\n", [("", 1, "", "begins with META")]),
    "nothing": ("", [("META", 0, "", "missing")]),
    "blank lines": ("\n ; \n", [("META", 0, "", "missing")]),
    "only META": ("META\nkey;value\n", [("PROJECTS", 0, "", "missing")]),
    "META without header": ("META", [("META", 2, "value", "key;value")]),
    "cut short": (GOOD[: GOOD.index("v2")], [("META", 7, "num_votes", "the file holds 1")]),
    "no votes section": (GOOD[: GOOD.index("VOTES")], [("VOTES", 0, "", "missing")]),
    "a section twice": (GOOD + "META\nkey;value\n", [("META", 19, "", "twice")]),
    "wrong order": ("PROJECTS\nproject_id;cost\n", [("PROJECTS", 1, "", "in this order")]),
    "no cost column": (changed("project_id;cost;", "project_id;price;"), [("PROJECTS", 10, "cost", "lacks")]),
    "no vote column": (changed("voter_id;age;vote", "voter_id;age;choice"), [("VOTES", 15, "vote", "lacks")]),
    "no budget": (changed("budget;60000,50\n", ""), [("META", 0, "budget", "“” is not an amount")]),
    "budget in words": (changed("60000,50", "六万"), [("META", 4, "budget", "“六万” is not an amount")]),
    "budget with marks": (changed("60000,50", "60,000.50"), [("META", 4, "budget", "not an amount")]),
    "budget twice": (changed("vote_type;", "budget;1\nvote_type;"), [("META", 5, "budget", "twice")]),
    "too large": (changed("60000,50", "900000000000000.000001"), [("META", 4, "budget", "too large")]),
    "no vote type": (changed("vote_type;approval\n", ""), [("META", 0, "vote_type", "not given")]),
    "ordinal": (changed("approval", "ordinal"), [("META", 5, "vote_type", "“ordinal” ballots")]),
    "count in words": (changed("num_projects;3", "num_projects;三"), [("META", 6, "num_projects", "whole number")]),
    "length in words": (changed("max_length;2", "max_length;-1"), [("META", 8, "max_length", "whole number")]),
    "projects missing": (changed("num_projects;3", "num_projects;4"), [("META", 6, "num_projects", "4 are declared")]),
    "negative cost": (changed("20000;1", "-20000;1"), [("PROJECTS", 12, "cost", "“-20000”")]),
    "no id": (changed("甲;20000", ";20000"), [("PROJECTS", 12, "project_id", "not empty"), ("VOTES", 16, "vote", "甲"), ("META", 6, "num_projects", "holds 2")]),
    "id twice": (changed("甲;20000", "乙;20000"), [("PROJECTS", 12, "project_id", "already on line 11"), ("VOTES", 16, "vote", "甲"), ("META", 6, "num_projects", "holds 2")]),
    "unquoted semicolon": (changed("楼道灯", "楼道;灯"), [("PROJECTS", 12, "", "5 cells, the header has 4"), ("VOTES", 16, "vote", "甲"), ("META", 6, "num_projects", "2")]),
    "short row": (changed("v2;;乙", "v2"), [("VOTES", 17, "", "1 cells, the header has 3"), ("META", 7, "num_votes", "2")]),
    "unknown project": (changed("v2;;乙", "v2;;己"), [("VOTES", 17, "vote", "there is no project 己")]),
    "no voter": (changed("v2;", ";"), [("VOTES", 17, "voter_id", "not empty"), ("META", 7, "num_votes", "2")]),
    "voter twice": (changed("v2;", "v1;"), [("VOTES", 17, "voter_id", "voted on line 16"), ("META", 7, "num_votes", "2")]),
    "open quotation": (changed("楼道灯", '"楼道灯') + "x;1;\n" * 60, [("", 12, "", "quotation mark")]),
    "endless cell": (changed("楼道灯", "灯" * 140_000), [("", 12, "", "too long")]),
    "endless line": (changed("楼道灯", "灯" * 1_100_000), [("", 12, "", "a line of more than")]),
}  # fmt: skip


@pytest.mark.parametrize("case", FAULTS)
def test_faults_are_named_by_section_line_and_column(told: Any, case: str) -> None:
    text, wanted = FAULTS[case]
    got = told(text)
    assert [fault[:3] for fault in got] == [fault[:3] for fault in wanted]
    assert all(words in fault[3] for fault, (*_, words) in zip(got, wanted, strict=True))


def test_twenty_faults_are_named_together(told: Any) -> None:
    assert len(told(GOOD + "".join(f"x{i};;己\n" for i in range(50)))) == 20


def test_sizes_are_bounded(told: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, where in (
        ("MOST_META", ("META", 5)), ("MOST_PROJECTS", ("PROJECTS", 13)), ("MOST_VOTERS", ("VOTES", 18)),
    ):  # fmt: skip
        with monkeypatch.context() as patch:
            patch.setattr(sections, name, 2)
            assert told(GOOD)[0][:2] == where
    monkeypatch.setattr(files, "MOST_TEXT", 100)
    assert "1 GB" in told(GOOD)[0][3]


def test_packed_and_foreign_files_say_what_is_wrong(told: Any) -> None:
    assert told(GOOD.encode("gb18030"))[0][1:] == (3, "", "not UTF-8 text: save it as UTF-8")
    assert "not UTF-8" in told(GOOD.encode() + b"\xe4")[0][3]
    for pack in (gzip.compress, lzma.compress):
        whole = pack(GOOD.encode())
        assert "cut short" in told(whole[:-9])[0][3]
        broken = bytearray(whole)
        broken[len(whole) // 2] ^= 255
        assert "damaged" in told(bytes(broken))[0][3]
    assert "follows" in told(lzma.compress(GOOD.encode()) + b"more")[0][3]
    assert "follows" in told(lzma.compress(GOOD.encode() * 1, preset=0) + b"\0" * files.CHUNK)[0][3]


def test_a_bomb_is_not_unpacked_whole(told: Any) -> None:
    bomb = lzma.compress(b"META\nkey;value\n" + b"x" * 50_000_000)
    assert len(bomb) < 10_000
    assert "a line of more than" in told(bomb)[0][3]


@settings(deadline=None, max_examples=400)
@given(st.data())
def test_whatever_is_in_the_file_it_is_read_or_refused_in_words(tmp_path_factory: Any, data: st.DataObject) -> None:
    """Cut, doubled, swapped and spoiled files: an instance that adds up, or a PabulibError."""
    text = GOOD
    for _ in range(data.draw(st.integers(1, 4))):
        at, to = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
        junk = data.draw(
            st.one_of(st.text(max_size=8), st.sampled_from([";", '"', "\n", ",", "VOTES\n", text[at:to] * 2]))
        )
        text = text[:at] + junk + text[to:]
    path = tmp_path_factory.getbasetemp() / "fuzzed.pb"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        instance = read_pabulib(path)
    except PabulibError as error:
        assert 1 <= len(error.faults) <= 20
        assert error.zh
        assert error.en
        return
    assert sum(instance.votes) == len(instance.ballots.places)
    assert len(instance.ballots) == len(instance.voters) == len(set(instance.voters))
    assert all(cost >= 0 for cost in instance.costs)


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=400), st.sampled_from([b"", b"\x1f\x8b", b"\xfd7zXZ\x00", gzip.compress(GOOD.encode())[:40]]))
def test_any_bytes_are_refused_in_words(tmp_path_factory: Any, junk: bytes, head: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "junk.pb"
    path.write_bytes(head + junk)
    with pytest.raises(PabulibError):
        read_pabulib(path)


def test_a_file_that_is_not_there_is_the_systems_error(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        read_pabulib(tmp_path / "none.pb")
