"""Bundles of three decisions hold; a byte changed anywhere is named, and a bundle made anew is found out."""

import json
from collections.abc import Mapping
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.bundle.made import (
    LOG,
    WITNESS,
    assembly,
    election,
    files_of,
    owners,
    receipts,
    secret,
    small,
    unanimous,
    with_ledger,
    with_results,
)

from yishi.engines.bundle import (
    Material,
    Report,
    make_zip,
    motion_digest,
    read_material,
    read_zip,
    verify_bundle,
    write_bundle,
)
from yishi.engines.bundle.finding import Finding
from yishi.engines.bundle.manifest import NAME, canonical, make_manifest
from yishi.engines.procedure import all_packs

BUNDLES = {
    "passes": files_of(assembly(332)),
    "fails": files_of(assembly(331)),
    "owners": files_of(owners()),
    "election": files_of(election()),
}


def named(report: Report, name: str) -> bool:
    return any(where.startswith(name) for check in report.checks if not check.ok for where in check.where)


def failing(report: Report) -> set[str]:
    return {check.code for check in report.checks if not check.ok}


@pytest.mark.parametrize("which", BUNDLES)
def test_what_was_decided_is_recomputed(which: str) -> None:
    report = verify_bundle(BUNDLES[which])
    assert report.ok, [check for check in report.checks if not check.ok]
    assert all(check.text["zh"] and check.text["en"] for check in report.checks)
    assert report.as_json()["ok"] is True


def test_the_arithmetic_is_said() -> None:
    def lines(which: str) -> str:
        results = verify_bundle(BUNDLES[which]).results
        return "".join(verdict["text"]["zh"] for one in results for verdict in one["verdicts"])

    assert "需 332 = ⌈498×2/3⌉，农村集体经济组织法第27条；实得 332" in lines("passes")
    assert "实得 331，还差 1" in lines("fails")
    assert "实得 69980.00，还差 130.00" in lines("owners")
    results = verify_bundle(BUNDLES["election"]).results
    assert [one["elected"] for one in results] == [["陈"], ["陈", "李"]]


@pytest.mark.parametrize("which", BUNDLES)
def test_material_reads_back_and_writes_the_same_bytes(which: str) -> None:
    files = BUNDLES[which]
    assert write_bundle(read_material(files)[0]) == files
    packed = make_zip(files)
    assert read_zip(BytesIO(packed)) == files
    assert make_zip(read_zip(BytesIO(packed))) == packed


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_a_changed_byte_anywhere_is_named(data: st.DataObject) -> None:
    files = dict(BUNDLES[data.draw(st.sampled_from(sorted(BUNDLES)))])
    name = data.draw(st.sampled_from(sorted(files)))
    place = data.draw(st.integers(0, len(files[name]) - 1))
    broken = bytearray(files[name])
    broken[place] ^= data.draw(st.integers(1, 255))
    files[name] = bytes(broken)
    report = verify_bundle(files)
    assert not report.ok
    assert named(report, name)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_a_line_is_named_where_it_can_be_known(data: st.DataObject) -> None:
    files = dict(BUNDLES["owners"])
    lines = files["ballots/1.txt"].split(b"\n")
    number = data.draw(st.integers(1, len(lines) - 2))
    lines[number] = lines[number].rpartition(b"\t")[0] + b"\tmaybe"
    files["ballots/1.txt"] = b"\n".join(lines)
    where = {place for check in verify_bundle(files).checks for place in check.where}
    assert f"ballots/1.txt:{number + 1}" in where
    first = number // 50 * 50 + 1
    assert f"ballots/1.txt:{first}-{first + 49}" in where


def anew(files: Mapping[str, bytes], name: str, old: bytes, new: bytes) -> dict[str, bytes]:
    """A forger's bundle: a file changed and the manifest made again over it."""
    assert files[name].count(old) >= 1, name
    out = {**files, name: files[name].replace(old, new, 1)}
    out[NAME] = make_manifest({key: value for key, value in out.items() if key != NAME})
    return out


