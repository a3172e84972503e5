"""Participatory budgets: pabutools 1.2.3 beside ours on the same real files, in one run.

    python benchmarks/budget.py                      a district and Łódź 2022, greedy and equal shares
    python benchmarks/budget.py --full               also equal shares with completion (the rival needs minutes)
    python benchmarks/budget.py --rival PYTHON       an environment that has pabutools already

Installs pabutools from PyPI into a throw-away environment (200 MB, with a commercial solver that is
not used here, which is why it is no dependency). The files are Pabulib's (YISHI_DATA names the
folder). Ours is the best of several runs from the parsed instance to the outcome with its exact
payments; `cold` is the first of these, kernels loaded or compiled; `plain` is ours without numba.
The rival runs once. Wall clock and processor time: on a busy machine the latter is the fairer ratio.
"""

import argparse
import json
import lzma
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

HERE = Path(__file__).resolve().parent
DATA = Path(os.environ.get("YISHI_DATA") or HERE.parent.parent / "shared" / "data") / "pabulib"
RIVAL = "pabutools==1.2.3"
FILES = ["poland_wroclaw_2017_rejon-nr-14-750.pb", "large/Poland_Lodz_2022.pb.xz"]


def rival_python(folder: Path) -> Path | None:
    """An environment with the rival, or None where it cannot be installed."""
    python = folder / "rival" / "bin" / "python"
    for step in ([sys.executable, "-m", "venv", folder / "rival"], [python, "-m", "pip", "install", "-q", RIVAL]):
        done = subprocess.run([str(s) for s in step], capture_output=True, text=True)
        if done.returncode:
            print(f"{RIVAL} cannot be installed, ours alone is measured:\n{done.stderr.strip()[-400:]}")
            return None
    return python


def best(work: Callable[[], Any], times: int) -> dict[str, Any]:
    """Least wall and processor seconds of several runs, wall seconds of the first, the outcome."""
    walls, busy = [], []
    for _ in range(times):
        begin, began = perf_counter(), process_time()
        outcome = work()
        walls.append(perf_counter() - begin)
        busy.append(process_time() - began)
    names = sorted(outcome.instance.ids[p] for p in outcome.chosen)
    return {"wall": min(walls), "cpu": min(busy), "cold": walls[0], "outcome": names}


def ours(path: Path) -> dict[str, Any]:
    from yishi.engines.tally.budget import equal_shares, greedy, plain, read_pabulib, sweeps

    begin = perf_counter()
    instance = read_pabulib(path)
    found: dict[str, Any] = {"parse": perf_counter() - begin, "size": (len(instance.voters), len(instance.ids))}
    assert instance.votes
    for name, swept in (("", sweeps), (" plain", plain)):
        found[f"shares{name}"] = best(lambda s=swept: equal_shares(instance, "cost", "none", s), 15)
        found[f"add1{name}"] = best(lambda s=swept: equal_shares(instance, "cost", "add1", s), 3)
    found["greedy"] = best(lambda: greedy(instance), 15)
    found["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return found


def compare(path: Path, folder: Path, rival: Path | None, full: bool) -> bool:
    """Print one file's table; False where outcomes differ."""
    mine = ours(path)
    other: dict[str, Any] = {}
    if rival:
        unpacked = folder / path.name.removesuffix(".xz")
        unpacked.write_bytes(lzma.decompress(path.read_bytes()) if path.suffix == ".xz" else path.read_bytes())
        rules = ["greedy", "shares", *(["add1"] if full else [])]
        words = [str(w) for w in (rival, HERE / "budget_rival.py", unpacked, *rules)]
        done = subprocess.run(words, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"the rival failed:\n{done.stderr[-2000:]}")
        other = json.loads(done.stdout.splitlines()[-1])
    print(f"{path.name}: {mine['size'][0]:,} voters x {mine['size'][1]} projects, load {os.getloadavg()[0]:.1f}")
    print(
        f"  {'':<14}{'ours ms':>9}{'cpu':>9}{'cold':>9}{'rival ms':>11}{'cpu':>9}{'ratio':>8}{'cpu':>8}  same outcome"
    )
    agree = True
    for key in ("greedy", "shares", "add1", "shares plain", "add1 plain"):
        run, theirs = mine[key], other.get(key.removesuffix(" plain"))
        told = ""
        if theirs:
            same = theirs["outcome"] == run["outcome"]
            agree &= same
            told = f"{theirs['wall'] * 1e3:11.0f}{theirs['cpu'] * 1e3:9.0f}"
            told += f"{theirs['wall'] / run['wall']:7.0f}x{theirs['cpu'] / run['cpu']:7.0f}x  {same}"
        print(f"  {key:<14}{run['wall'] * 1e3:9.2f}{run['cpu'] * 1e3:9.2f}{run['cold'] * 1e3:9.2f}{told}", flush=True)
    memory = f", rival {other['parse']:.2f} s" if other else ""
    print(f"  parsing: ours {mine['parse']:.2f} s{memory}")
    print(f"  peak memory: ours {mine['peak_mb']:.0f} MB" + (f", rival {other['peak_mb']:.0f} MB" if other else ""))
    return agree


def main() -> int:
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--full", action="store_true", help="the rival also with completion")
    words.add_argument("--only", default="", help="only files with this in their name")
    words.add_argument("--rival", type=Path, help="a Python that has pabutools")
    asked = words.parse_args()
    if not DATA.is_dir():
        print(f"no Pabulib files at {DATA}: YISHI_DATA names the folder")
        return 0
    with tempfile.TemporaryDirectory() as name:
        rival = asked.rival or rival_python(Path(name))
        same = [compare(DATA / file, Path(name), rival, asked.full) for file in FILES if asked.only in file]
    return 0 if all(same) else 1


if __name__ == "__main__":
    raise SystemExit(main())
