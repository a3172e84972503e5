"""`yishi verify` on a members' assembly of many ballots, in a process of its own: time and peak memory.

``python benchmarks/verify.py [BALLOTS]`` (default 100,000; as many right-holders and half again). Beside it
the floor: unpacking the same archive and hashing every file once.
"""

import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from dataclasses import replace
from pathlib import Path

from yishi.engines.bundle import (
    CONTENTS,
    Anchor,
    Evidence,
    Holder,
    LedgerProofs,
    Material,
    Minutes,
    NoticeProof,
    Presence,
    Roll,
    Slip,
    Vote,
    anchored,
    commit,
    commitments_of,
    contents_bytes,
    ledger_entry,
    make_zip,
    motion_digest,
    write_bundle,
    write_files,
)
from yishi.engines.ledger import Log, MemoryStore, Signer, sign_checkpoint
from yishi.engines.procedure import read_history, replay, report

TEXT = "厂房租赁方案\n"
LIMIT_SECONDS, LIMIT_MB = 10, 500


def material(ballots: int, secret: bool) -> Material:
    """An assembly in which everyone present votes, two thirds of the whole in favour."""
    members, text = ballots * 3 // 2, motion_digest(TEXT)
    holders = tuple(Holder(f"m{i:07d}", (1,), commit(b"%016d" % i, f"person {i}")) for i in range(members))
    yes = ballots - ballots // 50
    choices = [("yes",)] * yes + [("no",)] * (ballots - yes)
    codes = [hashlib.sha256(b"receipt %d" % i).hexdigest()[:12].upper() for i in range(ballots)]
    keys = [""] * ballots if secret else [one.id for one in holders]
    events = [
        {"at": "2026-03-02", "kind": "done", "papers": ["text"], "hash": text},
        {"at": "2026-03-04", "kind": "done", "papers": ["opinion"]},
        {"at": "2026-03-05", "kind": "notice_posted", "proof": "照片", "meeting_on": "2026-03-15", "hash": text,
         "roll": {"members_full_capacity": members}, "states": ["time", "place", "matters"]},
        {"at": "2026-03-15", "kind": "meeting_opened"},
        {"at": "2026-03-15", "kind": "attendance_counted", "counts": {"present_incl_online_and_proxy": ballots}},
        {"at": "2026-03-15", "kind": "ballot_opened", "hash": text},
        {"at": "2026-03-15", "kind": "ballot_closed"},
        {"at": "2026-03-15", "kind": "counted", "counters": ["p5", "p6"], "counts": {"yes": yes, "no": ballots - yes}},
        {"at": "2026-03-15", "kind": "certified", "by": "p7"},
    ]  # fmt: skip
    decision = {"procedure": "members_assembly", "resolve": "REO-MA", "title": "厂房租赁方案", "proposer": "p1"}
    read, history = read_history({"decision": decision, "events": events})
    roll = Roll(("members_full_capacity",), holders)
    slips = tuple(Slip(key, choice) for key, choice in zip(keys, choices, strict=False))
    salts = None if secret else {slip.key: f"{n:032x}" for n, slip in enumerate(slips)}
    return Material(
        id="bench",
        decision=decision,
        events=events,
        results=report(replay(read, history)[0])["results"],
        motions=(TEXT,),
        rolls={"1": roll},
        votes=(
            Vote(
                "1", 3, 6, 8, "p4", "1", secret, marked=ballots if secret else None,
                attendance=tuple(Presence(one.id, "online") for one in holders[:ballots]), slips=slips,
                receipts=tuple(codes) if secret else None, salts=salts,
                commitments=commitments_of(slips, salts, roll) if salts else None,
            ),
        ),
        notices=(NoticeProof(3, "p2", "张贴", "2026-03-05", text, (Evidence("照片", "0" * 64),)),),
        minutes=(Minutes("1", text, "0" * 64, ("p2",)),),
    )  # fmt: skip


def bundled(made: Material) -> bytes:
    """The archive, anchored in a log."""
    log, signer = Log(MemoryStore()), Signer("bench.example/log", bytes(32))
    files = write_files(made)
    order = sorted(
        anchored(files),
        key=lambda name: ("rolls", "ballots", "commitments", "receipts", "result.json").index(name.split("/")[0]),
    )
    entries = {name: ledger_entry(made.id, name, files[name]) for name in order}
    entries[CONTENTS] = ledger_entry(made.id, CONTENTS, contents_bytes(files))
    places = {name: log.append([entry]).start for name, entry in entries.items()}
    note = sign_checkpoint(log.checkpoint(signer.name), signer)
    anchors = tuple(Anchor(name, entries[name], index, tuple(log.inclusion(index))) for name, index in places.items())
    return make_zip(write_bundle(replace(made, ledger=LedgerProofs(note, (str(signer.public),), anchors))))


def run(path: Path) -> tuple[float, float, float, int, bytes]:
    """Seconds by the clock and of the processor, peak megabytes, exit code and answer of the command."""
    start = time.perf_counter()
    child = subprocess.Popen(
        [Path(sys.executable).with_name("yishi"), "verify", path, "--json"], stdout=subprocess.PIPE
    )
    assert child.stdout is not None
    answer = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    taken = time.perf_counter() - start
    return taken, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status), answer


def floor(path: Path) -> float:
    """Seconds to unpack and hash every file."""
    start = time.perf_counter()
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            hashlib.sha256(archive.read(name)).hexdigest()
    return time.perf_counter() - start


def main() -> None:
    """Secret and signed, each whole and with one ballot changed."""
    ballots = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        for secret in (True, False):
            path = Path(folder) / "decision.zip"
            path.write_bytes(bundled(material(ballots, secret)))
            least = floor(path)
            seconds, cpu, megabytes, code, answer = run(path)
            told = json.loads(answer)
            print(
                f"{ballots:,} {'secret' if secret else 'signed'} ballots, {ballots * 3 // 2:,} on the roll, "
                f"{path.stat().st_size / 1e6:.1f} MB   {seconds:.2f} s, {cpu:.2f} s of processor (≤ {LIMIT_SECONDS})   {megabytes:.0f} MB (≤ {LIMIT_MB})   "
                f"unpack and hash alone {least:.2f} s: ×{seconds / least:.1f}   exit {code}, {len(told['checks'])} checks, "
                f"{sum(not one['ok'] for one in told['checks'])} fail"
            )
    print(f"making them took this process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