FORGED: list[tuple[str, str, bytes, bytes, set[str]]] = [
    ("passes", "ballots/1.txt", b"no\nyes", b"yes\nyes", {"count", "anchors"}),
    ("passes", "boxes/1.json", b'"yes":40', b'"yes":41', {"box", "count", "anchors"}),
    ("passes", "boxes/1.json", b'"by":"p8"', b'"by":"p6"', {"box", "anchors"}),
    ("passes", "boxes/1.json", b'"unreturned":0', b'"unreturned":1', {"box", "count", "anchors"}),
    ("passes", "rolls/1.txt", b"m000003\t1", b"m000003\t2", {"roll", "attendance", "anchors"}),
    ("passes", "rolls/1.txt", b"m000003", b"m0000030", {"roll", "attendance", "anchors"}),
    ("passes", "motions/1.txt", b"60", b"06", {"motion", "anchors"}),
    (
        "passes",
        "decision.json",
        b'"2026-03-05"',
        b'"2026-03-06"',
        {"replay", "notice", "readable", "publication", "result", "anchors"},
    ),
    (
        "passes",
        "decision.json",
        b'"by":"p7"',
        b'"by":"p5"',
        {"replay", "result", "publication", "anchors", "separation"},
    ),
    ("passes", "votes.json", b'"closed_by":"p4"', b'"closed_by":"p5"', {"separation", "anchors"}),
    ("passes", "votes.json", b'"closed_by":"p4"', b'"closed_by":"p7"', {"separation", "anchors"}),
    ("passes", "votes.json", b'"marked":350', b'"marked":349', {"ballots", "anchors"}),
    ("passes", "votes.json", b'"counted":10', b'"counted":9', {"readable", "result", "anchors"}),
    ("passes", "votes.json", b'"gone":[]', b'"gone":["nobody"]', {"roll", "anchors"}),
    ("passes", "attendance/1.txt", b"m000000\tproxy\tm000001", b"m000000\tproxy\tm000002", {"attendance", "anchors"}),
    ("passes", "attendance/1.txt", b"m000350\trecused\t", b"m000350\tonline\t", {"attendance", "anchors"}),
    ("passes", "attendance/1.txt", b"m000350\trecused\t\n", b"", {"attendance", "anchors"}),
    ("passes", "attendance/1.txt", b"m000009\t", b"m000009x\t", {"attendance", "anchors"}),
    ("passes", "publications/1.json", b"2026-03-20", b"2026-04-20", {"publication", "anchors"}),
    ("passes", "publications/1.json", b'"moment":"end"', b'"moment":"middle"', {"publication", "anchors"}),
    ("passes", "publications/1.json", b'"event":12', b'"event":11', {"publication", "anchors"}),
    ("passes", "notices.json", b'"event":3', b'"event":4', {"notice", "motion", "anchors"}),
    ("passes", "notices.json", b'"on":"2026-03-05"', b'"on":"2026-03-04"', {"notice", "anchors"}),
    ("passes", "minutes.json", b'"vote":"1"', b'"vote":"2"', {"motion", "anchors"}),
    ("passes", "result.json", b'"outcome":"passed"', b'"outcome":"not_passed"', {"result", "anchors"}),
    ("fails", "result.json", b'"have":331', b'"have":332', {"result", "anchors"}),
    ("fails", "result.json", b'"verdicts"', b'"verdict_"', {"result", "anchors"}),
    ("owners", "ballots/1.txt", b"m000700\tno", b"m000700\tyes", {"count", "anchors"}),
    ("owners", "ballots/1.txt", b"m000000\tyes", b"m00000\tyes", {"ballots", "count", "anchors"}),
    ("owners", "rolls/owners.txt", b"m000001\t1\t10733", b"m000001\t1\t10734", {"roll", "count", "anchors"}),
    ("election", "boxes/1.json", '"何":150'.encode(), '"何":151'.encode(), {"box", "count", "anchors"}),
    (
        "election",
        "decision.json",
        '"陈":535'.encode(),
        '"陈":534'.encode(),
        {"count", "result", "replay", "readable", "anchors"},
    ),
    ("passes", "ledger/keys.txt", b"\nwitness", b"\nwatness", {"checkpoint"}),
    ("passes", "ledger/proofs.json", b'"index":1000', b'"index":1001', {"anchors"}),
    ("passes", "ledger/proofs.json", b'"file":"rolls/1.txt"', b'"file":"rolls/2.txt"', {"anchors"}),
    ("passes", "ledger/proofs.json", b'"entry":"ey', b'"entry":"Ey', {"anchors"}),
    ("passes", "receipts/1.txt", b"receipt\n2", b"receipt\n3", {"readable", "anchors"}),
    ("passes", "ledger/checkpoint.txt", b"\n1013\n", b"\n1014\n", {"checkpoint"}),
]


