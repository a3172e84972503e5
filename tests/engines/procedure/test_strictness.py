"""What is misspelt, empty, doubled or impossible never passes for what it is not."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.engines.procedure.test_refusals import MEMBERS, told
from typer.testing import CliRunner

from yishi.cli import app
from yishi.engines.procedure import EventError, PackError, UnknownPack, load_pack
from yishi.engines.procedure.checks import check
from yishi.engines.procedure.events import read_history
from yishi.engines.procedure.floors import floor, read_local, with_local

REPRESENTATIVES = [
    {"at": "2026-03-02", "kind": "done", "papers": ["text"]},
    {"at": "2026-03-04", "kind": "done", "papers": ["opinion"]},
    {
        "at": "2026-03-05", "kind": "notice_posted", "proof": "照片", "meeting_on": "2026-03-06",
        "roll": {"reps_all": 31},
    },
]  # fmt: skip


def answer(*words: str) -> tuple[int, Any]:
    """Exit code and JSON of a command."""
    done = CliRunner().invoke(app, [*words, "--json"])
    return done.exit_code, json.loads(done.stdout)


@pytest.mark.parametrize("item", ["10", "10_land_compensation", " 10 ", "１０", "010"])
def test_an_item_is_its_number_however_it_is_written(item: str) -> None:
    assert told("members_representatives", REPRESENTATIVES, item=item)[0] == ["not_competent"]


@pytest.mark.parametrize("item", ["十", "abc", "0", "100", "10 land", "-1"])
def test_what_is_no_number_of_an_item_is_an_error(item: str) -> None:
    with pytest.raises(EventError, match="项号"):
        told("members_representatives", REPRESENTATIVES, item=item)


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ({"options": ["legallity"]}, "legality"),
        ({"overlays": ["NOPE"]}, "PARTY-4YI"),
        ({"overlays": ["VPUB"]}, "PARTY-4YI"),
        ({"local": {"REO-MA": ["notise=12"]}}, "notise"),
        ({"local": {"REO-MA": ["pass=0.5"]}}, "2/3"),
        ({"local": {"NOPE": ["pass=2/3"]}}, "NOPE"),
    ],
)
def test_a_misspelt_safeguard_is_an_error_and_not_dropped(header: dict[str, Any], words: str, tmp_path: Path) -> None:
    table = {"decision": {"procedure": "four_deliberations", "resolve": "REO-MA", **header}, "events": []}
    file = tmp_path / "events.json"
    file.write_text(json.dumps(table), encoding="utf-8")
    code, said = answer("decide", "replay", str(file))
    assert code == 2
    assert words in said["error"]["zh"]
    assert words in said["error"]["en"]


@pytest.mark.parametrize(
    ("line", "pack", "accepted"),
    [
        ("notice_days=7", "REO-MA", False), ("notice_days=10", "REO-MA", True),
        ("posting_days_min=7", "VPUB", False), ("roll_post_days_before=10", "VEL", False),
        ("lead_days=3", "REO-DOCS", False), ("max_held=5", "VEL", False), ("proxy=2", "VEL", True),
        ("size_odd=9", "REO-BD", False), ("size_odd=4", "REO-BD", False), ("size_odd=5", "REO-BD", True),
        ("size=2", "VCOMM", False), ("rep_per_households=30", "VRA", False), ("per_year_min=0", "VA", False),
        ("per_year_min=2", "VA", True), ("term_years=3", "VCOMM", False),
        ("reps=15", "REO-MRA", False), ("reps=25", "REO-MRA", True), ("derivative=20", "REO-SUE", False),
        ("derivative=5", "REO-SUE", True),
        ("roll_objection=1", "VEL", False), ("roll_objection=7", "VEL", True), ("review_ask=5", "XF", False),
        ("recheck_ask=5", "XF", False), ("judicial_confirm=10", "MED", False), ("revoke_absolute=1", "REO-SUE", False),
        ("revoke_absolute=6", "REO-SUE", False), ("revoke_absolute=5", "REO-SUE", True), ("review=20", "XF", True),
        ("notice=5", "VRA", True),
    ],
)  # fmt: skip
def test_a_local_line_under_any_of_its_names(line: str, pack: str, accepted: bool) -> None:
    found = floor(load_pack(pack), read_local(line))
    assert found.accepted is accepted, found.text
    assert ("没有规定下限" not in found.text["zh"]) and found.clause


@pytest.mark.parametrize("line", ["foo=3", "notise=3", "legality=1", "pass=3/2", "quorum=present:ge:3/2:reps_all"])
def test_what_no_pack_knows_or_nobody_can_reach_is_an_error(line: str) -> None:
    pack = load_pack("REO-MRA")
    with pytest.raises(PackError):
        floor(pack, read_local(line))
    with pytest.raises(PackError):
        with_local(pack, [read_local(line)])


def test_limits_of_a_charter_take_effect() -> None:
    fewer = with_local(load_pack("VEL"), [read_local("max_held=1")])
    assert fewer.facts["proxy"]["max_held"] == 1
    assert fewer.facts["proxy"]["written"] is True
    assert with_local(load_pack("VA"), [read_local("per_year_min=4")]).facts["per_year_min"] == 4
    assert with_local(load_pack("REO-MA"), [read_local("notice_days=12")]).waits["notice"].amount == 12


def test_a_pack_that_is_not_verified_says_so_of_its_floors() -> None:
    for pack, line in (("RC", "pass=1/2"), ("REO-POST", "posting=7"), ("OWN-POST", "posting=20")):
        text = floor(load_pack(pack), read_local(line)).text
        assert "未核定" in text["zh"] and "not verified" in text["en"]
        assert "法定" not in text["zh"]


@pytest.mark.parametrize(
    ("pack", "values", "outcome", "certifiable"),
    [
        ("VEL", {"count": 2, "seats": 2, "registered": 2135, "voters_who_voted": 1068, "votes": 535}, "passed", False),
        ("VEL", {"count": 3, "seats": 2, "registered": 2135, "voters_who_voted": 1068, "votes": 535}, "passed", True),
        ("REO-BD", {"board": 4, "present": 3, "yes": 3}, "passed", False),
        ("REO-BD", {"board": 9, "present": 8, "yes": 8}, "passed", False),
        ("REO-BD", {"board": 5, "present": 4, "yes": 3}, "passed", True),
        ("REO-MRA", {"reps_all": 31, "present": 20, "yes": 21}, "refused", False),
        ("REO-MRA", {"reps_all": 31, "present": 40, "yes": 21}, "refused", False),
        ("VRA", {"body": 61, "reps": 49, "women_reps": 50, "present": 61, "yes": 61}, "refused", False),
    ],
)
def test_figures_that_contradict_the_pack_or_themselves(
    pack: str, values: dict[str, int], outcome: str, certifiable: bool
) -> None:
    found = check(load_pack(pack), values, date(2026, 11, 1))
    assert (found.outcome, found.certifiable) == (outcome, certifiable)
    assert certifiable or found.refusals or found.warnings


def test_a_petition_of_households_under_the_packs_own_name() -> None:
    found = check(load_pack("RC-OLD"), {"households": 20, "households_all": 100}, date(2025, 6, 1))
    assert found.verdicts["petition"].met


def election(**late: Any) -> list[dict[str, Any]]:
    """From the roll to a first round that fills one of two seats, and what comes after."""
    return [
        {"at": "2026-03-01", "kind": "done", "papers": ["minutes"]},
        {"at": "2026-03-05", "kind": "done", "papers": ["text"]},
        {"at": "2026-04-01", "kind": "roll_posted", "registered": 2135, "election_on": "2026-04-26"},
        {"at": "2026-04-10", "kind": "roll_settled"},
        {"at": "2026-04-11", "kind": "done", "papers": ["nominations"]},
        {"at": "2026-04-14", "kind": "reviewed", "result": "pass"},
        {"at": "2026-04-16", "kind": "candidates_posted", "names": ["A", "B", "C"]},
        {"at": "2026-04-26", "kind": "poll_opened"},
        {"at": "2026-04-26", "kind": "counted", "counters": ["1", "2"], "counts": {"voters_who_voted": 1068}, "votes": {"A": 600, "B": 400, "C": 300}},
        {"at": "2026-04-26", "kind": "runoff_opened", "names": ["B", "C"]},
        {"at": "2026-04-26", "kind": "counted", "counters": ["1", "2"], **late},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("counts", "refused"),
    [
        ({"ballots_cast": 2136}, ["more_than_whole"]),
        ({"ballots_cast": 1000, "voters_who_voted": 999}, ["more_than_whole"]),
        ({"ballots_cast": 2135}, []),
    ],
)
def test_a_run_off_holds_no_more_ballots_than_voters(counts: dict[str, int], refused: list[str]) -> None:
    rows = election(counts=counts, votes={"B": 500, "C": 400})
    assert told("village_election", rows, seats=2)[0] == refused


@pytest.mark.parametrize("names", [["A", "B", ""], ["A", "B", "B "], ["A", "Ｂ", "B"], ["A", "B", "　"]])
def test_an_empty_or_doubled_name_is_no_candidate(names: list[str]) -> None:
    rows = election()[:6]
    rows.append({"at": "2026-04-16", "kind": "candidates_posted", "names": names})
    try:
        refused = told("village_election", rows, seats=2)[0]
    except EventError as error:
        assert "names" in error.en and "不能为空" in error.zh
    else:
        assert refused == ["seats"]


def test_one_person_is_one_however_the_name_is_padded() -> None:
    rows = [
        *MEMBERS,
        {"at": "2026-03-05", "kind": "notice_posted", "proof": "照片", "meeting_on": "2026-03-16", "roll": {"members_full_capacity": 3}, "states": ["time", "place", "matters"]},
        {"at": "2026-03-16", "kind": "meeting_opened"},
        {"at": "2026-03-16T09:00", "kind": "signed_in", "person": "甲"},
        {"at": "2026-03-16T09:01", "kind": "signed_in", "person": "甲 "},
        {"at": "2026-03-16T09:02", "kind": "signed_in", "person": "乙"},
        {"at": "2026-03-16T09:03", "kind": "ballot_opened"},
        {"at": "2026-03-16T09:04", "kind": "cast", "person": "甲", "marks": ["yes"]},
        {"at": "2026-03-16T09:05", "kind": "cast", "person": " 甲", "marks": ["yes"]},
        {"at": "2026-03-16T09:06", "kind": "cast", "person": "乙", "marks": ["yes"]},
        {"at": "2026-03-16T09:07", "kind": "ballot_closed"},
        {"at": "2026-03-16T09:08", "kind": "counted", "counters": ["丙", "丙 "]},
        {"at": "2026-03-16T09:09", "kind": "counted", "counters": ["丙", "丁"]},
        {"at": "2026-03-16T09:10", "kind": "certified", "by": "丁 "},
    ]  # fmt: skip
    refused, _, case = told("members_assembly", rows, resolve="REO-MA")
    assert refused[-3:] == ["voted_already", "two_counters", "certifier"]
    assert len(case.results) == 1
    with pytest.raises(EventError, match="counters"):
        told("members_assembly", [{"at": "2026-03-16", "kind": "counted", "counters": ["丙", ""]}])


@pytest.mark.parametrize(
    "text",
    [
        "[decision]\nprocedure='village_election'\nseats=1" + "0" * 5000,
        "[decision]\nprocedure='village_election'\n[[events]]\nat=9999-12-30\nkind='roll_posted'\nelection_on=9999-12-31",
        "[decision]\nprocedure='owners_vote'\n[[events]]\nat=2026-03-01\nkind='counted'\ncounts={area_yes='1e99999999'}",
        "[decision]\nprocedure='owners_vote'\n[[events]]\nat=2026-03-01\nkind='final_account'\namount='1e20000'",
    ],
)
def test_absurd_numbers_and_days_are_plain_errors(text: str, tmp_path: Path) -> None:
    file = tmp_path / "events.toml"
    file.write_text("\ufeff" + text, encoding="utf-8")
    code, said = answer("decide", "replay", str(file))
    assert code == 2
    assert said["error"]["zh"] != said["error"]["en"]


def test_a_byte_order_mark_is_no_fault_and_a_key_twice_is(tmp_path: Path) -> None:
    file = tmp_path / "events.toml"
    file.write_text("\ufeff[decision]\nprocedure='covenant'\n", encoding="utf-8")
    assert answer("decide", "replay", str(file))[0] == 0
    twice = tmp_path / "events.json"
    twice.write_text('{"decision": {"procedure": "covenant", "procedure": "recall"}}', encoding="utf-8")
    code, said = answer("decide", "replay", str(twice))
    assert code == 2 and "procedure" in said["error"]["zh"]


@pytest.mark.parametrize(
    "words",
    [
        ("check", "REO-MA", "yes=1e9999999", "--on", "2026-11-01"),
        ("check", "OWN-34", "area_all=1e9999999"),
        ("check", "REO-MA", "yes=1", "yes=2"),
        ("check", "VA", "mode=adults", "mode=households"),
        ("check", "REO-MA", "yes=1", "--on", ""),
        ("check", "NOPE", "yes=1"),
        ("deadline", "--from", "2026-02-30", "--days", "1"),
        ("deadline", "--from", "9999-12-31", "--days", "1", "--clear"),
        ("deadline", "--from", "2026-02-03", "--days", "999999999999"),
        ("deadline", "--from", "2026-02-03"),
        ("floor", "REO-MA", "foo=3"),
    ],
)
def test_faults_at_the_command_line_are_said_in_both_languages(words: tuple[str, ...]) -> None:
    code, said = answer("law", *words)
    assert code == 2
    zh, en = said["error"]["zh"], said["error"]["en"]
    assert zh and en and zh != en
    assert "Python" not in zh + en and "out of range" not in en
    assert sum("一" <= c <= "鿿" for c in zh) >= 4


def test_refusals_carry_the_article_where_there_is_one() -> None:
    rows = [*MEMBERS, {"at": "2026-03-05", "kind": "meeting_opened"}]
    case = told("members_assembly", rows, resolve="REO-MA")
    assert case[0] == ["notice_first"]
    table = {"decision": {"procedure": "members_assembly", "resolve": "REO-MA"}, "events": rows}
    from yishi.engines.procedure.history import replay

    note = replay(*read_history(table))[1][0].note
    assert note.clause is not None and note.clause["zh"] == "农村集体经济组织法第27条"


def test_an_unknown_procedure_names_the_known() -> None:
    with pytest.raises(UnknownPack, match="covenant"):
        told("nothing", [])
