"""The ledger on disk: threads, processes, full disks and kill -9 lose nothing that was acknowledged."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from yishi.core.ledger_store import Ledger, SqliteStore
from yishi.engines.ledger import (
    Change,
    StoreMoved,
    TileError,
    Tree,
    check_consistency,
    check_inclusion,
    leaf_hash,
    unpack_entries,
)

APPEND = """
import sys
from pathlib import Path
from yishi.core.ledger_store import Ledger
ledger, name, portion = Ledger(Path(sys.argv[1])), sys.argv[2], int(sys.argv[3])
for number in range(int(sys.argv[4])):
    indices = ledger.append([b"%s %d %d" % (name.encode(), number, i) for i in range(portion)])
    print(number, indices.start, flush=True)
"""


def appender(path: Path, name: str, portion: int, rounds: int) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", APPEND, str(path), name, str(portion), str(rounds)], stdout=subprocess.PIPE, text=True
    )


def entries_of(ledger: Ledger) -> list[bytes]:
    return [ledger.entry(i) for i in range(len(ledger))]


def test_it_is_the_tree_after_every_reopening(tmp_path: Path) -> None:
    path, tree = tmp_path / "ledger.sqlite3", Tree()
    for portion in (1, 254, 1, 1, 700, 3, 65_000, 300):
        ledger = Ledger(path)
        entries = [b"entry %d" % (len(tree) + i) for i in range(portion)]
        assert ledger.append(entries) == tree.extend(entries)
        ledger.close()
    ledger = Ledger(path)
    head = ledger.checkpoint("o")
    assert (head.size, head.root) == (len(tree), tree.root())
    for index in (0, 255, 256, 65_700, len(tree) - 1):
        assert ledger.inclusion(index) == tree.inclusion(index)
        check_inclusion(leaf_hash(ledger.entry(index)), index, head.size, ledger.inclusion(index), head.root)
    check_consistency(700, head.size, ledger.checkpoint("o", 700).root, head.root, ledger.consistency(700))
    assert unpack_entries(ledger.resource("tile/entries/001"))[0] == b"entry 256"
    ledger.close()


@pytest.mark.slow
@pytest.mark.parametrize("portion", [1, 300])
def test_kill_9_loses_nothing_acknowledged(tmp_path: Path, portion: int) -> None:
    path = tmp_path / "ledger.sqlite3"
    said: dict[bytes, int] = {}
    for life in range(4):
        process = appender(path, f"life {life}", portion, 1_000_000)
        assert process.stdout is not None
        for _ in range(40 + 17 * life):
            number, start = map(int, process.stdout.readline().split())
            said |= {b"life %d %d %d" % (life, number, i): start + i for i in range(portion)}
        os.kill(process.pid, signal.SIGKILL)
        for line in process.stdout.read().splitlines():
            if len(line.split()) == 2:
                number, start = map(int, line.split())
                said |= {b"life %d %d %d" % (life, number, i): start + i for i in range(portion)}
        process.wait()
        ledger = Ledger(path)
        kept = entries_of(ledger)
        assert all(kept[index] == entry for entry, index in said.items())
        assert len(set(kept)) == len(kept)
        assert ledger.checkpoint("o").root == Tree(kept).root()
        ledger.close()


@pytest.mark.slow
def test_processes_append_to_one_file(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    running = [appender(path, f"p{i}", 7, 60) for i in range(3)]
    said = {}
    for i, process in enumerate(running):
        out, _ = process.communicate(timeout=120)
        assert process.returncode == 0
        said |= {int(line.split()[1]): f"p{i} {line.split()[0]} 0".encode() for line in out.splitlines()}
    ledger = Ledger(path)
    assert len(ledger) == 3 * 7 * 60
    kept = entries_of(ledger)
    assert {index: kept[index] for index in said} == said
    assert ledger.checkpoint("o").root == Tree(kept).root()
    ledger.close()


def test_threads_share_transactions_and_get_their_own_indices(tmp_path: Path) -> None:
    ledger, got = Ledger(tmp_path / "ledger.sqlite3"), {}

    def work(name: int) -> None:
        for i in range(40):
            entry = b"%d %d" % (name, i)
            got[entry] = ledger.append([entry]).start

    threads = [threading.Thread(target=work, args=(name,)) for name in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got.values()) == list(range(320))
    assert all(ledger.entry(index) == entry for entry, index in got.items())
    ledger.close()


def test_another_process_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "ledger.sqlite3"
    one, two = Ledger(path), Ledger(path)
    one.append([b"a"])
    assert (len(two), two.refresh(), two.refresh()) == (0, 1, 1)
    one.append([b"b"])
    assert two.append([b"c"]) == range(2, 3)
    assert one.refresh() == 3
    assert entries_of(one) == [b"a", b"b", b"c"]
    one.close()
    two.close()


def test_one_bad_entry_spoils_no_other_append(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite3")
    with pytest.raises(TileError):
        ledger.append([b"good", b"x" * 65_536])
    assert ledger.append([b"good"]) == range(1)
    assert ledger.append([]) == range(1, 1)
    ledger.close()


def test_a_full_disk_is_said_and_nothing_is_kept(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite3")
    ledger.append([b"first"])
    connection = ledger._store.connection
    connection.execute("PRAGMA max_page_count = 10")
    with pytest.raises(sqlite3.OperationalError, match="full"):
        ledger.append([bytes(60_000)] * 5)
    connection.execute("PRAGMA max_page_count = 100000")
    assert ledger.append([b"second"]) == range(1, 2)
    assert entries_of(ledger) == [b"first", b"second"]
    ledger.close()


def test_the_store_refuses_a_change_from_another_size(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "ledger.sqlite3")
    with pytest.raises(StoreMoved) as caught:
        store.write(Change(5, 6, 5, [b"x"]))
    assert caught.value.code == "moved"
    with pytest.raises(LookupError):
        store.tile(0, 0)
    store.connection.close()
