"""What the map needs to know of the votes, wherever they are kept.

Every answer is whole numbers, or one row per person from that person's votes alone; so votes in
one piece, in blocks of rows and on several machines give the same map to the last bit.
"""

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from yishi.engines.opinion.axes import Axes, raw_places
from yishi.engines.opinion.clusters import Labels
from yishi.engines.opinion.marks import Marks, person_marks
from yishi.engines.opinion.moments import CoMoments
from yishi.engines.opinion.statistics import Tallies
from yishi.engines.opinion.votes import VoteMatrix

_ROWS = 65_536
_VOTES = 1 << 20


class People(Protocol):
    """P participants and S statements in ascending order of their names."""

    @property
    def participants(self) -> NDArray[Any]: ...

    @property
    def statements(self) -> NDArray[Any]: ...

    def voted(self) -> NDArray[np.bool_]:
        """Statements that anyone voted on, (S,)."""

    def row_sizes(self, dropped: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Votes of each person on statements not dropped, (P,)."""

    def marks(self, statements: Marks) -> Marks:
        """A mark of each person's votes, (P,), from the marks of statements."""

    def moments(self) -> CoMoments:
        """Co-moments of all statements."""

    def raw_places(self, axes: Axes) -> NDArray[np.float64]:
        """Sums of centred votes times axes, (P, 2); axes over all statements, 0 where dropped."""

    def tallies(self, group: Labels, groups: int) -> Tallies:
        """Counts by group, people of group -1 left out."""

    def sample(self, rows: NDArray[np.int64]) -> VoteMatrix:
        """The votes of some people, in the order of `rows`."""


class InMemory:
    """People whose votes are one matrix. `moments` may be handed in when already known."""

    def __init__(self, votes: VoteMatrix, moments: CoMoments | None = None) -> None:
        self.votes = votes
        self._moments = moments

    @property
    def participants(self) -> NDArray[Any]:
        return self.votes.participants

    @property
    def statements(self) -> NDArray[Any]:
        return self.votes.statements

    def voted(self) -> NDArray[np.bool_]:
        return voted(self.votes)

    def row_sizes(self, dropped: NDArray[np.bool_]) -> NDArray[np.int64]:
        return kept_sizes(self.votes, dropped)

    def marks(self, statements: Marks) -> Marks:
        return person_marks(self.votes, statements)

    def moments(self) -> CoMoments:
        if self._moments is None:
            self._moments = CoMoments.of(self.votes)
        return self._moments

    def raw_places(self, axes: Axes) -> NDArray[np.float64]:
        return raw_places(self.votes, axes)

    def tallies(self, group: Labels, groups: int) -> Tallies:
        return Tallies.of(self.votes, group, groups)

    def sample(self, rows: NDArray[np.int64]) -> VoteMatrix:
        return self.votes.rows(rows)


def voted(votes: VoteMatrix) -> NDArray[np.bool_]:
    """Columns with a vote, (S,)."""
    found = np.zeros(votes.shape[1], dtype=bool)
    for low in range(0, votes.columns.size, _VOTES):
        found[votes.columns[low : low + _VOTES]] = True
    return found


def kept_sizes(votes: VoteMatrix, dropped: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Votes of each row on statements not dropped, (P,)."""
    if not dropped.any():
        return votes.row_sizes
    sizes = votes.row_sizes
    for low in range(0, sizes.size, _ROWS):
        starts = votes.starts[low : low + _ROWS + 1]
        gone = np.concatenate([[0], np.cumsum(dropped[votes.columns[starts[0] : starts[-1]]])])
        sizes[low : low + _ROWS] -= np.diff(gone[starts - starts[0]])
    return sizes
