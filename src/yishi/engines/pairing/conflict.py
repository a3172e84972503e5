"""Wishes that cannot all be kept: a smallest set that conflicts, with its arithmetic.

A flow exists unless some set of nodes must take in more than can leave it (Hoffman 1960). So wishes that
conflict are the bounds around such a set, and the fewest are found as a small integer program.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from yishi.engines.pairing.crossing import milp
from yishi.engines.pairing.few import one_or_two
from yishi.engines.pairing.flow import solver
from yishi.engines.pairing.model import PairingError
from yishi.engines.pairing.network import Frame, Network, every_pair, framed, network, wish_base
from yishi.engines.pairing.sentences import wish_text, wish_texts
from yishi.engines.pairing.table import Compiled, Flags, Ints
from yishi.engines.words import Text, joined, say

MOST_CELLS = 5_000_000
MOST_PAIRS = 1_500
MOST_TRIED = 64
"""Wishes around a cut that are tried without each other."""
PROVEN = 3
"""A set of so many, each needed, is a smallest: one and two were looked for."""
SECONDS = 10


@dataclass(frozen=True, slots=True)
class Conflict:
    """Wishes (numbers, all sentences, and those of one kind told together) that cannot all be kept. `smallest`: proven that no fewer conflict;
    otherwise every one of them is needed for the conflict where `needed` holds."""

    wishes: tuple[int, ...]
    texts: tuple[Text, ...]
    told: tuple[Text, ...]
    smallest: bool
    needed: bool

    @property
    def sentence(self) -> Text:
        """All of it as one sentence."""
        if len(self.texts) == 1:
            (only,) = self.texts
            return say(
                f"这一项单独也做不到，没有那么多对可结，请改它：{only['zh']}。",
                f"This one cannot be kept by itself, there are not so many pairs: change it: {only['en']}.",
            )
        listed = joined(list(self.told))
        return say(
            f"以下 {len(self.wishes)} 项不能同时满足，至少改一项：{listed['zh']}。",
            f"These {len(self.wishes)} cannot all be kept, change at least one: {listed['en']}.",
        )


def conflict(problem: Compiled) -> Conflict | None:
    """A smallest set of wishes that cannot all be kept; None if all can.

    Up to three wishes it is always the smallest; larger ones are proven smallest up to 1,500 pairs and 10
    seconds. Else every wish of the answer is needed, or for more than 64 they surround a cut.
    Raises PairingError above 5,000,000 pairs.
    """
    if problem.table.size > MOST_CELLS:
        raise PairingError(
            f"没有方案。名单太大（超过 {MOST_CELLS} 对），不再查找是哪几项冲突；请分片计算。",
            f"There is no plan. With more than {MOST_CELLS} pairs the conflict is not looked for: divide the list.",
        )
    few = one_or_two(problem)
    if few:
        return _told(problem, few, True, True)
    frame = framed(problem)
    net = network(problem, frame, every_pair(problem, forbidden=True), forbidden=True)
    if frame.crossing:
        found = _needed(problem, frame, net)
        return None if found is None else _told(problem, found, len(found) <= PROVEN, True)
    cut = _cut(_relaxed(net, np.ones(wish_base(problem)["end"], dtype=bool), problem))
    if cut is None:
        return None
    around = _around(net, cut)
    if small := len(around) <= MOST_TRIED:
        around = _shortest(around, lambda kept: _cut(_relaxed(net, _active(problem, kept), problem)) is not None)
    if len(around) > PROVEN and net.pairs.size <= MOST_PAIRS:
        fewest = _fewest(problem, net)
        if fewest is not None:
            return _told(problem, fewest, True, True)
    return _told(problem, around, len(around) <= PROVEN, small)


def _active(problem: Compiled, kept: list[int]) -> Flags:
    active = np.zeros(wish_base(problem)["end"], dtype=bool)
    active[kept] = True
    return active


def _told(problem: Compiled, wishes: Sequence[int], smallest: bool, needed: bool) -> Conflict:
    numbers = tuple(sorted(int(w) for w in wishes))
    texts, told = (wish_text(problem, w) for w in numbers), wish_texts(problem, numbers)
    return Conflict(numbers, tuple(texts), tuple(told), smallest, needed)


def _relaxed(net: Network, active: Flags, problem: Compiled) -> tuple[Network, Ints, Ints]:
    """Bounds with only the active wishes."""
    room = np.where(np.arange(net.high.size) < net.pairs.size, 1, problem.table.size)
    low = np.where((net.wish_low >= 0) & ~active[net.wish_low], 0, net.low)
    high = np.where((net.wish_high >= 0) & ~active[net.wish_high], room, net.high)
    return net, low, high


def _cut(bounded: tuple[Network, Ints, Ints]) -> Flags | None:
    """A set of nodes that must take in more than can leave it; None if a flow exists."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import breadth_first_order

    net, low, high = bounded
    supply = (np.bincount(net.head, low, net.nodes) - np.bincount(net.tail, low, net.nodes)).astype(np.int64)
    flow = solver()()
    source, sink = net.nodes, net.nodes + 1
    givers, takers = np.flatnonzero(supply > 0), np.flatnonzero(supply < 0)
    tail = np.concatenate([net.tail, np.full(givers.size, source), takers])
    head = np.concatenate([net.head, givers, np.full(takers.size, sink)])
    room = np.concatenate([high - low, supply[givers], -supply[takers]])
    arcs = flow.add_arcs_with_capacity_and_unit_cost(tail, head, room, np.zeros(tail.size, dtype=np.int64))
    total = int(supply[givers].sum())
    flow.set_node_supply(source, total)
    flow.set_node_supply(sink, -total)
    flow.solve_max_flow_with_min_cost()
    sent = flow.flows(arcs)
    if flow.maximum_flow() == total:
        return None
    more, less = sent < room, sent > 0
    ends = np.concatenate([tail[more], head[less]]), np.concatenate([head[more], tail[less]])
    graph = csr_array((np.ones(ends[0].size, dtype=np.int8), ends), (net.nodes + 2, net.nodes + 2))
    reached = np.zeros(net.nodes + 2, dtype=bool)
    reached[breadth_first_order(graph, source, return_predecessors=False)] = True
    return reached[: net.nodes]


