"""k-means and silhouette in the plane, for weighted points."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from yishi.engines.compiling import compiled_available, in_threads
from yishi.engines.opinion import kernels

Points = NDArray[np.float64]
Labels = NDArray[np.int64]
_ROWS = 65_536
_PAIRS = 128


def nearest(points: Points, centres: Points, *, last_wins: bool = False) -> Labels:
    """Index of the centre nearest to each point, (P,); equal distances go to the first centre,
    or to the last one as in Polis (Clojure's `min-key`).
    """
    out = np.zeros(points.shape[0], dtype=np.int64)

    def work(piece: int) -> None:
        low, high = piece * _ROWS, min((piece + 1) * _ROWS, points.shape[0])
        if compiled_available():
            kernels.nearest_rows(points, centres, last_wins, low, high, out)
            return
        part = points[low:high, None]
        distance = (part[..., 0] - centres[:, 0]) ** 2 + (part[..., 1] - centres[:, 1]) ** 2
        if last_wins:
            out[low:high] = distance.shape[1] - 1 - np.argmin(distance[:, ::-1], axis=1)
        else:
            out[low:high] = np.argmin(distance, axis=1)

    in_threads(work, -(-points.shape[0] // _ROWS))
    return out


def weighted_means(
    points: Points, weights: NDArray[np.float64], labels: Labels, count: int
) -> tuple[Points, NDArray[np.float64]]:
    """Weighted mean (count, 2) and weight (count,) of each label; empty ones stay at 0."""
    mass: NDArray[np.float64] = np.bincount(labels, weights, minlength=count).astype(np.float64)
    sums = [np.bincount(labels, weights * points[:, a], minlength=count) for a in (0, 1)]
    return np.stack(sums, axis=1) / np.maximum(mass, 1e-300)[:, None], mass


def distances(points: Points, others: Points) -> NDArray[np.float64]:
    """Euclidean distances, (len(points), len(others))."""
    out = points[:, :1] - others[:, 0]
    out *= out
    step = points[:, 1:] - others[:, 1]
    step *= step
    out += step
    return np.sqrt(out, out=out)


def silhouettes(
    points: Points, divisions: Sequence[Labels], weights: NDArray[np.float64] | None = None
) -> list[NDArray[np.float64]]:
    """Silhouette of each point (Rousseeuw 1987), (P,), under each of several divisions into
    clusters; alone in its cluster: 0. With weights a point stands for that many people in one place.
    """
    mass = np.ones(points.shape[0]) if weights is None else weights
    tables = []
    for labels in divisions:
        member = np.zeros((labels.size, int(labels.max(initial=-1)) + 1))
        member[np.arange(labels.size), labels] = mass
        tables.append(member)
    every = np.hstack(tables) if tables else np.zeros((points.shape[0], 0))
    sums = np.empty_like(every)
    for low in range(0, points.shape[0], _PAIRS):
        sums[low : low + _PAIRS] = distances(points[low : low + _PAIRS], points) @ every
    cuts = np.cumsum([t.shape[1] for t in tables])[:-1]
    parts = np.hsplit(sums, cuts) if tables else []
    return [_silhouette(d, s, t.sum(axis=0)) for d, s, t in zip(divisions, parts, tables, strict=True)]


def _silhouette(labels: Labels, sums: NDArray[np.float64], sizes: NDArray[np.float64]) -> NDArray[np.float64]:
    """From the summed distances (P, k) to each cluster and the clusters' sizes (k,)."""
    own = (np.arange(labels.size), labels)
    inside = sums[own] / np.maximum(sizes[labels] - 1, 1e-300)
    with np.errstate(invalid="ignore", divide="ignore"):
        others = sums / sizes
    others[own] = np.inf
    others[:, sizes == 0] = np.inf
    outside = others.min(axis=1) if sizes.size > 1 else np.full(labels.size, np.inf)
    larger = np.maximum(inside, outside)
    good = (sizes[labels] > 1) & np.isfinite(outside) & (larger > 0)
    out = np.zeros(labels.size)
    out[good] = (outside - inside)[good] / larger[good]
    return out


def agreement(one: Labels, two: Labels) -> float:
    """Adjusted Rand index of two partitions of the same people (Hubert and Arabie 1985)."""
    if one.size < 2:
        return 1.0
    table = np.zeros((int(one.max()) + 1, int(two.max()) + 1))
    np.add.at(table, (one, two), 1)
    pairs = (table * (table - 1)).sum() / 2
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    a, b = (rows * (rows - 1)).sum() / 2, (columns * (columns - 1)).sum() / 2
    expected = a * b / (one.size * (one.size - 1) / 2)
    most = (a + b) / 2
    return 1.0 if most == expected else float((pairs - expected) / (most - expected))
