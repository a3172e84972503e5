"""The bundle in the ledger: a signed checkpoint, the place of each file in it, and that the log only grew."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from yishi.engines.bundle.finding import Finding
from yishi.engines.bundle.model import Check, LedgerProofs, Material
from yishi.engines.bundle.writing import CONTENTS, anchored, contents_bytes, ledger_facts
from yishi.engines.ledger import (
    COSIGNATURE,
    Checkpoint,
    LedgerError,
    NoteError,
    ProofError,
    PublicKey,
    check_consistency,
    check_inclusion,
    leaf_hash,
    open_checkpoint,
    read_public_key,
)
from yishi.engines.words import say

NOTE = "ledger/checkpoint.txt"
LATER = "ledger/later.txt"
KEYS = "ledger/keys.txt"
PROOFS = "ledger/proofs.json"


@dataclass(frozen=True, slots=True)
class Keys:
    """The log's key, its witnesses', and whether the one who checks knew the log's key beforehand."""

    log: PublicKey
    witnesses: tuple[PublicKey, ...]
    trusted: bool


def check_ledger(material: Material, files: Mapping[str, bytes], trusted: Mapping[str, PublicKey]) -> Iterator[Check]:
    """Checkpoint, anchors and consistency; `trusted` are keys by origin that the checker brings."""
    finding = Finding("checkpoint", material.id)
    if material.ledger is None:
        finding.add(
            "ledger/",
            "没有存证：无法证明决策包没有被重做",
            "not in a ledger: nothing shows that the bundle was not made anew",
        )
        yield finding.check(say("", ""))
        return
    opened = _open(material.ledger, trusted, finding)
    if opened is None:
        yield finding.check(say("", ""))
        return
    checkpoint, later, told = opened
    yield finding.check(told)
    yield _anchors(material, files, checkpoint)
    if later is not None:
        yield _consistency(material.ledger, checkpoint, later)


def _open(
    ledger: LedgerProofs, trusted: Mapping[str, PublicKey], finding: Finding
) -> tuple[Checkpoint, Checkpoint | None, dict[str, str]] | None:
    keys = _keys(ledger, trusted, finding)
    if keys is None:
        return None
    found, witnesses = [], [0]
    for where, note in ((NOTE, ledger.checkpoint), (LATER, ledger.later)):
        if not note:
            continue
        try:
            opened = open_checkpoint(note, keys.log, keys.witnesses)
        except NoteError as error:
            finding.add(where, error.text["zh"], error.text["en"])
            return None
        found.append(opened.checkpoint)
        witnesses.append(len(opened.witnesses))
    source = (
        say("密钥由核对人提供", "with the key that you gave")
        if keys.trusted
        else say(
            "密钥取自决策包，请与村镇公布的核对（--key）",
            "with the bundle's own key: compare it with the town's (--key)",
        )
    )
    told = say(
        f"{keys.log.name}，{found[0].size} 条，见证 {max(witnesses)} 个；{source['zh']}",
        f"{keys.log.name}, {found[0].size} entries, {max(witnesses)} witnesses; {source['en']}",
    )
    return found[0], found[1] if len(found) > 1 else None, told


def _keys(ledger: LedgerProofs, trusted: Mapping[str, PublicKey], finding: Finding) -> Keys | None:
    own: list[PublicKey] = []
    for line, text in enumerate(ledger.keys, 1):
        try:
            own.append(read_public_key(text))
        except NoteError as error:
            finding.add(f"{KEYS}:{line}", error.text["zh"], error.text["en"])
            return None
    log, witnesses = own[0], tuple(key for key in own[1:] if key.kind == COSIGNATURE)
    if not trusted:
        return Keys(log, witnesses, trusted=False)
    given = trusted.get(log.name)
    if given is None or given != log:
        finding.add(
            f"{KEYS}:1",
            f"决策包用的是 {log}，不是您提供的密钥",
            f"the bundle uses {log}, which is not the key that you gave",
        )
        return None
    return Keys(given, witnesses, trusted=True)


