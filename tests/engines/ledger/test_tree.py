"""The tree in memory against the published vectors and against the RFC's own recursion."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.engines.ledger import reference

from yishi.engines.ledger import EMPTY_ROOT, ProofError, Tree, check_consistency, check_inclusion, leaf_hash, node_hash

ENTRIES = [bytes.fromhex(one) for one in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657")] + [
    bytes(range(0x60, 0x70))
]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
CODES = {
    "index_outside",
    "hash_length",
    "proof_length",
    "root_differs",
    "old_root_differs",
    "backwards",
    "size_outside",
}


def made(size: int) -> list[bytes]:
    return [b"%d" % i for i in range(size)]


def test_roots_of_the_vectors() -> None:
    tree = Tree()
    for size, root in enumerate(ROOTS):
        assert tree.root().hex() == root
        if size < len(ENTRIES):
            assert tree.append(ENTRIES[size]) == size
    assert [tree.root(size).hex() for size in range(9)] == ROOTS
    assert ROOTS[0] == EMPTY_ROOT.hex()


@pytest.mark.parametrize("size", range(1, 41))
def test_every_proof_of_small_trees_is_the_recursive_one(size: int) -> None:
    entries = made(size)
    tree = Tree(made(40))
    root = reference.mth(entries)
    assert tree.root(size) == root
    for index in range(size):
        found = tree.inclusion(index, size)
        assert found == reference.path(index, entries)
        check_inclusion(leaf_hash(entries[index]), index, size, found, root)
    for old in range(1, size + 1):
        grown = tree.consistency(old, size)
        assert grown == reference.proof(old, entries)
        check_consistency(old, size, reference.mth(entries[:old]), root, grown)


@given(st.lists(st.binary(max_size=40), max_size=300), st.data())
def test_appending_in_any_portions_gives_one_tree(entries: list[bytes], data: st.DataObject) -> None:
    tree = Tree()
    at = 0
    while at < len(entries):
        step = data.draw(st.integers(1, 90))
        assert tree.extend(entries[at : at + step]) == range(at, min(at + step, len(entries)))
        at += step
    assert len(tree) == len(entries)
    assert tree.root() == reference.mth(entries)


@given(st.data())
def test_a_changed_byte_anywhere_fails(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 700))
    index = data.draw(st.integers(0, size - 1))
    entries = made(size)
    tree = Tree(entries)
    parts = [leaf_hash(entries[index]), tree.root(), *tree.inclusion(index)]
    check_inclusion(parts[0], index, size, parts[2:], parts[1])
    which, place = data.draw(st.integers(0, len(parts) - 1)), data.draw(st.integers(0, 31))
    broken = bytearray(parts[which])
    broken[place] ^= data.draw(st.integers(1, 255))
    parts[which] = bytes(broken)
    with pytest.raises(ProofError) as caught:
        check_inclusion(parts[0], index, size, parts[2:], parts[1])
    assert caught.value.code == "root_differs"


@given(st.data())
def test_consistency_between_any_two_sizes_and_no_others(data: st.DataObject) -> None:
    new = data.draw(st.integers(0, 700))
    old = data.draw(st.integers(0, new))
    tree = Tree(made(new))
    parts = [tree.root(old), tree.root(new), *tree.consistency(old, new)]
    check_consistency(old, new, parts[0], parts[1], parts[2:])
    which = data.draw(st.integers(0, len(parts) - 1))
    if which != 1 or old:
        broken = bytearray(parts[which])
        broken[data.draw(st.integers(0, 31))] ^= data.draw(st.integers(1, 255))
        parts[which] = bytes(broken)
        with pytest.raises(ProofError) as caught:
            check_consistency(old, new, parts[0], parts[1], parts[2:])
        assert caught.value.code in ("root_differs", "old_root_differs")


@given(st.integers(1, 300), st.integers(0, 299), st.integers(-1, 3), st.data())
def test_another_index_or_number_of_steps_fails(size: int, index: int, extra: int, data: st.DataObject) -> None:
    index %= size
    tree = Tree(made(size))
    proof, root, leaf = list(tree.inclusion(index)), tree.root(), leaf_hash(b"%d" % index)
    other = data.draw(st.integers(0, size - 1).filter(lambda i: i != index)) if size > 1 else None
    if other is not None:
        with pytest.raises(ProofError):
            check_inclusion(leaf, other, size, proof, root)
    longer = proof[:extra] if extra < 0 else [*proof, *[root] * extra]
    if len(longer) != len(proof):
        with pytest.raises(ProofError) as caught:
            check_inclusion(leaf, index, size, longer, root)
        assert caught.value.code == "proof_length"


def test_each_error_is_named() -> None:
    tree = Tree(made(10))
    root, leaf, old = tree.root(), leaf_hash(b"3"), tree.root(6)
    proof, grown = tree.inclusion(3), tree.consistency(6)
    cases = {
        "index_outside": [lambda: check_inclusion(leaf, 10, 10, proof, root), lambda: tree.inclusion(10)],
        "hash_length": [lambda: check_inclusion(leaf[:31], 3, 10, proof, root)],
        "size_outside": [lambda: tree.root(11), lambda: tree.root(-1), lambda: tree.inclusion(0, 11)],
        "backwards": [lambda: tree.consistency(7, 6), lambda: check_consistency(7, 6, root, old, [])],
        "proof_length": [
            lambda: check_consistency(6, 10, old, root, []),
            lambda: check_consistency(6, 10, old, root, grown[:-1]),
            lambda: check_consistency(6, 10, old, root, [*grown, root]),
            lambda: check_consistency(10, 10, root, root, [root]),
        ],
        "old_root_differs": [
            lambda: check_consistency(6, 10, root, root, grown),
            lambda: check_consistency(0, 10, root, root, []),
        ],
        "root_differs": [
            lambda: check_consistency(6, 10, old, old, grown),
            lambda: check_consistency(10, 10, root, old, []),
            lambda: check_inclusion(leaf, 3, 10, proof, old),
        ],
    }
    for code, asks in cases.items():
        for ask in asks:
            with pytest.raises(ProofError) as caught:
                ask()
            assert caught.value.code == code
            assert set(caught.value.text) == {"zh", "en"}
            assert str(caught.value) == caught.value.text["en"]
    assert set(cases) == CODES


def test_hashing_a_node_is_not_hashing_a_leaf() -> None:
    a, b = leaf_hash(b"a"), leaf_hash(b"b")
    assert node_hash(a, b) != leaf_hash(a + b)
    assert node_hash(a, b) == Tree([b"a", b"b"]).root()
