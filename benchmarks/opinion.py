"""Opinion map: red-dwarf 0.4.0 beside ours on the same votes, in one run.

    python benchmarks/opinion.py            1 000 and 10 000 people
    python benchmarks/opinion.py --full     also 100 000 (the rival needs 6 GB and minutes) and 1 000 000

Installs red-dwarf from PyPI into a throw-away environment. Each measurement runs in a process of
its own, kernels warm: seconds of wall clock and of processor, peak memory of the process. Ours is
timed from the arrays of votes to the lists, the rival from its list of records to its result.
`map` is what the rival computes too; `map + test` adds the random halvings, as many as it takes, that say whether
the split may be announced, which the rival has not. The machine should be quiet; `load` tells.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
RIVAL = "red-dwarf==0.4.0"
SIZES = [(1_000, 100, 30), (10_000, 300, 40)]
FULL = [(100_000, 1_000, 50), (1_000_000, 2_000, 50)]
RIVAL_CAN = 100_000


def rival_python(folder: Path) -> Path | None:
    """An environment with the rival, or None where it cannot be installed."""
    place = folder / "rival"
    python = place / ("Scripts" if os.name == "nt" else "bin") / "python"
    uv = shutil.which("uv")
    if uv:
        steps = [
            [uv, "venv", "-q", "--python", sys.executable, place],
            [uv, "pip", "install", "-q", "--python", python, RIVAL],
        ]
    else:
        steps = [[sys.executable, "-m", "venv", place], [python, "-m", "pip", "install", "-q", RIVAL]]
    for step in steps:
        done = subprocess.run([str(s) for s in step], capture_output=True, text=True)
        if done.returncode:
            print(f"{RIVAL} cannot be installed, ours alone is measured:\n{done.stderr.strip()[-400:]}")
            return None
    return python


def measure(*words: object) -> dict:
    done = subprocess.run([str(w) for w in words], capture_output=True, text=True, cwd=HERE)
    if done.returncode:
        raise SystemExit(f"{words[1]} failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def line(name: str, run: dict, rival: dict | None) -> str:
    ratio = (
        ""
        if rival is None
        else f"{rival['total'] / run['total']:7.0f}x {rival['cpu'] / run['cpu']:7.0f}x {rival['peak_mb'] / run['peak_mb']:6.1f}x"
    )
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0
    return f"  {name:<14}{run['total']:10.3f} {run['cpu']:9.3f} {run['peak_mb']:9.0f} {run['groups']:5d} {load:6.1f} {ratio}"


def compare(people: int, statements: int, each: int, folder: Path, rival: Path | None) -> None:
    votes = folder / f"{people}"
    subprocess.run(
        [sys.executable, HERE / "opinion_votes.py", *map(str, (people, statements, each)), votes], check=True
    )
    print(f"{people:,} people x {statements:,} statements x {each} votes")
    print(
        f"  {'':<14}{'wall s':>10} {'cpu s':>9} {'peak MB':>9} {'k':>5} {'load':>6} {'wall':>8} {'cpu':>8} {'memory':>7}"
    )
    other = measure(rival, HERE / "opinion_rival.py", votes) if rival and people <= RIVAL_CAN else None
    if other:
        print(line("red-dwarf", other, None), flush=True)
    plain = measure(sys.executable, HERE / "opinion_case.py", votes, 0)
    print(line("ours: map", plain, other), flush=True)
    tested = measure(sys.executable, HERE / "opinion_case.py", votes, 200)
    print(line("ours: + test", tested, other), flush=True)
    print(f"  residual of the axes {plain['residual']:.1e}; of the wall clock, sorting votes {plain['matrix']:.3f} s")
    shutil.rmtree(votes)


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--full", action="store_true", help="also 100 000 and 1 000 000 people")
    words.add_argument("--only", type=int, help="only the size with this many people")
    asked = words.parse_args()
    sizes = [s for s in SIZES + FULL if (s[0] == asked.only if asked.only else asked.full or s in SIZES)]
    with tempfile.TemporaryDirectory() as name:
        rival = rival_python(Path(name))
        for people, statements, each in sizes:
            compare(people, statements, each, Path(name), rival)


if __name__ == "__main__":
    main()
