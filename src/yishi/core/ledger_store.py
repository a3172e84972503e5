"""The ledger on disk: a log of `engines.ledger` in one SQLite file, appended to by many at once.

Every append that returned is on disk (WAL with `synchronous=FULL`). Appends that wait for the disk
together share one transaction. Threads share one `Ledger`; processes open one each on the same file.
"""

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock, RLock
from typing import TypeVar

from yishi.engines.ledger import Change, Checkpoint, Kept, Log, StoreMoved
from yishi.engines.ledger.tiles import check_entry

T = TypeVar("T")
WAIT_SECONDS = 30
_SCHEMA = """
CREATE TABLE IF NOT EXISTS log (id INTEGER PRIMARY KEY CHECK (id = 1), size INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS entry (id INTEGER PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS bundle (id INTEGER PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS tile (id INTEGER PRIMARY KEY, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS edge (id INTEGER PRIMARY KEY, data BLOB NOT NULL);
INSERT OR IGNORE INTO log VALUES (1, 0);
"""


class SqliteStore:
    """A `Store` in a SQLite file: loose entries and partial tiles in rows of their own, full
    bundles and tiles written once and never again."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path, timeout=WAIT_SECONDS, isolation_level=None, check_same_thread=False)
        self.connection.execute("PRAGMA journal_mode=WAL")
        self.connection.execute("PRAGMA synchronous=FULL")
        self.connection.executescript(_SCHEMA)

    def size(self) -> int:
        """Entries written so far, by anyone."""
        return int(self.connection.execute("SELECT size FROM log").fetchone()[0])

    def load(self) -> Kept:
        """The state after the last write, read in one snapshot."""
        run = self.connection.execute
        inside = self.connection.in_transaction
        if not inside:
            run("BEGIN")
        try:
            size = self.size()
            tail = [row[0] for row in run("SELECT data FROM entry ORDER BY id")]
            edges = [row[0] for row in run("SELECT data FROM edge ORDER BY id")]
        finally:
            if not inside:
                run("COMMIT")
        return Kept(size, tail, edges)

    def tile(self, level: int, index: int) -> bytes:
        """A full tile with its inner levels. Raises `LookupError`."""
        return self._blob("SELECT data FROM tile WHERE id = ?", level << 56 | index)

    def bundle(self, index: int) -> bytes:
        """A full entry bundle. Raises `LookupError`."""
        return self._blob("SELECT data FROM bundle WHERE id = ?", index)

    def write(self, change: Change) -> None:
        """Write a change inside the transaction under way. Raises `StoreMoved`."""
        many = self.connection.executemany
        found = self.size()
        if found != change.before:
            raise StoreMoved(change.before, found)
        if change.bundles:
            self.connection.execute("DELETE FROM entry WHERE id < ?", (change.tail_from,))
            many("INSERT INTO bundle VALUES (?, ?)", change.bundles)
            many("INSERT INTO tile VALUES (?, ?)", [(level << 56 | i, nodes) for level, i, nodes in change.tiles])
            many("INSERT OR REPLACE INTO edge VALUES (?, ?)", change.edges)
        many("INSERT INTO entry VALUES (?, ?)", enumerate(change.tail, change.tail_from))
        self.connection.execute("UPDATE log SET size = ?", (change.after,))

    def _blob(self, query: str, id: int) -> bytes:
        row = self.connection.execute(query, (id,)).fetchone()
        if row is None:
            raise LookupError(id)
        return bytes(row[0])


@dataclass(slots=True)
class _Waiting:
    entries: list[bytes]
    indices: range | None = None
    error: BaseException | None = None


@dataclass(slots=True)
class _Queue:
    lock: Lock = field(default_factory=Lock)
    waiting: list[_Waiting] = field(default_factory=list)

    def put(self, one: _Waiting) -> None:
        with self.lock:
            self.waiting.append(one)

    def take(self) -> list[_Waiting]:
        with self.lock:
            taken, self.waiting = self.waiting, []
            return taken


class Ledger:
    """A durable log for many threads and processes.

    ``append`` returns once its entries are on disk. Proofs, roots and resources are of the log as
    this process knows it: what it appended, or what ``refresh`` found.
    """

    def __init__(self, path: Path) -> None:
        self._store = SqliteStore(path)
        self._log = Log(self._store)
        self._using = RLock()
        self._queue = _Queue()

    def __len__(self) -> int:
        return len(self._log)

    def append(self, entries: Iterable[bytes]) -> range:
        """Add entries; their indices, once on disk.

        Raises:
            TileError: an entry is longer than 65,535 bytes; nothing of this call is appended.
            sqlite3.Error: the file cannot be written; nothing is appended.
        """
        mine = _Waiting(list(entries))
        for entry in mine.entries:
            check_entry(entry)
        self._queue.put(mine)
        with self._using:
            if mine.indices is None and mine.error is None:
                self._commit(self._queue.take())
        if mine.error is not None:
            raise mine.error
        assert mine.indices is not None
        return mine.indices

    def refresh(self) -> int:
        """Take in what other processes appended; the number of entries."""
        with self._using:
            if self._store.size() != len(self._log):
                self._log.reload()
            return len(self._log)

    def checkpoint(self, origin: str, size: int | None = None) -> Checkpoint:
        """The checkpoint to be signed. Raises `ProofError` for a size that is not reached."""
        return self._read(lambda: self._log.checkpoint(origin, size))

    def inclusion(self, index: int, size: int | None = None) -> list[bytes]:
        """Proof that an entry is in the log. Raises `ProofError`."""
        return self._read(lambda: self._log.inclusion(index, size))

    def consistency(self, old: int, new: int | None = None) -> list[bytes]:
        """Proof that the log only grew. Raises `ProofError`."""
        return self._read(lambda: self._log.consistency(old, new))

    def resource(self, path: str) -> bytes:
        """What tlog-tiles serves at a path. Raises `TileError`."""
        return self._read(lambda: self._log.resource(path))

    def entry(self, index: int) -> bytes:
        """One entry. Raises `TileError` when there is none."""
        return self._read(lambda: self._log.entry(index))

    def close(self) -> None:
        """Close the file."""
        with self._using:
            self._store.connection.close()

    def _read(self, ask: Callable[[], T]) -> T:
        with self._using:
            return ask()

    def _commit(self, batch: list[_Waiting]) -> None:
        try:
            start = self._write([entry for one in batch for entry in one.entries]).start
        except BaseException as error:
            for one in batch:
                one.error = error
            return
        for one in batch:
            one.indices = range(start, start + len(one.entries))
            start += len(one.entries)

    def _write(self, entries: list[bytes]) -> range:
        run = self._store.connection.execute
        run("BEGIN IMMEDIATE")
        try:
            if self._store.size() != len(self._log):
                self._log.reload()
            indices = self._log.append(entries)
            run("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                run("ROLLBACK")
            self._log.reload()
            raise
        return indices
