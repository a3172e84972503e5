"""Who is covered: the nearest venue of every person, kept true while venues move, one at a time.

A person is covered when the distance (off the street, along it, and off it again to the venue) is at
most the person's limit; both are whole micrometres, so 480.000000 m lies within 480 m.
"""

from dataclasses import dataclass

import numpy as np

from yishi.engines.reach.kernels import NONE, spread, withdraw
from yishi.engines.reach.points import Points
from yishi.engines.reach.search import at_points, farthest, fresh_trace, nearest, plain_or_compiled, seeds_of
from yishi.engines.reach.streets import Indices, Ints, ReachError, Streets


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """What a move did. Rows are people: `won` are covered now and were not, `lost` the reverse;
    `nearer` and `farther` are all whose walk changed; `before`, `after` (µm, -1: no way) go with `people`."""

    people: Ints
    before: Ints
    after: Ints
    won: Ints
    lost: Ints
    nearer: Ints
    farther: Ints
    nodes: int


class Coverage:
    """People and venues on streets. `limits`: µm for each person, or one for all."""

    def __init__(self, streets: Streets, venues: Points, people: Points, limits: Ints | int) -> None:
        self.streets, self.people = streets, people
        self.venues = venues.take(np.arange(len(venues)))
        self.limits: Ints = np.broadcast_to(np.asarray(limits, np.int64), len(people)).copy()
        self.labels = nearest(streets, venues)
        self.shift = self.labels.shift
        self._people = at_points(self.labels, venues, people)
        self._moving: _Moving | None = None

    @property
    def distance(self) -> Ints:
        """µm from each person to the nearest venue; -1 where there is no way."""
        return np.where(self._people == NONE, -1, self._people >> self.shift)

    @property
    def venue(self) -> Ints:
        """The nearest venue of each person; -1 where there is no way."""
        return np.where(self._people == NONE, -1, self._people & ((1 << self.shift) - 1))

    @property
    def covered(self) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
        """Whether each person is within the limit of a venue."""
        return within(self._people, self.limits, self.shift)

    def person_label(self, person: int) -> int:
        """`distance << shift | venue` of one person; -1 where there is no way."""
        label = int(self._people[person])
        return -1 if label == NONE else label

    def move(self, venue: int, to: Points) -> Change:
        """Move one venue to the one point of `to`: only what it owned and what it now wins is touched."""
        if not 0 <= venue < len(self.venues) or len(to) != 1:
            raise ReachError("移动一个已有的点位到一个地点。", "move one known venue to one place.")
        if self._moving is None:
            self._moving = _Moving(self.streets, self.venues, self.people, self.shift)
        left = int(self.venues.street[venue])
        changed = self._moving.move(self.labels.values, self.venues, venue, to)
        rows = self._moving.touched(changed, (left, int(to.street[0])))
        return self._compare(rows, len(changed))

    def _compare(self, rows: Ints, nodes: int) -> Change:
        old = self._people[rows]
        new = at_points(self.labels, self.venues, self.people.take(rows))
        differ = old != new
        rows, old, new = rows[differ], old[differ], new[differ]
        self._people[rows] = new
        limits = self.limits[rows]
        was, now = within(old, limits, self.shift), within(new, limits, self.shift)
        before, after = old >> self.shift, new >> self.shift
        return Change(
            rows, np.where(old == NONE, -1, before), np.where(new == NONE, -1, after),
            rows[now & ~was], rows[was & ~now], rows[after < before], rows[after > before], nodes,
        )  # fmt: skip


def within(labels: Ints, limits: Ints, shift: int) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
    """Which labels lie within the limits."""
    found: np.ndarray[tuple[int], np.dtype[np.bool_]] = (labels != NONE) & (labels >> shift <= limits)
    return found


class _Moving:
    """What one move needs, made once: seeds by node, people by node and street, room to work in."""

    def __init__(self, streets: Streets, venues: Points, people: Points, shift: int) -> None:
        self.streets, self.shift = streets, shift
        self.most = ((farthest(shift) + 1) << shift) - 1
        rows, nodes, distances = seeds_of(venues)
        self.seed_nodes, self.seed_labels = nodes, (distances << shift) | rows
        self.seed_labels[distances > farthest(shift)] = NONE
        self.head, self.following = np.full(len(streets.ids), -1, np.int32), np.full(len(nodes), -1, np.int32)
        for seed in range(len(nodes)):
            self._link(seed)
        self.heap, self.trace = fresh_trace(streets, 4 * len(streets.ids))
        self.offers = np.empty(len(streets.ids) + 2, np.int64), np.empty(len(streets.ids) + 2, np.int64)
        self.by_node = _Rows(np.concatenate([people.first, people.second]), len(streets.ids), len(people))
        self.by_street = _Rows(people.street, len(streets.first), len(people))

    def _link(self, seed: int) -> None:
        node = self.seed_nodes[seed]
        self.following[seed], self.head[node] = self.head[node], seed

    def _unlink(self, seed: int) -> None:
        node = self.seed_nodes[seed]
        if self.head[node] == seed:
            self.head[node] = self.following[seed]
            return
        here = self.head[node]
        while self.following[here] != seed:
            here = self.following[here]
        self.following[here] = self.following[seed]

    def move(self, labels: Ints, venues: Points, venue: int, to: Points) -> Indices:
        """Repair the labels; the nodes whose labels may have changed."""
        walks, pair = self.streets.walks, (2 * venue, 2 * venue + 1)
        others = self.head, self.following, self.seed_labels
        old = self.seed_nodes[2 * venue : 2 * venue + 2]
        count, offers = plain_or_compiled(withdraw)(
            walks, self.shift, labels, old, others, venue, self.trace, self.offers
        )
        for seed in pair:
            self._unlink(seed)
        _, nodes, distances = seeds_of(to)
        self.seed_nodes[2 * venue : 2 * venue + 2] = nodes
        new = np.where(distances > farthest(self.shift), NONE, (distances << self.shift) | venue)
        self.seed_labels[2 * venue : 2 * venue + 2] = new
        for seed in pair:
            self._link(seed)
        for field in venues.__slots__:
            getattr(venues, field)[venue] = getattr(to, field)[0]
        self.offers[0][offers : offers + 2], self.offers[1][offers : offers + 2] = nodes, new
        seeds = self.offers[0][: offers + 2], self.offers[1][: offers + 2]
        count = plain_or_compiled(spread)(
            walks, self.shift, self.most, labels, seeds, self.heap, self.trace, int(count)
        )
        changed: Indices = self.trace[1][:count].copy()
        self.trace[0][changed] = 0
        return changed

    def touched(self, nodes: Indices, streets: tuple[int, ...]) -> Ints:
        """People at these nodes or on these streets."""
        on = np.asarray([s for s in streets if s >= 0], np.int64)
        return np.unique(np.concatenate([self.by_node.at(nodes), self.by_street.at(on)]))


class _Rows:
    """Which people belong to each key (keys repeat the people in order; a negative key is nobody's)."""

    def __init__(self, keys: Indices | Ints, size: int, people: int) -> None:
        order = np.argsort(keys, kind="stable")
        order = order[int((keys < 0).sum()) :]
        self.who = order % people if people else order
        self.starts = np.zeros(size + 1, np.int64)
        np.cumsum(np.bincount(keys[order], minlength=size), out=self.starts[1:])

    def at(self, keys: Indices | Ints) -> Ints:
        """All of several keys."""
        low, counts = self.starts[keys], self.starts[keys + 1] - self.starts[keys]
        within_row = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
        found: Ints = self.who[np.repeat(low, counts) + within_row]
        return found
