"""One measured run of ours, and of SciPy's and HiGHS's own calls: prints one JSON line.

python benchmarks/reach_case.py FOLDER ours|scipy|highs
"""

import json
import resource
import sys
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from reach_town import REACH, SITED
from yishi.engines.reach.coverage import Coverage
from yishi.engines.reach.demand import Demand, merged, pairs_within
from yishi.engines.reach.points import Points, at_nodes
from yishi.engines.reach.search import circles, nearest
from yishi.engines.reach.siting import SCALE, _by_highs, bound_of, greedy, site, value
from yishi.engines.reach.streets import MICRO, Lines, Streets, build

LIMIT = REACH * MICRO


def best(work: Callable[[], Any], times: int = 7) -> float:
    found = []
    for _ in range(times):
        begin = perf_counter()
        work()
        found.append(perf_counter() - begin)
    return min(found)


def load(folder: Path) -> dict[str, Any]:
    return {p.stem: np.load(p) for p in folder.glob("*.npy")}


def streets_of(town: dict[str, Any]) -> Streets:
    lines = Lines(town["first"], town["second"], town["length"] * 1000, {})
    return build([str(i) for i in range(len(town["x"]))], town["x"], town["y"], lines)


def at(streets: Streets, nodes: Any) -> Points:
    number = np.empty(len(streets.ids), np.int64)
    number[np.array(streets.ids, dtype=np.int64)] = np.arange(len(streets.ids))
    return at_nodes(streets, number[nodes])


def demand_of(town: dict[str, Any], streets: Streets) -> Demand:
    people = at(streets, np.arange(len(streets.ids)))
    limits = np.full(len(people), LIMIT, np.int64)
    return merged(*pairs_within(streets, at(streets, town["candidates"]), people, limits), town["weights"], len(town["candidates"]))  # fmt: skip


def ours(town: dict[str, Any]) -> dict[str, Any]:
    begin = perf_counter()
    streets = streets_of(town)
    built = perf_counter() - begin
    venues, people = at(streets, town["venues"]), at(streets, np.arange(len(streets.ids)))
    labels, around = nearest(streets, venues), circles(streets, venues, LIMIT)
    found = {
        "build": built,
        "nearest": best(lambda: nearest(streets, venues)),
        "circles": best(lambda: circles(streets, venues, LIMIT)),
        "reached": len(around.nodes),
        "sum_mm": int(labels.distance[labels.distance > 0].sum() // 1000),
    }
    covered = Coverage(streets, venues, people, LIMIT)
    to = [at(streets, town["moves"][n : n + 1, 1]) for n in range(len(town["moves"]))]
    covered.move(0, to[0])
    times = []
    for (venue, _), place in zip(town["moves"].tolist(), to, strict=True):
        begin = perf_counter()
        covered.move(venue, place)
        times.append(perf_counter() - begin)
    anew = Coverage(streets, covered.venues, people, LIMIT)
    assert (anew.labels.values == covered.labels.values).all()
    begin = perf_counter()
    demand = demand_of(town, streets)
    middle = perf_counter()
    sited = site(demand, SITED)
    found |= {"move": float(np.median(times)), "move_worst": max(times), "merge": middle - begin, "site": perf_counter() - middle,
              "covered": sited.covered, "gap": float(sited.gap), "groups": len(demand.weight)}  # fmt: skip
    return found


def scipy(town: dict[str, Any]) -> dict[str, Any]:
    size = len(town["x"])
    one, other = np.concatenate([town["first"], town["second"]]), np.concatenate([town["second"], town["first"]])
    graph = csr_array((np.tile(town["length"] / 1000, 2), (one, other)), shape=(size, size))

    def all_circles() -> int:
        parts = [dijkstra(graph, indices=town["venues"][n : n + 50], limit=REACH) for n in range(0, 500, 50)]
        return sum(int(np.isfinite(p).sum()) for p in parts)

    found = dijkstra(graph, indices=town["venues"], min_only=True)
    return {
        "nearest": best(lambda: dijkstra(graph, indices=town["venues"], min_only=True), 3),
        "circles": best(all_circles, 2),
        "reached": all_circles(),
        "sum_mm": round(float(found[np.isfinite(found)].sum()) * 1000),
    }


def highs(town: dict[str, Any]) -> dict[str, Any]:
    demand = demand_of(town, streets_of(town))
    begin = perf_counter()
    start = np.empty(0, np.int64)
    found, bound, _ = _by_highs(
        demand, SITED, start, bound_of(demand, demand.weight * SCALE, SITED)[0], Fraction(2, 1000)
    )
    done = perf_counter() - begin
    covered = value(demand, found)
    return {
        "site": done,
        "covered": covered,
        "gap": 1 - covered / bound,
        "greedy": value(demand, greedy(demand, SITED)),
    }


if __name__ == "__main__":
    answer = {"ours": ours, "scipy": scipy, "highs": highs}[sys.argv[2]](load(Path(sys.argv[1])))
    answer["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(answer))
