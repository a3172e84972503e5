"""Votes as a sparse matrix: a row a participant, a column a statement, the last vote counting."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from yishi.engines.compiling import compiled_available, in_threads, thread_count
from yishi.engines.opinion import kernels

AGREE, PASS, DISAGREE = 1, 0, -1
MOST_STATEMENTS = 65_535
_UNSEEN = 2
_MANY = 1_000_000


@dataclass(frozen=True)
class VoteMatrix:
    """P participants by S statements, only the votes cast being stored.

    participants, statements: their identifiers, ascending, (P,) and (S,).
    starts: (P + 1,) int64; columns: (V,) uint16, ascending within a row; values: (V,) int8 in
    {1 agree, 0 pass, -1 disagree}. Row r's votes lie at starts[r]:starts[r + 1].
    """

    participants: NDArray[Any]
    statements: NDArray[Any]
    starts: NDArray[np.int64]
    columns: NDArray[np.uint16]
    values: NDArray[np.int8]

    @classmethod
    def from_votes(
        cls,
        participants: ArrayLike,
        statements: ArrayLike,
        votes: ArrayLike,
        *,
        all_participants: ArrayLike | None = None,
        all_statements: ArrayLike | None = None,
    ) -> "VoteMatrix":
        """Three parallel arrays in order of time; of votes on one pair the last one counts.

        `all_participants` and `all_statements` add people and statements without votes.
        Identifiers are whole numbers or short texts.
        Raises ValueError for unequal lengths, values outside {-1, 0, 1}, too many statements.
        """
        pids, tids, cast = np.asarray(participants), np.asarray(statements), np.asarray(votes)
        if not (pids.ndim == tids.ndim == cast.ndim == 1 and pids.size == tids.size == cast.size):
            raise ValueError("participants, statements and votes must be three lists of one length")
        _check_values(cast)
        people, row_of, rows = _index(pids, all_participants)
        columns, column_of, places = _index(tids, all_statements)
        if columns.size > MOST_STATEMENTS:
            raise ValueError(f"{columns.size} statements: at most {MOST_STATEMENTS} can be mapped")
        build = _rows_compiled if compiled_available() else _rows_plain
        starts, cols, vals = build(rows, row_of, places, column_of, cast, people.size, columns.size)
        return cls(people, columns, starts, cols, vals)

    @property
    def shape(self) -> tuple[int, int]:
        """Participants and statements."""
        return self.participants.size, self.statements.size

    @property
    def row_sizes(self) -> NDArray[np.int64]:
        """Votes cast by each participant, (P,)."""
        return np.diff(self.starts)

    def row_of_each_vote(self) -> NDArray[np.int64]:
        """Row number of each stored vote, (V,)."""
        return np.repeat(np.arange(self.shape[0]), self.row_sizes)

    def seen(self) -> "sparse.csr_array[Any, Any]":
        """1 where a vote was cast, (P, S) int64."""
        return self._csr(np.ones(self.values.size, dtype=np.int64))

    def signed(self) -> "sparse.csr_array[Any, Any]":
        """The votes themselves, (P, S) int64, passes stored as explicit zeros."""
        return self._csr(self.values.astype(np.int64))

    def _csr(self, data: NDArray[Any]) -> "sparse.csr_array[Any, Any]":
        return sparse.csr_array((data, self.columns.astype(np.int32), self.starts), shape=self.shape)

    def rows(self, chosen: NDArray[np.intp]) -> "VoteMatrix":
        """The matrix of the chosen rows, in that order (repeats allowed)."""
        sizes = self.row_sizes[chosen]
        starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        take = np.repeat(self.starts[chosen] - starts[:-1], sizes) + np.arange(starts[-1])
        return VoteMatrix(self.participants[chosen], self.statements, starts, self.columns[take], self.values[take])

    def without(self, dropped: NDArray[np.bool_]) -> "VoteMatrix":
        """The matrix without the marked statements (mask of S); participants are kept."""
        if not dropped.any():
            return self
        keep = ~dropped[self.columns]
        renumber = (np.cumsum(~dropped) - 1).astype(np.uint16)
        sizes = np.bincount(self.row_of_each_vote()[keep], minlength=self.shape[0])
        starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        return VoteMatrix(
            self.participants,
            self.statements[~dropped],
            starts,
            renumber[self.columns[keep]],
            self.values[keep],
        )

    def only(self, order: NDArray[np.intp]) -> "VoteMatrix":
        """The matrix of the chosen statements, in that order; participants are kept."""
        place = np.full(self.shape[1], -1, dtype=np.int32)
        place[order] = np.arange(order.size, dtype=np.int32)
        kept = self.without(place < 0)
        columns = place[place >= 0][kept.columns]
        table = sparse.csr_array((kept.values.copy(), columns, kept.starts), shape=kept.shape)
        table.sort_indices()
        return VoteMatrix(
            self.participants, self.statements[order], kept.starts, table.indices.astype(np.uint16), table.data
        )

    def mask_of(self, statements: Sequence[Any] | NDArray[Any]) -> NDArray[np.bool_]:
        """Mask (S,) of the named statements; names not in the matrix are ignored."""
        return named(self.statements, statements)


def named(names: NDArray[Any], chosen: Sequence[Any] | NDArray[Any]) -> NDArray[np.bool_]:
    """Mask of the names that are among the chosen ones."""
    wanted = set(chosen.tolist() if isinstance(chosen, np.ndarray) else chosen)
    return np.fromiter((name in wanted for name in names.tolist()), dtype=bool, count=names.size)


def _check_values(votes: NDArray[Any]) -> None:
    if votes.dtype.kind not in "iu":
        raise ValueError("votes must be whole numbers: 1 agree, 0 pass, -1 disagree")
    if votes.size and (votes.min() < DISAGREE or votes.max() > AGREE):
        at = int(np.flatnonzero((votes < DISAGREE) | (votes > AGREE))[0])
        raise ValueError(f"vote {at + 1} is {votes[at]}: only 1 agree, 0 pass, -1 disagree are votes")


def _index(ids: NDArray[Any], extra: ArrayLike | None) -> tuple[NDArray[Any], NDArray[np.int32], NDArray[Any]]:
    """Ascending identifiers, a table from code to place, and the code of each vote."""
    more = np.asarray([] if extra is None else extra)
    more = more.astype(ids.dtype) if ids.size and more.size == 0 else more
    ids = ids.astype(more.dtype) if ids.size == 0 else ids
    whole = ids.dtype.kind in "iu" and more.dtype.kind in "iu"
    low = min((int(x.min()) for x in (ids, more) if x.size), default=0) if whole else -1
    high = max((int(x.max()) for x in (ids, more) if x.size), default=0) if whole else -1
    if whole and low >= 0 and high < 16 * (ids.size + more.size) + 1_000_000:
        present = np.zeros(high + 1, dtype=bool)
        present[ids] = True
        present[more.astype(np.int64)] = True
        return np.flatnonzero(present), (np.cumsum(present, dtype=np.int32) - 1), ids
    names, codes = np.unique(np.concatenate([ids, more]), return_inverse=True)
    return names, np.arange(names.size, dtype=np.int32), codes[: ids.size]


def _rows_compiled(
    rows: NDArray[Any],
    row_of: NDArray[np.int32],
    places: NDArray[Any],
    column_of: NDArray[np.int32],
    votes: NDArray[Any],
    people: int,
    width: int,
) -> tuple[NDArray[np.int64], NDArray[np.uint16], NDArray[np.int8]]:
    counts = np.zeros(people, dtype=np.int64)
    kernels.count_rows(rows, row_of, counts)
    starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    columns = np.empty(votes.size, dtype=np.uint16)
    values = np.empty(votes.size, dtype=np.int8)
    fill, pieces = starts[:-1].copy(), thread_count() if votes.size > _MANY else 1
    cuts = np.linspace(0, people, pieces + 1).astype(np.int64)

    def work(piece: int) -> None:
        low, high = cuts[piece], cuts[piece + 1]
        kernels.scatter_votes(rows, row_of, places, column_of, votes, fill, columns, values, low, high)
        last, bits = np.full(width, _UNSEEN, dtype=np.int8), np.zeros(-(-width // 64), dtype=np.uint64)
        kernels.settle_rows(starts, columns, values, last, bits, counts, low, high)

    in_threads(work, pieces)
    settled = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    if settled[-1] == starts[-1]:
        return starts, columns, values
    keep = np.repeat(starts[:-1] - settled[:-1], counts) + np.arange(settled[-1])
    return settled, columns[keep], values[keep]


def _rows_plain(
    rows: NDArray[Any],
    row_of: NDArray[np.int32],
    places: NDArray[Any],
    column_of: NDArray[np.int32],
    votes: NDArray[Any],
    people: int,
    width: int,
) -> tuple[NDArray[np.int64], NDArray[np.uint16], NDArray[np.int8]]:
    key = row_of[rows].astype(np.int64) * max(width, 1) + column_of[places]
    order = np.argsort(key, kind="stable")
    key = key[order]
    last = np.concatenate([key[1:] != key[:-1], [True]])[: key.size].astype(bool)
    key, chosen = key[last], order[last]
    sizes = np.bincount(key // max(width, 1), minlength=people)
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    return starts, (key % max(width, 1)).astype(np.uint16), votes[chosen].astype(np.int8)
