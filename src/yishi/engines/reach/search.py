"""Distances: the nearest venue of every node and person, and what lies within reach of each venue.

All in whole micrometres. The compiled flood and SciPy's Dijkstra give the same numbers: both work on
labels `distance << shift | venue`, whole numbers below 2^53, so distances beyond `farthest` (with 500
venues: 17,000 km) are not followed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from yishi.engines.compiling import compiled_available, thread_count
from yishi.engines.reach.kernels import NONE, each_circle, flood, spread
from yishi.engines.reach.points import Points
from yishi.engines.reach.streets import Indices, Ints, ReachError, Streets, matrix

EXACT = 53
MOST_RING = 1 << 14
MOST_REACHED = 200_000_000
BATCH = 64
Tick = Callable[[int], None]


def plain_or_compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """The compiled kernel, or the same code in Python where it is not installed or switched off."""
    return function if compiled_available() else getattr(function, "__wrapped__", function)


def shift_of(venues: int) -> int:
    """Bits that hold a venue's number."""
    return max(1, venues.bit_length())


def farthest(shift: int) -> int:
    """The longest distance followed, in µm."""
    return (1 << (EXACT - shift)) - 2


def seeds_of(points: Points) -> tuple[Ints, Ints, Ints]:
    """Where walks from these points enter the graph: (point, node, distance), two a point."""
    rows = np.repeat(np.arange(len(points)), 2)
    nodes = np.stack([points.first, points.second], axis=1).ravel().astype(np.int64)
    return rows, nodes, (np.stack([points.to_first, points.to_second], axis=1) + points.off[:, None]).ravel()


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """`distance << shift | venue` of each node (see kernels.py), or NONE."""

    values: Ints
    shift: int

    @property
    def distance(self) -> Ints:
        """µm to the nearest venue; -1 where there is none."""
        return np.where(self.values == NONE, -1, self.values >> self.shift)

    @property
    def venue(self) -> Ints:
        """The nearest venue (of equals, the first); -1 where there is none."""
        return np.where(self.values == NONE, -1, self.values & ((1 << self.shift) - 1))


def nearest(streets: Streets, venues: Points, limit: int | None = None) -> Labels:
    """The nearest venue of every node, within `limit` µm where one is given."""
    shift = shift_of(len(venues))
    reach = farthest(shift) if limit is None else min(limit, farthest(shift))
    most = ((reach + 1) << shift) - 1
    rows, nodes, distances = seeds_of(venues)
    entry = distances <= reach
    seeds = nodes[entry], (distances[entry] << shift) | rows[entry]
    if not len(seeds[0]):
        return Labels(np.full(len(streets.ids), NONE, np.int64), shift)
    if not compiled_available():
        return Labels(_by_scipy(streets, seeds, shift, most), shift)
    labels = np.full(len(streets.ids), NONE, np.int64)
    ring = _ring(streets, int(np.ptp(distances[entry])))
    if ring is None or not flood(streets.walks, shift, most, labels, seeds, ring[0] + shift, ring[1]):
        labels.fill(NONE)
        spread(streets.walks, shift, most, labels, seeds, *fresh_trace(streets, len(seeds[0])), 0)
    return Labels(labels, shift)


def fresh_trace(streets: Streets, seeds: int) -> tuple[Any, Any]:
    """A heap with room for everything, and where to note changes."""
    room, size = len(streets.ends) + seeds, len(streets.ids)
    heap = np.empty(room, np.int64), np.empty(room, np.int32)
    return heap, (np.zeros(size, np.int8), np.empty(size, np.int32), np.empty(size, np.int64))


