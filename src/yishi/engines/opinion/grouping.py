"""Groups that do not depend on who came first.

People's places are rounded to a grid, so that their sums are exact in every order; k-means runs
on cells of neighbouring people in a fixed order, from several seeded starts, the best one being
refined on everybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yishi.engines.compiling import compiled_available
from yishi.engines.opinion import kernels
from yishi.engines.opinion.clusters import Labels, Points, nearest, silhouettes, weighted_means

MOST_GROUPS = 5
FEW_PEOPLE = 2_000
_SIDE = 48
_SPAN = 4.0
_STARTS = 10
_ROUNDS = 100


@dataclass(frozen=True)
class Cells:
    """points (M, 2): mean place of the people of a cell; weights (M,): how many; in fixed order."""

    points: Points
    weights: NDArray[np.float64]


def cells_of(points: Points) -> Cells:
    """Distinct places of up to 2 000 people, otherwise a grid of 48 x 48 over four times the mean
    distance from the middle, what lies farther being counted at its edge.
    """
    if points.shape[0] <= FEW_PEOPLE:
        distinct, counts = np.unique(points, axis=0, return_counts=True)
        return Cells(distinct, counts.astype(np.float64))
    return cells_from_sums(grid_sums(points, spread(points.shape[0], np.abs(points).sum(axis=0))))


def spread(people: int, absolute: NDArray[np.float64]) -> float:
    """Half the side of the grid, from the number of people and the sums (2,) of |coordinate|."""
    return _SPAN * float(absolute.max()) / max(people, 1)


def grid_sums(points: Points, half: float) -> NDArray[np.float64]:
    """Per grid cell the number of people and the sums of their coordinates, (cells, 3), exact."""
    step = max(half, 1e-12) * 2 / _SIDE
    index = np.clip(np.floor(points / step) + _SIDE // 2, 0, _SIDE - 1).astype(np.int64)
    cell = index[:, 0] * _SIDE + index[:, 1]
    columns = (None, points[:, 0], points[:, 1])
    return np.stack([np.bincount(cell, w, minlength=_SIDE * _SIDE) for w in columns], axis=1)


def cells_from_sums(sums: NDArray[np.float64]) -> Cells:
    """The cells with people in them."""
    full = sums[sums[:, 0] > 0]
    return Cells(full[:, 1:] / full[:, :1], full[:, 0])


def partition(cells: Cells, count: int, rng: np.random.Generator, starts: int = _STARTS) -> Points:
    """Centres (≤ count, 2) of the k-means with the least sum of squares over seeded starts
    (k-means++, Arthur and Vassilvitskii 2007), in order of their first coordinate.
    """
    best, least = cells.points[:1], np.inf
    for _ in range(starts):
        centres = _seeded(cells, count, rng)
        loss = _settle(cells, centres)
        if loss < least:
            best, least = centres, loss
    return best[np.lexsort((best[:, 1], best[:, 0]))]


def _seeded(cells: Cells, count: int, rng: np.random.Generator) -> Points:
    near = np.full(cells.weights.size, np.inf)
    chosen: list[int] = []
    for draw in rng.random(count):
        chance = np.cumsum(cells.weights * np.where(np.isinf(near), 1.0, near))
        if chance[-1] <= 0:
            break
        at = int(np.searchsorted(chance, draw * chance[-1], side="right").clip(max=near.size - 1))
        chosen.append(at)
        near = np.minimum(near, ((cells.points - cells.points[at]) ** 2).sum(axis=1))
    return cells.points[chosen].copy()


def _settle(cells: Cells, centres: Points) -> float:
    """Weighted k-means in place until nobody moves; returns the sum of squares."""
    if compiled_available():
        return float(kernels.settle_centres(cells.points, cells.weights, centres, _ROUNDS))
    labels = np.full(cells.weights.size, -1)
    for _ in range(_ROUNDS):
        found = nearest(cells.points, centres)
        if (found == labels).all():
            break
        labels = found
        means, mass = weighted_means(cells.points, cells.weights, labels, centres.shape[0])
        centres[mass > 0] = means[mass > 0]
    gap = cells.points - centres[labels]
    return float(np.cumsum(cells.weights * (gap[:, 0] ** 2 + gap[:, 1] ** 2))[-1])


def refine(points: Points, centres: Points) -> tuple[Points, Labels]:
    """k-means on everybody from given centres. Sums are exact, so the order does not matter."""
    labels = nearest(points, centres)
    ones = np.ones(points.shape[0])
    for _ in range(_ROUNDS):
        means, mass = weighted_means(points, ones, labels, centres.shape[0])
        centres = np.where(mass[:, None] > 0, means, centres)
        found = nearest(points, centres)
        if (found == labels).all():
            break
        labels = found
    return centres, labels


def separations(cells: Cells, centres: Sequence[Points]) -> list[float]:
    """Mean silhouette of people under each set of centres, a cell standing for its people."""
    divisions = [nearest(cells.points, c) for c in centres]
    each = silhouettes(cells.points, divisions, cells.weights)
    return [float(np.average(values, weights=cells.weights)) for values in each]
