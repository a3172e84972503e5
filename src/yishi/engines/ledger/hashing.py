"""Merkle tree hashes of RFC 9162, section 2.1 (the same as RFC 6962): SHA-256, leaves and nodes told apart."""

from collections.abc import Iterable
from hashlib import sha256
from struct import iter_unpack

SIZE = 32
"""Bytes of a hash."""
EMPTY_ROOT = sha256().digest()
"""Root of a log without entries."""


def leaf_hash(entry: bytes) -> bytes:
    """Hash of one entry: SHA-256(0x00 ‖ entry)."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of two subtrees: SHA-256(0x01 ‖ left ‖ right)."""
    return sha256(b"\x01" + left + right).digest()


def hash_leaves(entries: Iterable[bytes]) -> bytes:
    """Hashes of many entries, one after the other."""
    new = sha256
    return b"".join([new(b"\x00" + entry).digest() for entry in entries])


def hash_pairs(hashes: bytes | bytearray) -> bytes:
    """Parents of an even number of neighbouring hashes, one after the other."""
    new = sha256
    return b"".join([new(b"\x01" + pair).digest() for (pair,) in iter_unpack("64s", hashes)])
