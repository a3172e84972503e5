"""The public edition of a signed vote: nothing says whose ballot is whose, all that can be checked is, forgeries are named."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.bundle.made import (
    LOG,
    assembly,
    committed,
    election,
    files_of,
    owners,
    public,
    small,
    unanimous,
    with_ledger,
    with_results,
)

from yishi.engines.bundle import (
    Box,
    BundleError,
    Entry,
    Holder,
    Material,
    Report,
    Roll,
    Slip,
    ballot_line,
    compare_editions,
    own_ballot,
    public_edition,
    read_material,
    read_zip,
    verify_bundle,
    write_bundle,
)
from yishi.engines.bundle.edition import public_roll
from yishi.engines.bundle.manifest import NAME, make_manifest

DATA = Path(__file__).parent / "data"
MADE: dict[str, Callable[[], Material]] = {"owners": owners, "small": small, "home": unanimous}
FULL = {name: files_of(committed(made())) for name, made in MADE.items()}
PUBLIC = {name: public(made()) for name, made in MADE.items()}


def states(report: Report) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {"holds": set(), "fails": set(), "withheld": set()}
    for check in report.checks:
        found[check.state].add(check.code)
    return found


def named(report: Report, name: str) -> bool:
    return any(where.startswith(name) for check in report.checks if not check.ok for where in check.where)


def anew(files: Mapping[str, bytes], name: str, data: bytes) -> dict[str, bytes]:
    """A forgery with the manifest made anew over it."""
    forged = {**files, name: data}
    return {**forged, NAME: make_manifest({key: value for key, value in forged.items() if key != NAME})}


def remade(material: Material, **values: Any) -> Report:
    """Made anew from the material, the ledger too: by someone who runs the log."""
    return verify_bundle(write_bundle(with_ledger(with_results(replace(material, **values)))))


@pytest.mark.parametrize("name", MADE)
def test_both_editions_hold_and_are_of_one_vote(name: str) -> None:
    for files in (FULL[name], PUBLIC[name]):
        report = verify_bundle(files)
        assert report.ok, [check for check in report.checks if not check.ok]
        assert "commitments" in states(report)["holds"]
        assert write_bundle(read_material(files)[0]) == files
    assert not states(verify_bundle(FULL[name]))["withheld"]
    checks = compare_editions(FULL[name], PUBLIC[name])
    assert all(check.ok for check in checks), [check for check in checks if not check.ok]


def test_of_an_owners_vote_areas_and_choices_are_withheld_in_words() -> None:
    report = verify_bundle(PUBLIC["owners"])
    assert states(report)["withheld"] == {"roll", "ballots", "count"}
    for check in (one for one in report.checks if one.withheld):
        assert "完整版" in check.text["zh"] and "full edition" in check.text["en"] and "以免" in check.text["zh"]
        assert check.as_json()["state"] == "withheld"
    assert "rolls/owners.txt" in PUBLIC["owners"] and PUBLIC["owners"]["rolls/owners.txt"].startswith(
        b"id\theads_all\tcomm"
    )
    folders = {name.split("/")[0] for name in PUBLIC["owners"]}
    assert not folders & {"ballots", "salts", "choices"}
    assert report.results == verify_bundle(FULL["owners"]).results


def test_where_heads_are_counted_the_tally_itself_is_recomputed() -> None:
    report = verify_bundle(PUBLIC["small"])
    assert states(report)["withheld"] == {"ballots"}
    assert "count" in states(report)["holds"]
    assert PUBLIC["small"]["choices/1.txt"] == b"choice\n!blank\n" + b"yes\n" * 6


def test_no_file_of_the_public_edition_holds_a_ballot_or_a_salt() -> None:
    for name, made in MADE.items():
        whole = b"".join(PUBLIC[name].values()).decode()
        vote = committed(made()).votes[0]
        assert not any(salt in whole for salt in (vote.salts or {}).values())
        assert not any(f"{slip.key}\t{slip.choices[0]}" in whole for slip in vote.slips or ())


def test_a_column_stays_only_where_all_lines_weigh_the_same() -> None:
    holders = tuple(Holder(f"m{i}", (1, 9000, i + 1), "a" * 64) for i in range(3))
    shown = public_roll(Roll(("heads_all", "area_all", "registered"), holders))
    assert shown.columns == ("heads_all", "area_all")
    assert [one.weights for one in shown.holders] == [(1, 9000)] * 3


@given(st.data())
@settings(max_examples=120, deadline=None)
def test_a_changed_byte_anywhere_is_named(data: st.DataObject) -> None:
    files = dict(data.draw(st.sampled_from([PUBLIC["small"], PUBLIC["home"], FULL["small"]])))
    name = data.draw(st.sampled_from(sorted(files)))
    place = data.draw(st.integers(0, len(files[name]) - 1))
    broken = bytearray(files[name])
    broken[place] ^= data.draw(st.integers(1, 255))
    files[name] = bytes(broken)
    report = verify_bundle(files)
    assert not report.ok
    assert named(report, name)


def lines(files: Mapping[str, bytes], name: str) -> list[bytes]:
    return files[name].split(b"\n")[:-1]


def joined(parts: list[bytes]) -> bytes:
    return b"\n".join([*parts, b""])


@pytest.mark.parametrize("which", ["owners", "small"])
def test_a_commitment_removed_added_or_doubled_is_found_out(which: str) -> None:
    name, files = "commitments/1.txt", PUBLIC[which]
    head, *rest = lines(files, name)
    removed = verify_bundle(anew(files, name, joined([head, *rest[1:]])))
    assert {"commitments", "anchors"} <= states(removed)["fails"] and named(removed, name)
    added = verify_bundle(anew(files, name, joined([head, *sorted([*rest, b"0" * 64])])))
    assert {"commitments", "anchors"} <= states(added)["fails"] and named(added, name)
    doubled = verify_bundle(anew(files, name, joined([head, rest[0], *rest])))
    assert "readable" in states(doubled)["fails"] and named(doubled, f"{name}:3")
    another = verify_bundle(anew(files, name, joined([head, *sorted([*rest[1:], b"0" * 64])])))
    assert states(another)["fails"] == {"anchors"} and named(another, name)
    gone = {key: data for key, data in files.items() if key != name}
    assert {"commitments", "anchors", "files"} & states(verify_bundle(gone))["fails"]


def test_changed_totals_and_choices_are_found_out() -> None:
    forged = verify_bundle(anew(PUBLIC["small"], "choices/1.txt", b"choice\n!blank\nno\n" + b"yes\n" * 5))
    assert states(forged)["fails"] == {"count", "anchors"}
    forged = verify_bundle(anew(PUBLIC["small"], "choices/1.txt", b"choice\n!blank\n" + b"yes\n" * 7))
    assert states(forged)["fails"] == {"commitments", "count", "anchors"}
    forged = verify_bundle(anew(PUBLIC["small"], "choices/1.txt", b"choice\n!blank\nsure\n" + b"yes\n" * 5))
    assert {"ballots", "count"} <= states(forged)["fails"] and named(forged, "choices/1.txt:3")
    for old, new in ((b'"heads_yes":652', b'"heads_yes":653'), (b'"no":180', b'"no":181')):
        events = verify_bundle(
            anew(PUBLIC["owners"], "decision.json", PUBLIC["owners"]["decision.json"].replace(old, new))
        )
        assert "anchors" in states(events)["fails"] and {"commitments", "replay", "result"} & states(events)["fails"]
    result = PUBLIC["owners"]["result.json"].replace(b'"heads_yes":652', b'"heads_yes":653')
    assert {"result", "anchors"} <= states(verify_bundle(anew(PUBLIC["owners"], "result.json", result)))["fails"]
    roll = PUBLIC["owners"]["rolls/owners.txt"].replace(b"m000001\t1\t", b"m000001\t2\t", 1)
    assert {"roll", "anchors"} <= states(verify_bundle(anew(PUBLIC["owners"], "rolls/owners.txt", roll)))["fails"]


def test_whoever_makes_the_ledger_anew_still_has_to_make_the_numbers_agree() -> None:
    made = public_edition(with_results(committed(small())))
    vote = made.votes[0]
    fewer = replace(vote, commitments=(vote.commitments or ())[1:])
    assert states(remade(made, votes=(fewer,)))["fails"] == {"commitments"}
    assert {"ballots", "count"} <= states(remade(made, votes=(replace(vote, choices=None),)))["fails"]
    assert "commitments" in states(remade(made, votes=(replace(vote, commitments=None),)))["fails"]
    many = tuple(f"{i:064x}" for i in range(9))
    assert "commitments" in states(remade(made, votes=(replace(vote, commitments=many),)))["fails"]
    vague = [dict(event) for event in made.events]
    vague[vote.counted - 1]["counts"] = {"yes": 6}
    assert remade(made, events=vague).ok
    shed = public_edition(with_results(committed(owners())))
    vague = [dict(event) for event in shed.events]
    vague[6]["counts"] = {k: v for k, v in vague[6]["counts"].items() if k.startswith(("area", "heads"))}
    assert remade(shed, events=vague).ok
    few = replace(shed.votes[0], commitments=(shed.votes[0].commitments or ())[:859])
    assert states(remade(shed, events=vague, votes=(few,)))["fails"] == {"commitments"}


def test_signed_ballots_are_in_the_ledger_by_their_commitments_alone() -> None:
    """A digest of the ballots could be guessed; whoever strips the commitments has no entry for the ballots."""
    assert b"commitments/1.txt" in FULL["small"]["ledger/proofs.json"]
    assert b"ballots/1.txt" not in FULL["small"]["ledger/proofs.json"]
    bare = {name: data for name, data in FULL["small"].items() if not name.startswith(("commitments/", "salts/"))}
    report = verify_bundle(anew(bare, "votes.json", bare["votes.json"]))
    assert states(report)["fails"] == {"anchors"} and named(report, "ballots/1.txt")


def test_an_odd_number_of_heads_is_withheld_too() -> None:
    whole = committed(small())
    first, *rest = whole.rolls["1"].holders
    roll = Roll(("members_full_capacity",), (replace(first, weights=(2,)), *rest))
    events = [dict(event) for event in whole.events]
    events[2]["roll"] = {"members_full_capacity": 10}
    counted = whole.votes[0].counted
    events[counted - 1]["counts"] = {"yes": 7, "no": 0, "abstain": 0, "blank": 1}
    events.insert(
        counted - 3, {"at": "2026-03-15", "kind": "attendance_counted", "counts": {"present_incl_online_and_proxy": 9}}
    )
    vote = replace(whole.votes[0], opened=whole.votes[0].opened + 1, counted=counted + 1)
    made = committed(replace(whole, rolls={"1": roll}, events=events, votes=(vote,), publications=()))
    made = replace(made, events=[event for event in events if event["kind"] != "posted"])
    assert verify_bundle(files_of(made)).ok, [c for c in verify_bundle(files_of(made)).checks if not c.ok]
    shown = verify_bundle(write_bundle(with_ledger(public_edition(with_results(made)))))
    assert states(shown)["withheld"] == {"roll", "ballots", "count"}


def test_a_voter_finds_their_own_ballot() -> None:
    whole = committed(owners())
    vote, weights = whole.votes[0], {one.id: one.weights for one in whole.rolls["owners"].holders}
    slip = (vote.slips or ())[700]
    line, salt = ballot_line(slip, weights[slip.key]), (vote.salts or {})[slip.key]
    for files in (PUBLIC["owners"], FULL["owners"]):
        for given_line in (line, line.replace("\t", " "), f"  {line} "):
            found = own_ballot(files, given_line, f" {salt.upper()} ")
            assert found.ok and "commitments/1.txt:" in found.text["en"], found
    for other in (line.replace("\tno\t", "\tyes\t"), line + "0", ""):
        assert not own_ballot(PUBLIC["owners"], other, salt).ok
    assert not own_ballot(PUBLIC["owners"], line, "0" * 32).ok
    assert "copied whole" in own_ballot(PUBLIC["small"], line, salt).text["en"]
    assert not own_ballot({}, line, salt).ok


def test_in_the_full_edition_every_commitment_is_of_one_ballot() -> None:
    whole = with_results(committed(small()))
    vote = whole.votes[0]
    salts = dict(vote.salts or {})
    other = replace(vote, salts={**salts, "m000001": "f" * 32})
    report = remade(whole, votes=(other,))
    assert (
        states(report)["fails"] == {"commitments"}
        and named(report, "ballots/1.txt:3")
        and named(report, "commitments/1.txt")
    )
    assert named(remade(whole, votes=(replace(vote, salts={**salts, "m000008": "f" * 32}),)), "salts/1.txt")
    assert named(remade(whole, votes=(replace(vote, salts=None),)), "salts/1.txt")
    assert "commitments" in states(remade(whole, votes=(replace(vote, commitments=None),)))["fails"]
    swapped = (replace((vote.slips or ())[0], choices=("no",)), *(vote.slips or ())[1:])
    assert {"commitments", "count"} <= states(remade(whole, votes=(replace(vote, slips=swapped),)))["fails"]


def wrong(full: Mapping[str, bytes], shown: Mapping[str, bytes]) -> set[str]:
    return {where for check in compare_editions(full, shown) if not check.ok for where in check.where}


def test_the_full_edition_proves_the_public_one() -> None:
    assert wrong(FULL["owners"], PUBLIC["small"]) >= {"decision.json", "result.json results[1] counts"}
    assert wrong(FULL["owners"], FULL["owners"]) == {"votes.json"}
    assert wrong(files_of(owners()), PUBLIC["owners"]) == {"commitments/1.txt"}
    whole = with_results(committed(small()))
    made = public_edition(whole)
    vote = made.votes[0]
    for other, where in (
        (
            replace(made, votes=(replace(vote, commitments=("0" * 64, *(vote.commitments or ())[1:])),)),
            "commitments/1.txt",
        ),
        (
            replace(made, votes=(replace(vote, choices=(Slip("", ("no",)), *(vote.choices or ())[1:])),)),
            "choices/1.txt",
        ),
        (replace(made, motions=("另一份",)), "motions/1.txt"),
        (replace(made, id="other"), "decision.json"),
        (replace(made, results=()), "result.json"),
        (replace(made, votes=(replace(vote, id="9"),), minutes=()), "votes.json"),
        (replace(made, votes=(replace(vote, closed_by="p9"),)), "votes.json"),
    ):
        assert where in wrong(FULL["small"], write_bundle(with_ledger(other))), where
    earlier = replace(made, events=made.events[:-1], publications=())
    assert not wrong(FULL["small"], write_bundle(with_ledger(earlier)))
    stranger = {LOG.name: replace(LOG, seed=bytes(32)).public}
    assert not all(check.ok for check in compare_editions(FULL["small"], PUBLIC["small"], stranger))
    broken = {**PUBLIC["small"], "motions/1.txt": b"x"}
    assert "motions/1.txt" in wrong(FULL["small"], broken)
    unsealed = {key: data for key, data in PUBLIC["small"].items() if not key.startswith("ledger/")}
    assert wrong(FULL["small"], {**unsealed, NAME: make_manifest({k: v for k, v in unsealed.items() if k != NAME})})


def test_what_has_no_public_edition() -> None:
    with pytest.raises(BundleError, match="no commitments"):
        public_edition(with_results(small()))
    with pytest.raises(BundleError, match="under their ids"):
        public_edition(with_results(small(signed=False)))
    whole = committed(small())
    entry = Entry("p5", 1, 1, 0, 1, 0, {"yes": 1})
    boxes = (Box("1", (entry, replace(entry, by="p6"))),)
    with pytest.raises(BundleError, match="no commitments"):
        public_edition(replace(whole, votes=(replace(whole.votes[0], boxes=boxes),)))
    counting = replace(committed(small()), votes=(replace(committed(small()).votes[0], counted=0),))
    assert public_edition(counting).votes[0].choices is None


def test_papers_beside_signed_ballots_and_votes_counted_by_hand() -> None:
    """Papers that were not handed in are in the box; a vote counted by hand has no ballot to withhold."""
    whole = committed(small())
    entry = Entry("p5", 1, 0, 1, 0, 0)
    vote = replace(whole.votes[0], boxes=(Box("1", (entry, replace(entry, by="p6"))),))
    shown = remade(public_edition(with_results(replace(whole, votes=(vote,)))))
    assert shown.ok, [check for check in shown.checks if not check.ok]
    assert "box" in states(shown)["holds"]
    events = [dict(event) for event in whole.events]
    box = {"issued": 7, "returned": 7, "unreturned": 0, "valid": 6, "invalid": 1}
    events[vote.counted - 1]["counts"] = {**events[vote.counted - 1]["counts"], **box}
    boxed = replace(vote, boxes=())
    shown = remade(public_edition(with_results(replace(whole, events=events, votes=(boxed,)))))
    assert shown.ok, [check for check in shown.checks if not check.ok]
    hands = Entry("p5", **box, counts={"yes": 6, "blank": 1})
    by_hand = replace(
        vote, slips=None, salts=None, commitments=None, boxes=(Box("1", (hands, replace(hands, by="p6"))),)
    )
    shown = remade(public_edition(with_results(replace(whole, events=events, votes=(by_hand,)))))
    assert shown.ok and not states(shown)["withheld"], [check for check in shown.checks if not check.ok]


def test_secret_votes_are_the_same_in_both_editions() -> None:
    for material in (assembly(332), election()):
        shown = public_edition(with_results(material))
        assert shown.votes == material.votes
        report = verify_bundle(write_bundle(with_ledger(shown)))
        assert report.ok and not states(report)["withheld"], [check for check in report.checks if not check.ok]


@pytest.mark.parametrize(
    ("which", "name", "data"),
    [
        ("public", "salts/1.txt", b"id\tsalt\nm000001\t" + b"a" * 32 + b"\n"),
        ("public", "ballots/1.txt", b"id\tchoice\nm000001\tyes\n"),
        ("public", "commitments/9.txt", b"commitment\n"),
        ("public", "commitments/1.txt", b"commitment\nnonsense\n"),
        ("public", "commitments/1.txt", b"digest\n"),
        ("public", "choices/1.txt", b"id\tchoice\n"),
        ("public", "choices/1.txt", b"choice\nyes\nno\n"),
        ("public", "rolls/1.txt", b"id\n"),
        ("full", "choices/1.txt", b"choice\nyes\n"),
        ("full", "salts/1.txt", b"id\tsalt\nm000001\tshort\n"),
        ("full", "salts/1.txt", b"key\tsalt\n"),
    ],
)
def test_what_is_not_of_its_edition_is_named(which: str, name: str, data: bytes) -> None:
    report = verify_bundle(anew({"public": PUBLIC, "full": FULL}[which]["small"], name, data))
    assert "readable" in states(report)["fails"] and named(report, name)


def test_of_a_secret_vote_nothing_is_committed_to() -> None:
    files = files_of(assembly(332))
    assert named(verify_bundle(anew(files, "commitments/1.txt", b"commitment\n")), "commitments/1.txt")


def test_an_edition_is_full_or_public_and_events_name_no_ballot() -> None:
    votes = PUBLIC["small"]["votes.json"]
    assert named(
        verify_bundle(anew(PUBLIC["small"], "votes.json", votes.replace(b'"public"', b'"secret"'))), "votes.json"
    )
    told = FULL["small"]["decision.json"].replace(
        b'"kind":"ballot_closed"', b'"kind":"cast","person":"m000001","marks":["yes"]'
    )
    report = verify_bundle(anew(PUBLIC["small"], "decision.json", told))
    assert "readable" in states(report)["fails"]
    relabelled = verify_bundle(anew(PUBLIC["small"], "votes.json", votes.replace(b'"public"', b'"full"')))
    assert "readable" in states(relabelled)["fails"]


@pytest.mark.parametrize("name", ["signed", "secret"])
def test_a_bundle_of_the_first_version_still_holds(name: str) -> None:
    with (DATA / f"version1-{name}.zip").open("rb") as stream:
        files = read_zip(stream)
    report = verify_bundle(files)
    assert report.ok, [check for check in report.checks if not check.ok]
    material = read_material(files)[0]
    assert material.version == 1 and write_bundle(material) == files
    newer = {**files, NAME: make_manifest({key: data for key, data in files.items() if key != NAME})}
    assert named(verify_bundle(newer), NAME)
    if name == "signed":
        added = {**files, "commitments/1.txt": b"commitment\n"}
        added[NAME] = make_manifest({key: data for key, data in added.items() if key != NAME}, 1)
        assert named(verify_bundle(added), "commitments/1.txt")
