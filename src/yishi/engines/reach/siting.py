"""Where the next k venues should stand, so that most people are covered, and how far from the best that can be.

Lazy greedy gives a first choice, prices of a Lagrangian relaxation a bound and better choices, HiGHS
the rest where the question is small enough. The bound of the prices is computed in whole numbers and
holds whatever the prices are; HiGHS's bound holds within its own tolerance. No clock is asked.
"""

import heapq
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, hstack, identity, vstack

from yishi.engines.reach.demand import Demand
from yishi.engines.reach.search import Tick
from yishi.engines.reach.streets import Floats, Ints, ReachError

SCALE = 1 << 16
"""Prices are whole numbers of this part of a person."""
ROUNDS = 600
MOST_FOR_HIGHS = 60_000
MOST_BRANCHES = 2_000
MOST_WEIGHT = 1 << 40


@dataclass(frozen=True, slots=True)
class Siting:
    """`chosen` candidates in the order of what each adds (`gains`); `covered` people in all; nobody can
    cover more than `bound`; `by` says whose bound it is: "prices" (exact) or "highs"."""

    chosen: tuple[int, ...]
    gains: tuple[int, ...]
    covered: int
    bound: int
    by: str

    @property
    def useful(self) -> list[tuple[int, int]]:
        """Each candidate that adds someone, and how many."""
        return [(c, gain) for c, gain in zip(self.chosen, self.gains, strict=True) if gain]

    @property
    def gap(self) -> Fraction:
        """How much more the best could cover, at most, as a part of the bound; 0: proven best."""
        return Fraction(self.bound - self.covered, self.bound) if self.bound else Fraction(0)


def site(demand: Demand, k: int, gap: Fraction = Fraction(1, 1000), tick: Tick = lambda n: None) -> Siting:
    """The best `k` candidates, proven to within `gap` where that can be had. Raises ReachError."""
    if k < 0:
        raise ReachError("个数不能是负数。", "the number cannot be negative.")
    if not 0 <= gap <= 1:
        raise ReachError("与最优的差距应在 0 到 1 之间。", "the gap to the best lies from 0 to 1.")
    if demand.total > MOST_WEIGHT:
        raise ReachError("人数太多。", "too many people.")
    k = min(k, demand.candidates)
    best = greedy(demand, k)
    covered, by = value(demand, best), "prices"
    bound = min(demand.total, bound_of(demand, demand.weight * SCALE, k)[0])
    if not _good(covered, bound, gap):
        best, bound = _priced(demand, k, best, bound, gap, tick)
        covered = value(demand, best)
    if not _good(covered, bound, gap) and len(demand.members) <= MOST_FOR_HIGHS:
        best, bound, by = _by_highs(demand, k, best, bound, gap)
    return _ordered(demand, _busy(demand, best), bound, by)


def _good(covered: int, bound: int, gap: Fraction) -> bool:
    return bound - covered <= gap * bound


def value(demand: Demand, chosen: Ints) -> int:
    """People covered from these candidates."""
    return int(demand.weight[_covered(demand, chosen)].sum())


def _covered(demand: Demand, chosen: Ints) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    hit = np.zeros(len(demand.weight), bool)
    for c in chosen.tolist():
        hit[demand.groups[demand.group_starts[c] : demand.group_starts[c + 1]]] = True
    return hit