@pytest.mark.parametrize(("which", "name", "old", "new", "codes"), FORGED)
def test_a_bundle_made_anew_is_found_out(which: str, name: str, old: bytes, new: bytes, codes: set[str]) -> None:
    report = verify_bundle(anew(BUNDLES[which], name, old, new))
    assert not report.ok
    found = failing(report)
    assert found
    assert found <= codes, [check for check in report.checks if not check.ok]
    assert "manifest" not in found


def changed(material: Material, **values: Any) -> Report:
    return verify_bundle(write_bundle(with_ledger(with_results(replace(material, **values)))))


def vote(material: Material, **values: Any) -> dict[str, Any]:
    return {"votes": (replace(material.votes[0], **values), *material.votes[1:])}


def test_the_log_key_is_the_one_that_the_checker_brings() -> None:
    files = BUNDLES["passes"]
    known = verify_bundle(files, {LOG.name: LOG.public})
    assert known.ok
    text = next(check.text["en"] for check in known.checks if check.code == "checkpoint")
    assert "with the key that you gave" in text
    assert "1 witnesses" in text
    stranger = verify_bundle(files, {LOG.name: replace(LOG, seed=bytes(32)).public})
    assert failing(stranger) == {"checkpoint"}
    assert failing(verify_bundle(files, {"other": WITNESS.public})) == {"checkpoint"}


def test_without_a_ledger_nothing_is_proved() -> None:
    report = verify_bundle(write_bundle(with_results(assembly(332))))
    assert failing(report) == {"checkpoint"}


def test_a_file_that_is_missing_added_or_foreign_is_named() -> None:
    for name in BUNDLES["passes"]:
        files = {key: value for key, value in BUNDLES["passes"].items() if key != name}
        assert named(verify_bundle(files), name), name
    for name in ("extra.txt", "ballots/9.txt", "motions/7.txt", "rolls/x.txt"):
        assert named(verify_bundle({**BUNDLES["passes"], name: b"x\n"}), name)
    assert not verify_bundle({}).ok


def test_what_a_vote_must_have() -> None:
    whole = assembly(332)
    one = whole.votes[0]
    assert one.slips is not None
    assert "attendance" in failing(changed(whole, **vote(whole, attendance=None)))
    assert "ballots" in failing(changed(whole, **vote(whole, slips=None, boxes=())))
    assert "ballots" in failing(changed(whole, **vote(whole, marked=None)))
    assert "ballots" in failing(changed(whole, **vote(whole, receipts=None)))
    assert one.receipts is not None
    assert "ballots" in failing(changed(whole, **vote(whole, receipts=one.receipts[1:])))
    assert "ballots" in failing(changed(whole, **vote(whole, marked=9_999)))
    assert "result" in failing(changed(whole, votes=()))
    assert "readable" in failing(changed(whole, **vote(whole, roll="2")))
    assert "readable" in failing(changed(whole, **vote(whole, frozen=4)))
    assert "roll" in failing(changed(whole, **vote(whole, frozen=5)))
    assert "notice" in failing(changed(whole, notices=()))
    assert "notice" in failing(changed(whole, notices=(replace(whole.notices[0], evidence=()),)))
    assert "motion" in failing(changed(whole, minutes=()))
    assert "motion" in failing(changed(whole, motions=()))
    assert "motion" in failing(changed(whole, notices=(replace(whole.notices[0], motion=""),)))
    assert "publication" in failing(changed(whole, publications=()))
    box = one.boxes[0]
    assert "box" in failing(changed(whole, **vote(whole, boxes=(replace(box, entries=box.entries[:1]),))))
    assert "box" in failing(changed(whole, **vote(whole, boxes=(replace(box, entries=()),))))


@pytest.mark.parametrize("signed", [True, False])
@pytest.mark.parametrize("posted", [True, False])
def test_a_small_body_signs_in_and_votes_by_name(signed: bool, posted: bool) -> None:
    report = verify_bundle(files_of(small(signed, posted)))
    assert report.ok, [check for check in report.checks if not check.ok]


