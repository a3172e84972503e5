"""Bundles of three decisions, made as an installation makes them: events first, then files, then the ledger."""

import json
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any

from yishi.engines.bundle import (
    CONTENTS,
    Anchor,
    Box,
    Entry,
    Evidence,
    Holder,
    LedgerProofs,
    Material,
    Minutes,
    NoticeProof,
    Photo,
    Presence,
    Publication,
    Roll,
    Slip,
    Vote,
    anchored,
    commit,
    commitments_of,
    contents_bytes,
    ledger_entry,
    ledger_facts,
    motion_digest,
    public_edition,
    write_bundle,
    write_files,
)
from yishi.engines.ledger import COSIGNATURE, Log, MemoryStore, Signer, cosign, sign_checkpoint
from yishi.engines.procedure import read_history, replay, report

LOG = Signer("town.example/ledger", bytes(range(32)))
WITNESS = Signer("witness.example/w1", bytes(range(1, 33)), COSIGNATURE)
TEXT = "厂房租赁方案\n租期三年，年租金 60 万元，公开招租。\n"
ORDER = ("rolls", "ballots", "commitments", "choices", "receipts", "boxes", "result.json", "publications")


def digest(of: str) -> str:
    return sha256(of.encode()).hexdigest()


def holders(count: int, weights: Any = lambda i: (1,)) -> tuple[Holder, ...]:
    return tuple(Holder(f"m{i:06d}", weights(i), commit(b"salt %d" % i, f"person {i}")) for i in range(count))


def receipts(count: int, seed: int = 7) -> tuple[str, ...]:
    """Codes drawn apart from whoever voted."""
    rng, seen = random.Random(seed), set()
    while len(seen) < count:
        seen.add("".join(rng.choices("23456789ABCDEFGHJKMNPQRSTUVWXYZ", k=10)))
    return tuple(sorted(seen))


def secret(choices: Sequence[tuple[str, ...]]) -> tuple[Slip, ...]:
    """What is in a box: choices, and nothing of who or when."""
    return tuple(Slip("", choice) for choice in sorted(choices))


def committed(material: Material) -> Material:
    """As the boxes of signed votes are closed: each ballot with its salt, and its commitment among the others."""
    votes = []
    for vote in material.votes:
        salts = {slip.key: digest(f"salt of {slip.key}")[:32] for slip in vote.slips or ()}
        made = commitments_of(vote.slips or (), salts, material.rolls[vote.roll])
        votes.append(vote if vote.secret or vote.slips is None else replace(vote, salts=salts, commitments=made))
    return replace(material, votes=tuple(votes))


def public(material: Material) -> dict[str, bytes]:
    """The files of its public edition, in the ledger as the full one is."""
    return write_bundle(with_ledger(public_edition(with_results(committed(material)))))


def with_results(material: Material) -> Material:
    decision, events = read_history({"decision": dict(material.decision), "events": list(material.events)})
    case, refusals = replay(decision, events)
    assert not refusals, [(r.number, r.note.code, r.note.text["en"]) for r in refusals]
    return replace(material, results=report(case)["results"])


def with_ledger(material: Material, later: bool = True) -> Material:
    """Into a log among other towns' entries, in the order in which things happened."""
    log = Log(MemoryStore())
    log.append([b"somebody else's %d" % i for i in range(1000)])
    files = write_files(material)
    names = sorted(anchored(files), key=lambda n: ORDER.index(n.split("/")[0]))
    places, entries = {}, {}
    for name in names:
        facts = {"v": 1, "what": "file", **ledger_facts(material.id, name, files[name])}
        entries[name] = json.dumps(facts, sort_keys=True, separators=(",", ":")).encode()
        places[name] = log.append([entries[name]]).start
        log.append([b"noise after " + name.encode()])
    entries[CONTENTS] = ledger_entry(material.id, CONTENTS, contents_bytes(files))
    places[CONTENTS] = log.append([entries[CONTENTS]]).start
    size = len(log)
    note = cosign(sign_checkpoint(log.checkpoint(LOG.name), LOG), WITNESS, 1_790_000_000)
    anchors = tuple(
        Anchor(name, entries[name], index, tuple(log.inclusion(index, size))) for name, index in places.items()
    )
    log.append([b"later %d" % i for i in range(700)])
    after = sign_checkpoint(log.checkpoint(LOG.name), LOG) if later else ""
    grown = tuple(log.consistency(size)) if later else ()
    keys = (str(LOG.public), str(WITNESS.public))
    return replace(material, ledger=LedgerProofs(note, keys, anchors, after, grown))


def files_of(material: Material) -> dict[str, bytes]:
    return write_bundle(with_ledger(with_results(material)))


