"""Sweeps over the supporters of projects in floats, compiled where numba is installed.

Budgets are floats within `delta` of the exact ones, 0 exactly for an emptied voter. A project's
*cap* q is what each supporter pays who can: the sum of min(budget, q) over supporters = cost. What
these functions return is either a proven bound or left to exact numbers. Twins: `plain.py`.
"""

import numpy as np
from numpy.typing import NDArray

from yishi.engines.compiling import inlined, kernel

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Offsets = NDArray[np.int64]

ROUNDING = 2.0**-53
NEAR = 1 + 1e-9
OUT, IN, UNSURE = 0, 1, 2


@inlined
def level(money: Floats, supporters: Ints, q: float, cost: float, delta: float) -> tuple[int, float, float]:
    """State of a project, its cap and how far the true cap may lie below that.

    Raises q from a lower bound: who has less than q gives all, the others share the rest.
    """
    n, total, poor, rich = len(supporters), 0.0, 0.0, 0
    for i in supporters:
        b = money[i]
        total += b
        if b < q:
            poor += b
        else:
            rich += 1
    error = n * (delta + 1.01 * ROUNDING * (total + cost))
    if total + error < cost:
        return OUT, 0.0, 0.0
    if total - error <= cost or rich == 0:
        return UNSURE, 0.0, 0.0
    before = -1
    while rich not in (before, 0):
        before, q = rich, (cost - poor) / rich
        poor, rich = 0.0, 0
        for i in supporters:
            b = money[i]
            if b < q:
                poor += b
            else:
                rich += 1
    return IN, q, (n * delta + (2 * n + 8) * 1.01 * ROUNDING * cost) / before


@kernel
def pick(
    limit: float, starts: Offsets, places: Ints, money: Floats, cost: Floats, weight: Floats,
    low: Floats, cap: Floats, fresh: Ints, state: Ints, delta: float, now: int,
) -> float:  # fmt: skip
    """Refresh the bounds of every project that may be the cheapest per utility in round `now`.

    `low[p]` is a proven lower bound of cap/weight and only grows; `cap[p]` the float estimate;
    `state[p]` becomes OUT when supporters surely lack the money, UNSURE when floats cannot tell.
    Returns the least estimate of cap/weight (or `limit` if that is less).
    """
    best = limit
    while True:
        p, least = -1, np.inf
        for j in range(len(cost)):
            if state[j] == IN and fresh[j] != now and low[j] < least:
                p, least = j, low[j]
        if p < 0 or least > best * NEAR:
            return best
        fresh[p] = now
        state[p], q, error = level(money, places[starts[p] : starts[p + 1]], low[p] * weight[p], cost[p], delta)
        if state[p] == IN:
            cap[p] = q
            low[p] = max(low[p], (q * (1 - 4 * ROUNDING) - error) / weight[p] * (1 - 4 * ROUNDING))
            best = min(best, q / weight[p])


@kernel
def split(
    supporters: Ints, money: Floats, lo: float, hi: float,
    starts: Offsets, places: Ints, when: Ints, paid: Offsets, near: Ints,
) -> tuple[int, int, int]:  # fmt: skip
    """Sort supporters into those surely below the cap, near it, and surely above.

    Adds to `paid[k]` the poor who paid in full in round k (`when[p]` is the round of project p, -1
    if not chosen), lists voters within [lo, hi] in `near`. Returns (poor with money, near, rich).
    """
    poor, close, rich = 0, 0, 0
    for i in supporters:
        b = money[i]
        if b > hi:
            rich += 1
        elif b >= lo and b > 0:
            near[close] = i
            close += 1
        elif b > 0:
            poor += 1
            for e in range(starts[i], starts[i + 1]):
                k = when[places[e]]
                if k >= 0:
                    paid[k] += 1
    return poor, close, rich


@kernel
def pay(supporters: Ints, money: Floats, emptied: Ints, lo: float, hi: float, q: float, now: int) -> None:
    """Supporters above `hi` pay q, those below `lo` all they have; the near ones are left as they are."""
    for i in supporters:
        b = money[i]
        if b > hi:
            money[i] = b - q
        elif 0 < b < lo:
            money[i] = 0.0
            emptied[i] = now