def _anchors(material: Material, files: Mapping[str, bytes], checkpoint: Checkpoint) -> Check:
    finding = Finding("anchors", material.id)
    assert material.ledger is not None
    places: dict[str, int] = {}
    bound = {**files, CONTENTS: contents_bytes(files)}
    for number, anchor in enumerate(material.ledger.anchors, 1):
        where = f"{PROOFS} anchors[{number}]"
        if anchor.file not in bound or anchor.file in places:
            finding.add(
                where, f"没有文件 {anchor.file}，或重复", f"there is no file {anchor.file}, or it is anchored twice"
            )
            continue
        places[anchor.file] = anchor.index
        if not _states(anchor.entry, ledger_facts(material.id, anchor.file, bound[anchor.file])):
            told = f"{anchor.file}: its entry in the ledger is of another file or text"
            finding.add(anchor.file, f"{anchor.file}：存证条目与文件不符", told)
            finding.add(where, f"{anchor.file} 的条目不符", f"the entry of {anchor.file} is another")
        try:
            check_inclusion(leaf_hash(anchor.entry), anchor.index, checkpoint.size, anchor.proof, checkpoint.root)
        except ProofError as error:
            finding.add(anchor.file, f"{anchor.file}：{error.text['zh']}", f"{anchor.file}: {error.text['en']}")
            finding.add(where, f"{anchor.file} 的证明不成立", f"the proof of {anchor.file} does not hold")
    needed = [CONTENTS, *anchored(files)]
    for name in (name for name in needed if name not in places):
        finding.add(name, f"{name} 没有存证", f"{name} is not in the ledger")
    _in_order(material, places, finding)
    count = len(places)
    return finding.check(say(f"{count} 个文件在存证中", f"{count} files are in the ledger"))


def _states(entry: bytes, facts: Mapping[str, str]) -> bool:
    """Whether an entry is a table that holds these facts."""
    try:
        table = json.loads(entry)
    except (ValueError, RecursionError):
        return False
    return isinstance(table, dict) and all(table.get(key) == value for key, value in facts.items())


def _in_order(material: Material, places: Mapping[str, int], finding: Finding) -> None:
    """The roll went in before the ballots or commitments of its vote, those before the result."""
    for vote in material.votes:
        roll, last = places.get(f"rolls/{vote.roll}.txt", 0), places.get("result.json")
        folders = ("ballots", "commitments", "choices", "receipts")
        for name in (*(f"{folder}/{vote.id}.txt" for folder in folders), f"boxes/{vote.id}.json"):
            index = places.get(name)
            if index is not None and (index < roll or (last is not None and index > last)):
                finding.add(
                    name, f"{name} 的存证先于名册或晚于结果", f"{name} went in before its roll or after the result"
                )


def _consistency(ledger: LedgerProofs, old: Checkpoint, new: Checkpoint) -> Check:
    finding = Finding("consistency", old.origin)
    try:
        check_consistency(old.size, new.size, old.root, new.root, ledger.consistency)
    except ProofError as error:
        finding.add(PROOFS, error.text["zh"], error.text["en"])
        finding.add(LATER, "与较晚的检查点不连续", "the later checkpoint does not continue the first")
    return finding.check(say(f"由 {old.size} 条增至 {new.size} 条", f"grew from {old.size} to {new.size} entries"))


def read_trusted(options: Collection[str]) -> dict[str, PublicKey]:
    """Keys given as `ORIGIN=PUBKEY`. Raises `LedgerError` for one that cannot be read."""
    out = {}
    for option in options:
        origin, sign, key = option.partition("=")
        if not sign:
            raise LedgerError("key", f"{option}：须写作 来源=公钥", f"{option}: write ORIGIN=PUBKEY")
        out[origin] = read_public_key(key)
    return out
