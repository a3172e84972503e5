"""A map that is kept up to date vote by vote."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yishi.engines.compiling import one_blas_thread
from yishi.engines.opinion.axes import Axes, axes_again, axes_of_gram, axes_of_votes
from yishi.engines.opinion.mapping import GRAM_STATEMENTS, MapResult, Settings, Tick, map_people
from yishi.engines.opinion.moments import CoMoments
from yishi.engines.opinion.people import InMemory
from yishi.engines.opinion.resampling import mean_votes
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
        person. Raises ValueError for what is no vote or no name, before any of them is counted.
        """
        given = list(votes)
        self._check(given)
        moments = self._moments_now()
        for participant, statement, vote in given:
            column = self._column_of.get(statement)
            if column is None:
                column = self._new_statement(statement)
                moments = self._moments_now()
            self._count(moments, self._row(participant), column, vote)
            self._result = None

    def _count(self, moments: CoMoments | None, row: int, column: int, vote: int) -> None:
        columns, values = self._rows.get(row) or self._from_base(row)
        at = int(columns.searchsorted(np.uint16(column)))
        known = at < columns.size and columns[at] == column
        if known and values[at] == vote:
            return
        self._stale.add(column)
        if known:
            if moments is not None:
                others = np.arange(columns.size) != at
                moments.change(column, int(values[at]), vote, columns[others], values[others])
            values[at] = vote
            return
        if moments is not None:
            moments.change(column, None, vote, columns, values)
        self._rows[row] = (_put(columns, at, column), _put(values, at, vote))

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
            row = self._row_of[participant] = len(self._row_of)
        return row

    def _new_statement(self, statement: Any) -> int:
        moments, column = self._moments_now(), len(self._column_of)
        self._column_of[statement] = column
        if moments is not None and column == moments.N.shape[0]:
            self._widen(moments)
        return column

    def _widen(self, moments: CoMoments) -> None:
        """Room for a quarter more statements; the spare ones are empty and do not shape the axes."""
        width = moments.N.shape[0]
        wide = [np.zeros((width + width // 4 + 16,) * 2, dtype=np.int32) for _ in range(3)]
        for target, source in zip(wide, (moments.N, moments.A, moments.B), strict=True):
            target[:width, :width] = source
        self._moments, self._gram, self._axes = CoMoments(*wide), None, None

    def _check(self, votes: list[tuple[Any, Any, int]]) -> None:
        """Raises ValueError for the first of them that cannot be counted."""
        people, statements = (_Kind(names) for names in (self._row_of, self._column_of))
        for cast in votes:
            if not isinstance(cast, tuple | list) or len(cast) != 3:
                raise ValueError(f"{cast!r}: participant, statement and vote are needed")
            people.check(cast[0])
            statements.check(cast[1])
            if isinstance(cast[2], bool | np.bool_) or cast[2] not in (DISAGREE, 0, AGREE):
                raise ValueError(f"{cast[2]!r} is no vote: 1 agree, 0 pass, -1 disagree")
        if len(self._column_of) + len({cast[1] for cast in votes} - self._column_of.keys()) > MOST_STATEMENTS:
            raise ValueError(f"at most {MOST_STATEMENTS} statements can be mapped")

    def _moments_now(self) -> CoMoments | None:
        """The co-moments; None above GRAM_STATEMENTS statements, where they would be too large."""
        if len(self._column_of) > GRAM_STATEMENTS:
            self._moments = self._gram = self._axes = None
        elif self._moments is None:
            self._moments = CoMoments.of(self.matrix())
        return self._moments

    def axes(self) -> Axes:
        """The axes after the last vote, from where they stood before; only rows and columns of
        the statements voted on are computed anew. Statements in order of arrival.
        """
        with one_blas_thread():
            moments = self._moments_now()
            if moments is None:
                votes = self.matrix()
                return axes_of_votes(votes, mean_votes(votes))
            return self._refreshed(moments)

    def _refreshed(self, moments: CoMoments) -> Axes:
        centre, before, width = moments.centre, self._axes, len(self._column_of)
        if self._gram is None:
            self._gram = moments.gram()
        for j in self._stale:
            row = moments.gram_rows(slice(j, j + 1), centre)[0]
            self._gram[j], self._gram[:, j] = row, row
        self._stale.clear()
        if before is None or before.centre.size != centre.size:
            self._axes = axes_of_gram(self._gram, centre)
        else:
            self._axes = axes_again(self._gram, centre, before)
        return replace(self._axes, centre=centre[:width], vectors=self._axes.vectors[:, :width])

    def matrix(self) -> VoteMatrix:
        """All votes as one matrix, names ascending."""
        if self._rows:
            self._settle()
        return self._base

    def _settle(self) -> None:
        """Write the changed rows back and put new names in order."""
        base, moments = self._base, self._moments
        keep = np.ones(base.shape[0], dtype=bool)
        keep[[row for row in self._rows if row < base.shape[0]]] = False
        kept = base.rows(np.flatnonzero(keep))
        rows, people, names = sorted(self._rows), np.array(list(self._row_of)), np.array(list(self._column_of))
        changed = [self._rows[row] for row in rows]
        self._base = VoteMatrix.from_votes(
            np.concatenate(
                [kept.participants[kept.row_of_each_vote()], people[rows].repeat([r[0].size for r in changed])]
            ),
            np.concatenate([base.statements[kept.columns], names[np.concatenate([r[0] for r in changed])]]),
            np.concatenate([kept.values, *(r[1] for r in changed)]),
            all_participants=people,
            all_statements=names,
        )
        self._rows = {}
        self._row_of = {name: at for at, name in enumerate(self._base.participants.tolist())}
        self._column_of = {name: at for at, name in enumerate(self._base.statements.tolist())}
        order = np.argsort(names, kind="stable")
        if moments is not None and not np.array_equal(order, np.arange(moments.N.shape[0])):
            cut = np.ix_(order, order)
            self._moments = CoMoments(moments.N[cut], moments.A[cut], moments.B[cut])
            self._gram, self._axes = None, None
            self._stale.clear()

    def result(self, tick: Tick = lambda step: None) -> MapResult:
        """The whole map of the votes so far; computed once until the next vote."""
        if self._result is None:
            self._result = map_people(InMemory(self.matrix(), self._moments), self.settings, tick)
        return self._result


class _Kind:
    """All names of a map are whole numbers, or all are texts: whichever came first."""

    def __init__(self, names: dict[Any, int]) -> None:
        first = next(iter(names), None)
        self.kind: type | None = None if first is None else str if isinstance(first, str) else int

    def check(self, name: Any) -> None:
        """Raises ValueError for what is no name, or one of the other kind."""
        kind = str if isinstance(name, str) else int
        if isinstance(name, bool | np.bool_) or not isinstance(name, str | int | np.integer):
            raise ValueError(f"{name!r} is no name: a whole number or a text is needed")
        if not isinstance(name, str) and not -(2**63) <= int(name) < 2**63:
            raise ValueError(f"{name!r}: the number is too large")
        self.kind = self.kind or kind
        if kind is not self.kind:
            raise ValueError(f"{name!r}: names must be all whole numbers or all texts")


def _put(items: NDArray[Any], at: int, value: int) -> NDArray[Any]:
    """`np.insert` without its overhead."""
    out = np.empty(items.size + 1, dtype=items.dtype)
    out[:at], out[at], out[at + 1 :] = items[:at], value, items[at:]
    return out
