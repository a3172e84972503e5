"""Conflicts of one wish or two, found by counting alone.

Two wishes conflict only if one asks for at least `low` of some pairs A and the other lets at most `high` of each
of some sets B through: then |A| - Σ max(0, |A ∩ B| - high) < low. One wish conflicts if A is too small.
"""

from typing import Any

import numpy as np

from yishi.engines.pairing.network import groups_of, wish_base
from yishi.engines.pairing.table import Compiled, Ints

_Sets = tuple[Any, Ints, Ints]
"""Sets of pairs as rows (sets, pairs); the bound of each; its wish."""


def one_or_two(problem: Compiled) -> list[int]:
    """Numbers of the wish, or the two, that cannot be kept; empty if no two conflict."""
    from scipy.sparse import csr_array

    (asked, low, low_wish), (let, high, high_wish) = _sets(problem, lows=True), _sets(problem, lows=False)
    sizes = np.diff(asked.indptr)
    alone = np.flatnonzero(sizes < low)
    if alone.size:
        return [int(low_wish[alone[0]])]
    both = (asked @ let.T).tocoo()
    lost = np.maximum(both.data.astype(np.int64) - high[both.col], 0)
    wishes, place = np.unique(high_wish[both.col], return_inverse=True)
    total = csr_array((lost, (both.row, place)), (low.size, max(wishes.size, 1))).tocoo()
    found = np.flatnonzero(sizes[total.row] - total.data < low[total.row])
    return [int(low_wish[total.row[found[0]]]), int(wishes[total.col[found[0]]])] if found.size else []


def _sets(problem: Compiled, *, lows: bool) -> _Sets:
    """What every wish of a least (or most) number counts."""
    from scipy.sparse import csr_array

    n, m = problem.shape
    base, cells = wish_base(problem), np.arange(n * m)
    side, most = ("low", 0) if lows else ("high", n * m)
    bounds = (problem.row_low, problem.column_low) if lows else (problem.row_high, problem.column_high)
    single = problem.fixed if lows else problem.forbidden
    parts: list[tuple[Ints, int, int]] = []
    for k in np.flatnonzero(bounds[0] if lows else bounds[0] < m).tolist():
        parts.append((cells[k * m : (k + 1) * m], int(bounds[0][k]), base[f"row_{side}"] + k))
    for k in np.flatnonzero(bounds[1] if lows else bounds[1] < n).tolist():
        parts.append((cells[k::m], int(bounds[1][k]), base[f"column_{side}"] + k))
    numbers = {id(group): k for k, group in enumerate(problem.groups)}
    telling = [g for g in problem.groups if (g.low if lows else g.high) != most]
    for group, places in groups_of(telling, cells, m, n):
        parts.append((places, group.low if lows else group.high, base[f"group_{side}"] + numbers[id(group)]))
    parts += [(single[k : k + 1], int(lows), base["fixed" if lows else "forbidden"] + k) for k in range(single.size)]
    starts = np.cumsum([0, *(places.size for places, _, _ in parts)])
    columns = np.concatenate([cells[:0], *(places for places, _, _ in parts)])
    sets = csr_array((np.ones(columns.size, dtype=np.int64), columns, starts), (len(parts), n * m))
    return sets, np.array([b for _, b, _ in parts], dtype=np.int64), np.array([w for _, _, w in parts], dtype=np.int64)
