"""The loops worth compiling: reading votes in, co-moments, projection, nearest centres.

Votes are stored by row: `starts` (P + 1,) int64, `columns` (V,) uint16, ascending in a row,
`values` (V,) int8 with agree = 1, pass = 0, disagree = -1.
"""

from typing import Any

import numpy as np

from yishi.engines.opinion.compiling import inlined, kernel

# Four counts ride in one int64: (1 + v_j X)(1 + v_k Y) = 1 + v_j X + v_k Y + v_j v_k XY.
# The fields hold 16 bits, so they are emptied after at most FLUSH rows.
SHIFT_X, SHIFT_Y = 16, 32
FLUSH = 32_000
TILE = 128


@kernel
def count_rows(rows: Any, row_of: Any, counts: Any) -> None:
    for i in range(rows.size):
        counts[row_of[rows[i]]] += 1


@kernel
def scatter_votes(
    rows: Any, row_of: Any, tids: Any, column_of: Any, votes: Any, fill: Any, columns: Any, values: Any
) -> None:
    """Put each vote behind the earlier ones of its row; `fill` is the next free place."""
    for i in range(rows.size):
        r = row_of[rows[i]]
        at = fill[r]
        columns[at] = column_of[tids[i]]
        values[at] = votes[i]
        fill[r] = at + 1


@kernel
def settle_rows(starts: Any, columns: Any, values: Any, last: Any, sizes: Any) -> None:
    """Sort each row by column in place, the last vote of a pair winning.

    `last` (S,) int8 is scratch filled with 2 (= unseen); `sizes` (P,) receives what remains.
    """
    for r in range(starts.size - 1):
        begin, end, kept = starts[r], starts[r + 1], starts[r]
        ordered = True
        for at in range(begin, end):
            c = columns[at]
            if last[c] == 2:
                if kept > begin and columns[kept - 1] > c:
                    ordered = False
                columns[kept] = c
                kept += 1
            last[c] = values[at]
        if not ordered:
            columns[begin:kept].sort()
        for at in range(begin, kept):
            values[at] = last[columns[at]]
            last[columns[at]] = 2
        sizes[r] = kept - begin


@inlined
def _empty_tile(packed: Any, low: Any, N: Any, A: Any, B: Any) -> None:
    for a in range(packed.shape[0]):
        j = low + a
        for k in range(j, packed.shape[1]):
            word = packed[a, k]
            if word == 0:
                continue
            both = word & 0xFFFF
            word = (word - both) >> 16
            ours = ((word + 0x8000) & 0xFFFF) - 0x8000
            word = (word - ours) >> 16
            theirs = ((word + 0x8000) & 0xFFFF) - 0x8000
            product = (word - theirs) >> 16
            N[j, k] += both
            A[j, k] += product
            B[j, k] += ours
            if j != k:
                N[k, j] += both
                A[k, j] += product
                B[k, j] += theirs
            packed[a, k] = 0


@kernel
def comoment_tile(starts: Any, columns: Any, values: Any, low: Any, high: Any, N: Any, A: Any, B: Any) -> None:
    """Add the co-moments of statements low..high-1 with all statements k >= j.

    N[j, k] = both voted, A[j, k] = sum of v_j v_k, B[j, k] = sum of v_j where k is voted;
    N, A, B are (S, S) int32, written on both sides of the diagonal. Exact.
    """
    width = N.shape[0]
    packed = np.zeros((high - low, width), dtype=np.int64)
    rows = starts.size - 1
    since = 0
    for r in range(rows):
        begin, end = starts[r], starts[r + 1]
        at = begin + np.searchsorted(columns[begin:end], low)
        while at < end and columns[at] < high:
            j = columns[at] - low
            left = np.int64(1) + (np.int64(values[at]) << SHIFT_X)
            for b in range(at, end):
                packed[j, columns[b]] += left + (left * np.int64(values[b]) << SHIFT_Y)
            at += 1
        since += 1
        if since == FLUSH or r == rows - 1:
            _empty_tile(packed, low, N, A, B)
            since = 0


@kernel
def project_rows(
    starts: Any, columns: Any, values: Any, centre: Any, axes: Any, first: int, last: int, out: Any
) -> None:
    """out[r] = sum over the voted j of (v_rj - centre_j) * axes[:, j], for rows first..last-1."""
    for r in range(first, last):
        x, y = 0.0, 0.0
        for at in range(starts[r], starts[r + 1]):
            c = columns[at]
            v = values[at] - centre[c]
            x += v * axes[0, c]
            y += v * axes[1, c]
        out[r, 0] = x
        out[r, 1] = y


@kernel
def push_back(starts: Any, columns: Any, values: Any, centre: Any, weights: Any, out: Any) -> None:
    """out[j] = sum over rows r that voted j of (v_rj - centre_j) * weights[r]; rows in order."""
    for r in range(starts.size - 1):
        w = weights[r]
        for at in range(starts[r], starts[r + 1]):
            c = columns[at]
            out[c] += (values[at] - centre[c]) * w


@kernel
def nearest_rows(points: Any, centres: Any, last_wins: bool, first: int, last: int, out: Any) -> None:
    """out[r] = index of the centre nearest to points[r]; ties to the first or the last."""
    for r in range(first, last):
        x, y = points[r, 0], points[r, 1]
        best, at = np.inf, 0
        for k in range(centres.shape[0]):
            dx = x - centres[k, 0]
            dy = y - centres[k, 1]
            d = dx * dx + dy * dy
            if d < best or (last_wins and d == best):
                best, at = d, k
        out[r] = at


@kernel
def tally_rows(starts: Any, columns: Any, values: Any, group: Any, out: Any) -> None:
    """out[g, j, v + 1] += 1 for every vote of a row of group g >= 0."""
    for r in range(starts.size - 1):
        g = group[r]
        if g >= 0:
            for at in range(starts[r], starts[r + 1]):
                out[g, columns[at], values[at] + 1] += 1


@kernel
def comoment_vote(j: int, before: int, after: int, columns: Any, values: Any, N: Any, A: Any, B: Any) -> None:
    """Change one vote on statement j of the row (columns, values), which holds its other votes.

    `before` is 2 where there was no vote. Touches 4 cells for each other vote of the row.
    """
    old = 0 if before == 2 else before
    new_pair = 1 if before == 2 else 0
    step = after - old
    for at in range(columns.size):
        k = columns[at]
        v = values[at]
        N[j, k] += new_pair
        N[k, j] += new_pair
        A[j, k] += step * v
        A[k, j] += step * v
        B[j, k] += step
        B[k, j] += new_pair * v
    N[j, j] += new_pair
    A[j, j] += after * after - old * old
    B[j, j] += step