def _ring(streets: Streets, apart: int) -> tuple[int, int] | None:
    """Bits of a bucket's width (about a short street) and a power of two of buckets; None where lengths
    differ too much for buckets."""
    if not len(streets.lengths):
        return 1, 2
    bits = max(1, int(np.partition(streets.lengths, len(streets.lengths) // 4)[len(streets.lengths) // 4])).bit_length() - 1  # fmt: skip
    widest = max(int(streets.length.max()), apart) >> bits
    ring = 1 << (widest + 2).bit_length()
    return (bits, ring) if ring <= MOST_RING else None


def _by_scipy(streets: Streets, seeds: tuple[Ints, Ints], shift: int, most: int) -> Ints:
    """One more node stands before all seeds; its streets are one longer, so that none is of length 0."""
    size = len(streets.ids)
    order = np.lexsort((seeds[1], seeds[0]))
    nodes, first = np.unique(seeds[0][order], return_index=True)
    walks = matrix(streets, shift)
    data = np.concatenate([walks.data, seeds[1][order][first] + 1.0])
    ends = np.concatenate([walks.indices, nodes]).astype(np.int32)
    starts = np.append(walks.indptr, len(ends)).astype(np.int32)
    graph = csr_array((data, ends, starts), shape=(size + 1, size + 1))
    found = dijkstra(graph, directed=True, indices=size, limit=float(most + 1))[:size]
    labels = np.full(size, NONE, np.int64)
    near = np.isfinite(found)
    labels[near] = found[near].astype(np.int64) - 1
    return labels


def at_points(labels: Labels, venues: Points, people: Points) -> Ints:
    """The labels of these people: through either end of their street, or along it to a venue on it."""
    shift = labels.shift
    by_first = _further(labels.values[people.first], people.to_first, shift)
    by_second = _further(labels.values[people.second], people.to_second, shift)
    best = np.minimum(by_first, by_second)
    order = np.argsort(venues.street, kind="stable")
    on = venues.street[order]
    low = np.searchsorted(on, people.street)
    here = np.flatnonzero((people.street >= 0) & (low < len(on)) & (on[np.minimum(low, len(on) - 1)] == people.street)) if len(on) else low[:0]  # fmt: skip
    while len(here):
        venue = order[low[here]]
        along = np.abs(people.to_first[here] - venues.to_first[venue]) + venues.off[venue]
        best[here] = np.minimum(best[here], (along << shift) | venue)
        low[here] += 1
        here = here[low[here] < len(on)]
        here = here[on[low[here]] == people.street[here]]
    return _further(best, people.off, shift)


def _further(labels: Ints, way: Ints, shift: int) -> Ints:
    return np.where(labels == NONE, NONE, labels + np.where(labels == NONE, 0, way << shift))


@dataclass(frozen=True, slots=True, eq=False)
class Circles:
    """The nodes within reach of each venue: rows `starts`, `nodes` (in no promised order), µm away."""

    starts: Ints
    nodes: Indices
    distances: Ints

    def of(self, venue: int) -> tuple[Indices, Ints]:
        """Nodes and distances of one venue."""
        here = slice(self.starts[venue], self.starts[venue + 1])
        return self.nodes[here], self.distances[here]


def circles(streets: Streets, venues: Points, limit: int, wanted: Any = None, tick: Tick = lambda n: None) -> Circles:
    """All nodes within `limit` µm of each venue (of those `wanted`, a mask, where given).

    Raises ReachError when there would be more than `MOST_REACHED`.
    """
    wanted = np.ones(len(streets.ids), bool) if wanted is None else wanted
    limit = min(limit, farthest(1))
    ring = _ring(streets, 0) if compiled_available() else None
    work = _plain_circles if ring is None else _compiled_circles
    parts = work(streets, venues, limit, wanted, ring, tick)
    starts = np.zeros(len(venues) + 1, np.int64)
    np.cumsum(np.concatenate([p[2] for p in parts]) if parts else [], out=starts[1:])
    if not parts:
        return Circles(starts, np.empty(0, np.int32), np.empty(0, np.int64))
    return Circles(starts, np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts]))


def _too_many() -> ReachError:
    return ReachError(
        f"路口与点位的组合超过 {MOST_REACHED} 个：请缩短时间或减少点位。",
        f"over {MOST_REACHED} pairs of node and place: take less time or fewer places.",
    )


def _compiled_circles(streets: Streets, venues: Points, limit: int, wanted: Any, ring: Any, tick: Tick) -> list[Any]:
    from concurrent.futures import ThreadPoolExecutor

    _, nodes, distances = seeds_of(venues)
    seeds = np.arange(0, 2 * len(venues) + 1, 2), nodes, distances
    pieces = max(1, min(thread_count(), len(venues) // BATCH))
    edges = np.linspace(0, len(venues), pieces + 1).astype(np.int64).tolist()
    budget = MOST_REACHED // pieces

    def run(low: int, high: int) -> list[Any]:
        found: list[Any] = []
        room, filled = 1 << 17, 0
        while low < high:
            room = max(room, len(streets.ids) + 1)
            out = np.empty(room, np.int32), np.empty(room, np.int64), np.zeros(high - low, np.int64)
            done = each_circle(streets.walks, limit, seeds, ring[0], ring[1], wanted, (low, high), out)
            if not done:
                found += _plain_circles(streets, venues.take(np.arange(low, low + 1)), limit, wanted, None, tick)
                done = 1
            else:
                many = int(out[2][:done].sum())
                found.append((out[0][:many].copy(), out[1][:many].copy(), out[2][:done]))
                tick(done)
            filled += int(found[-1][2].sum())
            if filled > budget:
                raise _too_many()
            low, room = low + done, min(2 * room, 1 << 23)
        return found

    if pieces == 1:
        return run(0, len(venues))
    with ThreadPoolExecutor(pieces) as pool:
        return [part for parts in pool.map(run, edges[:-1], edges[1:]) for part in parts]


def _plain_circles(streets: Streets, venues: Points, limit: int, wanted: Any, ring: Any, tick: Tick) -> list[Any]:
    walks, found, filled = matrix(streets, 0), [], 0
    batch = max(1, min(BATCH, 20_000_000 // max(1, len(streets.ids))))
    for low in range(0, len(venues), batch):
        here = venues.take(np.arange(low, min(low + batch, len(venues))))
        ends, place = np.unique(np.concatenate([here.first, here.second]), return_inverse=True)
        table = dijkstra(walks, directed=True, indices=ends, limit=float(limit))
        size = len(here)
        by = (table[place[:size]] + (here.to_first + here.off)[:, None], table[place[size:]] + (here.to_second + here.off)[:, None])  # fmt: skip
        away = np.minimum(*by)
        rows, nodes = np.nonzero((away <= limit) & wanted)
        filled += len(rows)
        if filled > MOST_REACHED:
            raise _too_many()
        found.append((nodes.astype(np.int32), away[rows, nodes].astype(np.int64), np.bincount(rows, minlength=size)))
        tick(size)
    return found
