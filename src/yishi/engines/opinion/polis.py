"""The grouping of Polis, step by step, for one cold tick or with its history given.

Source: compdemocracy/polis `math/src/polismath/math` (conversation, pca, clusters), re-implemented
from the formulas. What depends on a server's history is an argument here.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yishi.engines.opinion.clusters import Labels, Points, nearest, silhouettes, weighted_means

ENOUGH_VOTES = 7
FEWEST_PEOPLE = 15
BASE_CLUSTERS = 100
MOST_GROUPS = 5
SMOOTHING_TICKS = 4
_MOVED = 0.01


@dataclass(frozen=True)
class Smoother:
    """Memory of the k-smoother between ticks: the k last found, how often in a row, the k shown."""

    last: int
    times: int
    shown: int

    @classmethod
    def after(cls, found: int, before: "Smoother | None") -> "Smoother":
        """A new k is shown once it was found four times in a row."""
        if before is None:
            return cls(found, 1, found)
        times = before.times + 1 if found == before.last else 1
        return cls(found, times, found if times >= SMOOTHING_TICKS else before.shown)


def members(
    vote_counts: NDArray[np.int64], statements: int, before: NDArray[np.bool_] | None = None
) -> NDArray[np.bool_]:
    """Mask (P,) of those in the conversation: at least min(7, S) votes, filled up to 15 people by
    most votes; who was in stays in (`before`).
    """
    inside = vote_counts >= min(ENOUGH_VOTES, statements)
    if before is not None:
        inside = inside | before
    missing = FEWEST_PEOPLE - int(inside.sum())
    if missing > 0:
        order = np.argsort(-vote_counts, kind="stable")
        inside = inside.copy()
        inside[order[~inside[order]][:missing]] = True
    return inside


def lloyd(points: Points, weights: NDArray[np.float64], centres: Points, rounds: int) -> tuple[Points, Labels]:
    """Weighted k-means: ties to the last centre, empty clusters dropped, done when every centre
    moved less than 0.01 (centres sorted and paired) or after `rounds`.
    Returns centres (k, 2) and labels (P,).
    """
    labels = np.zeros(points.shape[0], dtype=np.int64)
    for _ in range(rounds):
        labels = nearest(points, centres, last_wins=True)
        moved, mass = weighted_means(points, weights, labels, centres.shape[0])
        labels = (np.cumsum(mass > 0) - 1)[labels]
        moved = moved[mass > 0]
        done = moved.shape == centres.shape and _still(moved, centres)
        centres = moved
        if done:
            break
    return centres, labels


def _still(one: Points, two: Points) -> bool:
    pair = [c[np.lexsort((c[:, 1], c[:, 0]))] for c in (one, two)]
    return bool((np.hypot(*(pair[0] - pair[1]).T) < _MOVED).all())


def first_distinct(points: Points, count: int) -> Points:
    """The first `count` distinct points, in row order."""
    _, at = np.unique(points, axis=0, return_index=True)
    return points[np.sort(at)[:count]]


def base_clusters(points: Points) -> tuple[Points, Labels]:
    """Up to 100 small clusters of people, cold start; every distinct point its own below that."""
    return lloyd(points, np.ones(points.shape[0]), first_distinct(points, BASE_CLUSTERS), 100)


@dataclass(frozen=True)
class Grouping:
    """labels (M,) of the base clusters; centres (k, 2); silhouettes {k: mean over base clusters};
    smoother: memory for the next tick.
    """

    labels: Labels
    centres: Points
    silhouettes: dict[int, float]
    smoother: Smoother


def group_at(centres: Points, weights: NDArray[np.float64], count: int) -> tuple[Points, Labels]:
    """k-means of base clusters into `count` groups, started at the first distinct ones."""
    return lloyd(centres, weights, first_distinct(centres, count), 20)


def group(
    centres: Points,
    weights: NDArray[np.float64],
    *,
    before: Smoother | None = None,
    count: int | None = None,
) -> Grouping:
    """Groups of base clusters (M, 2) with member counts (M,): k with the largest mean silhouette
    among 2..min(5, 2 + M // 12), ties to the larger k, smoothed over ticks; or k = `count`.
    """
    most = min(MOST_GROUPS, 2 + centres.shape[0] // 12)
    tries = {k: group_at(centres, weights, k) for k in range(2, most + 1)}
    each = silhouettes(centres, [labels for _, labels in tries.values()])
    scores = {k: float(values.mean()) for k, values in zip(tries, each, strict=True)}
    found = max(scores, key=lambda k: (scores[k], k))
    smoother = Smoother.after(found, before)
    shown = smoother.shown if count is None else count
    chosen = tries.get(shown) or group_at(centres, weights, shown)
    return Grouping(chosen[1], chosen[0], scores, smoother)
