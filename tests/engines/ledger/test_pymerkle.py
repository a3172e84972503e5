"""The same trees in pymerkle: roots agree, it accepts our proofs and we accept its own."""

import random

import pytest
from pymerkle import InmemoryTree, InvalidProof, verify_consistency, verify_inclusion
from pymerkle.core import _consistency_path_layout, _inclusion_path_layout
from pymerkle.proof import ConsistencyProof, InclusionProof

from yishi.engines.ledger import ProofError, Tree, check_consistency, check_inclusion, leaf_hash, node_hash
from yishi.engines.ledger.proofs import range_root

SIZE = 300


@pytest.fixture(scope="module")
def both() -> tuple[Tree, InmemoryTree]:
    entries = [b"entry %d" % i for i in range(SIZE)]
    theirs = InmemoryTree()
    theirs.append_entries(entries)
    return Tree(entries), theirs


def test_roots_agree(both: tuple[Tree, InmemoryTree]) -> None:
    ours, theirs = both
    assert [ours.root(n) for n in range(SIZE + 1)] == [theirs.get_root(n) for n in range(SIZE + 1)]


def test_inclusion_both_ways(both: tuple[Tree, InmemoryTree]) -> None:
    ours, theirs = both
    rng = random.Random(1)
    for _ in range(400):
        size = rng.randint(1, SIZE)
        index = rng.randrange(size)
        leaf, root = leaf_hash(b"entry %d" % index), ours.root(size)
        their_proof = theirs.prove_inclusion(index + 1, size)
        check_inclusion(leaf, index, size, their_proof.path[1:], root)
        rule, _ = _inclusion_path_layout(index + 1, size)
        made = InclusionProof("sha256", True, size, index + 1, rule, [leaf, *ours.inclusion(index, size)])
        verify_inclusion(leaf, root, made, index=index + 1, size=size)
        if size > 1:
            with pytest.raises(InvalidProof):
                verify_inclusion(leaf, ours.root(size - 1), made)
            with pytest.raises(ProofError):
                check_inclusion(leaf, index, size, their_proof.path[1:], ours.root(size - 1))


def folded(rule: list[int], path: list[bytes]) -> bytes:
    value = path[0]
    for bit, one in zip(rule, path[1:], strict=False):
        value = node_hash(one, value) if bit else node_hash(value, one)
    return value


def test_consistency_both_ways(both: tuple[Tree, InmemoryTree]) -> None:
    """pymerkle goes down to the first new leaf where the RFC stops at the first new subtree: below
    that place its hashes are folded for ours, and unfolded from our rows for its own."""
    ours, theirs = both
    rng = random.Random(2)
    for _ in range(400):
        new = rng.randint(1, SIZE)
        old = rng.randint(1, new)
        path = theirs.prove_consistency(old, new).path
        rule, subset, ranges = _consistency_path_layout(old, new)
        turn = subset.index(1)
        start = [] if ranges[turn][0] == 0 else [path[turn]]
        below = [folded(rule, path[:turn])] if turn else []
        rfc = [] if old == new else [*start, *below, *path[turn + 1 :]]
        assert rfc == ours.consistency(old, new)
        check_consistency(old, new, ours.root(old), ours.root(new), rfc)
        finer = [range_root(ours.node, a, b) for a, b in ranges[: turn + 1]]
        rest = ours.consistency(old, new)[len(start) + len(below) :]
        made = ConsistencyProof("sha256", True, new, old, rule, subset, [*finer, *rest])
        verify_consistency(ours.root(old), ours.root(new), made, prior_size=old, later_size=new)
