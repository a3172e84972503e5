"""A street graph as arrays: nodes on a plane in metres, streets with exact lengths in micrometres.

People walk both ways: one-way marks are for vehicles. Of parallel streets the shortest counts for a
walk; all are kept for finding the nearest street and for drawing.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from yishi.engines.words import Spoken

Ints = NDArray[np.int64]
Indices = NDArray[np.int32]
Floats = NDArray[np.float64]
MICRO = 1_000_000
EARTH = 6_371_008.8
"""Mean radius in metres (IUGG R1)."""
LONGEST = 1_000_000
"""Metres: no single street is longer."""
MOST_NODES = 20_000_000


class ReachError(Spoken):
    """A question that cannot be asked so; `zh` and `en` say what to mend."""


@dataclass(frozen=True, slots=True)
class Plane:
    """A plane in metres that touches the earth at `lon`, `lat` (good to 0.1 % in a county)."""

    lon: float
    lat: float

    def metres(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        """East and north of the middle."""
        across = EARTH * math.cos(math.radians(self.lat))
        return across * np.radians(lon - self.lon), EARTH * np.radians(lat - self.lat)

    def degrees(self, x: Floats, y: Floats) -> tuple[Floats, Floats]:
        """Longitude and latitude."""
        across = EARTH * math.cos(math.radians(self.lat))
        return self.lon + np.degrees(x / across), self.lat + np.degrees(y / EARTH)


@dataclass(frozen=True, slots=True, eq=False)
class Streets:
    """Nodes `ids` at `x`, `y`; walks as rows `starts`, `ends`, `lengths` (both ways, no parallels).

    The streets themselves: `first`, `second` (nodes), `length` (µm), and their bends, metres on the
    plane, in rows `bend_starts`, `bend_x`, `bend_y` (both ends included).
    """

    ids: tuple[str, ...]
    x: Floats
    y: Floats
    starts: Indices
    ends: Indices
    lengths: Ints
    first: Indices
    second: Indices
    length: Ints
    bend_starts: Ints
    bend_x: Floats
    bend_y: Floats
    plane: Plane | None = None

    @property
    def walks(self) -> tuple[Indices, Indices, Ints]:
        """What the kernels take."""
        return self.starts, self.ends, self.lengths


Bends = NDArray[np.float64]
"""Corners of a street with both its ends, a row each, in the nodes' coordinates."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Streets as read: node numbers, lengths in µm, and for some of them all their corners."""

    first: NDArray[Any]
    second: NDArray[Any]
    length: Ints
    bends: Mapping[int, Bends]


def micrometres(metres: str | int | float | Fraction) -> int:
    """A length to the nearest micrometre (halves to even); a decimal is taken as it is written.

    Raises ValueError for what is no number, negative, or beyond `LONGEST`.
    """
    if isinstance(metres, str) and len(metres) > 40:
        raise ValueError(metres[:40])
    if isinstance(metres, str) and ("e" in metres or "E" in metres):
        metres = float(metres)
    if isinstance(metres, float) and not math.isfinite(metres):
        raise ValueError(str(metres))
    found = round(Fraction(metres) * MICRO)
    if not 0 <= found <= LONGEST * MICRO:
        raise ValueError(str(metres))
    return found


def limit_of(minutes: str | int | Fraction, speed: str | int | Fraction) -> int:
    """How far one walks: the whole micrometres within minutes × metres a second, exactly.

    10 minutes at 0.8 m/s are 480 m: 480.000000 m lies within, 480.000001 m does not.
    """
    return math.floor(Fraction(minutes) * 60 * Fraction(speed) * MICRO)


