"""The log over tiles: the same answers as the tree in memory, at every size and after every restart."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.engines.ledger import reference

from yishi.engines.ledger import (
    Change,
    Log,
    MemoryStore,
    ProofError,
    TileError,
    Tree,
    check_consistency,
    check_inclusion,
    leaf_hash,
    tiles_of,
    unpack_entries,
)


def made(size: int) -> list[bytes]:
    return [b"entry %d" % i for i in range(size)]


@given(st.lists(st.integers(0, 700), max_size=12), st.data())
@settings(deadline=None)
def test_any_portions_and_restarts_give_the_tree(portions: list[int], data: st.DataObject) -> None:
    store, tree = MemoryStore(), Tree()
    log = Log(store)
    for portion in portions:
        entries = [b"entry %d" % (len(tree) + i) for i in range(portion)]
        assert log.append(entries) == tree.extend(entries)
        if data.draw(st.booleans()):
            log = Log(store)
        assert len(log) == len(tree)
        assert log.root() == tree.root()
    size = len(tree)
    for _ in range(5 if size else 0):
        upto = data.draw(st.integers(1, size))
        index, old = data.draw(st.integers(0, upto - 1)), data.draw(st.integers(0, upto))
        assert log.inclusion(index, upto) == tree.inclusion(index, upto)
        assert log.consistency(old, upto) == tree.consistency(old, upto)
        assert log.entry(index) == b"entry %d" % index


@pytest.mark.parametrize("size", [1, 255, 256, 257, 65_535, 65_536, 65_537, 70_000])
def test_edges_of_tiles(size: int) -> None:
    entries, store = made(size), MemoryStore()
    log = Log(store)
    rng, at = random.Random(size), 0
    while at < size:
        step = rng.choice([1, 255, 256, 257, 9_000])
        log.append(entries[at : at + step])
        at += step
    tree = Tree(entries)
    for one in (log, Log(store)):
        assert one.root() == tree.root()
        for _ in range(60):
            upto = rng.randint(1, size)
            index, old = rng.randrange(upto), rng.randint(0, upto)
            proof, grown = one.inclusion(index, upto), one.consistency(old, upto)
            check_inclusion(leaf_hash(entries[index]), index, upto, proof, tree.root(upto))
            check_consistency(old, upto, tree.root(old), tree.root(upto), grown)


def test_every_resource_is_what_the_specification_says() -> None:
    size = 70_000
    entries, log = made(size), Log(MemoryStore())
    log.append(entries)
    for tile in tiles_of(size):
        body = log.resource(tile.path)
        if tile.level < 0:
            assert unpack_entries(body) == entries[tile.index * 256 : tile.index * 256 + tile.width]
        elif tile.level == 0 and tile.index % 50:
            continue
        else:
            unit = 256**tile.level
            span = [((tile.index * 256 + i) * unit, (tile.index * 256 + i + 1) * unit) for i in range(tile.width)]
            hashes = span[:3] if tile.level == 1 else span
            expected = b"".join(reference.mth(entries[a:b]) for a, b in hashes)
            assert body[: len(expected)] == expected
            assert len(body) == 32 * tile.width


def test_partial_tiles_of_earlier_sizes_stay_available() -> None:
    log = Log(MemoryStore())
    log.append(made(600))
    full = log.resource("tile/0/001")
    assert log.resource("tile/0/001.p/44") == full[: 44 * 32]
    assert unpack_entries(log.resource("tile/entries/001.p/3")) == made(600)[256:259]
    assert log.resource("tile/1/000.p/1") == log.resource("tile/1/000.p/2")[:32]
    for path in ("tile/0/002", "tile/0/002.p/89", "tile/entries/003.p/1", "tile/1/000.p/3", "tile/2/000.p/1"):
        with pytest.raises(TileError) as caught:
            log.resource(path)
        assert caught.value.code == "no_tile"


def test_what_cannot_be_asked_is_named() -> None:
    log = Log(MemoryStore())
    log.append(made(3))
    for ask, code in (
        (lambda: log.append([b"x" * 65_536]), "entry_too_long"),
        (lambda: log.entry(3), "no_entry"),
        (lambda: log.entry(-1), "no_entry"),
        (lambda: log.resource("tile/0/0"), "path"),
    ):
        with pytest.raises(TileError) as caught:
            ask()
        assert caught.value.code == code
    with pytest.raises(ProofError, match="holds 3"):
        log.root(4)
    assert log.append([]) == range(3, 3)
    assert log.checkpoint("o").size == 3
    assert log.checkpoint("o", 2).root == Tree(made(2)).root()


class Full(MemoryStore):
    """A disk that is full."""

    def write(self, change: Change) -> None:
        raise OSError("full")


def test_a_write_that_fails_leaves_the_log_as_it_was() -> None:
    good = MemoryStore()
    Log(good).append(made(300))
    log = Log(Full(good.kept, good.tiles, good.bundles))
    before = log.root()
    with pytest.raises(OSError, match="full"):
        log.append(made(300))
    assert (len(log), log.root()) == (300, before)


def test_a_damaged_tile_is_named() -> None:
    store = MemoryStore()
    log = Log(store)
    log.append(made(300))
    store.tiles[0, 0] = store.tiles[0, 0][:-1]
    with pytest.raises(TileError) as caught:
        log.inclusion(5)
    assert caught.value.code == "tile_broken"
