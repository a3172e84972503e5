"""Quotas that cross: the same flow with extra rows, solved whole by HiGHS (`scipy.optimize.milp`)."""

from typing import Any

import numpy as np

from yishi.engines.pairing.certificate import Certificate
from yishi.engines.pairing.model import PairingError
from yishi.engines.pairing.network import Frame, Network, every_pair, groups_of, network
from yishi.engines.pairing.table import Compiled, Ints

MOST_PAIRS = 400_000
SECONDS = 300


def best_with_crossing(problem: Compiled, frame: Frame) -> tuple[Ints, int, Certificate] | None:
    """Keys of the best pairs, their total and the proof; None if no plan keeps all quotas.

    Raises PairingError where the question is too large, or HiGHS stops before the proof.
    """
    pairs = every_pair(problem)
    if pairs.size > MOST_PAIRS:
        raise PairingError(
            f"有相互交叉的名额时最多 {MOST_PAIRS} 对，这里有 {pairs.size} 对；请改成嵌套的名额或分片计算。",
            f"With quotas that cross at most {MOST_PAIRS} pairs can be weighed, here are {pairs.size}: nest the "
            "quotas or divide the list.",
        )
    net = network(problem, frame, pairs)
    result = milp(problem, frame, net, net.cost)
    if result is None:
        return None
    chosen = np.rint(result.x[: pairs.size]).astype(np.int64) > 0
    flow = np.rint(result.x).astype(np.int64)
    total = -int((net.cost * flow).sum())
    bound = int(np.floor(-result.mip_dual_bound + 1e-6 * max(1.0, abs(result.mip_dual_bound) * 1e-3)))
    proof = Certificate(kept(problem, frame, net, flow) and bound <= total, "solver bound", total, bound, pairs.size, 0)
    return pairs[chosen], total, proof


def milp(problem: Compiled, frame: Frame, net: Network, cost: Ints) -> Any:
    """HiGHS's result, or None if there is no flow that keeps every quota."""
    from scipy.optimize import Bounds, LinearConstraint
    from scipy.optimize import milp as highs
    from scipy.sparse import csr_array, vstack

    if (net.low > net.high).any():
        return None
    arcs = np.arange(net.tail.size)
    sign = np.ones(net.tail.size)
    circle = csr_array((np.r_[sign, -sign], (np.r_[net.head, net.tail], np.r_[arcs, arcs])), (net.nodes, arcs.size))
    extra = groups_of(frame.crossing, net.pairs, problem.shape[1], problem.shape[0])
    columns = np.concatenate([places for _, places in extra]) if extra else arcs[:0]
    rows = np.repeat(np.arange(len(extra)), [places.size for _, places in extra])
    crossing = csr_array((np.ones(columns.size), (rows, columns)), (len(extra), arcs.size))
    low = np.r_[np.zeros(net.nodes), [group.low for group, _ in extra]]
    high = np.r_[np.zeros(net.nodes), [group.high for group, _ in extra]]
    result = highs(
        cost.astype(float),
        integrality=np.where(arcs < net.pairs.size, 1, 0),
        bounds=Bounds(net.low.astype(float), net.high.astype(float)),
        constraints=LinearConstraint(vstack([circle, crossing]), low, high),
        options={"mip_rel_gap": 0.0, "time_limit": float(SECONDS)},
    )
    if result.status == 2:
        return None
    if result.status != 0:
        raise PairingError(f"HiGHS 没有算完：{result.message}", f"HiGHS did not finish: {result.message}")
    return result


def kept(problem: Compiled, frame: Frame, net: Network, flow: Ints) -> bool:
    """Whether a flow keeps every bound and every quota that crosses, in whole numbers."""
    whole = np.array_equal(np.bincount(net.head, flow, net.nodes), np.bincount(net.tail, flow, net.nodes))
    extra = groups_of(frame.crossing, net.pairs, problem.shape[1], problem.shape[0])
    inside = all(group.low <= int(flow[places].sum()) <= group.high for group, places in extra)
    return bool(whole and inside and (flow >= net.low).all() and (flow <= net.high).all())
