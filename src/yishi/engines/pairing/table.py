"""The score of every pair as one table of integers, and the quotas as sets of rows and columns."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import numpy.typing as npt

from yishi.engines.pairing.model import Each, Pair, PairingError, Problem, check

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Scores = npt.NDArray[np.signedinteger]
_BLOCK = 2_000_000
"""Cells computed at a time: bounds the memory beside the table."""


@dataclass(frozen=True, slots=True)
class Group:
    """A quota as it counts: rows of branches and columns of communities (None: all)."""

    quota: int
    label: str
    rows: Ints | None
    columns: Ints | None
    each: Each
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Compiled:
    """A question in numbers. Rows are branches, columns communities, both sorted by id.

    `table` is (n, m) in thousandths of a point; `low`/`high` bounds of rows and columns; `forbidden` and
    `fixed` are keys row * m + column, sorted; `lots` a number per row and column for the draw; `most` the largest score, sign aside.
    """

    branches: tuple[str, ...]
    communities: tuple[str, ...]
    table: Scores
    row_low: Ints
    row_high: Ints
    column_low: Ints
    column_high: Ints
    groups: tuple[Group, ...]
    fixed: Ints
    forbidden: Ints
    lots: tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint64]]
    quota_names: tuple[str, ...]
    most: int

    @property
    def shape(self) -> tuple[int, int]:
        """Branches and communities."""
        return len(self.branches), len(self.communities)

    def pair(self, key: int) -> Pair:
        """The pair of a key."""
        row, column = divmod(int(key), self.shape[1])
        return self.branches[row], self.communities[column]


def compiled(problem: Problem, table: Scores | None = None) -> Compiled:
    """Put a question in numbers. `table` replaces the computed scores (rows and columns sorted by id).

    Raises PairingError where a name is unknown or a number out of bounds.
    """
    check(problem)
    rows = sorted(problem.branches, key=lambda b: b.id)
    columns = sorted(problem.communities, key=lambda c: c.id)
    row_of = {b.id: k for k, b in enumerate(rows)}
    column_of = {c.id: k for k, c in enumerate(columns)}
    n, m = len(rows), len(columns)

    def keys(pairs: frozenset[Pair]) -> Ints:
        return np.sort(np.array([row_of[a] * m + column_of[b] for a, b in pairs], dtype=np.int64))

    if table is None:
        table = _table(problem)
    elif table.shape != (n, m):
        raise PairingError(f"分数表应为 {n}×{m}。", f"The table of scores should be {n} by {m}.")
    return Compiled(
        tuple(row_of),
        tuple(column_of),
        table,
        np.array([b.low for b in rows], dtype=np.int64),
        np.array([min(b.high, m) for b in rows], dtype=np.int64),
        np.array([c.low for c in columns], dtype=np.int64),
        np.array([n if c.high is None else min(c.high, n) for c in columns], dtype=np.int64),
        _groups(problem, row_of, column_of),
        keys(problem.fixed),
        keys(problem.forbidden),
        (_lots(tuple(row_of), problem.seed, b"row"), _lots(tuple(column_of), problem.seed, b"column")),
        tuple(q.name for q in problem.quotas),
        max(-int(table.min()), int(table.max())),
    )


def _table(problem: Problem) -> Scores:
    """Scores of all pairs, block by block; 32 bits where they suffice."""
    rows = sorted(problem.branches, key=lambda b: b.id)
    columns = sorted(problem.communities, key=lambda c: c.id)
    skills = {s: k for k, s in enumerate(sorted({s for b in rows for s in b.brings} & {s for c in columns for s in c.needs}))}  # fmt: skip
    brings = np.zeros((len(rows), len(skills)))
    needs = np.zeros((len(skills), len(columns)))
    for k, branch in enumerate(rows):
        for skill, level in branch.brings.items():
            if skill in skills:
                brings[k, skills[skill]] = level
    for k, community in enumerate(columns):
        for skill, level in community.needs.items():
            if skill in skills:
                needs[skills[skill], k] = level * 1000 * problem.weights.fit
    ties = _tie_arrays(problem, {b.id: k for k, b in enumerate(rows)}, {c.id: k for k, c in enumerate(columns)})
    places = _places([b.place for b in rows]), _places([c.place for c in columns])
    # a bound on every score, so that 32 bits are used where they hold
    most = brings.sum(axis=1).max() * needs.max(initial=0) + 1_000 * 100 * (problem.weights.bond + problem.weights.past)
    furthest = 2_000_000 if (problem.weights.distance and _apart(places)) else 1_000_000 if ties[4].any() else 0
    wide = max(most, furthest * problem.weights.distance) >= 2**30
    table = np.empty((len(rows), len(columns)), dtype=np.int64 if wide else np.int32)
    step = max(1, _BLOCK // max(len(columns), 1))
    for start in range(0, len(rows), step):
        block = brings[start : start + step] @ needs
        if problem.weights.distance and _apart(places):
            block -= problem.weights.distance * _metres(places[0][start : start + step], places[1])
        table[start : start + step] = block
    _add_ties(table, problem, ties, places)
    return table


def _places(given: list[tuple[int, int] | None]) -> npt.NDArray[np.float64]:
    """(n, 2) metres; NaN where unknown."""
    return np.array([p if p is not None else (np.nan, np.nan) for p in given], dtype=np.float64)


def _apart(places: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]) -> bool:
    return all((~np.isnan(p)).any() for p in places)


def _metres(one: npt.NDArray[np.float64], other: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Whole metres between every two; 0 where a place is unknown."""
    across = one[:, None, 0] - other[None, :, 0]
    along = one[:, None, 1] - other[None, :, 1]
    np.multiply(across, across, out=across)
    np.multiply(along, along, out=along)
    across += along
    np.rint(np.sqrt(across, out=across), out=across)
    np.minimum(across, 2_000_000, out=across)
    return np.nan_to_num(across, copy=False, nan=0.0)