def test_a_small_body_against_its_events() -> None:
    whole = small()
    one = whole.votes[0]
    assert one.attendance is not None
    assert one.slips is not None
    recused, absent = one.attendance[-1], replace(one.attendance[0], id="m000008", channel="person", agent="")
    assert "attendance" in failing(changed(whole, **vote(whole, attendance=(*one.attendance, absent))))
    assert "attendance" in failing(changed(whole, **vote(whole, attendance=one.attendance[1:])))
    assert "attendance" in failing(changed(whole, **vote(whole, gone=("m000001",))))
    by_recused = (*one.slips[1:], replace(one.slips[0], key=recused.id))
    assert "ballots" in failing(changed(whole, **vote(whole, slips=by_recused)))
    by_absent = (*one.slips[1:], replace(one.slips[0], key="m000008"))
    assert "ballots" in failing(changed(whole, **vote(whole, slips=by_absent)))
    unsaid = (*one.slips[1:], replace(one.slips[0], choices=("sure",)))
    assert {"ballots", "count"} <= failing(changed(whole, **vote(whole, slips=unsaid)))
    both = (*one.slips[1:], replace(one.slips[0], choices=("yes", "no")))
    assert "ballots" in failing(changed(whole, **vote(whole, slips=both)))


def test_a_count_says_every_kind_of_ballot() -> None:
    whole = small()
    one = whole.votes[0]
    assert one.slips is not None
    events = [dict(event) for event in whole.events]
    events[one.counted - 1]["counts"] = {"yes": 6}
    slips = (*one.slips[:-1], replace(one.slips[-1], choices=("no",)))
    assert failing(changed(whole, events=events, **vote(whole, slips=slips))) == {"count"}


def test_a_low_turnout_is_stated_as_such() -> None:
    whole = owners()
    events = [dict(event) for event in whole.events]
    counts = {"area_participating": "107.33", "heads_participating": 1, "area_yes": "107.33", "heads_yes": 1}
    events[6]["counts"] = counts
    slips = (whole.votes[0].slips or ())[:1]
    report = changed(whole, events=events, **vote(whole, slips=slips))
    assert report.ok, [check for check in report.checks if not check.ok]
    assert report.results[0]["outcome"] == "no_quorum"
    assert any("not reached, as stated" in check.text["en"] for check in report.checks)


def test_the_events_of_a_vote_belong_together() -> None:
    whole = election()
    first, second = whole.votes
    for wrong in (
        replace(first, counted=13),
        replace(second, opened=10),
        replace(second, frozen=9),
        replace(first, opened=12),
    ):
        assert "readable" in failing(changed(whole, votes=(wrong,)))
    most = replace(first.boxes[0].entries[0], counts={"陈": 600})
    boxes = (replace(first.boxes[0], entries=(most, replace(most, by="p9"))), *first.boxes[1:])
    assert {"box", "count"} <= failing(changed(whole, votes=(replace(first, boxes=boxes), second)))


def test_an_election_counted_from_slips() -> None:
    """As a booth would hand them in: the names on each, one per seat at most."""
    whole = election()
    first, second = whole.votes
    votes = [("陈",)] * 135 + [("陈", "李")] * 400 + [("李",)] * 133 + [("何",)] * 392 + [("!blank",)] * 6
    slips, codes = secret(votes), receipts(len(votes))
    events = [dict(event) for event in whole.events]
    events[10]["votes"] = {"陈": 535, "李": 533, "何": 392}
    events[10]["counts"] = {
        "voters_who_voted": 1066 + 2,
        "issued": 1066,
        "returned": 1066,
        "unreturned": 0,
        "valid": 1060,
        "invalid": 6,
    }
    found = changed(
        whole, events=events, votes=(replace(first, slips=slips, receipts=codes, boxes=(), marked=1066), second)
    )
    assert failing(found) == {"count"}
    events[10]["counts"]["voters_who_voted"] = 1066
    events[5]["registered"] = 2131
    rolls = {"voters": replace(whole.rolls["voters"], holders=whole.rolls["voters"].holders[:2131])}
    found = changed(
        whole,
        events=events,
        rolls=rolls,
        votes=(replace(first, slips=slips, receipts=codes, boxes=(), marked=1066), second),
    )
    assert found.ok, [check for check in found.checks if not check.ok]