def assembly(yes: int, members: int = 498, present: int = 350) -> Material:
    """A members' assembly: online secret ballots and one paper box; `yes` decides (332 of 498)."""
    text = motion_digest(TEXT)
    paper = 50
    online = present - paper
    choices = [("yes",)] * (yes - 40) + [("!blank",), ("!double",), ("abstain",)]
    choices += [("no",)] * (online - len(choices))
    entry = Entry("p6", paper, paper, 0, 48, 2, {"yes": 40, "no": 7, "abstain": 1, "blank": 1, "double": 1})
    no = online - (yes - 40) - 3 + 7
    counts = {
        "yes": yes,
        "no": no,
        "abstain": 2,
        "blank": 2,
        "double": 2,
        "issued": present,
        "returned": present,
        "unreturned": 0,
        "valid": present - 4,
        "invalid": 4,
    }
    roll = Roll(("members_full_capacity",), holders(members))
    people = [one.id for one in roll.holders]
    proxy = {"written": True, "same_household": True, "same_organisation": True, "full_capacity": True}
    events = [
        {"at": "2026-03-02", "kind": "done", "papers": ["text"], "hash": text},
        {"at": "2026-03-04", "kind": "done", "papers": ["opinion"]},
        {"at": "2026-03-05", "kind": "notice_posted", "proof": "张贴照片", "meeting_on": "2026-03-15", "hash": text,
         "roll": {"members_full_capacity": members}, "states": ["time", "place", "matters"]},
        {"at": "2026-03-10", "kind": "proxy_given", "principal": people[0], "agent": people[1], **proxy},
        {"at": "2026-03-15", "kind": "meeting_opened"},
        {"at": "2026-03-15", "kind": "recused", "person": people[present], "reason": "承租人近亲属"},
        {"at": "2026-03-15", "kind": "attendance_counted", "counts": {"present_incl_online_and_proxy": present + 1}},
        {"at": "2026-03-15", "kind": "ballot_opened", "hash": text},
        {"at": "2026-03-15", "kind": "ballot_closed"},
        {"at": "2026-03-15", "kind": "counted", "counters": ["p5", "p6"], "counts": counts},
        {"at": "2026-03-15", "kind": "certified", "by": "p7"},
    ]  # fmt: skip
    publications: tuple[Publication, ...] = ()
    if 3 * yes >= 2 * members:
        events += [
            {"at": "2026-03-16", "kind": "posted", "photo": True, "hash": text, "place": "公开栏"},
            {"at": "2026-04-01", "kind": "posting_ended", "photo": True},
        ]
        days = (("start", "2026-03-16"), ("middle", "2026-03-20"), ("end", "2026-04-01"))
        publications = (Publication(12, "公开栏", text, tuple(Photo(m, d, digest(m)) for m, d in days)),)
    channels = ["proxy", *(["person"] * 308), *(["online"] * (present - 309)), "recused"]
    attendance = tuple(
        Presence(person, channel, people[1] if channel == "proxy" else "")
        for person, channel in zip(people, channels, strict=False)
    )
    boxes = (Box("一号箱", (entry, replace(entry, by="p8"))),)
    return Material(
        id="d-2026-7",
        decision={"procedure": "members_assembly", "resolve": "REO-MA", "title": "厂房租赁方案", "proposer": "p1"},
        events=events,
        motions=(TEXT,),
        rolls={"1": roll},
        votes=(
            Vote("1", 3, 8, 10, "p4", "1", secret=True, marked=present, attendance=attendance,
                 slips=secret(choices), receipts=receipts(len(choices)), boxes=boxes),
        ),
        notices=(NoticeProof(3, "p2", "公开栏张贴并逐户送达", "2026-03-05", text, (Evidence("照片", digest("photo")),)),),
        minutes=(Minutes("1", text, digest("minutes"), ("p2", "p3")),),
        publications=publications,
    )  # fmt: skip


