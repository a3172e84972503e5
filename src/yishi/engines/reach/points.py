"""Where people and venues stand: on the nearest point of a street, or at a node."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.spatial import KDTree

from yishi.engines.reach.streets import MICRO, Floats, Indices, Ints, ReachError, Streets

APART = 25.0
"""Metres between the marks along a street by which the nearest one is looked for."""
CHUNK = 20_000
MOST_CELLS = 4_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Points on streets: the street's number (-1 at a node), its two nodes and the way to each in µm,
    the distance off the street in µm (it is walked too), and the place on the street in metres."""

    street: Ints
    first: Indices
    second: Indices
    to_first: Ints
    to_second: Ints
    off: Ints
    x: Floats
    y: Floats

    def __len__(self) -> int:
        return len(self.off)

    def take(self, rows: Ints) -> "Points":
        """These points alone, in this order."""
        return Points(self.street[rows], self.first[rows], self.second[rows], self.to_first[rows],
                      self.to_second[rows], self.off[rows], self.x[rows], self.y[rows])  # fmt: skip


def joined(one: Points, other: Points) -> Points:
    """First these, then those."""
    both = (np.concatenate([getattr(one, n), getattr(other, n)]) for n in Points.__slots__)
    return Points(*both)


def at_nodes(streets: Streets, nodes: Indices | Ints) -> Points:
    """Points at nodes, by their numbers."""
    here = nodes.astype(np.int32)
    zero = np.zeros(len(here), np.int64)
    return Points(zero - 1, here, here, zero, zero, zero, streets.x[here], streets.y[here])


class Snapper:
    """Finds the nearest point of any street. Building it takes one mark every 25 m of street."""

    def __init__(self, streets: Streets) -> None:
        if not len(streets.first):
            raise ReachError("图里没有街道。", "the graph has no streets.")
        self.streets = streets
        inner = np.ones(len(streets.bend_x), bool)
        inner[streets.bend_starts[1:] - 1] = False
        self.begin = np.flatnonzero(inner)
        self.street = np.repeat(np.arange(len(streets.first)), np.diff(streets.bend_starts) - 1)
        self.dx = streets.bend_x[self.begin + 1] - streets.bend_x[self.begin]
        self.dy = streets.bend_y[self.begin + 1] - streets.bend_y[self.begin]
        self.long = np.hypot(self.dx, self.dy)
        self.before = np.cumsum(self.long) - self.long
        whole = np.bincount(self.street, self.long, len(streets.first))
        self.before -= np.repeat(np.cumsum(whole) - whole, np.diff(streets.bend_starts) - 1)
        self.whole = whole
        self._mark()

    def _mark(self) -> None:
        total = float(self.long.sum())
        self.apart = max(APART, total / MOST_CELLS)
        pieces = np.floor(self.long / self.apart).astype(np.int64) + 1
        self.segment = np.repeat(np.arange(len(pieces)), pieces)
        step = np.arange(len(self.segment)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
        part = (step + 0.5) / np.repeat(pieces, pieces)
        at = self.begin[self.segment]
        x = self.streets.bend_x[at] + part * self.dx[self.segment]
        y = self.streets.bend_y[at] + part * self.dy[self.segment]
        self.tree = KDTree(np.stack([x, y], axis=1))

    def snap(self, x: Floats, y: Floats, tick: Callable[[int], None] = lambda n: None) -> Points:
        """The nearest street point of each place (of equals, the street first in the file)."""
        rows, part, off = np.empty(len(x), np.int64), np.empty(len(x)), np.empty(len(x), np.int64)
        for low in range(0, len(x), CHUNK):
            here = slice(low, low + CHUNK)
            rows[here], part[here], off[here] = self._nearest(x[here], y[here])
            tick(len(x[here]))
        return self._points(rows, part, off)

    def _nearest(self, x: Floats, y: Floats) -> tuple[Ints, Floats, Ints]:
        """Segments, parts along them, µm off. Every street point has a mark within half a step, so the
        best segment is proven nearest once the farthest mark asked for is half a step beyond it."""
        place = np.stack([x, y], axis=1)
        best = np.zeros(len(x), np.int64), np.zeros(len(x)), np.zeros(len(x), np.int64)
        waiting, most = np.arange(len(x)), 8
        while len(waiting):
            most = min(most, len(self.segment))
            left = []
            for rows in np.array_split(waiting, len(waiting) * most // MOST_CELLS + 1):
                far, marks = self.tree.query(place[rows], k=np.arange(1, most + 1))
                self._best_of(place[rows], self.segment[marks], rows, best)
                left.append(rows[far[:, -1] <= best[2][rows] / MICRO + self.apart / 2 + 1e-5])
            waiting = np.concatenate(left) if most < len(self.segment) else waiting[:0]
            most *= 4
        return best

    def _best_of(self, place: Floats, segment: Ints, rows: Ints, best: tuple[Ints, Floats, Ints]) -> None:
        at = self.begin[segment]
        x, y = place[:, :1] - self.streets.bend_x[at], place[:, 1:] - self.streets.bend_y[at]
        dx, dy, square = self.dx[segment], self.dy[segment], self.long[segment] ** 2
        part = np.clip((x * dx + y * dy) / np.where(square > 0, square, 1), 0, 1)
        off = np.rint(np.hypot(x - part * dx, y - part * dy) * MICRO).astype(np.int64)
        least = off.min(axis=1)
        chosen = np.where(off == least[:, None], segment, len(self.begin)).argmin(axis=1)
        each = np.arange(len(rows))
        best[0][rows], best[1][rows], best[2][rows] = segment[each, chosen], part[each, chosen], least

    def _points(self, segment: Ints, part: Floats, off: Ints) -> Points:
        streets, street, at = self.streets, self.street[segment], self.begin[segment]
        along = self.before[segment] + part * self.long[segment]
        share = np.clip(along / np.where(self.whole[street] > 0, self.whole[street], 1), 0, 1)
        length = streets.length[street]
        to_first = np.rint(share * length).astype(np.int64)
        return Points(
            street, streets.first[street], streets.second[street], to_first, length - to_first, off,
            streets.bend_x[at] + part * self.dx[segment], streets.bend_y[at] + part * self.dy[segment],
        )  # fmt: skip