def test_recount_with_its_own_ballots() -> None:
    """The first count missed a vote; the recount finds it, and both stand on the record."""
    whole = assembly(331)
    recounted = assembly(332)
    first, again = whole.votes[0], recounted.votes[0]
    events = [dict(event) for event in whole.events]
    counts = dict(recounted.events[9]["counts"])
    events += [
        {"at": "2026-03-20", "kind": "recounted", "basis": "recount", "counters": ["p5", "p9"], "counts": counts},
        {"at": "2026-03-20", "kind": "certified", "by": "p7"},
    ]
    votes = (first, replace(again, id="2", counted=12))
    minutes = (*whole.minutes, replace(whole.minutes[0], vote="2"))
    report = changed(whole, events=events, votes=votes, minutes=minutes)
    assert report.ok, [check for check in report.checks if not check.ok]
    assert [one["outcome"] for one in report.results] == ["not_passed", "passed"]


def test_what_went_into_the_ledger_out_of_order_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "tests.engines.bundle.made.ORDER", ("result.json", "ballots", "rolls", "receipts", "boxes", "publications")
    )
    assert failing(verify_bundle(files_of(owners()))) == {"anchors"}


def test_a_later_checkpoint_must_continue_the_first() -> None:
    made = with_ledger(with_results(owners()))
    assert made.ledger is not None
    broken = replace(made.ledger, consistency=made.ledger.consistency[:-1])
    assert failing(verify_bundle(write_bundle(replace(made, ledger=broken)))) == {"consistency"}
    alone = with_ledger(with_results(owners()), later=False)
    assert verify_bundle(write_bundle(alone)).ok


def test_another_version_of_the_format_is_said() -> None:
    files = dict(BUNDLES["owners"])
    body = json.loads(files[NAME])
    del body["seal"]
    body["version"] = 3
    files[NAME] = canonical({**body, "seal": sha256(canonical(body)).hexdigest()})
    report = verify_bundle(files)
    assert failing(report) == {"manifest"}
    assert "not a bundle of" in report.checks[0].text["en"]


def test_a_problem_is_said_shortly_however_deep() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    finding = Finding("count", "1")
    finding.differ("here", {"zh": "数", "en": "number"}, deep, "x" * 1000)
    for i in range(1000):
        finding.add(f"there {i}", "错", "wrong")
    check = finding.check({"zh": "", "en": ""})
    assert len(check.text["en"]) < 1000
    assert len(check.where) == 200


def test_owners_concerned_must_all_agree() -> None:
    """Civil Code 279: no quorum; one of those affected against is enough."""
    agreed = unanimous()
    report = changed(agreed)
    assert report.ok, [check for check in report.checks if not check.ok]
    assert any("sets no quorum" in check.text["en"] for check in report.checks)
    slips = agreed.votes[0].slips or ()
    fewer = (*slips[1:], replace(slips[0], choices=("no",)))
    assert failing(changed(agreed, **vote(agreed, slips=fewer))) == {"count"}


def test_every_pass_rule_rests_on_numbers_that_ballots_give() -> None:
    packs = [pack for pack in all_packs() if "pass" in pack.rules]
    haves = {one.have for pack in packs for conditions in pack.rules["pass"].modes.values() for one in conditions}
    assert haves <= {"yes", "area_yes", "heads_yes", "affected_yes"}


def test_a_roll_of_an_earlier_notice_is_not_that_of_the_meeting() -> None:
    whole = small(posted=False)
    one = whole.votes[0]
    again = {**whole.events[2], "at": "2026-03-05T12:00:00"}
    events = [*whole.events[:3], again, *whole.events[3:]]
    notices = (replace(whole.notices[0], event=4), whole.notices[0])
    places = {"opened": one.opened + 1, "counted": one.counted + 1}
    assert changed(whole, events=events, notices=notices, **vote(whole, frozen=4, **places)).ok
    assert "readable" in failing(changed(whole, events=events, notices=notices, **vote(whole, frozen=3, **places)))


def test_minutes_of_another_version_are_named() -> None:
    whole = small()
    other = replace(whole.minutes[0], motion=motion_digest("second"))
    report = changed(whole, motions=(*whole.motions, "second"), minutes=(other,))
    assert failing(report) == {"motion"}
    assert "another text than the one voted on" in "".join(check.text["en"] for check in report.checks)
