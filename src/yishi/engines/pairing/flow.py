"""The cheapest flow (OR-Tools) and, from the flow alone, the prices that prove it."""

from typing import Any

import numpy as np

from yishi.engines.pairing.model import PairingError
from yishi.engines.pairing.network import Network
from yishi.engines.pairing.table import Ints

MOST_PASSES = 100_000


class Missing(PairingError):
    """OR-Tools is not installed."""


def solver() -> Any:
    """OR-Tools' min-cost flow. Raises Missing, with what to install, where it is not there."""
    try:
        from ortools.graph.python import min_cost_flow
    except ImportError:
        raise Missing(
            "结对计算要用 OR-Tools，请先安装：pip install 'yishi[pairing]'。",
            "Pairing needs OR-Tools; install it first: pip install 'yishi[pairing]'.",
        ) from None
    return min_cost_flow.SimpleMinCostFlow


def cheapest(net: Network, cost: Ints | None = None, low: Ints | None = None, high: Ints | None = None) -> Ints | None:
    """Flow on each arc of least cost, or None if there is none. Other costs and bounds may be given."""
    cost = net.cost if cost is None else cost
    low = net.low if low is None else low
    high = net.high if high is None else high
    if (low > high).any():
        return None
    supply = np.bincount(net.head, low, net.nodes) - np.bincount(net.tail, low, net.nodes)
    free = np.flatnonzero(high > low)
    flow = solver()()
    arcs = flow.add_arcs_with_capacity_and_unit_cost(net.tail[free], net.head[free], (high - low)[free], cost[free])
    flow.set_nodes_supplies(np.arange(net.nodes), supply.astype(np.int64))
    status = flow.solve()
    if status in (flow.INFEASIBLE, flow.UNBALANCED):
        return None
    if status != flow.OPTIMAL:
        raise PairingError(f"求解器没有答案：{status}。", f"The solver has no answer: {status}.")
    found = low.copy()
    if arcs.size:
        found[free] += flow.flows(arcs)
    return found


def prices(net: Network, flow: Ints) -> Ints:
    """Prices of the nodes from the flow alone: cost + price[tail] - price[head] ≥ 0 wherever more could flow.

    Bellman and Ford over what is left of the arcs. Raises ArithmeticError if the flow is not cheapest.
    """
    more, less = np.flatnonzero(flow < net.high), np.flatnonzero(flow > net.low)
    tail = np.concatenate([net.tail[more], net.head[less]])
    head = np.concatenate([net.head[more], net.tail[less]])
    cost = np.concatenate([net.cost[more], -net.cost[less]])
    order = np.argsort(head, kind="stable")
    tail, cost = tail[order], cost[order]
    heads, starts = np.unique(head[order], return_index=True)
    price = np.zeros(net.nodes, dtype=np.int64)
    # communities first, then what comes before them: a way there and back takes one pass instead of two
    first = int(np.searchsorted(heads, net.at[3]))
    cut = int(starts[first]) if first < heads.size else tail.size
    halves = (
        (heads[first:], starts[first:] - cut, tail[cut:], cost[cut:]),
        (heads[:first], starts[:first], tail[:cut], cost[:cut]),
    )
    for _ in range(MOST_PASSES):
        settled = True
        for nodes, begin, source, dear in halves:
            if nodes.size:
                before = price[nodes]
                offer = np.minimum(np.minimum.reduceat(price[source] + dear, begin), before)
                settled &= np.array_equal(offer, before)
                price[nodes] = offer
        if settled:
            return price
        if price.min() < -(2**61):
            break
    raise ArithmeticError("a cheaper flow is left: the solver's answer is not the best")
