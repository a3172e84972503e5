"""One-versus-rest linear machines with squared hinge loss, by dual coordinate descent.

Minimises ½|w_c|² + C Σ_i s_i max(0, 1 - y_ic w_c·x_i)² for every class c at once (Hsieh et al.,
ICML 2008, dual of the L2-loss machine). A row is read once for all classes. The order of rows is a
fixed permutation per round, so the same rows give the same weights. With numba (`yishi[fast]`)
the same steps run compiled; without it, in NumPy.
"""

import logging
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yishi.engines.triage.features import Counts

Floats = NDArray[np.float64]
log = logging.getLogger("yishi.engines")
ROUNDS, TOLERANCE = 60, 0.3
_TOGETHER = 4


@dataclass(frozen=True)
class Problem:
    """Rows, their class numbers, and C · s_i for each row."""

    rows: Counts
    classes: NDArray[np.int64]
    cost: Floats
    labels: int
    width: int


def _round_numpy(
    order: NDArray[np.int64],
    rows: tuple[Any, Any, Any, Any],
    target: Floats,
    diagonal: Floats,
    alpha: Floats,
    weights: Any,
) -> float:
    """One pass over the rows in `order`; returns the largest projected gradient seen."""
    starts, columns, values, square = rows
    worst = 0.0
    for i in order:
        at = columns[starts[i] : starts[i + 1]]
        x = values[starts[i] : starts[i + 1]]
        y = target[i]
        gradient = y * (x @ weights[at]) - 1 + diagonal[i] * alpha[i]
        moving = np.where(alpha[i] > 0, np.abs(gradient), np.maximum(-gradient, 0))
        peak = moving.max()
        if peak < 1e-9:
            continue
        worst = max(worst, float(peak))
        new = np.maximum(alpha[i] - gradient / (square[i] + diagonal[i]), 0)
        step = (new - alpha[i]) * y
        alpha[i] = new
        weights[at] += np.outer(x, step)
    return worst


def _round_compiled(  # pragma: no cover - compiled
    order: Any, rows: Any, target: Any, diagonal: Any, alpha: Any, weights: Any
) -> float:
    starts, columns, values, square = rows
    labels = weights.shape[1]
    margin = np.empty(labels)
    worst = 0.0
    for i in order:
        margin[:] = 0.0
        for k in range(starts[i], starts[i + 1]):
            x = values[k]
            j = columns[k]
            for c in range(labels):
                margin[c] += x * weights[j, c]
        moved = False
        for c in range(labels):
            old = alpha[i, c]
            gradient = target[i, c] * margin[c] - 1.0 + diagonal[i] * old
            moving = abs(gradient) if old > 0 else max(-gradient, 0.0)
            margin[c] = 0.0
            if moving >= 1e-9:
                moved = True
                worst = max(worst, moving)
                new = max(old - gradient / (square[i] + diagonal[i]), 0.0)
                alpha[i, c] = new
                margin[c] = (new - old) * target[i, c]
        if moved:
            for k in range(starts[i], starts[i + 1]):
                x = values[k]
                j = columns[k]
                for c in range(labels):
                    weights[j, c] += x * margin[c]
    return worst


@lru_cache(maxsize=1)
def fast_round() -> Callable[..., float] | None:
    """The compiled round, or None where numba is not installed."""
    try:
        from numba import njit  # type: ignore[import-untyped, unused-ignore]
    except ImportError:
        return None
    compiled: Callable[..., float] = njit(cache=True, nogil=True)(_round_compiled)
    if not any(Path(compiled.stats.cache_path).glob("solver._round_compiled-*.nbi")):  # type: ignore[attr-defined]
        log.warning(
            "首次使用，正在编译（几秒，以后直接读取缓存） · first use: compiling (a few seconds, cached afterwards)"
        )
    return compiled


@dataclass
class Solution:
    """Weights (features × labels, float64) and the dual variables (rows × labels)."""

    weights: Floats
    alpha: Floats


def solve(
    problem: Problem, start: Solution | None = None, *, tolerance: float = TOLERANCE, compiled: bool = True
) -> Solution:
    """Weights of all labels. `start` is the solution of a problem of the same shape.

    Rows of cost 0 take no part. Labels are solved in blocks of `_TOGETHER`, which do not know of
    each other, so the number of processors changes nothing. A block stops when no projected
    gradient exceeds `tolerance`, or after `ROUNDS` passes.
    """
    fast = fast_round() if compiled else None
    found = Solution(np.zeros((problem.width, problem.labels)), np.zeros((len(problem.rows), problem.labels)))
    blocks = [slice(c, min(c + _TOGETHER, problem.labels)) for c in range(0, problem.labels, _TOGETHER)]

    def work(block: slice) -> None:
        part = _solve_block(problem, start, block, tolerance, fast or _round_numpy)
        found.weights[:, block], found.alpha[:, block] = part.weights, part.alpha

    if fast is None or len(blocks) == 1:
        for block in blocks:
            work(block)
    else:
        with ThreadPoolExecutor(min(len(blocks), os.cpu_count() or 1)) as pool:
            list(pool.map(work, blocks))
    return found


def _solve_block(
    problem: Problem, start: Solution | None, block: slice, tolerance: float, one_round: Callable[..., float]
) -> Solution:
    rows, n = problem.rows, len(problem.rows)
    square = np.bincount(np.repeat(np.arange(n), np.diff(rows.starts)), rows.values.astype(np.float64) ** 2, n)
    target = np.where(problem.classes[:, None] == np.arange(block.start, block.stop), 1.0, -1.0)
    used = np.flatnonzero((problem.cost > 0) & (square > 0))
    diagonal = np.zeros(n)
    diagonal[used] = 1 / (2 * problem.cost[used])
    if start is None:
        weights, alpha = np.zeros((problem.width, target.shape[1])), np.zeros(target.shape)
    else:
        weights, alpha = start.weights[:, block].copy(), start.alpha[:, block].copy()
    packed = (rows.starts, rows.columns, rows.values, square)
    shuffle = np.random.default_rng(0)
    for _ in range(ROUNDS):
        if one_round(shuffle.permutation(used), packed, target, diagonal, alpha, weights) <= tolerance:
            break
    return Solution(weights, alpha)


def without(problem: Problem, full: Solution, held: NDArray[np.bool_]) -> Solution:
    """`full` with the held rows' part taken out: where to start when they are left out."""
    target = np.full(full.alpha.shape, -1.0)
    target[np.arange(len(problem.rows)), problem.classes] = 1.0
    part = (full.alpha * target)[held]
    weights = full.weights - problem.rows.matrix(problem.width)[held].T @ part
    return Solution(weights, np.where(held[:, None], 0.0, full.alpha))
