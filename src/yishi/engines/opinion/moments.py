"""Exact co-moments of statements: whole numbers from which the axes follow.

With v the votes and c the mean vote of a statement, the centred, mean-imputed vote matrix X has
zeros where nobody voted, so its Gram matrix needs three tables of whole numbers only:
G_jk = A_jk - B_jk c_k - B_kj c_j + c_j c_k N_jk. Whole numbers add up the same in any order,
on any number of machines, and one more vote changes a single row and column of G.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from yishi.engines.compiling import compiled_available, in_threads
from yishi.engines.opinion import kernels
from yishi.engines.opinion.votes import VoteMatrix

_UNSEEN = 2
_ROWS = 256


@dataclass(frozen=True)
class CoMoments:
    """N[j, k] = people who voted on both; A[j, k] = sum of v_j v_k over them;
    B[j, k] = sum of v_j over them. Each (S, S) int32; up to 2^31 people.
    """

    N: NDArray[np.int32]
    A: NDArray[np.int32]
    B: NDArray[np.int32]

    @classmethod
    def of(cls, votes: VoteMatrix) -> "CoMoments":
        """Exact; Σ n_i²/2 steps for rows of n_i votes. 12 S² bytes."""
        width = votes.shape[1]
        N, A, B = (np.zeros((width, width), dtype=np.int32) for _ in range(3))
        if compiled_available():
            tiles = -(-width // kernels.TILE)

            def work(tile: int) -> None:
                low = tile * kernels.TILE
                high = min(low + kernels.TILE, width)
                kernels.comoment_tile(votes.starts, votes.columns, votes.values, low, high, N, A, B)

            in_threads(work, tiles)
        else:
            _add_plain(votes, N, A, B)
        return cls(N, A, B)

    def __add__(self, other: "CoMoments") -> "CoMoments":
        return CoMoments(self.N + other.N, self.A + other.A, self.B + other.B)

    @property
    def centre(self) -> NDArray[np.float64]:
        """Mean vote of each statement, (S,); 0 where nobody voted."""
        return np.diag(self.B) / np.maximum(np.diag(self.N), 1)

    def gram(self) -> NDArray[np.float64]:
        """X'X of the centred matrix, (S, S) float64, symmetric to the last bit."""
        width = self.N.shape[0]
        c, out = self.centre, np.empty((width, width))
        for low in range(0, width, _ROWS):
            out[low : low + _ROWS] = self.gram_rows(slice(low, min(low + _ROWS, width)), c)
        return out

    def gram_rows(self, rows: slice, centre: NDArray[np.float64]) -> NDArray[np.float64]:
        """The same rows of X'X, bit for bit, as `gram` gives."""
        c = centre[rows, None]
        out = self.N[rows] * (c * centre)
        out += self.A[rows]
        cross = self.B[rows] * centre
        cross += self.B[:, rows].T * c
        out -= cross
        return out

    def change(self, j: int, before: int | None, after: int, columns: object, values: object) -> None:
        """Count a vote on statement j by someone whose other votes are (columns, values).

        `before` is the vote it replaces, None where there was none. O(other votes), in place.
        """
        past = _UNSEEN if before is None else before
        if compiled_available():
            kernels.comoment_vote(j, past, after, columns, values, self.N, self.A, self.B)
        else:
            _change_plain(self, j, past, after, np.asarray(columns), np.asarray(values))


def _change_plain(
    moments: CoMoments, j: int, before: int, after: int, k: NDArray[np.uint16], v: NDArray[np.int8]
) -> None:
    old, fresh = (0, 1) if before == _UNSEEN else (before, 0)
    step = after - old
    N, A, B = moments.N, moments.A, moments.B
    A[j, k] += step * v
    A[k, j] += step * v
    B[j, k] += step
    if fresh:
        N[j, k] += 1
        N[k, j] += 1
        B[k, j] += v
    N[j, j] += fresh
    A[j, j] += after * after - old * old
    B[j, j] += step


def _add_plain(votes: VoteMatrix, N: NDArray[np.int32], A: NDArray[np.int32], B: NDArray[np.int32]) -> None:
    """The packed product of `kernels.comoment_tile` by SciPy, some thousand rows at a time."""
    data = votes.values.astype(np.int64)
    left, right = 1 + (data << kernels.SHIFT_X), 1 + (data << kernels.SHIFT_Y)
    for low in range(0, votes.shape[0], kernels.FLUSH):
        starts = votes.starts[low : low + kernels.FLUSH + 1]
        part = slice(starts[0], starts[-1])
        shape = (starts.size - 1, votes.shape[1])
        index = (votes.columns[part].astype(np.int32), starts - starts[0])
        product = (
            sparse.csr_array((left[part], *index), shape=shape).T @ sparse.csr_array((right[part], *index), shape=shape)
        ).tocoo()
        word, at = product.data, (product.row, product.col)
        both = word & 0xFFFF
        word = (word - both) >> 16
        ours = ((word + 0x8000) & 0xFFFF) - 0x8000
        word = (word - ours) >> 16
        theirs = ((word + 0x8000) & 0xFFFF) - 0x8000
        N[at] += both.astype(np.int32)
        B[at] += ours.astype(np.int32)
        A[at] += ((word - theirs) >> 16).astype(np.int32)
