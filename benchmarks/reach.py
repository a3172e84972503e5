"""Walking reach: pandana 0.8, SciPy and HiGHS beside ours on one town of 200,704 crossings, in one run.

    python benchmarks/reach.py             some minutes, most of them pandana's build
    python benchmarks/reach.py --skip pandana highs

Installs pandana from PyPI into a throw-away environment, or takes the interpreter named by
YISHI_PANDANA_PYTHON; where it cannot be had, it is named and left out. Each side runs in a process of
its own, kernels warm; the best of several repetitions counts (moves: the median of 200). `reached` and
`sum` must agree: all sides answer the same question.
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
RIVAL = "pandana==0.8"
TASKS = {
    "nearest": "nearest venue of every crossing",
    "circles": "500 circles of 800 m",
    "move": "one venue moved",
}


def rival_python(folder: Path) -> str | None:
    """An interpreter that has pandana, or None."""
    if os.environ.get("YISHI_PANDANA_PYTHON"):
        return os.environ["YISHI_PANDANA_PYTHON"]
    place = folder / "rival"
    python = place / ("Scripts" if os.name == "nt" else "bin") / "python"
    uv = shutil.which("uv")
    if uv:
        steps = [[uv, "venv", "-q", "--python", sys.executable, place], [uv, "pip", "install", "-q", "--python", python, RIVAL]]  # fmt: skip
    else:
        steps = [[sys.executable, "-m", "venv", place], [python, "-m", "pip", "install", "-q", RIVAL]]
    for step in steps:
        done = subprocess.run([str(s) for s in step], capture_output=True, text=True)
        if done.returncode:
            print(f"{RIVAL} cannot be installed and is left out:\n{done.stderr.strip()[-400:]}")
            return None
    return str(python)


def measure(*words: object) -> dict:
    done = subprocess.run([str(w) for w in words], capture_output=True, text=True, cwd=HERE)
    if done.returncode:
        raise SystemExit(f"{words[1]} failed:\n{done.stderr[-2000:]}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def row(name: str, rival: float | None, mine: float, rival_name: str) -> str:
    if rival is None:
        return f"  {name:<44}{'':>14}{mine * 1000:>12.2f}"
    return f"  {name:<44}{rival * 1000:>14.1f}{mine * 1000:>12.2f}{rival / mine:>11.0f}x   {rival_name}"


def show(runs: dict[str, dict]) -> None:
    mine = runs["ours"]
    print(f"  {'':<44}{'rival ms':>14}{'ours ms':>12}{'ratio':>12}")
    for task, words in TASKS.items():
        for name in ("pandana", "scipy"):
            if name in runs and task in runs[name]:
                print(row(words, runs[name][task], mine[task], name))
        if not any(task in runs.get(name, {}) for name in ("pandana", "scipy")):
            print(row(words, None, mine[task], ""))
    if "pandana" in runs:
        other = runs["pandana"]
        print(row("the three with building and preparing", sum(other[t] for t in [*TASKS, "build", "precompute"]), sum(mine[t] for t in [*TASKS, "build"]), "pandana"))  # fmt: skip
        print(f"  pandana: build {other['build']:.1f} s, precompute {other['precompute']:.1f} s; ours: build {mine['build']:.2f} s")  # fmt: skip
    highs = runs.get("highs")
    print(row(f"siting 60 of 1,500 (gap {mine['gap']:.3%})", highs and highs["site"], mine["site"], f"HiGHS alone, gap {highs['gap']:.3%}" if highs else ""))  # fmt: skip
    print(row("… finding and merging the demand before it", None, mine["merge"], ""))
    print(f"  worst of 200 moves {mine['move_worst'] * 1000:.2f} ms; {mine['groups']:,} groups of demand; ours covers {mine['covered']:,} people" + (f", HiGHS {highs['covered']:,}, greedy alone {highs['greedy']:,}" if highs else ""))  # fmt: skip
    for name, run in runs.items():
        agreed = f", reached {run['reached']:,}, sum {run['sum_mm'] / 1e6:,.3f} km" if "reached" in run else ""
        print(f"  {name}: peak {run['peak_mb']:,.0f} MB{agreed}")


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    words.add_argument("--skip", nargs="*", default=[], choices=["pandana", "scipy", "highs"])
    asked = words.parse_args()
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0
    print(f"448 x 448 crossings, 500 venues, 800 m; load {load:.1f}", flush=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run([sys.executable, HERE / "reach_town.py", folder], check=True)
        measure(sys.executable, HERE / "reach_case.py", folder, "ours")  # compiles where nothing is cached
        runs = {"ours": measure(sys.executable, HERE / "reach_case.py", folder, "ours")}
        for other in ("scipy", "highs"):
            if other not in asked.skip:
                runs[other] = measure(sys.executable, HERE / "reach_case.py", folder, other)
        python = None if "pandana" in asked.skip else rival_python(folder)
        if python:
            runs["pandana"] = measure(python, HERE / "reach_rival.py", folder)
        show(runs)


if __name__ == "__main__":
    main()