def owners() -> Material:
    """Scenario 11: a charging shed on common green; the area falls short by 130.00 m²."""
    text = motion_digest("充电车棚方案\n")
    yes, others, total = 652, {"no": 180, "abstain": 20, "!blank": 8}, 1193
    voted = [("yes",)] * yes + [(kind,) for kind, number in others.items() for _ in range(number)]
    voted += [("!double",)] * 3
    areas = [10_733] * (yes - 1)
    areas.append(6_998_000 - sum(areas))
    rest = sum(others.values())
    areas += [(9_348_000 - 6_998_000) // rest] * (rest - 1)
    areas.append(9_348_000 - sum(areas))
    silent = total - len(areas)
    areas += [(12_840_000 - 9_348_000) // silent] * (silent - 1)
    areas.append(12_840_000 - sum(areas))
    roll = Roll(("heads_all", "area_all"), holders(total, lambda i: (1, areas[i])))
    slips = tuple(Slip(one.id, choice) for one, choice in zip(roll.holders, voted, strict=False))
    counts = {
        "area_participating": "93480.00",
        "heads_participating": 860,
        "area_yes": "69980.00",
        "heads_yes": 652,
        "no": 180,
        "abstain": 20,
        "blank": 8,
        "double": 3,
    }
    events = [
        {"at": "2026-04-07", "kind": "done", "papers": ["text"], "hash": text},
        {"at": "2026-04-08", "kind": "done", "papers": ["letter"]},
        {"at": "2026-04-09", "kind": "notice_posted", "proof": "张贴照片", "meeting_on": "2026-04-24", "hash": text,
         "roll": {"area_all": "128400.00", "heads_all": 1193}, "participating": ["blank"]},
        {"at": "2026-04-24", "kind": "meeting_opened"},
        {"at": "2026-04-24", "kind": "ballot_opened", "hash": text},
        {"at": "2026-05-10", "kind": "ballot_closed"},
        {"at": "2026-05-10", "kind": "counted", "counters": ["p1", "p2"], "counts": counts},
        {"at": "2026-05-11", "kind": "certified", "by": "p3"},
    ]  # fmt: skip
    return Material(
        id="shed",
        decision={"procedure": "owners_vote", "item": "8", "title": "充电车棚", "proposer": "p9"},
        events=events,
        motions=("充电车棚方案\n",),
        rolls={"owners": roll},
        votes=(Vote("1", 3, 5, 7, "p4", "owners", slips=slips),),
        notices=(NoticeProof(3, "p9", "公告栏、逐户", "2026-04-09", text, (Evidence("送达清单", digest("list")),)),),
        minutes=(Minutes("1", text, digest("minutes"), ("p9",)),),
    )


def _keyed(by: str, issued: int, unreturned: int, invalid: int, counts: Mapping[str, int]) -> Entry:
    returned = issued - unreturned
    return Entry(by, issued, returned, unreturned, returned - invalid, invalid, dict(counts))


def election() -> Material:
    """Scenario 18: two seats, one filled at once, the other in a run-off; on paper in two boxes."""
    first = {"陈": 535, "李": 534, "何": 400}
    parts = ({"陈": 300, "李": 234, "何": 150}, {"陈": 235, "李": 300, "何": 250})
    runoff = {"李": 341, "何": 300}
    boxes = (
        Box("东", tuple(_keyed(by, 501, 1, 2, parts[0]) for by in ("p1", "p2"))),
        Box("西", tuple(_keyed(by, 569, 1, 4, parts[1]) for by in ("p3", "p4"))),
    )
    again = (Box("合", tuple(_keyed(by, 1021, 0, 11, runoff) for by in ("p1", "p2"))),)
    counts = {"voters_who_voted": 1068, "issued": 1070, "returned": 1068, "unreturned": 2, "valid": 1062, "invalid": 6}
    events = [
        {"at": "2026-03-01", "kind": "done", "papers": ["minutes"]},
        {"at": "2026-03-05", "kind": "done", "papers": ["text"]},
        {"at": "2026-04-01", "kind": "roll_posted", "registered": 2134, "election_on": "2026-04-26"},
        {"at": "2026-04-03", "kind": "objected", "id": "s1", "by": "m000001"},
        {"at": "2026-04-07", "kind": "objection_answered", "id": "s1", "upheld": True},
        {"at": "2026-04-09", "kind": "roll_settled", "registered": 2135},
        {"at": "2026-04-11", "kind": "done", "papers": ["nominations"]},
        {"at": "2026-04-14", "kind": "reviewed", "result": "pass", "by": "p20"},
        {"at": "2026-04-16", "kind": "candidates_posted", "names": ["陈", "李", "何"]},
        {"at": "2026-04-26", "kind": "poll_opened"},
        {"at": "2026-04-26", "kind": "counted", "counters": ["p1", "p2"], "counts": counts, "votes": first},
        {"at": "2026-04-27", "kind": "runoff_opened", "names": ["李", "何"]},
        {"at": "2026-04-27", "kind": "counted", "counters": ["p1", "p2"], "counts": {"ballots_cast": 1021}, "votes": runoff},
        {"at": "2026-04-28", "kind": "certified", "by": "p9"},
    ]  # fmt: skip
    return Material(
        id="election-2026",
        decision={"procedure": "village_election", "seats": 2, "title": "村民委员会换届选举"},
        events=events,
        rolls={"voters": Roll(("registered",), holders(2135))},
        votes=(
            Vote("1", 6, 10, 11, "p7", "voters", secret=True, marked=1070, boxes=boxes),
            Vote("2", 6, 12, 13, "p7", "voters", secret=True, marked=1021, boxes=again),
        ),
    )


def small(signed: bool = True, posted: bool = True) -> Material:
    """Nine members, seven sign in (one by proxy), one is recused; ballots signed in a file or cast in the events."""
    text = motion_digest(TEXT)
    roll = Roll(("members_full_capacity",), holders(9))
    people = [one.id for one in roll.holders]
    proxy = {"written": True, "same_household": True, "same_organisation": True, "full_capacity": True}
    events: list[dict[str, Any]] = [
        {"at": "2026-03-02", "kind": "done", "papers": ["text"], "hash": text},
        {"at": "2026-03-04", "kind": "done", "papers": ["opinion"]},
        {"at": "2026-03-05", "kind": "notice_posted", "proof": "照片", "meeting_on": "2026-03-15", "hash": text,
         "roll": {"members_full_capacity": 9}, "states": ["time", "place", "matters"]},
        {"at": "2026-03-10", "kind": "proxy_given", "principal": people[0], "agent": people[1], **proxy},
        {"at": "2026-03-15", "kind": "meeting_opened"},
        *({"at": "2026-03-15", "kind": "signed_in", "person": one, "channel": "person"} for one in people[1:8]),
        {"at": "2026-03-15", "kind": "signed_in", "person": people[0], "channel": "proxy"},
        {"at": "2026-03-15", "kind": "recused", "person": people[7], "reason": "亲属"},
        {"at": "2026-03-15", "kind": "ballot_opened", "hash": text},
    ]  # fmt: skip
    marks = [*[["yes"]] * 6, []]
    opened = len(events)
    if not signed:
        events += [
            {"at": "2026-03-15", "kind": "cast", "person": one, "marks": mark}
            for one, mark in zip(people, marks, strict=False)
        ]
    events += [
        {"at": "2026-03-15", "kind": "ballot_closed"},
        {"at": "2026-03-15", "kind": "counted", "counters": ["p5", "p6"], "counts": {"yes": 6, "no": 0, "abstain": 0, "blank": 1}},
        {"at": "2026-03-15", "kind": "certified", "by": "p7"},
    ]  # fmt: skip
    counted = len(events) - 1
    publications: tuple[Publication, ...] = ()
    if posted:
        events.append({"at": "2026-03-16", "kind": "posted", "photo": True})
        publications = (Publication(len(events), "公开栏", "", (Photo("start", "2026-03-16", digest("p")),)),)
    slips = tuple(Slip(one, tuple(mark) or ("!blank",)) for one, mark in zip(people, marks, strict=False))
    attendance = (
        Presence(people[0], "proxy", people[1]),
        *(Presence(one, "person") for one in people[1:7]),
        Presence(people[7], "recused"),
    )
    return Material(
        id="small",
        decision={"procedure": "members_assembly", "resolve": "REO-MA", "title": "小组方案", "proposer": "p1"},
        events=events,
        motions=(TEXT,),
        rolls={"1": roll},
        votes=(Vote("1", 3, opened, counted, "p4", "1", attendance=attendance, slips=slips if signed else None),),
        notices=(NoticeProof(3, "p2", "送达", "2026-03-05", text, (Evidence("清单", digest("list")),)),),
        minutes=(Minutes("1", text, digest("minutes"), ("p2",)),),
        publications=publications,
    )


def unanimous() -> Material:
    """Civil Code 279: a home turned into a shop needs every owner affected."""
    text = motion_digest("住改商\n")
    roll = Roll(("affected_all",), holders(12))
    events = [
        {"at": "2026-03-02", "kind": "done", "papers": ["text"], "hash": text},
        {"at": "2026-03-03", "kind": "notice_posted", "proof": "照片", "meeting_on": "2026-03-10", "hash": text,
         "roll": {"affected_all": 12}},
        {"at": "2026-03-10", "kind": "meeting_opened"},
        {"at": "2026-03-10", "kind": "ballot_opened", "hash": text},
        {"at": "2026-03-20", "kind": "ballot_closed"},
        {"at": "2026-03-20", "kind": "counted", "counters": ["p1", "p2"], "counts": {"affected_yes": 12}},
        {"at": "2026-03-21", "kind": "certified", "by": "p3"},
    ]  # fmt: skip
    return Material(
        id="home",
        decision={"procedure": "owners_unanimous", "title": "住改商"},
        events=events,
        motions=("住改商\n",),
        rolls={"1": roll},
        votes=(Vote("1", 2, 4, 6, "p4", "1", slips=tuple(Slip(one.id, ("yes",)) for one in roll.holders)),),
        notices=(NoticeProof(2, "p1", "送达", "2026-03-03", text, (Evidence("回执", digest("list")),)),),
        minutes=(Minutes("1", text, digest("minutes"), ("p1",)),),
    )
