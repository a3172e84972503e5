"""Bundles of three decisions hold; a byte changed anywhere is named, and a bundle made anew is found out."""

import zipfile
from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.bundle.made import LOG, WITNESS, assembly, election, files_of, owners, with_ledger, with_results

from yishi.engines.bundle import (
    Material,
    Report,
    make_zip,
    read_material,
    read_zip,
    verify_bundle,
    write_bundle,
)
from yishi.engines.bundle.manifest import NAME, make_manifest

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
    ("passes", "ballots/1.txt", b"\tno", b"\tyes", {"count", "anchors"}),
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
    ("passes", "ledger/checkpoint.txt", b"\n1011\n", b"\n1012\n", {"checkpoint"}),
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


def repacked(**names: bytes) -> BytesIO:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in names.items():
            archive.writestr(name, data)
    return BytesIO(out.getvalue())
