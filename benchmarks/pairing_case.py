"""One way to pair, measured in a process of its own; prints one JSON line.

    python benchmarks/pairing_case.py WAY BRANCHES COMMUNITIES CAP

Ways: `ours`, `ours-lists` (from strengths, needs and places instead of a table of scores), `ours-what-if`,
`ortools` (min-cost flow with every arc), `ortools-what-if`, `scipy` (assignment on places). Each community
takes n/m branches, rounded down or up; 2 pairs in 100 are forbidden; with CAP 1 at most three branches
of one institution go to one community. The table of scores is given, building the model is timed.
"""

import json
import resource
import sys
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from time import perf_counter, process_time

import numpy as np

from yishi.engines.pairing import (
    Act,
    Branch,
    Community,
    Compiled,
    Each,
    Edit,
    Problem,
    Quota,
    Weights,
    solve_compiled,
    what_if,
)
from yishi.engines.pairing import compiled as in_numbers

SKILLS, CAP = 12, 3


class Case:
    """Strengths, needs and places drawn by seed 0; scores in thousandths, metres taken off."""

    def __init__(self, n: int, m: int, capped: bool) -> None:
        rng = np.random.default_rng(0)
        self.n, self.m, self.capped = n, m, capped
        self.organ = np.arange(n) % max(1, n // 12)
        self.levels = [rng.integers(1, 4, (k, SKILLS)) * (rng.random((k, SKILLS)) < 0.25) for k in (n, m)]
        self.places = [rng.integers(0, 20_000, (k, 2)) for k in (n, m)]
        self.forbidden = np.unique(rng.integers(0, n * m, n * m // 50))
        self.low, self.high = n // m, -(-n // m)

    def table(self) -> np.ndarray:
        found = np.empty((self.n, self.m), dtype=np.int32)
        for start in range(0, self.n, 1_000):
            rows = slice(start, start + 1_000)
            gap = np.hypot(*(self.places[0][rows, None, k] - self.places[1][None, :, k] for k in (0, 1)))
            found[rows] = self.levels[0][rows] @ self.levels[1].T * 1_000 - np.rint(gap).astype(np.int64)
        return found

    def problem(self, *, lists: bool) -> Problem:
        """The question; without `lists` only names and bounds, for a table that is given."""
        skills = [f"长处{k}" for k in range(SKILLS)]

        def told(side: int, k: int) -> dict[str, int]:
            return {s: int(v) for s, v in zip(skills, self.levels[side][k], strict=True) if v} if lists else {}

        def place(side: int, k: int) -> tuple[int, int] | None:
            return tuple(self.places[side][k].tolist()) if lists else None

        branches = tuple(Branch(f"b{i:05}", told(0, i), (f"o{self.organ[i]:05}",), place=place(0, i)) for i in range(self.n))  # fmt: skip
        communities = tuple(Community(f"c{j:05}", told(1, j), low=self.low, high=self.high, place=place(1, j)) for j in range(self.m))  # fmt: skip
        quota = Quota("每机构每社区", each=Each.COMMUNITY, high=CAP, by_institution=True)
        return Problem(branches, communities, quotas=(quota,) if self.capped else (), weights=Weights(fit=1, distance=1))  # fmt: skip

    def numbers(self) -> Compiled:
        return replace(in_numbers(self.problem(lists=False), self.table()), forbidden=self.forbidden)


def ours(case: Case) -> Callable[[], int]:
    numbers = case.numbers()

    def run() -> int:
        plan = solve_compiled(numbers)
        assert plan is not None
        assert plan.certificate.proven
        return plan.total

    return run


def ours_lists(case: Case) -> Callable[[], int]:
    problem = case.problem(lists=True)
    return lambda: solve_compiled(replace(in_numbers(problem), forbidden=case.forbidden)).total


def ours_what_if(case: Case) -> Callable[[], int]:
    plan = solve_compiled(case.numbers())
    pairs = iter(plan.pairs * 9)
    return lambda: what_if(plan, (Edit(Act.FORBID, *next(pairs)),)).after.total


def every_arc(case: Case, table: np.ndarray, forbidden: np.ndarray) -> int:
    """OR-Tools alone: branch → (institution and community) → community → sink, all allowed pairs as arcs."""
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    n, m = case.n, case.m
    keys = np.delete(np.arange(n * m), forbidden)
    rows, columns = np.divmod(keys, m)
    flow, organs = SimpleMinCostFlow(), int(case.organ.max()) + 1
    community0 = n + (organs * m if case.capped else 0)
    head = n + case.organ[rows] * m + columns if case.capped else community0 + columns
    cost = -table.ravel()[keys].astype(np.int64)
    flow.add_arcs_with_capacity_and_unit_cost(rows, head, np.ones(keys.size, dtype=np.int64), cost)
    if case.capped:
        middle = np.arange(organs * m)
        zero = np.zeros(middle.size, dtype=np.int64)
        flow.add_arcs_with_capacity_and_unit_cost(n + middle, community0 + middle % m, zero + CAP, zero)
    ends = community0 + np.arange(m)
    sink = community0 + m
    zero = np.zeros(m, dtype=np.int64)
    flow.add_arcs_with_capacity_and_unit_cost(ends, zero + sink, zero + case.high - case.low, zero)
    supply = np.zeros(sink + 1, dtype=np.int64)
    supply[:n], supply[ends], supply[sink] = 1, -case.low, case.low * m - n
    flow.set_nodes_supplies(np.arange(sink + 1), supply)
    assert flow.solve() == flow.OPTIMAL
    return -flow.optimal_cost()


def ortools(case: Case) -> Callable[[], int]:
    table = case.table()
    return lambda: every_arc(case, table, case.forbidden)


def ortools_what_if(case: Case) -> Callable[[], int]:
    table, plan = case.table(), solve_compiled(case.numbers())
    keys = iter(plan.keys.tolist() * 9)
    return lambda: every_arc(case, table, np.union1d(case.forbidden, next(keys)))


def scipy(case: Case) -> Callable[[], int]:
    """SciPy's assignment on a square: each community as places, the last ones may stay with nobody."""
    from scipy.optimize import linear_sum_assignment

    table, never = case.table(), -(10**9)

    def run() -> int:
        scores = table.astype(float)
        scores.ravel()[case.forbidden] = never
        square = np.zeros((case.m * case.high, case.m * case.high))
        square[: case.n] = np.repeat(scores, case.high, axis=1)
        square[case.n :].reshape(-1, case.m, case.high)[:, :, : case.low] = never
        rows, columns = linear_sum_assignment(square, maximize=True)
        return int(square[rows, columns].sum())

    return run


WAYS = {
    "ours": ours, "ours-lists": ours_lists, "ours-what-if": ours_what_if,
    "ortools": ortools, "ortools-what-if": ortools_what_if, "scipy": scipy,
}  # fmt: skip


def main(way: str, n: int, m: int, capped: int) -> None:
    for library in ("ortools.graph.python.min_cost_flow", "scipy.optimize"):  # loading is not timed
        import_module(library)
    run = WAYS[way](Case(n, m, bool(capped)))
    walls, busy = [], []
    for _ in range(40 if n < 1_000 else 5 if way.startswith("ours") else 1):
        begin, begun = perf_counter(), process_time()
        total = run()
        busy.append(process_time() - begun)
        walls.append(perf_counter() - begin)
    middle = np.median if "what-if" in way else np.min
    print(
        json.dumps(
            {
                "wall": float(middle(walls)),
                "cpu": float(middle(busy)),
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "total": total,
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1], *(int(a) for a in sys.argv[2:5]))
