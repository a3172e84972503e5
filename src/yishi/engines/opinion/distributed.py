"""Votes beyond one machine's memory: the same map from a Dask array, to the last bit.

The votes are brought together by person into blocks that stay on the workers (Dask spills them to
disk where memory is short). Blocks answer with whole numbers, which are added, and with one row
per person; so the machine that asks holds some 40 bytes a person and a few S x S tables, never
the votes. Needs the `dask` extra; a `distributed` client is used where one is active.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import dask.array
import dask.base
import numpy as np
from dask.delayed import delayed as dask_delayed
from numpy.typing import NDArray

from yishi.engines.opinion.axes import Axes, raw_places
from yishi.engines.opinion.clusters import Labels
from yishi.engines.opinion.mapping import MapResult, Settings, Tick, map_people
from yishi.engines.opinion.marks import Marks, person_marks
from yishi.engines.opinion.moments import CoMoments
from yishi.engines.opinion.people import kept_sizes
from yishi.engines.opinion.statistics import Tallies
from yishi.engines.opinion.votes import MOST_STATEMENTS, VoteMatrix

# Dask's functions carry no types.
da: Any = dask.array
together: Any = dask.base.compute
kept: Any = dask.base.persist
delayed: Any = dask_delayed
Delayed = Any

Names = NDArray[np.int64]
Piece = tuple[NDArray[np.int32], NDArray[np.uint16], NDArray[np.int8]]
MOST_STATEMENTS_SHARED = 10_000
_LANES = 4


def map_dask(
    votes: Any, settings: Settings | None = None, *, blocks: int | None = None, tick: Tick = lambda step: None
) -> MapResult:
    """The opinion map of a Dask array of whole numbers, (V, 3): participant, statement, vote in
    order of time, in chunks of rows. `blocks`: pieces to keep, else one per chunk.

    Raises ValueError for another shape or type, or a vote that is none.
    """
    return map_people(DaskPeople(votes, blocks), settings or Settings(), tick)


def open_votes(path: Path, rows: int = 5_000_000) -> Any:
    """A `.npy` file of shape (V, 3) as a Dask array; each worker reads only its rows."""
    shape, kind = _shape(path)
    parts = [
        da.from_delayed(delayed(_read_rows)(str(path), low, low + rows), (min(rows, shape[0] - low), 3), dtype=kind)
        for low in range(0, shape[0], rows)
    ]
    return da.concatenate(parts) if parts else da.zeros((0, 3), dtype=kind)


def _shape(path: Path) -> tuple[tuple[int, ...], Any]:
    found = np.load(path, mmap_mode="r", allow_pickle=False)
    if found.ndim != 2 or found.shape[1] != 3 or found.dtype.kind not in "iu":
        raise ValueError(
            f"{path.name}：应为三列整数（参与者、意见、表态） · {path.name}: three columns of whole numbers are expected"
        )
    return found.shape, found.dtype


def _read_rows(path: str, low: int, high: int) -> NDArray[Any]:
    return np.array(np.load(path, mmap_mode="r", allow_pickle=False)[low:high])


class DaskPeople:
    """`People` whose votes lie in blocks of persons on the workers of Dask."""

    def __init__(self, votes: Any, blocks: int | None = None) -> None:
        if votes.ndim != 2 or votes.shape[1] != 3 or votes.dtype.kind not in "iu":
            raise ValueError("votes must be an array of whole numbers with three columns")
        chunks = votes.rechunk({1: 3}).to_delayed().ravel().tolist()
        found = together(*(delayed(_names)(chunk) for chunk in chunks))
        self._participants = _union([f[0] for f in found])
        self._statements = _union([f[1] for f in found])
        if self._statements.size > min(MOST_STATEMENTS_SHARED, MOST_STATEMENTS):
            raise ValueError(
                f"{self._statements.size} statements: at most {MOST_STATEMENTS_SHARED} on several machines"
            )
        count = max(1, min(blocks or len(chunks), self._participants.size or 1))
        self._cuts = np.linspace(0, self._participants.size, count + 1).astype(np.int64)
        self._blocks: list[Delayed] = list(kept(*self._gathered(chunks)))
        self._moments: CoMoments | None = None

    def _gathered(self, chunks: Sequence[Delayed]) -> list[Delayed]:
        """Each chunk is cut by person; each block joins its cuts in order of time."""
        people, statements = delayed(self._participants), delayed(self._statements)
        count = self._cuts.size - 1
        cut = [delayed(_cut, nout=count)(chunk, people, statements, self._cuts) for chunk in chunks]
        width = self._statements.size
        return [
            delayed(_block)([pieces[b] for pieces in cut], int(self._cuts[b + 1] - self._cuts[b]), width)
            for b in range(count)
        ]

    @property
    def participants(self) -> NDArray[Any]:
        return self._participants

    @property
    def statements(self) -> NDArray[Any]:
        return self._statements

    def voted(self) -> NDArray[np.bool_]:
        return np.ones(self._statements.size, dtype=bool)

    def row_sizes(self, dropped: NDArray[np.bool_]) -> NDArray[np.int64]:
        sizes: NDArray[np.int64] = self._joined(kept_sizes, dropped)
        return sizes

    def marks(self, statements: Marks) -> Marks:
        found: Marks = self._joined(person_marks, statements)
        return found

    def raw_places(self, axes: Axes) -> NDArray[np.float64]:
        sums: NDArray[np.float64] = self._joined(raw_places, axes)
        return sums

    def moments(self) -> CoMoments:
        if self._moments is None:
            self._moments = self._summed([delayed(CoMoments.of)(block) for block in self._blocks])
        return self._moments

    def tallies(self, group: Labels, groups: int) -> Tallies:
        parts = [delayed(Tallies.of)(b, group[low:high], groups) for b, (low, high) in self._each()]
        total: Tallies = self._summed(parts)
        return total

    def sample(self, rows: NDArray[np.int64]) -> VoteMatrix:
        order = np.argsort(rows, kind="stable")
        inside = np.searchsorted(rows[order], self._cuts)
        parts = [
            delayed(VoteMatrix.rows)(block, rows[order[inside[b] : inside[b + 1]]] - self._cuts[b])
            for b, block in enumerate(self._blocks)
        ]
        found: Sequence[VoteMatrix] = together(*parts)
        joined = VoteMatrix(
            self._participants[rows[order]],
            self._statements,
            np.concatenate([[0], np.cumsum(np.concatenate([p.row_sizes for p in found]))]).astype(np.int64),
            np.concatenate([p.columns for p in found]),
            np.concatenate([p.values for p in found]),
        )
        return joined.rows(np.argsort(order, kind="stable"))

    def _each(self) -> list[tuple[Delayed, tuple[int, int]]]:
        return [(block, (int(self._cuts[b]), int(self._cuts[b + 1]))) for b, block in enumerate(self._blocks)]

    def _joined(self, answer: Callable[..., Any], *arguments: Any) -> Any:
        shared = [delayed(a) for a in arguments]
        return np.concatenate(together(*(delayed(answer)(block, *shared) for block in self._blocks)))

    def _summed(self, parts: Sequence[Delayed]) -> Any:
        """A few chains of additions side by side: as many tables at once as there are chains."""
        ends = []
        for lane in range(min(_LANES, len(parts))):
            total = parts[lane]
            for part in parts[lane + _LANES :: _LANES]:
                total = delayed(_add)(total, part)
            ends.append(total)
        while len(ends) > 1:
            ends = [delayed(_add)(*ends[i : i + 2]) if i + 1 < len(ends) else ends[i] for i in range(0, len(ends), 2)]
        return together(ends[0])[0]


def _add(one: Any, two: Any) -> Any:
    return one + two


def _names(chunk: NDArray[Any]) -> tuple[Names, Names]:
    return np.unique(chunk[:, 0]).astype(np.int64), np.unique(chunk[:, 1]).astype(np.int64)


def _union(parts: Sequence[Names]) -> Names:
    return np.unique(np.concatenate(parts)) if parts else np.zeros(0, dtype=np.int64)


def _cut(chunk: NDArray[Any], people: Names, statements: Names, cuts: NDArray[np.int64]) -> list[Piece]:
    """The votes of each block, in order of time, rows counted from the block's first person."""
    votes = chunk[:, 2]
    if votes.size and (votes.min() < -1 or votes.max() > 1):
        raise ValueError("votes must be 1 agree, 0 pass, -1 disagree")
    row = np.searchsorted(people, chunk[:, 0])
    column = np.searchsorted(statements, chunk[:, 1]).astype(np.uint16)
    block = np.searchsorted(cuts, row, side="right") - 1
    order = np.argsort(block, kind="stable")
    edges = np.searchsorted(block[order], np.arange(cuts.size))
    pieces = []
    for b in range(cuts.size - 1):
        take = order[edges[b] : edges[b + 1]]
        pieces.append(((row[take] - cuts[b]).astype(np.int32), column[take], votes[take].astype(np.int8)))
    return pieces


def _block(pieces: Sequence[Piece], people: int, width: int) -> VoteMatrix:
    rows, columns, votes = (np.concatenate([piece[i] for piece in pieces]) for i in range(3))
    return VoteMatrix.from_votes(
        rows, columns, votes, all_participants=np.arange(people), all_statements=np.arange(width)
    )
