"""The best plan: cheapest flow over the best pairs of each branch, widened until the proof holds for all."""

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt

import numpy as np

from yishi.engines.pairing.certificate import Certificate, ends, near, outside, reduced_costs, usual, verified
from yishi.engines.pairing.crossing import best_with_crossing
from yishi.engines.pairing.flow import cheapest, prices
from yishi.engines.pairing.keys import merged, within
from yishi.engines.pairing.model import PairingError, Problem
from yishi.engines.pairing.network import Frame, Network, best_pairs, framed, network, rough_prices
from yishi.engines.pairing.table import Compiled, Ints, Scores, compiled

Step = Callable[[str], None]
MOST_ALL = 5_000_000
"""Pairs that are handed to the solver at once when nothing less will do."""
_DRAW = np.uint64(34)
"""Bits of a drawn number."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The best pairs. `keys` are row * m + column of `problem`, rising; `total` thousandths of a point."""

    problem: Compiled
    keys: Ints
    total: int
    certificate: Certificate

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Branch and community, by id."""
        return tuple(self.problem.pair(k) for k in self.keys.tolist())


def _quiet(step: str) -> None:
    """No one watches."""


def solve(problem: Problem, step: Step = _quiet) -> Plan | None:
    """The plan of highest score that keeps every quota and wish, or None if there is none.

    Among equally good plans a draw by names and seed decides, whatever the order of rows.
    Raises PairingError for a question out of bounds, or where OR-Tools is missing.
    """
    return solve_compiled(compiled(problem), step)


def solve_compiled(problem: Compiled, step: Step = _quiet) -> Plan | None:
    """As `solve`, for a question already in numbers."""
    if within(problem.fixed, problem.forbidden).any():
        return None
    frame = framed(problem)
    if frame.crossing:
        found = best_with_crossing(problem, frame)
        return None if found is None else Plan(problem, *found)
    width, dear = first_width(problem.shape[1]), rough_prices(problem)
    pairs, first = best_pairs(problem, width, dear), True
    while True:
        step(f"{pairs.size}")
        net = network(problem, frame, pairs)
        flow = cheapest(net)
        if flow is None:
            width *= 2
            if pairs.size >= problem.table.size - problem.forbidden.size:
                return None
            pairs = merged(pairs, _wider(problem, width, dear))
            continue
        price = prices(net, flow)
        at = ends(problem, frame, net, price)
        better, level = outside(problem, pairs, at)
        if not better.size:
            return _drawn(problem, frame, net, flow, price, level)
        if better.size > 2 * pairs.size:  # the prices were too rough to choose by
            width *= 2
            pairs = merged(pairs, _wider(problem, width, dear))
            continue
        close = near(problem, at, usual(problem, better, at))
        pairs = merged(pairs[flow[: pairs.size] > 0] if first else pairs, close, better)
        first = False


def first_width(m: int) -> int:
    """How many communities of each branch the solver is shown first: the more there are, the rougher the prices."""
    return max(4, round(0.4 * sqrt(m)))


def _wider(problem: Compiled, width: int, dear: Scores) -> Ints:
    """More pairs, up to all."""
    n, m = problem.shape
    if min(width, m) * n > MOST_ALL:
        raise PairingError(
            f"每个支部只看最好的 {width // 2} 个社区时没有方案，再多放不下；请核对名额是否够，或分片计算。",
            f"There is no plan with each branch's {width // 2} best communities, and more do not fit: check that "
            "the quotas leave room, or divide the list.",
        )
    return best_pairs(problem, width, dear)


def _drawn(problem: Compiled, frame: Frame, net: Network, flow: Ints, price: Ints, level: Ints) -> Plan:
    """Of all equally good plans the one drawn, with its proof."""
    reduced = reduced_costs(net, price)
    count = net.pairs.size
    if level.size and level.size <= MOST_ALL:
        at = ends(problem, frame, net, price)
        wide = network(problem, frame, merged(net.pairs, level))
        price = _carried(net, wide, at.begin, at.end, price)
        net, reduced = wide, reduced_costs(wide, price)
        count = net.pairs.size
        flow = np.where(reduced < 0, net.high, net.low)
        open_pairs = True
    else:
        open_pairs = bool(((reduced[:count] == 0) & (flow[:count] < net.high[:count])).any())
    if open_pairs:
        cost = np.zeros(net.cost.size, dtype=np.int64)
        cost[:count] = _lot(problem, net.pairs)
        drawn = cheapest(net, cost, np.where(reduced < 0, net.high, net.low), np.where(reduced > 0, net.low, net.high))
        if drawn is None:
            raise ArithmeticError("the prices do not fit the flow")
        flow = drawn
    proof = verified(problem, frame, net, flow, price)
    if not proof.proven:
        raise ArithmeticError("the plan could not be proven best")
    return Plan(problem, net.pairs[flow[:count] > 0], proof.total, proof)


def _carried(net: Network, wide: Network, begin: Ints, end: Ints, price: Ints) -> Ints:
    """Prices of a network for the same with more pairs: new nodes cost what their parents cost."""
    before0 = net.at[1]
    tables = (begin.ravel()[wide.before], end.ravel()[wide.after])
    return np.concatenate([price[:before0], *tables, price[net.at[3] :]])


def _lot(problem: Compiled, pairs: Ints) -> Ints:
    """A drawn number for each pair (the finaliser of SplitMix64 over both names' numbers)."""
    rows, columns = np.divmod(pairs, problem.shape[1])
    mixed = problem.lots[0][rows] ^ (problem.lots[1][columns] * np.uint64(0x9E3779B97F4A7C15))
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    drawn: Ints = (mixed >> (np.uint64(64) - _DRAW)).astype(np.int64)
    return drawn
