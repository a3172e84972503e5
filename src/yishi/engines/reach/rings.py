"""Marching squares: closed rings around where a lattice's values are above 0."""

import numpy as np
from numpy.typing import NDArray

from yishi.engines.reach.streets import Floats

Ring = NDArray[np.float64]
"""Corners in order, the first again at the end."""
NEAREST = 0.05
"""No corner of a ring comes closer to a lattice point than this part of a square, so rings never touch."""
_WAYS: tuple[tuple[tuple[int, int], ...], ...] = (
    (), ((0, 3),), ((1, 0),), ((1, 3),), ((2, 1),), ((0, 3), (2, 1)), ((2, 0),), ((2, 3),),
    ((3, 2),), ((0, 2),), ((1, 0), (3, 2)), ((1, 2),), ((3, 1),), ((0, 1),), ((3, 0),), (),
)  # fmt: skip
"""For each set of a square's corners inside (bits: this, right, right-up, up): from side to side, the inside
on the left. Sides: 0 below, 1 right, 2 above, 3 left. Corners inside that lie across stay apart."""


def rings(values: Floats) -> list[Ring]:
    """Rings in lattice units, outer ones counter-clockwise, holes clockwise. The rim must be below 0."""
    in_ = values > 0
    case = in_[:-1, :-1] * 1 + in_[1:, :-1] * 2 + in_[1:, 1:] * 4 + in_[:-1, 1:] * 8
    following: dict[tuple[int, int, int], tuple[int, int, int]] = {}
    for i, j in np.argwhere((case > 0) & (case < 15)).tolist():
        sides = ((i, j, 0), (i + 1, j, 1), (i, j + 1, 0), (i, j, 1))
        for begin, end in _WAYS[int(case[i, j])]:
            following[sides[begin]] = sides[end]
    found = []
    while following:
        start, now = following.popitem()
        path = [start]
        while now != start:
            path.append(now)
            now = following.pop(now)
        found.append(_ring(values, path))
    return found


def _ring(values: Floats, path: list[tuple[int, int, int]]) -> Ring:
    i, j, upright = np.array(path).T
    one, other = values[i, j], values[i + (upright == 0), j + (upright == 1)]
    part = np.clip(one / (one - other), NEAREST, 1 - NEAREST)
    corners = np.stack([i + np.where(upright == 0, part, 0.0), j + np.where(upright == 1, part, 0.0)], axis=1)
    return np.concatenate([corners, corners[:1]])


def area(ring: Ring) -> float:
    """Signed area: above 0 counter-clockwise."""
    x, y = ring[:, 0] - ring[0, 0], ring[:, 1] - ring[0, 1]
    return float((x[:-1] * y[1:] - x[1:] * y[:-1]).sum() / 2)


def inside(place: Floats, ring: Ring) -> bool:
    """Whether a place lies within a ring (even-odd rule)."""
    x, y = ring[:-1, 0], ring[:-1, 1]
    next_x, next_y = ring[1:, 0], ring[1:, 1]
    over = (y > place[1]) != (next_y > place[1])
    cut = x + (place[1] - y) / np.where(next_y == y, 1, next_y - y) * (next_x - x)
    return bool((over & (place[0] < cut)).sum() % 2)
