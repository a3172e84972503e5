"""Pairing: SciPy's assignment and OR-Tools with every arc beside ours on the same scores, in one run.

    python benchmarks/pairing.py           493 and 5 000 branches (about a minute)
    python benchmarks/pairing.py --full    also 20 000 (OR-Tools with every arc needs 4 GB)

Each line runs in a process of its own: the best of several runs (what-if: the middle one), seconds of
clock and of processor, peak memory of the process with the table of scores. Ours proves every plan,
pairs included that the solver never saw; all totals of one question have to agree.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
SIZES = {493: 42, 5_000: 426, 20_000: 1_704}
SCIPY_CAN, CAPPED_CAN = 5_000, 5_000
NAMES = {
    "ours": "ours, proven", "ours-lists": "ours, from lists", "ours-what-if": "ours: what if",
    "ortools": "OR-Tools, every arc", "ortools-what-if": "OR-Tools: anew", "scipy": "SciPy, places",
}  # fmt: skip


def measured(way: str, n: int, capped: bool) -> dict:
    words = [sys.executable, HERE / "pairing_case.py", way, n, SIZES[n], int(capped)]
    done = subprocess.run([str(w) for w in words], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{way} failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def told(way: str, run: dict, own: dict) -> str:
    ratio = "" if run is own else f"{run['wall'] / own['wall']:7.1f}x {run['cpu'] / own['cpu']:7.1f}x {run['peak_mb'] / own['peak_mb']:6.1f}x"  # fmt: skip
    return f"  {NAMES[way]:<22}{run['wall'] * 1e3:11.2f} {run['cpu'] * 1e3:11.2f} {run['peak_mb']:9.0f}  {ratio}"


def compare(n: int, capped: bool) -> None:
    rule = "at most three of one institution in a community" if capped else "no quota beside the sizes"
    print(f"{n:,} branches, {SIZES[n]:,} communities, {rule}")
    print(f"  {'':<22}{'wall ms':>11} {'cpu ms':>11} {'peak MB':>9}  {'wall':>8} {'cpu':>8} {'memory':>7}")
    ways = ["ours", "ours-lists"]
    ways += ["ortools"] if not capped or n <= CAPPED_CAN else []
    ways += ["scipy"] if not capped and n <= SCIPY_CAN else []
    own = measured("ours", n, capped)
    for way in ways:
        run = own if way == "ours" else measured(way, n, capped)
        print(told(way, run, own), flush=True)
        if run["total"] != own["total"]:
            raise SystemExit(f"{way} has {run['total']} points, ours {own['total']}")
    if n == min(SIZES):
        changed = measured("ours-what-if", n, capped)
        print(told("ours-what-if", changed, changed))
        print(told("ortools-what-if", measured("ortools-what-if", n, capped), changed), flush=True)


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--full", action="store_true", help="also 20 000 branches")
    words.add_argument("--only", type=int, choices=SIZES, help="only this many branches")
    asked = words.parse_args()
    for n in [asked.only] if asked.only else [s for s in SIZES if asked.full or s < 20_000]:
        for capped in (False, True):
            compare(n, capped)
    print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