def _sums(starts: Ints, values: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> Ints:
    """Sums of rows, empty rows 0, whole numbers."""
    total = np.append(0, np.cumsum(values))
    found: Ints = total[starts[1:]] - total[starts[:-1]]
    return found


def greedy(demand: Demand, k: int) -> Ints:
    """Again and again the candidate that adds most (of equals, the first); gains only shrink, so most
    are not looked at twice."""
    full = _sums(demand.group_starts, demand.weight[demand.groups])
    heap = [(-int(g), c) for c, g in enumerate(full.tolist())]
    heapq.heapify(heap)
    left = demand.weight.copy()
    chosen: list[int] = []
    while heap and len(chosen) < k:
        _, c = heapq.heappop(heap)
        mine = demand.groups[demand.group_starts[c] : demand.group_starts[c + 1]]
        now = (-int(left[mine].sum()), c)
        if heap and now > heap[0]:
            heapq.heappush(heap, now)
            continue
        chosen.append(c)
        left[mine] = 0
    return np.array(chosen, np.int64)


def bound_of(demand: Demand, prices: Ints, k: int) -> tuple[int, Ints]:
    """What no choice of `k` can exceed, given a price for each group in `SCALE` parts of a person, and each
    candidate's worth. Covering a group pays its weight; asking a price of 0 to its weight for that and
    handing it to all who cover it changes nothing for a choice that covers it once, and only helps others."""
    worth = _sums(demand.group_starts, prices[demand.groups])
    top = np.partition(worth, len(worth) - k)[len(worth) - k :] if k else worth[:0]
    kept = demand.weight * SCALE - prices
    return (int(np.maximum(kept, 0).sum()) + int(top.sum())) // SCALE, worth


def _priced(demand: Demand, k: int, best: Ints, bound: int, gap: Fraction, tick: Tick) -> tuple[Ints, int]:
    """Prices moved against how often each group is covered (Polyak's steps), the choices they favour
    mended by exchanges."""
    most = demand.weight * SCALE
    covered, pace, stale, prices, lowest, kept = value(demand, best), 1.0, 0, most, 1 << 62, most
    for turn in range(ROUNDS):
        now, worth = bound_of(demand, prices, k)
        stale = 0 if now < lowest else stale + 1
        if now < lowest:
            lowest, kept, bound = now, prices, min(bound, now)
        top = np.argpartition(-worth, k - 1)[:k] if k else worth[:0]
        if turn % 20 == 0:
            other = exchanged(demand, np.sort(top))
            if value(demand, other) > covered:
                best, covered = other, value(demand, other)
        if _good(covered, bound, gap):
            break
        if stale >= 15:
            pace, stale, prices = pace / 2, 0, kept
            if pace < 1e-4:
                break
            continue
        slope = _slope(demand, top, prices)
        norm = float((slope.astype(np.float64) ** 2).sum())
        if norm == 0:
            break
        step = pace * max(now - covered, 0.5) * SCALE / norm
        prices = np.clip(prices + np.rint(step * slope).astype(np.int64), 0, most)
        tick(1)
    return best, bound


def _slope(demand: Demand, top: Ints, prices: Ints) -> Ints:
    """Up for groups that nobody chosen covers, down for those covered more than once."""
    times = np.zeros(len(demand.weight), np.int64)
    for c in top.tolist():
        times[demand.groups[demand.group_starts[c] : demand.group_starts[c + 1]]] += 1
    return (prices < demand.weight * SCALE).astype(np.int64) - times


def exchanged(demand: Demand, chosen: Ints, rounds: int = 3) -> Ints:
    """Drop the candidate that is missed least and take the one that adds most, while that helps."""
    times = np.zeros(len(demand.weight), np.int64)
    here = chosen.tolist()
    for c in here:
        times[demand.groups[demand.group_starts[c] : demand.group_starts[c + 1]]] += 1
    for _ in range(rounds * len(here)):
        alone = _sums(demand.group_starts, np.where(times == 1, demand.weight, 0)[demand.groups])
        out = min(range(len(here)), key=lambda i: (int(alone[here[i]]), here[i]))
        lost = demand.groups[demand.group_starts[here[out]] : demand.group_starts[here[out] + 1]]
        times[lost] -= 1
        adds = _sums(demand.group_starts, np.where(times == 0, demand.weight, 0)[demand.groups])
        new = int(adds.argmax())
        if adds[new] <= adds[here[out]]:
            times[lost] += 1
            break
        here[out] = new
        times[demand.groups[demand.group_starts[new] : demand.group_starts[new + 1]]] += 1
    return np.array(sorted(here), np.int64)


def _by_highs(demand: Demand, k: int, best: Ints, bound: int, gap: Fraction) -> tuple[Ints, int, str]:
    """Covered groups (0 to 1) and chosen candidates (0 or 1) as a mixed-integer program."""
    size, groups = demand.candidates, len(demand.weight)
    cover = csr_array((np.ones(len(demand.members)), demand.members, demand.starts), shape=(groups, size))
    rows = vstack([hstack([cover, -identity(groups)]), csr_array(np.append(np.ones(size), np.zeros(groups))[None])])
    low = np.append(np.zeros(groups), 0.0)
    high = np.append(np.full(groups, np.inf), float(k))
    found = milp(
        np.append(np.zeros(size), -demand.weight.astype(np.float64)),
        integrality=np.append(np.ones(size), np.zeros(groups)),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(rows.tocsc(), low, high),
        options={"mip_rel_gap": float(gap) / 2, "node_limit": MOST_BRANCHES},
    )
    if found.x is not None:
        other = np.flatnonzero(np.asarray(found.x[:size]) > 0.5)[:k]
        best = max(best, other, key=lambda c: value(demand, c))
    proven = _whole_below(-found.mip_dual_bound) if found.mip_dual_bound is not None else bound
    return (best, max(proven, value(demand, best)), "highs") if proven < bound else (best, bound, "prices")


def _whole_below(bound: Floats | float) -> int:
    """A bound on whole numbers: HiGHS's rounding of 1e-6 apart."""
    return int(np.floor(float(bound) * (1 + 1e-9) + 1e-6)) if np.isfinite(bound) else 1 << 62


def _busy(demand: Demand, chosen: Ints) -> Ints:
    """Those that add nothing to the others give way to candidates that add someone, as long as there are any;
    so where one is left that adds nothing, no further one adds anyone."""
    first = _ordered(demand, chosen, 0, "")
    kept = [c for c, gain in zip(first.chosen, first.gains, strict=True) if gain]
    left = np.where(_covered(demand, np.array(kept, np.int64)), 0, demand.weight)
    for _ in range(len(chosen) - len(kept)):
        adds = _sums(demand.group_starts, left[demand.groups])
        new = int(adds.argmax())
        if not adds[new]:
            break
        kept.append(new)
        left[demand.groups[demand.group_starts[new] : demand.group_starts[new + 1]]] = 0
    idle = [c for c in chosen.tolist() if c not in kept]
    return np.array(kept + idle[: len(chosen) - len(kept)], np.int64)


def _ordered(demand: Demand, chosen: Ints, bound: int, by: str) -> Siting:
    """The chosen ones as greedy would take them among themselves; those that add nothing come last."""
    left = demand.weight.copy()
    rest, order, gains = chosen.tolist(), [], []
    while rest:
        adds = [int(left[demand.groups[demand.group_starts[c] : demand.group_starts[c + 1]]].sum()) for c in rest]
        first = max(range(len(rest)), key=lambda i: (adds[i], -rest[i]))
        c = rest.pop(first)
        order.append(c)
        gains.append(adds[first])
        left[demand.groups[demand.group_starts[c] : demand.group_starts[c + 1]]] = 0
    return Siting(tuple(order), tuple(gains), sum(gains), bound, by)
