"""What a frozen roll commits to: the Merkle root (RFC 9162) over salted hashes of its lines."""

import hashlib
import json
from collections.abc import Sequence

from yishi.decisions.models import RollEntry


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
    """The root over the lines in their order, as hex."""
    return merkle_root([commitment(entry) for entry in entries]).hex()


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """The Merkle tree hash of RFC 9162, section 2.1.1."""
    level = [hashlib.sha256(b"\x00" + leaf).digest() for leaf in leaves]
    if not level:
        return hashlib.sha256(b"").digest()
    while len(level) > 1:
        pairs = [_node(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = pairs + ([level[-1]] if len(level) % 2 else [])
    return level[0]


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
