"""Does a split into groups come again when people are drawn anew?

Split-half replication: people are divided at random into two halves; each half alone finds its
axes and its groups; both place and group everybody. The adjusted Rand index of the two groupings,
averaged over several divisions, is the *replication* of that number of groups: 1 the same groups,
0 no better than chance. Votes shuffled within each statement give 0.0 - 0.15.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yishi.engines.opinion.axes import axes_of_votes, places
from yishi.engines.opinion.clusters import Points, agreement, nearest
from yishi.engines.opinion.grouping import cells_of, partition
from yishi.engines.opinion.votes import VoteMatrix

ANNOUNCED = 0.4
SOLID = 0.6
MOST_SAMPLED = 4_000
_STARTS = 4
_TOLERANCE = 1e-4


@dataclass(frozen=True)
class Replication:
    """mean and least adjusted Rand index over `divisions` random halvings of `people` people."""

    mean: float
    least: float
    divisions: int
    people: int


def replicate(
    sample: VoteMatrix,
    counts: Sequence[int],
    *,
    divisions: int,
    rng: np.random.Generator,
    tick: Callable[[], None] = lambda: None,
) -> dict[int, Replication]:
    """Replication of each number of groups, from the votes of up to MOST_SAMPLED people."""
    people = sample.shape[0]
    found: dict[int, list[float]] = {k: [] for k in counts}
    for _ in range(divisions):
        order = rng.permutation(people)
        middle = people // 2
        halves = (np.sort(order[:middle]), np.sort(order[middle:]))
        views = [_view(sample, half, counts, rng) for half in halves]
        for k in counts:
            one, two = (nearest(points, centres[k]) for points, centres in views)
            found[k].append(agreement(one, two))
        tick()
    return {k: Replication(float(np.mean(x)), min(x), divisions, people) for k, x in found.items()}


def _view(
    sample: VoteMatrix, half: NDArray[np.int64], counts: Sequence[int], rng: np.random.Generator
) -> tuple[Points, dict[int, Points]]:
    """Everybody's places, and centres for each k, as one half of the people sees them."""
    mine = sample.rows(half)
    axes = axes_of_votes(mine, mean_votes(mine), _TOLERANCE)
    everyone = places(sample, axes, width=sample.shape[1])
    cells = cells_of(everyone[half])
    return everyone, {k: partition(cells, k, rng, _STARTS) for k in counts}


def mean_votes(votes: VoteMatrix) -> NDArray[np.float64]:
    """Mean vote of each statement, (S,); 0 where nobody voted."""
    width = votes.shape[1]
    sums = np.bincount(votes.columns, votes.values, minlength=width)
    return sums / np.maximum(np.bincount(votes.columns, minlength=width), 1)