def build(ids: Sequence[str], x: Floats, y: Floats, lines: Lines, degrees: bool = False) -> Streets:
    """The graph of these nodes and streets; with `degrees`, x is longitude and y latitude.

    Nodes are put in an order in which neighbours lie close in memory. Raises ReachError.
    """
    if not len(ids):
        raise ReachError("图里没有路口。", "the graph has no nodes.")
    if len(ids) > MOST_NODES:
        raise ReachError(f"路口超过 {MOST_NODES} 个。", f"more than {MOST_NODES} nodes.")
    plane = Plane(float((x.min() + x.max()) / 2), float((y.min() + y.max()) / 2)) if degrees else None
    if plane:
        x, y = plane.metres(x, y)
    order = _near_order(x, y)
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    kept = _once(lines)
    first, second = rank[lines.first[kept]].astype(np.int32), rank[lines.second[kept]].astype(np.int32)
    x, y, length = np.ascontiguousarray(x[order]), np.ascontiguousarray(y[order]), lines.length[kept]
    named = tuple(ids[i] for i in order.tolist())
    return Streets(named, x, y, *_walks(len(ids), first, second, length), first, second, length,
                   *_bends(x, y, first, second, lines.bends, kept, plane), plane)  # fmt: skip


def _near_order(x: Floats, y: Floats) -> Ints:
    """Along a Z-order curve over 2^16 × 2^16 squares; ties as given."""
    size = max(float(np.ptp(x)), float(np.ptp(y)), 1e-9)
    key = np.zeros(len(x), np.uint64)
    for values, bit in ((x, 0), (y, 1)):
        z = ((values - values.min()) / size * 65_535).astype(np.uint64)
        for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
            z = (z | (z << np.uint64(shift))) & np.uint64(mask)
        key |= z << np.uint64(bit)
    return np.argsort(key, kind="stable")


def _once(lines: Lines) -> Ints:
    """Streets given in both directions are one: where a pair has streets of the same length both ways,
    those of one direction are kept."""
    back = lines.first > lines.second
    low, high = np.minimum(lines.first, lines.second), np.maximum(lines.first, lines.second)
    order = np.lexsort((np.arange(len(low)), back, lines.length, high, low))
    key = np.stack([low, high, lines.length])[:, order]
    new = np.ones(len(order), bool)
    new[1:] = (key[:, 1:] != key[:, :-1]).any(axis=0)
    lead = order[np.maximum.accumulate(np.where(new, np.arange(len(order)), 0))] if len(order) else order
    kept = (back[order] == back[lead]) & ((low[order] != high[order]) | new)
    return np.sort(order[kept])


def _walks(size: int, first: Indices, second: Indices, length: Ints) -> tuple[Indices, Indices, Ints]:
    tail = np.concatenate([first, second])
    head, long = np.concatenate([second, first]), np.concatenate([length, length])
    order = np.lexsort((long, head, tail))
    tail, head, long = tail[order], head[order], long[order]
    keep = tail != head
    keep[1:] &= (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
    starts = np.zeros(size + 1, np.int32)
    np.cumsum(np.bincount(tail[keep], minlength=size), out=starts[1:])
    return starts, head[keep], long[keep]


def _bends(x: Floats, y: Floats, first: Indices, second: Indices, bends: Mapping[int, Bends], kept: Ints, plane: Plane | None) -> tuple[Ints, Floats, Floats]:  # fmt: skip
    counts = np.full(len(first), 2, np.int64)
    curved = [(i, bends[int(k)]) for i, k in enumerate(kept.tolist()) if int(k) in bends] if bends else []
    for i, corners in curved:
        counts[i] = len(corners)
    starts = np.zeros(len(first) + 1, np.int64)
    np.cumsum(counts, out=starts[1:])
    bend_x, bend_y = np.empty(starts[-1]), np.empty(starts[-1])
    for values, target in ((x, bend_x), (y, bend_y)):
        target[starts[:-1]], target[starts[1:] - 1] = values[first], values[second]
    for i, corners in curved:
        across, up = plane.metres(corners[:, 0], corners[:, 1]) if plane else (corners[:, 0], corners[:, 1])
        bend_x[starts[i] : starts[i + 1]], bend_y[starts[i] : starts[i + 1]] = across, up
    return starts, bend_x, bend_y


def matrix(streets: Streets, shift: int) -> Any:
    """The walks as a sparse matrix for SciPy, lengths shifted; whole numbers below 2^53 are exact in it."""
    size = len(streets.starts) - 1
    return csr_array(((streets.lengths << shift).astype(np.float64), streets.ends, streets.starts), shape=(size, size))
