"""The sweeps of `sweeps.py` in plain NumPy: slower, with the same outcome."""

import numpy as np

from yishi.engines.tally.budget.sweeps import IN, NEAR, OUT, ROUNDING, UNSURE, Floats, Ints, Offsets


def pick(
    limit: float, starts: Offsets, places: Ints, money: Floats, cost: Floats, weight: Floats,
    low: Floats, cap: Floats, fresh: Ints, state: Ints, delta: float, now: int,
) -> float:  # fmt: skip
    """As `sweeps.pick`."""
    best = limit
    while True:
        waiting = np.where((state == IN) & (fresh != now), low, np.inf)
        p = int(waiting.argmin()) if len(waiting) else -1
        if p < 0 or waiting[p] == np.inf or waiting[p] > best * NEAR:
            return float(best)
        fresh[p] = now
        state[p], q, error = _level(money[places[starts[p] : starts[p + 1]]], low[p] * weight[p], cost[p], delta)
        if state[p] == IN:
            cap[p] = q
            low[p] = max(low[p], (q * (1 - 4 * ROUNDING) - error) / weight[p] * (1 - 4 * ROUNDING))
            best = min(best, q / weight[p])


def _level(have: Floats, q: float, cost: float, delta: float) -> tuple[int, float, float]:
    """State, cap and the error of the cap."""
    n, total = len(have), float(have.sum())
    error = n * (delta + 1.01 * ROUNDING * (total + cost))
    if total + error < cost:
        return OUT, 0.0, 0.0
    poor = have < q
    rich, before = n - int(poor.sum()), -1
    if total - error <= cost or rich == 0:
        return UNSURE, 0.0, 0.0
    while rich not in (before, 0):
        before, q = rich, (cost - float(have[poor].sum())) / rich
        poor = have < q
        rich = n - int(poor.sum())
    return IN, q, (n * delta + (2 * n + 8) * 1.01 * ROUNDING * cost) / before


def split(
    supporters: Ints, money: Floats, lo: float, hi: float,
    starts: Offsets, places: Ints, when: Ints, paid: Offsets, near: Ints,
) -> tuple[int, int, int]:  # fmt: skip
    """As `sweeps.split`."""
    have = money[supporters]
    rich = int((have > hi).sum())
    close = supporters[(have <= hi) & (have >= lo) & (have > 0)]
    near[: len(close)] = close
    poor = supporters[(have < lo) & (have <= hi) & (have > 0)]
    begin = starts[poor]
    sizes = starts[poor + 1] - begin
    offsets = np.repeat(begin - np.concatenate([[0], np.cumsum(sizes)[:-1]]), sizes) if len(poor) else begin
    rounds = when[places[offsets + np.arange(len(offsets))]]
    paid += np.bincount(rounds[rounds >= 0], minlength=len(paid))
    return len(poor), len(close), rich


def pay(supporters: Ints, money: Floats, emptied: Ints, lo: float, hi: float, q: float, now: int) -> None:
    """As `sweeps.pay`."""
    have = money[supporters]
    money[supporters[have > hi]] -= q
    poor = supporters[(have < lo) & (have <= hi) & (have > 0)]
    money[poor] = 0.0
    emptied[poor] = now
