"""Which pairs of many messages are worth comparing: those that share phrases few others use.

Above `SMALL` messages two messages are compared only if they share at least `SHARED` runs of four
characters, each found in no more than `RARE` messages (a place, a name, a turn of phrase). On the
labelled pairs this keeps 99 of 100 of the same cause. What is compared is compared exactly.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

log = logging.getLogger("yishi.engines")
SMALL, RARE, SHARED = 5_000, 200, 2
PHRASES = 1 << 26
_BLOCK, _SLICE = 4_096, 20_000

Ints = NDArray[np.int64]
Values = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Phrases:
    """Hashed phrases of each message, each once: row `i` holds `hashes[starts[i]:starts[i+1]]`."""

    starts: Ints
    hashes: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Usage:
    """In how many messages each phrase occurs; `hashes` ascending."""

    hashes: NDArray[np.int32]
    messages: NDArray[np.int32]


def usage(phrases: Phrases) -> Usage:
    """Count each phrase of these messages."""
    every = np.sort(phrases.hashes)
    new = np.flatnonzero(np.diff(every, prepend=-1))
    return Usage(every[new], np.diff(new, append=len(every)).astype(np.int32))


def added(parts: Sequence[Usage]) -> Usage:
    """The counts of several collections together."""
    hashes = np.concatenate([p.hashes for p in parts])
    order = np.argsort(hashes, kind="stable")
    times = np.concatenate([p.messages for p in parts])[order]
    hashes = hashes[order]
    new = np.flatnonzero(np.diff(hashes, prepend=-1))
    return Usage(hashes[new], np.add.reduceat(times, new) if len(new) else times)


def telling(counts: Usage) -> NDArray[np.int32]:
    """The phrases found in 2 to `RARE` messages, ascending."""
    return counts.hashes[(counts.messages > 1) & (counts.messages <= RARE)]


def marks(phrases: Phrases, wanted: NDArray[np.int32]) -> csr_array:
    """Messages × telling phrases, 1 where it occurs."""
    known = np.zeros(PHRASES, dtype=np.bool_)
    known[wanted] = True
    keep = known[phrases.hashes]
    columns = np.searchsorted(wanted, phrases.hashes[keep]).astype(np.int32)
    starts = np.concatenate(([0], np.cumsum(keep)))[phrases.starts]
    if starts[-1] <= np.iinfo(np.int32).max:
        starts = starts.astype(np.int32)  # else SciPy widens the columns too
    ones = np.ones(len(columns), dtype=np.int16)
    return csr_array((ones, columns, starts), shape=(len(starts) - 1, len(wanted)))


def proposed(left: csr_array, right: csr_array, *, same: bool) -> Iterator[tuple[Ints, Ints]]:
    """Pairs (rows of left, rows of right) sharing enough, some at a time; `same`: a row with later ones only."""
    turned = csr_array(right.T)
    for start in range(0, left.shape[0], _BLOCK):
        near = (left[start : start + _BLOCK] @ turned).tocoo()
        keep = near.data >= SHARED
        row, column = near.row[keep].astype(np.int64) + start, near.col[keep].astype(np.int64)
        if same:
            later = column > row
            row, column = row[later], column[later]
        yield row, column


def likeness_of(left: csr_array, right: csr_array, first: Ints, second: Ints, *, compiled: bool = True) -> Values:
    """Product of row `first[k]` of left and row `second[k]` of right; columns ascend in a row."""
    fast = fast_products() if compiled else None
    if fast is not None:
        rows = (left.indptr, left.indices, left.data, right.indptr, right.indices, right.data)
        found: Values = fast(first, second, rows)
        return found
    parts = [np.empty(0, np.float32)]
    for k in range(0, len(first), _SLICE):
        both = left[first[k : k + _SLICE]].astype(np.float64) * right[second[k : k + _SLICE]].astype(np.float64)
        parts.append(np.asarray(both.sum(axis=1), dtype=np.float32).ravel())
    return np.concatenate(parts)


def _products(first: Any, second: Any, rows: Any) -> Any:  # pragma: no cover - compiled
    starts, columns, values, other_starts, other_columns, other_values = rows
    found = np.empty(first.size, dtype=np.float32)
    for k in range(first.size):
        a, a_end = starts[first[k]], starts[first[k] + 1]
        b, b_end = other_starts[second[k]], other_starts[second[k] + 1]
        total = 0.0
        while a < a_end and b < b_end:
            x, y = columns[a], other_columns[b]
            if x == y:
                total += float(values[a]) * float(other_values[b])
                a += 1
                b += 1
            elif x < y:
                a += 1
            else:
                b += 1
        found[k] = total
    return found


@lru_cache(maxsize=1)
def fast_products() -> Callable[..., Values] | None:
    """The compiled products, or None where numba is not installed."""
    try:
        from numba import njit
    except ImportError:
        return None
    compiled: Callable[..., Values] = njit(cache=True, nogil=True)(_products)
    if not any(Path(compiled.stats.cache_path).glob("candidates._products-*.nbi")):  # type: ignore[attr-defined]
        log.warning(
            "首次使用，正在编译（几秒，以后直接读取缓存） · first use: compiling (a few seconds, cached afterwards)"
        )
    return compiled
