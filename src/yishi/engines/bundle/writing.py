"""From material to files, and the entries that the files leave in the ledger."""

from base64 import b64encode
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from hashlib import sha256
from typing import Any

from yishi.engines.bundle.lines import (
    attendance_bytes,
    commitments_bytes,
    receipts_bytes,
    roll_bytes,
    roll_root,
    salts_bytes,
    slips_bytes,
)
from yishi.engines.bundle.manifest import NAME, canonical, make_manifest
from yishi.engines.bundle.model import Box, LedgerProofs, Material, Publication, Vote

CONTENTS = "contents"
"""The name under which the ledger holds the bundle as a whole."""
_ANCHORED = ("rolls", "commitments", "choices", "receipts", "boxes", "publications")


def motion_digest(text: str) -> str:
    """The digest of a motion's text as it stands in events, notices, minutes and postings."""
    return sha256(text.encode()).hexdigest()


def ledger_facts(decision: str, name: str, data: bytes) -> dict[str, str]:
    """What the ledger's entry for one file of a decision must hold, whatever else it holds: its
    name and digest, nothing personal."""
    return {"decision": decision, "digest": sha256(data).hexdigest(), "file": name}


def ledger_entry(decision: str, name: str, data: bytes) -> bytes:
    """The plainest entry for one file: its facts as canonical JSON."""
    return canonical(ledger_facts(decision, name, data))


def contents_bytes(files: Mapping[str, bytes]) -> bytes:
    """Every file but the manifest and the ledger's own, each by its digest: what the entry `CONTENTS` binds."""
    names = (name for name in files if name != NAME and not name.startswith("ledger/"))
    return canonical({name: sha256(files[name]).hexdigest() for name in names})


def anchored(names: Iterable[str]) -> list[str]:
    """Which of a bundle's files must have an entry in the ledger: rolls, ballots, receipts, boxes, results,
    publications; of signed ballots with commitments those alone, since a digest of so few possible ballots could
    be guessed by whoever knows the ids and the totals."""
    every = set(names)
    return sorted(
        name
        for name in every
        if name == "result.json"
        or name.split("/", maxsplit=1)[0] in _ANCHORED
        or (name.startswith("ballots/") and name.replace("ballots", "commitments", 1) not in every)
    )


def box_bytes(boxes: tuple[Box, ...]) -> bytes:
    """The paper boxes of a vote as a file."""
    return canonical({"boxes": [asdict(box) for box in boxes]})


def publication_bytes(publication: Publication) -> bytes:
    """A publication as a file."""
    return canonical(asdict(publication))


def write_files(material: Material) -> dict[str, bytes]:
    """Every file but the manifest, by name."""
    head = {"id": material.id, "decision": material.decision, "events": list(material.events)}
    rolls = {key: roll_bytes(roll) for key, roll in material.rolls.items()}
    edition = {} if material.version == 1 else {"edition": material.edition}
    files = {
        "decision.json": canonical(head),
        "result.json": canonical({"results": list(material.results)}),
        "votes.json": canonical(
            {
                **edition,
                "rolls": {key: roll_root(data) for key, data in rolls.items()},
                "votes": [_vote(vote) for vote in material.votes],
            }
        ),
        "notices.json": canonical({"notices": [asdict(one) for one in material.notices]}),
        "minutes.json": canonical({"minutes": [asdict(one) for one in material.minutes]}),
        **{f"motions/{i}.txt": text.encode() for i, text in enumerate(material.motions, 1)},
        **{f"rolls/{key}.txt": data for key, data in rolls.items()},
        **{f"publications/{i}.json": publication_bytes(one) for i, one in enumerate(material.publications, 1)},
    }
    for vote in material.votes:
        files |= _vote_files(vote)
    if material.ledger is not None:
        files |= _ledger_files(material.ledger)
    return files


def write_bundle(material: Material) -> dict[str, bytes]:
    """The bundle: file names and their bytes, the manifest among them."""
    files = write_files(material)
    return {NAME: make_manifest(files, material.version), **files}


def _vote(vote: Vote) -> Mapping[str, Any]:
    kept = ("id", "frozen", "opened", "counted", "closed_by", "roll", "secret", "gone", "marked")
    known = {name: getattr(vote, name) for name in kept}
    return known if vote.papers is None else known | {"papers": vote.papers}


def _vote_files(vote: Vote) -> dict[str, bytes]:
    files = {}
    if vote.attendance is not None:
        files[f"attendance/{vote.id}.txt"] = attendance_bytes(vote.attendance)
    if vote.slips is not None:
        files[f"ballots/{vote.id}.txt"] = slips_bytes(vote.slips, vote.secret)
    if vote.receipts is not None:
        files[f"receipts/{vote.id}.txt"] = receipts_bytes(vote.receipts)
    if vote.salts is not None:
        files[f"salts/{vote.id}.txt"] = salts_bytes(vote.salts)
    if vote.commitments is not None:
        files[f"commitments/{vote.id}.txt"] = commitments_bytes(vote.commitments)
    if vote.choices is not None:
        files[f"choices/{vote.id}.txt"] = slips_bytes(vote.choices, secret=True)
    if vote.boxes:
        files[f"boxes/{vote.id}.json"] = box_bytes(vote.boxes)
    return files


def _ledger_files(ledger: LedgerProofs) -> dict[str, bytes]:
    anchors = [
        {"file": a.file, "entry": b64encode(a.entry).decode(), "index": a.index, "proof": [h.hex() for h in a.proof]}
        for a in ledger.anchors
    ]
    files = {
        "ledger/checkpoint.txt": ledger.checkpoint.encode(),
        "ledger/keys.txt": "".join(f"{key}\n" for key in ledger.keys).encode(),
        "ledger/proofs.json": canonical({"anchors": anchors, "consistency": [h.hex() for h in ledger.consistency]}),
    }
    if ledger.later:
        files["ledger/later.txt"] = ledger.later.encode()
    return files
