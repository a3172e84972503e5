"""The proof that a plan is best, checked here in whole numbers without the solver.

A flow is cheapest exactly if prices of the nodes exist so that no arc with room left has a negative
reduced cost cost + price[tail] - price[head] and no arc that could be given up a positive one
(complementary slackness; Ahuja, Magnanti, Orlin, Network Flows, 1993, theorem 9.4). Pairs that were
never handed to the solver are checked too.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from yishi.engines.pairing.keys import within, without
from yishi.engines.pairing.network import Forest, Frame, Network
from yishi.engines.pairing.table import Compiled, Ints, Scores

_BLOCK = 1_000_000


@dataclass(frozen=True, slots=True)
class Certificate:
    """What was proven. `total` and `bound` in thousandths of a point; `method` `prices` or `solver bound`.

    `checked` pairs in all, of them `outside` that the solver never saw.
    """

    proven: bool
    method: str
    total: int
    bound: int
    checked: int
    outside: int


@dataclass(frozen=True, slots=True)
class Ends:
    """Prices where a pair's arc begins and ends, also for pairs without one: tables (sets + 1, others)."""

    begin: Scores
    end: Scores
    row_set: Ints
    column_set: Ints

    def reduced(self, problem: Compiled, start: int, stop: int) -> Scores:
        """Reduced costs of all pairs of some rows."""
        if self.begin.shape[0] == 1:
            begin = self.begin[0, start:stop, None]
        else:
            begin = self.begin[:, start:stop][self.column_set].T
        if self.end.shape[0] == 1:
            end = self.end
        else:
            end = self.end[self.row_set[start:stop]]
        found: Scores = begin - end
        found -= problem.table[start:stop]
        return found


def ends(problem: Compiled, frame: Frame, net: Network, price: Ints) -> Ends:
    """Prices at both ends. A node that does not exist costs what its parent costs."""
    m = problem.shape[1]
    branch0, before0, after0, community0 = net.at
    begin = _filled(frame.by_branch, net.before, price[before0:after0], price[branch0:before0])
    end = _filled(frame.by_community, net.after, price[after0:community0], price[community0 : community0 + m])
    reach = problem.most + sum(int(np.abs(part).max()) for part in (begin, end))
    if problem.table.dtype == np.int32 and reach < 2**31:  # every reduced cost fits in 32 bits
        begin, end = begin.astype(np.int32), end.astype(np.int32)
    return Ends(begin, end, frame.by_community.deepest, frame.by_branch.deepest)


def _filled(forest: Forest, keys: Ints, known: Ints, base: Ints) -> Ints:
    """Row per set, the last one the others themselves (so that set -1 finds them)."""
    size = len(forest.parent)
    table = np.empty((size + 1, forest.others if size else base.size), dtype=np.int64)
    table[-1] = base
    given = np.zeros(table.shape, dtype=bool)
    given.ravel()[keys] = True
    for number in range(size):  # parents come before their sets
        table[number] = table[forest.parent[number]]
        here = given[number]
        if here.any():
            first = np.searchsorted(keys, number * forest.others)
            table[number, here] = known[first : first + int(here.sum())]
    return table


def blocks(n: int, m: int) -> Iterator[tuple[int, int]]:
    """Rows in steps that fit in memory."""
    step = max(1, _BLOCK // m)
    for start in range(0, n, step):
        yield start, min(start + step, n)


def outside(problem: Compiled, pairs: Ints, at: Ends) -> tuple[Ints, Ints]:
    """Pairs the solver did not see: keys of those that would make the plan better, and as good."""
    n, m = problem.shape
    if pairs.size + problem.forbidden.size >= n * m:
        return pairs[:0], pairs[:0]
    better, level = [], []
    for start, stop in blocks(n, m):
        reduced = at.reduced(problem, start, stop).ravel()
        low = np.flatnonzero(reduced <= 0)
        keys = low + start * m
        unseen = ~(within(keys, pairs) | within(keys, problem.forbidden))
        low, keys = low[unseen], keys[unseen]
        better.append(keys[reduced[low] < 0])
        level.append(keys[reduced[low] == 0])
    return np.concatenate(better), np.concatenate(level)


def near(problem: Compiled, at: Ends, margin: int) -> Ints:
    """Keys of all allowed pairs with a reduced cost up to a margin: those that may yet matter."""
    found = []
    for start, stop in blocks(*problem.shape):
        found.append(np.flatnonzero(at.reduced(problem, start, stop) <= margin) + start * problem.shape[1])
    return without(np.concatenate(found), problem.forbidden)


def usual(problem: Compiled, keys: Ints, at: Ends) -> int:
    """How far below zero the reduced costs of these pairs usually go (median)."""
    rows, columns = np.divmod(keys, problem.shape[1])
    begin, end = at.begin[at.column_set[columns], rows], at.end[at.row_set[rows], columns]
    return int(np.median(problem.table[rows, columns] - begin + end))


def reduced_costs(net: Network, price: Ints) -> Ints:
    """Of every arc."""
    found: Ints = net.cost + price[net.tail] - price[net.head]
    return found


def verified(problem: Compiled, frame: Frame, net: Network, flow: Ints, price: Ints) -> Certificate:
    """Check a flow and its prices against every arc and every pair. Nothing is taken from the solver."""
    n, m = problem.shape
    reduced = reduced_costs(net, price)
    kept = np.array_equal(np.bincount(net.head, flow, net.nodes), np.bincount(net.tail, flow, net.nodes))
    bounded = bool((flow >= net.low).all() and (flow <= net.high).all())
    slack = not ((reduced < 0) & (flow < net.high)).any() and not ((reduced > 0) & (flow > net.low)).any()
    better, _ = outside(problem, net.pairs, ends(problem, frame, net, price))
    bound = -int((np.where(reduced > 0, net.low, net.high) * reduced).sum())
    total = -int((flow * net.cost).sum())
    allowed = n * m - problem.forbidden.size
    proven = bool(kept and bounded and slack and not better.size and bound == total)
    return Certificate(proven, "prices", total, bound, allowed, allowed - net.pairs.size)
