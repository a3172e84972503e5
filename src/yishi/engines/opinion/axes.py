"""The two axes of an opinion map and the places of people and statements on them.

Definition: the two leading right singular vectors of X, the vote matrix with each statement's
mean vote subtracted where a vote was cast and 0 elsewhere (Small et al., "Polis: Scaling
deliberation by mapping high dimensional opinion spaces", RECERCA 26(2), 2021).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse
from scipy.sparse.linalg import LinearOperator, eigsh

from yishi.engines.compiling import compiled_available, in_threads
from yishi.engines.opinion import kernels
from yishi.engines.opinion.votes import VoteMatrix

# Coordinates are whole multiples of GRID: sums of up to 2^24 of them are exact in float64, hence
# the same in every order (|coordinate| <= 2 sqrt(65 535) < 2^9, 9 + 20 + 24 = 53 bits).
GRID = 2.0**-20
_SMALL = 160
_ROWS = 65_536
_REFRESHES = 30


@dataclass(frozen=True)
class Axes:
    """centre (S,): mean vote of each statement (agree = 1); vectors (2, S): unit length, their
    largest entry positive; strengths (2,): sum of squares along each axis, so
    `shares` (2,) is the part of the total that each axis shows; residual: largest
    |X'Xv - λv| / λ of the two (0 where there is nothing to show).
    """

    centre: NDArray[np.float64]
    vectors: NDArray[np.float64]
    strengths: NDArray[np.float64]
    total: float
    residual: float

    @property
    def shares(self) -> NDArray[np.float64]:
        """Part of all differences that each axis shows, 0 to 1, (2,)."""
        return self.strengths / self.total if self.total > 0 else np.zeros(2)

    def statements(self, scale: int | None = None) -> NDArray[np.float64]:
        """Place of each statement: where someone would stand who agreed with it alone, (S, 2)."""
        width = self.centre.size if scale is None else scale
        out: NDArray[np.float64] = (np.sqrt(width) * (1.0 - self.centre) * self.vectors).T
        return out


def axes_of_gram(gram: NDArray[np.float64], centre: NDArray[np.float64]) -> Axes:
    """The axes from X'X, (S, S). Where iteration starts depends on S alone, so equal Gram
    matrices give equal axes.
    """
    width = centre.size
    if width <= _SMALL:
        low = max(width - 2, 0)
        values, vectors = linalg.eigh(gram, subset_by_index=(low, width - 1)) if width else _nothing()
    else:
        values, vectors = eigsh(gram, k=2, v0=_start(width), tol=1e-13)
    return _finish(gram.dot, values, vectors, centre, float(np.trace(gram)))


def axes_again(gram: NDArray[np.float64], centre: NDArray[np.float64], before: Axes) -> Axes:
    """The axes after a small change of X'X, from where they stood: block Lanczos with full
    orthogonalisation until the residual is below 1e-10; from the beginning where that fails.
    """
    if centre.size <= _SMALL or before.strengths[1] <= 0:
        return axes_of_gram(gram, centre)
    basis, _ = np.linalg.qr(before.vectors.T)
    images = _times(gram, basis)
    for _ in range(_REFRESHES):
        small = basis.T @ images
        values, mix = np.linalg.eigh((small + small.T) / 2)
        values, mix = values[-2:], mix[:, -2:]
        vectors = basis @ mix
        gap = images @ mix - vectors * values
        if (np.linalg.norm(gap, axis=0) <= 1e-10 * values).all():
            return _finish(gram.dot, values, vectors, centre, float(np.trace(gram)))
        fresh = gap
        for _ in range(2):
            fresh = fresh - basis @ (basis.T @ fresh)
            fresh, _ = np.linalg.qr(fresh)
        basis, images = np.hstack([basis, fresh]), np.hstack([images, _times(gram, fresh)])
    return axes_of_gram(gram, centre)


def _times(gram: NDArray[np.float64], pair: NDArray[np.float64]) -> NDArray[np.float64]:
    """gram @ pair, a column at a time: four times sooner than the general product of a thin matrix."""
    return np.stack([gram @ column for column in pair.T], axis=1)


def axes_of_votes(votes: VoteMatrix, centre: NDArray[np.float64], tolerance: float = 1e-13) -> Axes:
    """The axes without the S x S table, for many statements or few people. Passes over the
    votes in the order given, so equal only to rounding when that order differs.
    """
    width = votes.shape[1]
    shifted = sparse.csr_array(
        (votes.values - centre[votes.columns], votes.columns.astype(np.int32), votes.starts),
        shape=votes.shape,
    )
    total = float(shifted.data @ shifted.data)
    if width <= _SMALL:
        return axes_of_gram((shifted.T @ shifted).toarray(), centre)
    turned = shifted.T.tocsr()

    def apply(vector: NDArray[np.float64]) -> NDArray[np.float64]:
        out: NDArray[np.float64] = turned @ (shifted @ vector)
        return out

    if total == 0:
        return _finish(apply, np.zeros(2), np.eye(width)[:, :2], centre, 0.0)
    operator = LinearOperator((width, width), matvec=apply, dtype=np.float64)
    values, vectors = eigsh(operator, k=2, v0=_start(width), tol=tolerance)
    return _finish(apply, values, vectors, centre, total)


def _nothing() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return np.zeros(0), np.zeros((0, 0))


def _start(width: int) -> NDArray[np.float64]:
    return np.cos(np.arange(width, dtype=np.float64) * 2.399963229728653)


def _finish(
    apply: object,
    values: NDArray[np.float64],
    vectors: NDArray[np.float64],
    centre: NDArray[np.float64],
    total: float,
) -> Axes:
    """Largest first, padded to two, signs fixed by the largest entry."""
    order = np.argsort(values)[::-1]
    strengths, found = np.zeros(2), np.zeros((2, centre.size))
    worst = 0.0
    for at, column in enumerate(order[:2]):
        vector = vectors[:, column] / max(float(np.linalg.norm(vectors[:, column])), 1e-300)
        if values[column] <= 1e-12 * max(total, 1e-300):
            continue
        vector = vector * np.sign(vector[np.argmax(np.abs(np.round(vector, 9)))])
        gap = apply(vector) - values[column] * vector  # type: ignore[operator]
        worst = max(worst, float(np.linalg.norm(gap) / values[column]))
        strengths[at], found[at] = values[column], vector
    return Axes(centre, found, strengths, total, worst)


def places(votes: VoteMatrix, axes: Axes, *, width: int, extra: int = 0, rounded: bool = True) -> NDArray[np.float64]:
    """Place of each participant, (P, 2), rounded to GRID; people without votes stand at 0.

    p_i = sqrt(width / n_i) * sum over voted j of (v_ij - c_j) * axis_j, n_i = votes + `extra`
    (Polis counts removed statements as voted by all: `width` = all, `extra` = removed).
    """
    out = raw_places(votes, axes)
    seen = votes.row_sizes + extra
    out *= np.sqrt(width / np.maximum(seen, 1))[:, None]
    if not rounded:
        return out
    out /= GRID
    np.rint(out, out=out)
    out *= GRID
    return out


def raw_places(votes: VoteMatrix, axes: Axes) -> NDArray[np.float64]:
    """Unscaled sums of centred votes times axes, (P, 2)."""
    people = votes.shape[0]
    out = np.zeros((people, 2))

    def work(piece: int) -> None:
        low, high = piece * _ROWS, min((piece + 1) * _ROWS, people)
        if compiled_available():
            kernels.project_rows(votes.starts, votes.columns, votes.values, axes.centre, axes.vectors, low, high, out)
            return
        part = slice(votes.starts[low], votes.starts[high])
        columns = votes.columns[part].astype(np.int32)
        data = votes.values[part] - axes.centre[columns]
        starts = votes.starts[low : high + 1] - votes.starts[low]
        shifted = sparse.csr_array((data, columns, starts), shape=(high - low, votes.shape[1]))
        out[low:high] = shifted @ axes.vectors.T

    in_threads(work, -(-people // _ROWS))
    return out