def _around(net: Network, inside: Flags) -> list[int]:
    """Wishes around a cut, without minima that are not needed for more to come in than can leave."""
    into = np.flatnonzero(~inside[net.tail] & inside[net.head] & (net.low > 0))
    out = np.flatnonzero(inside[net.tail] & ~inside[net.head])
    spare = int(net.low[into].sum() - net.high[out].sum()) - 1
    wanted = []
    for arc in into[np.argsort(net.low[into], kind="stable")].tolist():
        if net.low[arc] <= spare:
            spare -= int(net.low[arc])
        else:
            wanted.append(int(net.wish_low[arc]))
    for arc in out[np.isin(net.wish_high[out], net.wish_high[: net.pairs.size])].tolist():
        if net.wish_high[arc] >= 0 and spare >= 1:
            spare -= 1
        elif net.wish_high[arc] >= 0:
            wanted.append(int(net.wish_high[arc]))
    return sorted({*wanted, *(int(w) for w in net.wish_high[out[out >= net.pairs.size]])})


def _fewest(problem: Compiled, net: Network) -> list[int] | None:
    """The fewest wishes around a set that must take in more than can leave; None if time runs out.

    Unknowns: which nodes are inside, which wishes are used, what each arc takes in or lets out.
    """
    from scipy.optimize import Bounds, LinearConstraint
    from scipy.optimize import milp as highs
    from scipy.sparse import coo_array

    wishes, arcs = wish_base(problem)["end"], net.tail.size
    lows = np.flatnonzero(net.low > 0)
    nodes0, out0, in0 = 0, net.nodes + wishes, net.nodes + wishes + arcs
    wish0, size = net.nodes, in0 + lows.size
    pair = np.arange(arcs) < net.pairs.size
    banned, capped = np.flatnonzero(pair & (net.wish_high >= 0)), np.flatnonzero(~pair)
    parts: list[tuple[list[tuple[Ints, int]], float]] = [
        # what leaves: out ≥ tail - head, less a ban on that pair; bounds that are used are wishes
        ([(out0 + np.arange(arcs), 1), (nodes0 + net.tail, -1), (nodes0 + net.head, 1)], 0),
        ([(wish0 + net.wish_high[capped], 1), (out0 + capped, -1)], 0),
        ([(nodes0 + net.head[lows], 1), (in0 + np.arange(lows.size), -1)], 0),
        ([(nodes0 + net.tail[lows], -1), (in0 + np.arange(lows.size), -1)], -1),
        ([(wish0 + net.wish_low[lows], 1), (in0 + np.arange(lows.size), -1)], 0),
    ]
    rows, columns, values, least, count = [], [], [], [], 0
    for terms, bound in parts:
        lines = terms[0][0].size
        for place, factor in terms:
            rows.append(count + np.arange(lines))
            columns.append(place)
            values.append(np.full(lines, float(factor)))
        least.append(np.full(lines, float(bound)))
        count += lines
    rows += [banned, np.full(arcs, count), np.full(lows.size, count)]
    columns += [wish0 + net.wish_high[banned], out0 + np.arange(arcs), in0 + np.arange(lows.size)]
    values += [np.ones(banned.size), -np.where(pair, 1.0, net.high), net.low[lows].astype(float)]
    least.append(np.ones(1))
    matrix = coo_array((np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))), (count + 1, size))
    whole, price = np.zeros(size), np.zeros(size)
    whole[:out0] = 1
    price[wish0:out0] = 1
    rule = LinearConstraint(matrix.tocsr(), np.concatenate(least), np.inf)
    result = highs(price, integrality=whole, bounds=Bounds(0, 1), constraints=rule, options={"time_limit": SECONDS})
    return None if result.status != 0 else np.flatnonzero(np.rint(result.x[wish0:out0])).tolist()