def _tie_arrays(problem: Problem, row_of: dict[str, int], column_of: dict[str, int]) -> tuple[Ints, ...]:
    """Row, column, bond, past, whether measured, metres of every tie."""
    known = [(row_of[t.branch], column_of[t.community], t.bond, t.past, t.metres is not None, t.metres or 0) for t in problem.ties]  # fmt: skip
    return tuple(np.array(known, dtype=np.int64).reshape(-1, 6).T)


def _add_ties(
    table: Scores,
    problem: Problem,
    ties: tuple[Ints, ...],
    places: tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]],
) -> None:
    row, column, bond, past, measured, metres = ties
    if not row.size:
        return
    weights = problem.weights
    np.add.at(table, (row, column), ((bond * weights.bond + past * weights.past) * 1_000).astype(table.dtype))
    known = measured.astype(bool)
    if weights.distance and known.any():
        row, column, metres = row[known], column[known], metres[known]
        gap = np.sqrt(((places[0][row] - places[1][column]) ** 2).sum(axis=1))
        straight = np.nan_to_num(np.minimum(np.rint(gap), 2_000_000), nan=0.0).astype(np.int64)
        np.add.at(table, (row, column), (weights.distance * (straight - metres)).astype(table.dtype))


def _groups(problem: Problem, row_of: dict[str, int], column_of: dict[str, int]) -> tuple[Group, ...]:
    """Quotas resolved to rows and columns, one for each institution where asked."""
    if not problem.quotas:
        return ()
    row_names = _members({b.id: (b.id, *b.institution) for b in problem.branches}, row_of)
    column_names = _members({c.id: (c.id, *c.area) for c in problem.communities}, column_of)
    inner: dict[str, list[int]] = {}
    for branch in problem.branches:
        if branch.institution:
            inner.setdefault("/".join(branch.institution), []).append(row_of[branch.id])
    found: list[Group] = []
    most = len(row_of) * len(column_of)
    for number, quota in enumerate(problem.quotas):
        rows = _chosen(quota.branches, row_names)
        columns = _chosen(quota.communities, column_names)
        high = most if quota.high is None else min(quota.high, most)
        parts: list[tuple[str, Ints | None]] = [("", rows)]
        if quota.by_institution:
            every = {name: np.sort(np.array(members, dtype=np.int64)) for name, members in sorted(inner.items())}
            parts = [(name, part if rows is None else np.intersect1d(part, rows)) for name, part in every.items()]
        found += [Group(number, label, part, columns, quota.each, quota.low, high) for label, part in parts if part is None or part.size]  # fmt: skip
    return tuple(found)


def _members(names: dict[str, tuple[str, ...]], place_of: dict[str, int]) -> Callable[[str], Ints]:
    """What a name stands for: an id itself, else all in the institution or area."""
    found: dict[str, list[int]] = {}
    for who, known in names.items():
        for name in known:
            found.setdefault(name, []).append(place_of[who])

    def of(name: str) -> Ints:
        return np.array([place_of[name]] if name in place_of else found[name], dtype=np.int64)

    return of


def _chosen(names: tuple[str, ...], of: Callable[[str], Ints]) -> Ints | None:
    return np.unique(np.concatenate([of(n) for n in names])) if names else None


def _lots(names: tuple[str, ...], seed: int, side: bytes) -> npt.NDArray[np.uint64]:
    """A number drawn for each name, the same whatever the order of rows."""
    key = seed.to_bytes(16, "big", signed=True)
    drawn = b"".join(blake2b(n.encode("utf-8", "replace"), digest_size=8, key=key, person=side).digest() for n in names)
    return np.frombuffer(drawn, dtype=np.uint64)
