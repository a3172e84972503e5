"""Inclusion and consistency proofs: made from complete subtrees, checked with nothing but hashes.

RFC 9162, sections 2.1.3 and 2.1.4. `node(level, index)` is the hash of the complete subtree over
the entries `index·2^level … (index+1)·2^level - 1`.
"""

from collections.abc import Callable, Sequence

from yishi.engines.ledger.errors import ProofError
from yishi.engines.ledger.hashing import EMPTY_ROOT, SIZE, node_hash

Node = Callable[[int, int], bytes]


def range_root(node: Node, start: int, end: int) -> bytes:
    """Hash of the entries from `start` up to `end`, where `start` is a multiple of a power of two
    that is at least `end - start`: the right edge of a tree, or a whole tree (`start` 0)."""
    rest = end - start
    level = (rest & -rest).bit_length() - 1
    value = node(level, (end >> level) - 1)
    rest &= rest - 1
    while rest:
        level = (rest & -rest).bit_length() - 1
        value = node_hash(node(level, ((start + rest) >> level) - 1), value)
        rest &= rest - 1
    return value


def tree_root(node: Node, size: int) -> bytes:
    """Root of the first `size` entries."""
    return range_root(node, 0, size) if size else EMPTY_ROOT


def _path(node: Node, level: int, index: int, size: int) -> list[bytes]:
    """From a complete subtree up to the root of `size` entries: the siblings on the way."""
    out = []
    last = (size - 1) >> level
    while last:
        sibling = index ^ 1
        if sibling < last or (sibling == last and (sibling + 1) << level <= size):
            out.append(node(level, sibling))
        elif sibling == last:
            out.append(range_root(node, sibling << level, size))
        index >>= 1
        last >>= 1
        level += 1
    return out


def inclusion(node: Node, index: int, size: int) -> list[bytes]:
    """Proof that entry `index` is in the log of `size` entries. Raises `ProofError`."""
    if not 0 <= index < size:
        raise _outside(index, size)
    return _path(node, 0, index, size)


def consistency(node: Node, old: int, new: int) -> list[bytes]:
    """Proof that the log of `new` entries begins with the log of `old` entries. Raises `ProofError`."""
    if not 0 <= old <= new:
        raise _backwards(old, new)
    if old in (0, new):
        return []
    level = (old & -old).bit_length() - 1
    index = (old >> level) - 1
    start = [node(level, index)] if index else []
    return start + _path(node, level, index, new)


def check_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Check that the entry with the hash `leaf` stands at `index` in the log of `size` entries
    with this `root`. Raises `ProofError`: `index_outside`, `hash_length`, `proof_length`,
    `root_differs`."""
    if not 0 <= index < size:
        raise _outside(index, size)
    _hashes(leaf, root, *proof)
    at, last, value = index, size - 1, leaf
    for one in proof:
        if not last:
            raise _length()
        if at & 1 or at == last:
            value = node_hash(one, value)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            value = node_hash(value, one)
        at, last = at >> 1, last >> 1
    if last:
        raise _length()
    if value != root:
        raise _root()


def check_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Check that the log of `new` entries and root begins with the log of `old` entries and root.

    Raises `ProofError`: `backwards`, `hash_length`, `proof_length`, `root_differs` (the new root),
    `old_root_differs`.
    """
    if not 0 <= old <= new:
        raise _backwards(old, new)
    _hashes(old_root, new_root, *proof)
    if old in (0, new):
        _same_or_empty(old, new, old_root, new_root, proof)
        return
    steps = [old_root, *proof] if not old & (old - 1) else list(proof)
    if not steps:
        raise _length()
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = steps[0]
    for one in steps[1:]:
        if not last:
            raise _length()
        if at & 1 or at == last:
            first, second = node_hash(one, first), node_hash(one, second)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            second = node_hash(second, one)
        at, last = at >> 1, last >> 1
    if last:
        raise _length()
    if first != old_root:
        raise _old_root()
    if second != new_root:
        raise _root()


def _same_or_empty(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    if proof:
        raise _length()
    if old == 0 and old_root != EMPTY_ROOT:
        raise _old_root()
    if old == new and old_root != new_root:
        raise _root()


def _hashes(*values: bytes) -> None:
    if any(len(value) != SIZE for value in values):
        raise ProofError("hash_length", "哈希值须为 32 字节", "a hash has 32 bytes")


def _outside(index: int, size: int) -> ProofError:
    return ProofError("index_outside", f"第 {index} 条不在 {size} 条之内", f"entry {index} is not among {size} entries")


def _backwards(old: int, new: int) -> ProofError:
    return ProofError(
        "backwards", f"日志不能由 {old} 条变为 {new} 条", f"a log of {old} entries cannot become one of {new}"
    )


def _length() -> ProofError:
    return ProofError(
        "proof_length", "证明的步数与日志条数不符", "the proof has not as many steps as the log's size asks"
    )


def _root() -> ProofError:
    return ProofError(
        "root_differs", "由证明算出的根与检查点不一致", "the proof leads to another root than the checkpoint's"
    )


def _old_root() -> ProofError:
    return ProofError("old_root_differs", "由证明算出的旧根与旧检查点不一致", "the proof leads to another old root")
