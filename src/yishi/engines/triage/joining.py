"""Average linkage over a sparse table of likeness, in rounds over whole arrays.

Two groups are as alike as their messages on the mean, pairs that are absent counting 0. The two that are
most alike become one, until no two reach the bar. Groups that are each other's nearest may all be joined at
once: of a mean, the joined group is never nearer to a third than the nearer of its parts was (the linkage is
*reducible*: Bruynooghe 1977), so the groups are those that joining one pair after the other gives. Memory is
linear in the pairs; groups that reach nobody any more are put aside with their pairs.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Numbers = NDArray[np.int32]
Floats = NDArray[np.float64]
_CLOSE = 1e-9


@dataclass(slots=True)
class _Pairs:
    """Groups `first[k] < second[k]` and the sum of likeness between their messages; each pair once."""

    first: Numbers
    second: Numbers
    total: Floats

    def only(self, wanted: NDArray[np.bool_]) -> "_Pairs":
        return _Pairs(self.first[wanted], self.second[wanted], self.total[wanted])


def linked(
    first: NDArray[np.integer], second: NDArray[np.integer], likeness: NDArray[np.floating], size: int, bar: float
) -> list[list[int]]:
    """Groups of two or more of `size` messages, ascending, from pairs `first[k] < second[k]`, each once.

    Of pairs exactly as near the one with the smallest numbers counts as nearer, so that equal input gives
    equal groups.
    """
    parent, sizes = np.arange(size), np.ones(size)
    pairs = _Pairs(first.astype(np.int32), second.astype(np.int32), likeness.astype(np.float64))
    while True:
        mean = _means(pairs, sizes)
        near = mean >= bar - _CLOSE
        if not near.any():
            return _members(parent)
        reaching = _marked(size, pairs.first[near], pairs.second[near])
        best = _nearest_first(pairs, mean, size)
        kept, gone = _mutual(pairs.first[best], pairs.second[best], size, near[best])
        del mean, near, best
        parent[gone] = kept
        sizes[kept] += sizes[gone]
        pairs = pairs.only(reaching[pairs.first] & reaching[pairs.second])
        pairs = _renamed(pairs, _marked(size, kept, gone), parent)


def _means(pairs: _Pairs, sizes: Floats) -> Floats:
    mean = sizes[pairs.first]
    mean *= sizes[pairs.second]
    return np.divide(pairs.total, mean, out=mean)


def _nearest_first(pairs: _Pairs, mean: Floats, size: int) -> Ints:
    """The pairs that are the nearest of one of their groups, nearest first."""
    best = np.zeros(size)
    np.maximum.at(best, pairs.first, mean)
    np.maximum.at(best, pairs.second, mean)
    some = np.flatnonzero((mean == best[pairs.first]) | (mean == best[pairs.second]))
    return some[np.lexsort((pairs.second[some], pairs.first[some], -mean[some]))]


def _marked(size: int, *some: Numbers) -> NDArray[np.bool_]:
    found = np.zeros(size, np.bool_)
    for numbers in some:
        found[numbers] = True
    return found


def _mutual(first: Numbers, second: Numbers, size: int, near: NDArray[np.bool_]) -> tuple[Numbers, Numbers]:
    """Of pairs, nearest first, those `near` enough whose two groups are each other's nearest."""
    place = np.arange(len(first))
    nearest = np.empty(size, np.int64)
    ends = np.column_stack((first, second)).ravel()
    nearest[ends[::-1]] = np.repeat(place, 2)[::-1]  # of a group's pairs the first is written last
    both = near & (nearest[first] == place) & (nearest[second] == place)
    return first[both], second[both]


def _renamed(pairs: _Pairs, joined: NDArray[np.bool_], parent: Ints) -> _Pairs:
    """The pairs once groups are `joined` to their parents: sums between the same two groups add up."""
    changed = joined[pairs.first] | joined[pairs.second]
    same, other = pairs.only(~changed), pairs.only(changed)
    a, b = parent[other.first], parent[other.second]
    apart = a != b
    key = np.minimum(a, b)[apart] * len(parent) + np.maximum(a, b)[apart]
    order = np.argsort(key, kind="stable")
    key = key[order]
    new = np.flatnonzero(np.diff(key, prepend=-1))
    total = np.add.reduceat(other.total[apart][order], new) if len(new) else np.empty(0)
    first, second = np.divmod(key[new], len(parent))
    return _Pairs(
        np.concatenate((same.first, first.astype(np.int32))),
        np.concatenate((same.second, second.astype(np.int32))),
        np.concatenate((same.total, total)),
    )


def _members(parent: Ints) -> list[list[int]]:
    """The numbers under each root, of two or more; a root is its smallest number."""
    root = parent
    while not np.array_equal(root, root[root]):
        root = root[root]
    order = np.argsort(root, kind="stable")
    edges = np.flatnonzero(np.diff(root[order], prepend=-1, append=-1))
    long = np.flatnonzero(np.diff(edges) > 1)
    return [order[edges[k] : edges[k + 1]].tolist() for k in long.tolist()]
