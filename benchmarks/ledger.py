"""The ledger beside bare hashlib and beside pymerkle, in one run.

``python benchmarks/ledger.py [ENTRIES] [FOLDER]`` (default 1,000,000; the folder must be on the disk to be measured).
"""

import random
import resource
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from pymerkle import InmemoryTree, SqliteTree

from yishi.core.ledger_store import Ledger
from yishi.engines.ledger import Signer, Tree, check_consistency, check_inclusion, leaf_hash, sign_checkpoint
from yishi.engines.ledger.checkpoints import open_checkpoint

ROUNDS = 5
BATCH = 1_000


def seconds(act: Callable[[], object]) -> float:
    """Wall time of one call."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def cpu(act: Callable[[], object]) -> float:
    """Processor time of one call: a busy machine does not count."""
    start = time.process_time()
    act()
    return time.process_time() - start


def micros(act: Callable[[], object], rounds: int = 3_000) -> float:
    """Mean processor time of many calls, in microseconds."""
    return cpu(lambda: [act() for _ in range(rounds)]) / rounds * 1e6


def bare_seconds(entries: list[bytes]) -> float:
    """The floor: two hashes an entry with the prefixes of the RFC; the pairs stand ready and nothing is put together."""
    new = sha256
    leaves = cpu(lambda: [new(b"\x00" + entry).digest() for entry in entries])
    pairs = [bytes(64)] * len(entries)
    return leaves + cpu(lambda: [new(b"\x01" + pair).digest() for pair in pairs])


def bulk(entries: list[bytes]) -> None:
    """Floor and ours in turn, in processor time."""
    floor, ours = [], []
    for _ in range(ROUNDS):
        floor.append(bare_seconds(entries))
        ours.append(cpu(lambda: Tree(entries)))
    few = entries[: len(entries) // 10]
    rival = cpu(lambda: InmemoryTree().append_entries(few)) * 10
    a, b, n = min(floor), min(ours), len(entries)
    print(
        f"bulk append, {n:,} entries   ours {n / b:>11,.0f}/s   bare hashlib {n / a:>11,.0f}/s   {a / b:.1%} of it "
        f"(medians {statistics.median(floor) / statistics.median(ours):.1%})   pymerkle in memory {n / rival:,.0f}/s, "
        f"ours ×{rival / b:.1f}"
    )
    tree = Tree()
    single = cpu(lambda: [tree.append(entry) for entry in entries])
    print(f"one at a time, in memory    ours {n / single:>11,.0f}/s   {a / single:.1%} of bare hashlib")


def proofs(entries: list[bytes], tree: Tree) -> None:
    """Proofs in memory."""
    n, root, rng = len(entries), tree.root(), random.Random(1)
    few = n // 10
    rival = InmemoryTree()
    rival.append_entries(entries[:few])
    ours = micros(lambda: tree.inclusion(rng.randrange(n)))
    theirs = micros(lambda: rival.prove_inclusion(rng.randrange(few) + 1), 1_000)
    print(
        f"inclusion, in memory    ours {ours:6.1f} µs at {n:,}   pymerkle {theirs:7.1f} µs at {few:,}   ×{theirs / ours:.1f}"
    )
    ours = micros(lambda: tree.consistency(rng.randint(1, n)))
    theirs = micros(lambda: rival.prove_consistency(rng.randint(1, few)), 1_000)
    print(
        f"consistency, in memory  ours {ours:6.1f} µs at {n:,}   pymerkle {theirs:7.1f} µs at {few:,}   ×{theirs / ours:.1f}"
    )
    leaf, proof = leaf_hash(entries[n // 3]), tree.inclusion(n // 3)
    grown, old = tree.consistency(n // 3), tree.root(n // 3)
    print(
        f"checking                inclusion {micros(lambda: check_inclusion(leaf, n // 3, n, proof, root)):.1f} µs   "
        f"consistency {micros(lambda: check_consistency(n // 3, n, old, root, grown)):.1f} µs"
    )


def durable(entries: list[bytes], folder: Path) -> None:
    """On disk: batches, single appends, proofs from the store."""
    n, rng = len(entries), random.Random(2)
    ledger = Ledger(folder / "ours.sqlite3")
    took = seconds(lambda: [ledger.append(entries[i : i + BATCH]) for i in range(0, n, BATCH)])
    size = (folder / "ours.sqlite3").stat().st_size
    print(
        f"durable, batches of {BATCH:,}   ours {n / took:,.0f} entries/s (WAL, synchronous=FULL)   {size / n:.0f} bytes/entry on disk"
    )
    rival = SqliteTree(str(folder / "theirs.sqlite3"))
    rival.append_entries(entries, chunksize=100_000)
    ours = micros(lambda: ledger.inclusion(rng.randrange(n)))
    theirs = micros(lambda: rival.prove_inclusion(rng.randrange(n) + 1), 200)
    print(
        f"inclusion, from SQLite    ours {ours:6.1f} µs   pymerkle {theirs:9.1f} µs   ×{theirs / ours:.0f}   (both at {n:,})"
    )
    ours = micros(lambda: ledger.consistency(rng.randint(1, n)))
    theirs = micros(lambda: rival.prove_consistency(rng.randint(1, n)), 200)
    print(
        f"consistency, from SQLite  ours {ours:6.1f} µs   pymerkle {theirs:9.1f} µs   ×{theirs / ours:.0f}   (both at {n:,})"
    )
    plain = sqlite3.connect(folder / "plain.sqlite3", isolation_level=None)
    plain.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t (id INTEGER PRIMARY KEY, d BLOB)"
    )
    single, floor, slow = [], [], []
    for number, entry in enumerate(entries[:5_000]):
        single.append(seconds(lambda e=entry: ledger.append([e])) * 1e6)  # type: ignore[misc]
        floor.append(seconds(lambda e=entry: plain.execute("INSERT INTO t (d) VALUES (?)", (e,))) * 1e6)  # type: ignore[misc]
        if number % 20 == 0:
            slow.append(seconds(lambda e=entry: rival.append_entry(e)) * 1e6)  # type: ignore[misc]
    for name, times in (("ours", single), ("one bare SQLite insert", floor), ("pymerkle", slow)):
        times.sort()
        print(
            f"one durable append   {name:<24} p50 {times[len(times) // 2]:6.0f} µs   p99 {times[len(times) * 99 // 100]:6.0f} µs"
        )
    signer = Signer("bench.example/log", bytes(32))
    note = sign_checkpoint(ledger.checkpoint(signer.name), signer)
    print(f"checkpoint   sign {micros(lambda: sign_checkpoint(ledger.checkpoint(signer.name), signer), 300):.0f} µs   "
          f"open {micros(lambda: open_checkpoint(note, signer.public), 300):.0f} µs")  # fmt: skip
    ledger.close()


def main() -> None:
    """Everything, beside its floor or rival."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    entries = [b"entry %054d" % i for i in range(n)]
    bulk(entries)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    tree = Tree(entries)
    print(f"memory   {sum(map(len, tree._rows)) / n:.0f} bytes/entry held by the tree")
    proofs(entries, tree)
    with tempfile.TemporaryDirectory(dir=sys.argv[2] if len(sys.argv) > 2 else None) as folder:
        durable(entries, Path(folder))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(
        f"peak memory of this process {peak / 1024:,.0f} MB, entries and rivals included ({before / 1024:,.0f} MB before the proofs)"
    )


if __name__ == "__main__":
    main()
