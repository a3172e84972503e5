"""One measured run of pandana in an environment of its own; prints one JSON line.

PYTHON-WITH-PANDANA benchmarks/reach_rival.py FOLDER
"""

import json
import resource
import sys
from pathlib import Path
from time import perf_counter

import numpy as np
import pandana
import pandas as pd

from reach_town import REACH

FAR = 20_000


def timed(work, times=2):
    found = []
    for _ in range(times):
        begin = perf_counter()
        answer = work()
        found.append(perf_counter() - begin)
    return min(found), answer


def main(folder: Path) -> None:
    town = {p.stem: np.load(p) for p in folder.glob("*.npy")}
    begin = perf_counter()
    edges = pd.DataFrame({"length": town["length"] / 1000})
    network = pandana.Network(pd.Series(town["x"]), pd.Series(town["y"]), pd.Series(town["first"]), pd.Series(town["second"]), edges)  # fmt: skip
    built = perf_counter() - begin

    def nearest(nodes):
        network.set_pois("venues", FAR, 1, pd.Series(town["x"][nodes]), pd.Series(town["y"][nodes]))
        return network.nearest_pois(FAR, "venues", num_pois=1)

    near, table = timed(lambda: nearest(town["venues"]))
    begin = perf_counter()
    network.precompute(REACH)
    prepared = perf_counter() - begin
    around, rows = timed(lambda: network.nodes_in_range(town["venues"], REACH))
    moved = town["venues"].copy()
    moved[town["moves"][0, 0]] = town["moves"][0, 1]
    move, _ = timed(lambda: nearest(moved), 1)
    answer = {
        "build": built, "precompute": prepared, "nearest": near, "circles": around, "move": move, "reached": len(rows),
        "sum_mm": round(float(table[1][table[1] < FAR].astype(float).sum()) * 1000),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }  # fmt: skip
    print(json.dumps(answer))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
