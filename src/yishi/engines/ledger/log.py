"""The log over a store of tiles: what is appended, what a store keeps, proofs read from it.

The store does the reading and writing (`Store`); nothing here does.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from yishi.engines.ledger import proofs
from yishi.engines.ledger.checkpoints import Checkpoint
from yishi.engines.ledger.errors import TileError
from yishi.engines.ledger.hashing import SIZE
from yishi.engines.ledger.tiles import (
    HEIGHT,
    NODES,
    TILE,
    WIDTH,
    Tile,
    check_entry,
    pack_entries,
    read_path,
    unpack_entries,
)
from yishi.engines.ledger.tree import grow, grow_by, no_such_size


@dataclass(frozen=True, slots=True)
class Kept:
    """What is not yet in full tiles: the log's size, the entries of the partial bundle, and for
    each level from 1 up the hashes of its partial tile."""

    size: int = 0
    tail: Sequence[bytes] = ()
    edges: Sequence[bytes] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """One append, to be written whole or not at all.

    From `before` to `after` entries; `tail` are new entries of the partial bundle, the first of
    index `tail_from`; those below `tail_from` are in `bundles` now and may go. `tiles` are full
    tiles with their inner levels (16,320 bytes); `edges` replace the partial tiles of levels
    from 1 up.
    """

    before: int
    after: int
    tail_from: int
    tail: Sequence[bytes]
    bundles: Sequence[tuple[int, bytes]] = ()
    tiles: Sequence[tuple[int, int, bytes]] = ()
    edges: Sequence[tuple[int, bytes]] = ()


class Store(Protocol):
    """Where a log is kept."""

    def load(self) -> Kept:
        """The state after the last write."""

    def tile(self, level: int, index: int) -> bytes:
        """A full tile as it was written. Raises `LookupError`."""

    def bundle(self, index: int) -> bytes:
        """A full entry bundle as it was written. Raises `LookupError`."""

    def write(self, change: Change) -> None:
        """Write a change atomically; on return it is as durable as the store makes it. Raises
        `StoreMoved` when the store does not hold `change.before` entries."""


@dataclass(slots=True)
class MemoryStore:
    """A store in memory, for tests and for logs that are rebuilt at every start."""

    kept: Kept = field(default_factory=Kept)
    tiles: dict[tuple[int, int], bytes] = field(default_factory=dict)
    bundles: dict[int, bytes] = field(default_factory=dict)

    def load(self) -> Kept:
        """The state after the last write."""
        return self.kept

    def tile(self, level: int, index: int) -> bytes:
        """A full tile."""
        return self.tiles[level, index]

    def bundle(self, index: int) -> bytes:
        """A full bundle."""
        return self.bundles[index]

    def write(self, change: Change) -> None:
        """Keep a change."""
        old = [] if change.bundles else list(self.kept.tail)
        edges = dict(enumerate(self.kept.edges, 1)) | dict(change.edges)
        self.kept = Kept(change.after, [*old, *change.tail], list(edges.values()))
        self.tiles |= {(level, index): nodes for level, index, nodes in change.tiles}
        self.bundles |= dict(change.bundles)


class Log:
    """An append-only log whose full tiles are in a store and whose edge is in memory.

    Not for several threads at once; `core.ledger_store.Ledger` is.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self.reload()

    def reload(self) -> None:
        """Take the state from the store again, as after another writer's append."""
        kept = self._store.load()
        self._size, self._tail = kept.size, list(kept.tail)
        self._first: list[int] = []
        self._rows: list[bytearray] = []
        grow_by(self._rows, self._tail)
        for level, hashes in enumerate(kept.edges, 1):
            upper: list[bytearray] = []
            grow(upper, hashes)
            self._rows += [bytearray() for _ in range(level * HEIGHT - len(self._rows))]
            self._rows += upper
        self._set_first()

    def __len__(self) -> int:
        return self._size

    def append(self, entries: Iterable[bytes]) -> range:
        """Add entries (at most 65,535 bytes each); their indices, once the store has written them.

        Raises `TileError` for an entry that is too long, `StoreMoved` when another writer was
        first; nothing is appended then.
        """
        new = list(entries)
        for entry in new:
            check_entry(entry)
        if not new:
            return range(self._size, self._size)
        after = self._size + len(new)
        rows = [bytearray(row) for row in self._rows]
        grow_by(rows, new)
        tiles, edges = self._cut(rows)
        bundles, tail, tail_from = self._bundle(new, after)
        self._store.write(Change(self._size, after, tail_from, tail, bundles, tiles, edges))
        indices = range(self._size, after)
        self._tail = tail if bundles else [*self._tail, *tail]
        self._size, self._rows = after, rows
        self._set_first()
        return indices

    def _bundle(self, new: list[bytes], after: int) -> tuple[list[tuple[int, bytes]], list[bytes], int]:
        first = self._size // WIDTH
        if after // WIDTH == first:
            return [], new, self._size
        loose = [*self._tail, *new]
        count = len(loose) // WIDTH
        full = [(first + i, pack_entries(loose[i * WIDTH : (i + 1) * WIDTH])) for i in range(count)]
        return full, loose[count * WIDTH :], (first + count) * WIDTH

    def _cut(self, rows: list[bytearray]) -> tuple[list[tuple[int, int, bytes]], list[tuple[int, bytes]]]:
        """Take full tiles out of the rows; with them, the edges that changed."""
        tiles, edges = [], []
        for level in range(-(-len(rows) // HEIGHT)):
            inner = rows[level * HEIGHT : (level + 1) * HEIGHT]
            count = len(inner[0]) // TILE
            first = self._size >> (HEIGHT * (level + 1))
            for i in range(count):
                parts = [row[i * (TILE >> h) : (i + 1) * (TILE >> h)] for h, row in enumerate(inner)]
                tiles.append((level, first + i, b"".join(parts)))
            for h, row in enumerate(inner):
                del row[: count * (TILE >> h)]
            if level and (count or len(inner[0]) != self._edge(level)):
                edges.append((level, bytes(inner[0])))
        return tiles, edges

    def _edge(self, level: int) -> int:
        return len(self._rows[level * HEIGHT]) if level * HEIGHT < len(self._rows) else 0

    def _set_first(self) -> None:
        """The index of the first hash that each row still holds."""
        self._first = [(self._size >> level) - len(row) // SIZE for level, row in enumerate(self._rows)]

    def _reader(self) -> proofs.Node:
        """Hashes of complete subtrees, each tile read at most once."""
        seen: dict[tuple[int, int], bytes] = {}
        rows, first, store = self._rows, self._first, self._store

        def node(level: int, index: int) -> bytes:
            at = index - first[level]
            if at >= 0:
                return bytes(rows[level][at * SIZE : at * SIZE + SIZE])
            high, low = divmod(level, HEIGHT)
            key = (high, index >> (HEIGHT - low))
            tile = seen.get(key)
            if tile is None:
                tile = seen[key] = _whole(store.tile(*key))
            place = 2 * TILE - (2 * TILE >> low) + (index & ((WIDTH >> low) - 1)) * SIZE
            return tile[place : place + SIZE]

        return node

    def root(self, size: int | None = None) -> bytes:
        """Root of the first `size` entries; of all when not said. Raises `ProofError`."""
        return proofs.tree_root(self._reader(), self._upto(size))

    def checkpoint(self, origin: str, size: int | None = None) -> Checkpoint:
        """The checkpoint to be signed."""
        size = self._upto(size)
        return Checkpoint(origin, size, self.root(size))

    def inclusion(self, index: int, size: int | None = None) -> list[bytes]:
        """Proof that entry `index` is among the first `size`. Raises `ProofError`."""
        return proofs.inclusion(self._reader(), index, self._upto(size))

    def consistency(self, old: int, new: int | None = None) -> list[bytes]:
        """Proof that the first `new` entries begin with the first `old`. Raises `ProofError`."""
        return proofs.consistency(self._reader(), old, self._upto(new))

    def resource(self, path: str) -> bytes:
        """What tlog-tiles serves at a path such as `tile/0/x001/067`. Raises `TileError`."""
        tile = read_path(path)
        unit = max(tile.level, 0) * HEIGHT
        have = (self._size >> unit) - tile.index * WIDTH
        if have < tile.width:
            raise TileError("no_tile", f"日志还没有 {path}", f"the log has no {path} yet")
        if tile.level < 0:
            return self._entries(tile, have)
        if have >= WIDTH:
            return _whole(self._store.tile(tile.level, tile.index))[: tile.width * SIZE]
        return bytes(self._rows[unit][: tile.width * SIZE])

    def entry(self, index: int) -> bytes:
        """One entry. Raises `TileError` when the log has no such entry."""
        if not 0 <= index < self._size:
            raise TileError("no_entry", f"日志没有第 {index} 条", f"the log has no entry {index}")
        number, place = divmod(index, WIDTH)
        if number == self._size // WIDTH:
            return self._tail[place]
        return unpack_entries(self._store.bundle(number))[place]

    def _entries(self, tile: Tile, have: int) -> bytes:
        if have < WIDTH:
            return pack_entries(self._tail[: tile.width])
        bundle, end = self._store.bundle(tile.index), 0
        for _ in range(tile.width):
            end += 2 + int.from_bytes(bundle[end : end + 2], "big")
        return bundle[:end]

    def _upto(self, size: int | None) -> int:
        if size is None:
            return self._size
        if not 0 <= size <= self._size:
            raise no_such_size(size, self._size)
        return size


def _whole(nodes: bytes) -> bytes:
    if len(nodes) != NODES:
        raise TileError("tile_broken", "存储的瓦片长度不对", "a stored tile has the wrong length")
    return nodes
