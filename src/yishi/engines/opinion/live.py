"""A map that is kept up to date vote by vote."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yishi.engines.opinion.axes import Axes, axes_again, axes_of_gram
from yishi.engines.opinion.compiling import one_blas_thread
from yishi.engines.opinion.mapping import MapResult, Settings, Tick, map_people
from yishi.engines.opinion.moments import CoMoments
from yishi.engines.opinion.people import InMemory
from yishi.engines.opinion.votes import AGREE, DISAGREE, MOST_STATEMENTS, VoteMatrix

Row = tuple[NDArray[np.uint16], NDArray[np.int8]]


class OpinionMap:
    """Votes, their exact co-moments and the map that follows.

    `update` costs a few microseconds a vote; `axes` refreshes the two axes alone; `result` is the
    whole map, to the last bit the one that a fresh start from the same votes would give.
    """

    def __init__(self, votes: VoteMatrix, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self._base = votes
        self._rows: dict[int, Row] = {}
        self._row_of = {name: at for at, name in enumerate(votes.participants.tolist())}
        self._column_of = {name: at for at, name in enumerate(votes.statements.tolist())}
        self._moments: CoMoments | None = None
        self._gram: NDArray[np.float64] | None = None
        self._stale: set[int] = set()
        self._axes: Axes | None = None
        self._result: MapResult | None = None

    def update(self, votes: Iterable[tuple[Any, Any, int]]) -> None:
        """Count votes (participant, statement, vote) in order of time; the last of a pair counts.

        Touches the 4 n cells of the co-moments that pair the statement with the n others of that
        person. Raises ValueError for a vote that is none, before it is counted.
        """
        moments = self._moments_now()
        for participant, statement, vote in votes:
            if vote not in (DISAGREE, 0, AGREE):
                raise ValueError(f"{vote!r} is no vote: 1 agree, 0 pass, -1 disagree")
            column = self._column_of.get(statement)
            if column is None:
                column = self._new_statement(statement)
                moments = self._moments_now()
            self._count(moments, self._row(participant), column, vote)
        self._result = None

    def _count(self, moments: CoMoments, row: int, column: int, vote: int) -> None:
        columns, values = self._rows.get(row) or self._from_base(row)
        at = int(columns.searchsorted(np.uint16(column)))
        if at < columns.size and columns[at] == column:
            before = int(values[at])
            if before == vote:
                return
            others = np.arange(columns.size) != at
            moments.change(column, before, vote, columns[others], values[others])
            values[at] = vote
        else:
            moments.change(column, None, vote, columns, values)
            self._rows[row] = (_put(columns, at, column), _put(values, at, vote))
        self._stale.add(column)

    def _from_base(self, row: int) -> Row:
        """The person's votes, copied out of the matrix to be changed."""
        if row >= self._base.shape[0]:
            found = (np.zeros(0, dtype=np.uint16), np.zeros(0, dtype=np.int8))
        else:
            part = slice(self._base.starts[row], self._base.starts[row + 1])
            found = (self._base.columns[part].copy(), self._base.values[part].copy())
        self._rows[row] = found
        return found

    def _row(self, participant: Any) -> int:
        row = self._row_of.get(participant)
        if row is None:
            self._same_kind(participant, self._base.participants)
            row = self._row_of[participant] = len(self._row_of)
        return row

    def _new_statement(self, statement: Any) -> int:
        self._same_kind(statement, self._base.statements)
        column = len(self._column_of)
        if column >= MOST_STATEMENTS:
            raise ValueError(f"at most {MOST_STATEMENTS} statements can be mapped")
        self._column_of[statement] = column
        old = self._moments_now()
        wide = [np.zeros((column + 1, column + 1), dtype=np.int32) for _ in range(3)]
        for target, source in zip(wide, (old.N, old.A, old.B), strict=True):
            target[:column, :column] = source
        self._moments, self._gram, self._axes = CoMoments(*wide), None, None
        return column

    @staticmethod
    def _same_kind(name: Any, names: NDArray[Any]) -> None:
        if names.size and isinstance(name, str) != (names.dtype.kind == "U"):
            raise ValueError(f"{name!r}: names must be all whole numbers or all texts")

    def _moments_now(self) -> CoMoments:
        if self._moments is None:
            self._moments = CoMoments.of(self._base)
        return self._moments

    def axes(self) -> Axes:
        """The axes after the last vote, from where they stood before; only rows and columns of
        the statements voted on are computed anew. Statements in order of arrival.
        """
        with one_blas_thread():
            return self._refreshed()

    def _refreshed(self) -> Axes:
        moments = self._moments_now()
        if self._gram is None:
            self._gram = moments.gram()
        elif self._stale:
            centre = moments.centre
            for j in self._stale:
                row = moments.gram_rows(slice(j, j + 1), centre)[0]
                self._gram[j], self._gram[:, j] = row, row
        self._stale.clear()
        before, centre = self._axes, moments.centre
        if before is None or before.centre.size != centre.size:
            self._axes = axes_of_gram(self._gram, centre)
        else:
            self._axes = axes_again(self._gram, centre, before)
        return self._axes

    def matrix(self) -> VoteMatrix:
        """All votes as one matrix, names ascending."""
        if self._rows:
            self._settle()
        return self._base

    def _settle(self) -> None:
        """Write the changed rows back and put new names in order."""
        base, moments = self._base, self._moments_now()
        keep = np.ones(base.shape[0], dtype=bool)
        keep[[row for row in self._rows if row < base.shape[0]]] = False
        kept = base.rows(np.flatnonzero(keep))
        rows = sorted(self._rows)
        people, statements = list(self._row_of), list(self._column_of)
        names = np.array(statements)
        order = np.argsort(names, kind="stable")
        changed = [self._rows[row] for row in rows]
        everyone = np.array(people)
        self._base = VoteMatrix.from_votes(
            np.concatenate(
                [kept.participants[kept.row_of_each_vote()], np.repeat(everyone[rows], [r[0].size for r in changed])]
            ),
            np.concatenate([base.statements[kept.columns], names[np.concatenate([r[0] for r in changed])]]),
            np.concatenate([kept.values, *(r[1] for r in changed)]),
            all_participants=everyone,
            all_statements=names,
        )
        self._rows = {}
        self._row_of = {name: at for at, name in enumerate(self._base.participants.tolist())}
        self._column_of = {name: at for at, name in enumerate(self._base.statements.tolist())}
        if (order != np.arange(order.size)).any():
            cut = np.ix_(order, order)
            self._moments = CoMoments(moments.N[cut], moments.A[cut], moments.B[cut])
            self._gram, self._axes = None, None

    def result(self, tick: Tick = lambda step: None) -> MapResult:
        """The whole map of the votes so far; computed once until the next vote."""
        if self._result is None:
            self._result = map_people(InMemory(self.matrix(), self._moments), self.settings, tick)
        return self._result


def _put(items: NDArray[Any], at: int, value: int) -> NDArray[Any]:
    """`np.insert` without its overhead."""
    out = np.empty(items.size + 1, dtype=items.dtype)
    out[:at], out[at], out[at + 1 :] = items[:at], value, items[at:]
    return out
