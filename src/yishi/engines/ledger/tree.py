"""The log in memory: one row of hashes for each level of complete subtrees, 64 bytes an entry."""

from collections.abc import Iterable, Sequence
from hashlib import sha256
from itertools import islice

from yishi.engines.ledger import proofs
from yishi.engines.ledger.errors import ProofError
from yishi.engines.ledger.hashing import SIZE, hash_leaves, hash_pairs, leaf_hash

PORTION = 4096
"""Entries hashed at once: their hashes stay in the processor's cache."""


def grow_by(rows: list[bytearray], entries: Iterable[bytes]) -> None:
    """Append entries and every subtree that they complete."""
    rest = iter(entries)
    while portion := tuple(islice(rest, PORTION)):
        grow(rows, hash_leaves(portion))


def grow(rows: list[bytearray], hashes: bytes) -> None:
    """Append leaf hashes and every subtree that they complete. Each row begins at an even place."""
    level = 0
    while hashes:
        if level == len(rows):
            rows.append(bytearray())
        row = rows[level]
        start = len(row) & -2 * SIZE
        row += hashes
        end = len(row) & -2 * SIZE
        hashes = hash_pairs(row[start:end])
        level += 1


class Tree:
    """An append-only Merkle tree (RFC 9162) that keeps hashes only, not entries.

    Appending costs two hashes an entry. `root`, `inclusion` and `consistency` answer for any size
    that the tree has had. They raise `ProofError` for a size or an index outside of it.
    """

    def __init__(self, entries: Iterable[bytes] = ()) -> None:
        self._rows: list[bytearray] = [bytearray()]
        self.extend(entries)

    def __len__(self) -> int:
        return len(self._rows[0]) // SIZE

    def append(self, entry: bytes) -> int:
        """Add one entry; its index."""
        rows, index, value, level = self._rows, len(self), leaf_hash(entry), 0
        rows[0] += value
        while index >> level & 1:
            value = sha256(b"\x01" + rows[level][-2 * SIZE :]).digest()
            level += 1
            if level == len(rows):
                rows.append(bytearray())
            rows[level] += value
        return index

    def extend(self, entries: Iterable[bytes]) -> range:
        """Add many entries; their indices."""
        first = len(self)
        grow_by(self._rows, entries)
        return range(first, len(self))

    def node(self, level: int, index: int) -> bytes:
        """Hash of a complete subtree."""
        at = index * SIZE
        return bytes(self._rows[level][at : at + SIZE])

    def root(self, size: int | None = None) -> bytes:
        """Root of the first `size` entries; of all when not said."""
        return proofs.tree_root(self.node, self._size(size))

    def inclusion(self, index: int, size: int | None = None) -> Sequence[bytes]:
        """Proof that entry `index` is among the first `size`."""
        return proofs.inclusion(self.node, index, self._size(size))

    def consistency(self, old: int, new: int | None = None) -> Sequence[bytes]:
        """Proof that the first `new` entries begin with the first `old`."""
        return proofs.consistency(self.node, old, self._size(new))

    def _size(self, size: int | None) -> int:
        if size is None:
            return len(self)
        if not 0 <= size <= len(self):
            raise no_such_size(size, len(self))
        return size


def no_such_size(size: int, have: int) -> ProofError:
    """The error for a size that the log has not reached."""
    return ProofError(
        "size_outside", f"日志只有 {have} 条，没有 {size} 条", f"the log holds {have} entries, not {size}"
    )
