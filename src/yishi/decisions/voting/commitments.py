"""What a frozen roll commits to: the Merkle root (RFC 9162) over salted hashes of its lines."""

import hashlib
import json
from collections.abc import Sequence

from yishi.decisions.models import RollEntry
from yishi.engines.ledger import Tree


def canonical(entry: RollEntry) -> bytes:
    """A line as it is committed to: number, code, label, household, heads, area in hundredths, shares."""
    line = [
        entry.number, entry.code, entry.label, entry.household, entry.heads, entry.area_hundredths, entry.shares,
    ]  # fmt: skip
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode()


def commitment(entry: RollEntry) -> bytes:
    """SHA-256 of salt and line: shows nothing without the salt, and can be opened line by line."""
    return hashlib.sha256(entry.salt.encode() + canonical(entry)).digest()


def root_of(entries: Sequence[RollEntry]) -> str:
    """The root of the ledger's kind of tree over the lines in their order, as hex."""
    return Tree(commitment(entry) for entry in entries).root().hex()
