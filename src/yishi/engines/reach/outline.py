"""The land that a circle covers: from there one reaches the venue in time, by the rule for people.

A place belongs to it when its nearest street point is reached with enough left for the way off the
street, at most `FRONT` metres; and so does the street itself, as far as it is reached. The edge is
drawn over a lattice (at least 160 squares across, none under 5 m) by marching squares, so rings never
cross or touch; every reached node lies inside. Holes under `SMALL` square metres are filled, unless a
crossing that is not reached or a place known to be uncovered lies in them.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

from yishi.engines.reach.points import Points
from yishi.engines.reach.rings import Ring, area, inside, rings
from yishi.engines.reach.search import Circles
from yishi.engines.reach.streets import MICRO, Floats, Ints, Streets

FRONT = 60.0
SMALL = 10_000.0
FINEST = 5.0
ACROSS = 160
MOST_SAMPLES = 4_000_000
NOWHERE: Floats = np.empty((0, 2))
Polygon = list[Ring]
"""Outer ring (counter-clockwise), then its holes (clockwise), in metres on the plane; rings are closed."""


@dataclass(frozen=True, slots=True, eq=False)
class _Samples:
    x: Floats
    y: Floats
    away: Floats


class Outliner:
    """Draws circles of one street graph."""

    def __init__(self, streets: Streets) -> None:
        self.streets = streets
        ends = np.concatenate([streets.first, streets.second])
        self._street_of = np.argsort(ends, kind="stable") % max(1, len(streets.first))
        self._starts = np.zeros(len(streets.ids) + 1, np.int64)
        np.cumsum(np.bincount(ends, minlength=len(streets.ids)), out=self._starts[1:])
        self._away = np.full(len(streets.ids), np.inf)
        inner = np.ones(len(streets.bend_x), bool)
        inner[streets.bend_starts[1:] - 1] = False
        self._long = np.zeros(len(streets.bend_x))
        begin = np.flatnonzero(inner)
        self._long[begin] = np.hypot(np.diff(streets.bend_x)[begin], np.diff(streets.bend_y)[begin])

    def polygons(self, circles: Circles, venues: Points, venue: int, limit: int, uncovered: Floats = NOWHERE) -> list[Polygon]:  # fmt: skip
        """The outline of one venue's circle; empty where nothing is reached. `uncovered` (n, 2): places that
        no venue reaches, in metres on the plane.
        """
        nodes, distances = circles.of(venue)
        if not len(nodes) and venues.off[venue] > limit:
            return []
        x, y = np.append(self.streets.x[nodes], venues.x[venue]), np.append(self.streets.y[nodes], venues.y[venue])
        left = limit / MICRO
        low = np.array([min(v.min(), v[-1] - left) for v in (x, y)]) - 2 * FRONT
        high = np.array([max(v.max(), v[-1] + left) for v in (x, y)]) + 2 * FRONT
        cell = max(FINEST, float((high - low).max()) / ACROSS)
        self._away[nodes] = distances
        near = np.flatnonzero(_within(self.streets.x, self.streets.y, low, high))
        samples = self._sampled(self._streets_at(near, venues, venue), venues, venue, cell)
        missed = near[np.isinf(self._away[near])]
        self._away[nodes] = np.inf
        field = _field(samples, limit, low, high, cell)
        apart = np.stack([self.streets.x[missed], self.streets.y[missed]], axis=1)
        apart = np.concatenate([apart, uncovered[_within(uncovered[:, 0], uncovered[:, 1], low, high)]])
        return _polygons([low + ring * cell for ring in rings(field)], apart)

    def _streets_at(self, near: Ints, venues: Points, venue: int) -> Ints:
        counts = self._starts[near + 1] - self._starts[near]
        step = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
        found = self._street_of[np.repeat(self._starts[near], counts) + step]
        own = venues.street[venue : venue + 1]
        return np.unique(np.concatenate([found, own[own >= 0]]))

    def _sampled(self, chosen: Ints, venues: Points, venue: int, cell: float) -> _Samples:
        """Points along these streets, at most half a square apart, with their µm from the venue."""
        s = self.streets
        counts = s.bend_starts[chosen + 1] - s.bend_starts[chosen] - 1
        step = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
        begin = np.repeat(s.bend_starts[chosen], counts) + step
        street = np.repeat(chosen, counts)
        long = self._long[begin]
        before = np.cumsum(long) - long
        heads = np.repeat(np.cumsum(counts) - counts, counts)
        before -= before[heads] if len(heads) else 0
        whole = np.maximum(np.bincount(street, long, len(s.first))[street], 1e-9)
        room = max(cell / 2, float(long.sum()) / MOST_SAMPLES)
        pieces = np.ceil(long / room).astype(np.int64) + 1
        segment = np.repeat(np.arange(len(begin)), pieces)
        at = np.arange(len(segment)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
        part = at / np.maximum(np.repeat(pieces, pieces) - 1, 1)
        share = np.clip((before[segment] + part * long[segment]) / whole[segment], 0, 1)
        here, street = begin[segment], street[segment]
        x = s.bend_x[here] + part * (s.bend_x[here + 1] - s.bend_x[here])
        y = s.bend_y[here] + part * (s.bend_y[here + 1] - s.bend_y[here])
        along = share * s.length[street]
        away = np.minimum(self._away[s.first[street]] + along, self._away[s.second[street]] + s.length[street] - along)
        on = street == venues.street[venue]
        away[on] = np.minimum(away[on], np.abs(along[on] - venues.to_first[venue]) + venues.off[venue])
        reached = np.flatnonzero(np.isfinite(self._away))
        return _Samples(
            np.concatenate([x, s.x[reached], venues.x[venue : venue + 1]]),
            np.concatenate([y, s.y[reached], venues.y[venue : venue + 1]]),
            np.concatenate([away, self._away[reached], venues.off[venue : venue + 1].astype(np.float64)]),
        )


def _field(samples: _Samples, limit: int, low: Floats, high: Floats, cell: float) -> Floats:
    """Metres left at each corner of the lattice, above 0 inside; nothing at its rim."""
    shape = tuple(int(n) + 3 for n in np.ceil((high - low) / cell))
    column, row = (samples.x - low[0]) / cell, (samples.y - low[1]) / cell
    good = (column >= 1) & (row >= 1) & (column < shape[0] - 2) & (row < shape[1] - 2)
    column, row, away = column[good], row[good], samples.away[good] / MICRO
    left = np.full(shape, -np.inf)
    at = np.rint(column).astype(np.int64), np.rint(row).astype(np.int64)
    np.maximum.at(left, at, np.maximum(limit / MICRO - away, -1e9))
    off, near = distance_transform_edt(np.isneginf(left), return_distances=True, return_indices=True)
    off = off * cell
    field = np.minimum(left[tuple(near)], FRONT) - off
    reached = away <= limit / MICRO
    column, row = column[reached].astype(np.int64), row[reached].astype(np.int64)
    for right in (0, 1):
        for up in (0, 1):
            np.maximum.at(field, (column + right, row + up), cell / 4)
    field = np.clip(field, -2 * cell, 2 * cell)
    field[[0, -1], :] = field[:, [0, -1]] = -2 * cell
    drawn: Floats = field
    return drawn


def _within(x: Floats, y: Floats, low: Floats, high: Floats) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = (x >= low[0]) & (x <= high[0]) & (y >= low[1]) & (y <= high[1])
    return found


def _polygons(found: list[Ring], apart: Floats) -> list[Polygon]:
    sized = [(area(ring), ring) for ring in found]
    outer = sorted(([ring] for size, ring in sized if size > 0), key=lambda p: area(p[0]))
    for size, ring in sized:
        if size < 0 and (size <= -SMALL or _holds_any(ring, apart)):
            home = next((p for p in outer if area(p[0]) > -size and inside(ring[0], p[0])), None)
            if home is not None:
                home.append(ring)
    return outer[::-1]


def _holds_any(ring: Ring, places: Floats) -> bool:
    near = places[_within(places[:, 0], places[:, 1], ring.min(axis=0), ring.max(axis=0))]
    return any(inside(place, ring) for place in near)
