"""Marks of statements and of people, taken from the votes alone.

What is drawn by lot or added up in an order runs over marks, so that neither the names of people and
statements nor their order of arrival decide anything. Equal marks: interchangeable votes.
"""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from yishi.engines.compiling import compiled_available
from yishi.engines.opinion import kernels
from yishi.engines.opinion.moments import CoMoments
from yishi.engines.opinion.votes import VoteMatrix

Marks = NDArray[np.uint64]
_ROWS = 256
_PEOPLE = 65_536
_STEP = np.uint64(0x9E3779B97F4A7C15)
_WORDS = (0xD6E8FEB86659FD93, 0xA0761D6478BD642F, 0xE7037ED1A0B428DB, 0x8EBC6AF09C88C6E3)


def _mixed(x: Marks) -> Marks:
    """splitmix64 of each number."""
    x = (x + np.uint64(1)) * _STEP
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def _joined(*tables: NDArray[np.int32] | NDArray[np.int64]) -> Marks:
    """One number for the numbers at the same place of each table, not mixed yet."""
    out = np.zeros(tables[0].shape, dtype=np.uint64)
    for table, word in zip(tables, _WORDS, strict=False):
        out += table.astype(np.int64).view(np.uint64) * np.uint64(word)
    return out


def statement_marks(moments: CoMoments, shut: NDArray[np.bool_]) -> Marks:
    """From how each statement was voted on, alone and beside each other one, (S,); 0 where shut."""
    tables = (moments.N, moments.A, moments.B)
    own = _mixed(_joined(*(np.diag(t) for t in tables)))
    marks = np.zeros(shut.size, dtype=np.uint64)
    for low in range(0, shut.size, _ROWS):
        rows = slice(low, low + _ROWS)
        beside = _joined(*(t[rows] for t in tables), moments.B[:, rows].T)
        beside += own
        beside = _mixed(beside)
        beside[:, shut] = 0
        marks[rows] = _mixed(own[rows] + beside.sum(axis=1, dtype=np.uint64)) | np.uint64(1)
    marks[shut] = 0
    return marks


def statement_marks_of_votes(votes: VoteMatrix, shut: NDArray[np.bool_]) -> Marks:
    """The same end without tables of S x S: from who voted how on each statement."""
    counts = np.zeros((3, shut.size), dtype=np.int64)
    sums = np.zeros(shut.size, dtype=np.uint64)
    for part in _parts(votes):
        for vote in (-1, 0, 1):
            counts[vote + 1] += np.bincount(votes.columns[part][votes.values[part] == vote], minlength=shut.size)
    own = np.where(shut, np.uint64(0), _mixed(_joined(*counts)) | np.uint64(1))
    people, owner = person_marks(votes, own), votes.row_of_each_vote()
    for part in _parts(votes):
        each = _mixed(people[owner[part]] + _joined(votes.values[part].astype(np.int64)))
        np.add.at(sums, votes.columns[part], each)
    return np.where(shut, np.uint64(0), _mixed(own + sums) | np.uint64(1))


def _parts(votes: VoteMatrix) -> list[slice]:
    cuts = [*votes.starts[:-1:_PEOPLE].tolist(), int(votes.starts[-1])]
    return [slice(a, b) for a, b in pairwise(cuts)]


def person_marks(votes: VoteMatrix, statements: Marks) -> Marks:
    """A mark of each person's votes on the statements that have a mark, (P,)."""
    out = np.zeros(votes.shape[0], dtype=np.uint64)
    if compiled_available():
        kernels.mark_rows(votes.starts, votes.columns, votes.values, statements, out)
        return out
    of = statements[votes.columns]
    x = _mixed(of + (votes.values + 2).astype(np.uint64) * _STEP)
    x[of == 0] = 0
    sums = np.concatenate([np.zeros(1, dtype=np.uint64), np.cumsum(x)])
    marks: Marks = sums[votes.starts[1:]] - sums[votes.starts[:-1]]
    return marks
