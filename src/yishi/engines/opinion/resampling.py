"""Does a split into groups come again when people are drawn anew?

Split-half replication: people are divided at random into two halves; each half alone finds its
axes and its groups; both place and group everybody. The adjusted Rand index of the two groupings,
averaged over the divisions, is the *replication* of that number of groups: 1 the same groups,
0 no better than chance. Divisions go on until more of them could not change the answer.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from yishi.engines.opinion.axes import axes_of_votes, places
from yishi.engines.opinion.clusters import Points, agreement, nearest
from yishi.engines.opinion.grouping import cells_of, partition
from yishi.engines.opinion.votes import VoteMatrix

ANNOUNCED = 0.4
SOLID = 0.6
SMALL_NUMBERS = 3.0
"""Both thresholds are higher by this over the number of people: a few agree by chance more easily."""
SURE = 3.0
"""Standard errors that the mean must lie from a threshold, or from another number of groups."""
MOST_SAMPLED = 4_000
MOST_READ = 10_000_000
"""Votes read in all halvings together, past the first sixteen."""
_BATCH = 8
_EXPECTED_SPREAD, _WORTH = 0.2, 2
"""Standard deviation of single halvings before any is seen, and of how many it counts for."""
_STARTS = 4
_TOLERANCE = 1e-4


@dataclass(frozen=True)
class Replication:
    """mean, least and standard error of the mean of the adjusted Rand index over `divisions` random
    halvings of `people` people.
    """

    mean: float
    least: float
    error: float
    divisions: int
    people: int

    @classmethod
    def of(cls, found: Sequence[float], people: int) -> "Replication":
        """What the adjusted Rand indices found by halvings of so many people amount to."""
        count, mean = len(found), float(np.mean(found))
        squares = sum((x - mean) ** 2 for x in found) + _WORTH * _EXPECTED_SPREAD**2
        return cls(mean, min(found), float(np.sqrt(squares / (count + _WORTH - 1) / count)), count, people)

    @property
    def bounds(self) -> tuple[float, float]:
        """Between which the mean over all halvings there are lies, as good as surely."""
        return self.mean - SURE * self.error, self.mean + SURE * self.error

    @property
    def announced_from(self) -> float:
        """What the mean must clearly exceed."""
        return ANNOUNCED + SMALL_NUMBERS / self.people

    @property
    def announced(self) -> bool:
        """Whether the split comes again for sure."""
        return self.bounds[0] >= self.announced_from

    @property
    def solid(self) -> bool:
        """Whether it comes again firmly for sure."""
        return self.bounds[0] >= self.announced_from + SOLID - ANNOUNCED


@dataclass(frozen=True)
class Split:
    """A way to divide people into k groups: mean silhouette of people, and its replication."""

    separation: float
    replication: Replication | None


def answers(splits: Mapping[int, Split]) -> set[tuple[int, bool]]:
    """Every (number of groups, firm) that the replications allow within their errors; 1 = no split."""
    corners = [
        [(k, s.separation, *_reached(s.replication, at)) for at in (0, 1)]
        if s.replication
        else [(k, s.separation, 2, 1.0)]
        for k, s in splits.items()
    ]
    return {_answer(corner) for corner in product(*corners)}


def _reached(test: Replication, at: int) -> tuple[int, float]:
    """Thresholds passed at one end of the bounds, and where that end is."""
    height = test.bounds[at]
    over = height - test.announced_from
    return (2 if over >= SOLID - ANNOUNCED else 1 if over >= 0 else 0), height


def _answer(tried: Sequence[tuple[int, float, int, float]]) -> tuple[int, bool]:
    """The best separated of the firm ones; else the one that comes again most, if it does; else one group."""
    firm = [(separation, -k) for k, separation, passed, _ in tried if passed == 2]
    if firm:
        return -max(firm)[1], True
    again = [(height, -k) for k, _, passed, height in tried if passed]
    return (-max(again)[1], False) if again else (1, False)


def replicate(
    sample: VoteMatrix,
    counts: Sequence[int],
    *,
    most: int,
    enough: Callable[[dict[int, Replication]], bool],
    rng: np.random.Generator,
    tick: Callable[[], None] = lambda: None,
) -> dict[int, Replication]:
    """Replication of each number of groups, from the votes of up to MOST_SAMPLED people: at most `most`
    halvings, fewer where the sample is large or `enough` is told after some of them.
    """
    most = min(most, max(2 * _BATCH, MOST_READ // max(sample.values.size, 1)))
    found: dict[int, list[float]] = {k: [] for k in counts}
    for done in range(1, most + 1):
        for k, score in _halving(sample, counts, rng).items():
            found[k].append(score)
        tick()
        if done % _BATCH == 0 and enough(_replications(found, sample)):
            break
    return _replications(found, sample)


def _replications(found: Mapping[int, Sequence[float]], sample: VoteMatrix) -> dict[int, Replication]:
    return {k: Replication.of(x, sample.shape[0]) for k, x in found.items()}


def _halving(sample: VoteMatrix, counts: Sequence[int], rng: np.random.Generator) -> dict[int, float]:
    order, middle = rng.permutation(sample.shape[0]), sample.shape[0] // 2
    halves = (np.sort(order[:middle]), np.sort(order[middle:]))
    (one, ours), (two, theirs) = (_view(sample, half, counts, rng) for half in halves)
    return {k: agreement(nearest(one, ours[k]), nearest(two, theirs[k])) for k in counts}


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