def _needed(problem: Compiled, frame: Frame, net: Network) -> list[int] | None:
    """Wishes of which every one is needed (QuickXplain, Junker 2004), with quotas that cross."""
    total = wish_base(problem)["end"]
    used = np.zeros(total, dtype=bool)
    for wishes, telling in ((net.wish_low, net.low > 0), (net.wish_high, net.high < problem.table.size)):
        used[wishes[(wishes >= 0) & telling]] = True
    numbers = {(g.quota, g.label): k for k, g in enumerate(problem.groups)}
    base = wish_base(problem)
    crossing = [numbers[g.quota, g.label] for g in frame.crossing]
    for number in crossing:
        used[[base["group_low"] + number, base["group_high"] + number]] = True

    def fails(kept: list[int]) -> bool:
        active = _active(problem, kept)
        _, low, high = _relaxed(net, active, problem)
        return _impossible(problem, frame, net, low, high, active, crossing)

    everyone = np.flatnonzero(used).tolist()
    return _shortest(everyone, fails) if fails(everyone) else None


def _impossible(
    problem: Compiled,
    frame: Frame,
    net: Network,
    low: Ints,
    high: Ints,
    active: Flags,
    crossing: list[int],
) -> bool:
    from dataclasses import replace

    base = wish_base(problem)
    groups = tuple(
        replace(
            group,
            low=group.low if active[base["group_low"] + number] else 0,
            high=group.high if active[base["group_high"] + number] else problem.table.size,
        )
        for group, number in zip(frame.crossing, crossing, strict=True)
    )
    bounded = replace(net, low=low, high=high)
    return milp(problem, replace(frame, crossing=groups), bounded, np.zeros_like(net.cost)) is None


def _shortest(wishes: list[int], fails: Callable[[list[int]], bool]) -> list[int]:
    """Those of which every one is needed, the fewer from either order."""
    return min((_explained([], [], order, fails) for order in (wishes, wishes[::-1])), key=len)


def _explained(base: list[int], added: list[int], rest: list[int], fails: Callable[[list[int]], bool]) -> list[int]:
    if added and fails(base):
        return []
    if len(rest) == 1:
        return rest
    half = len(rest) // 2
    first, second = rest[:half], rest[half:]
    later = _explained(base + first, first, second, fails)
    return _explained(base + later, later, first, fails) + later
