"""The loops worth compiling: reading votes in, co-moments, projection, nearest centres.

Votes are stored by row: `starts` (P + 1,) int64, `columns` (V,) uint16, ascending in a row,
`values` (V,) int8 with agree = 1, pass = 0, disagree = -1.
"""

from typing import Any

import numpy as np

from yishi.engines.compiling import inlined, kernel

# Four counts ride in one int64: (1 + v_j X)(1 + v_k Y) = 1 + v_j X + v_k Y + v_j v_k XY.
# The fields hold 16 bits, so they are emptied after at most FLUSH rows.
SHIFT_X, SHIFT_Y = 16, 32
FLUSH = 32_000
TILE = 128

_DE_BRUIJN = np.uint64(0x03F79D71B4CB0A89)
_PLACES = np.zeros(64, dtype=np.int64)
for _place in range(64):
    _PLACES[((1 << _place) * 0x03F79D71B4CB0A89 % 2**64) >> 58] = _place


@kernel
def count_rows(rows: Any, row_of: Any, counts: Any) -> None:
    for i in range(rows.size):
        counts[row_of[rows[i]]] += 1


@kernel
def scatter_votes(
    rows: Any,
    row_of: Any,
    tids: Any,
    column_of: Any,
    votes: Any,
    fill: Any,
    columns: Any,
    values: Any,
    low: int,
    high: int,
) -> None:
    """Put each vote of rows low..high-1 behind the earlier ones of its row; `fill` (P,) is the next
    free place.
    """
    for i in range(rows.size):
        r = row_of[rows[i]]
        if low <= r < high:
            at = fill[r]
            columns[at] = column_of[tids[i]]
            values[at] = votes[i]
            fill[r] = at + 1


@kernel
def settle_rows(starts: Any, columns: Any, values: Any, last: Any, bits: Any, sizes: Any, low: int, high: int) -> None:
    """Sort each of the rows low..high-1 by column in place, the last vote of a pair winning.

    Scratch: `last` (S,) int8 filled with 2 (= unseen), `bits` (S / 64 rounded up,) uint64 zeros.
    `sizes` (P,) receives how many votes of each row remain. The set bits, lowest first, are the
    columns in order; a set bit's place is read from a de Bruijn sequence.
    """
    for r in range(low, high):
        begin, end = starts[r], starts[r + 1]
        for at in range(begin, end):
            c = columns[at]
            last[c] = values[at]
            bits[c >> 6] |= np.uint64(1) << np.uint64(c & 63)
        kept = begin
        for w in range(bits.size):
            word = bits[w]
            while word:
                lowest = word & (~word + np.uint64(1))
                c = (w << 6) + _PLACES[(lowest * _DE_BRUIJN) >> np.uint64(58)]
                columns[kept] = c
                values[kept] = last[c]
                last[c] = 2
                kept += 1
                word ^= lowest
            bits[w] = np.uint64(0)
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
    packed = np.zeros((high - low, N.shape[0]), dtype=np.int64)
    flat = packed.reshape(-1)
    width, one = np.uint64(packed.shape[1]), np.uint64(1)
    rows = starts.size - 1
    for r in range(rows):
        at, end = np.uint64(starts[r]), np.uint64(starts[r + 1])
        above = end
        while at < above:
            middle = (at + above) >> one
            if columns[middle] < low:
                at = middle + one
            else:
                above = middle
        while at < end and columns[at] < high:
            base = np.uint64(columns[at] - low) * width
            left = np.int64(1) + (np.int64(values[at]) << SHIFT_X)
            right = left << SHIFT_Y
            for b in range(at, end):
                flat[base + np.uint64(columns[b])] += left + right * np.int64(values[b])
            at += one
        if (r + 1) % FLUSH == 0 or r == rows - 1:
            _empty_tile(packed, low, N, A, B)


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


@kernel
def settle_centres(points: Any, weights: Any, centres: Any, rounds: int) -> float:
    """Weighted k-means of the points (M, 2) from `centres` (k, 2), changed in place, until no point
    changes its centre; ties to the first, empty centres stay. Returns the weighted sum of squares.
    """
    count, size = centres.shape[0], points.shape[0]
    labels = np.full(size, -1, dtype=np.int64)
    for _ in range(rounds):
        moved = False
        sums = np.zeros((count, 3))
        for i in range(size):
            x, y, w = points[i, 0], points[i, 1], weights[i]
            best, at = np.inf, 0
            for k in range(count):
                dx = x - centres[k, 0]
                dy = y - centres[k, 1]
                d = dx * dx + dy * dy
                if d < best:
                    best, at = d, k
            moved |= labels[i] != at
            labels[i] = at
            sums[at, 0] += w * x
            sums[at, 1] += w * y
            sums[at, 2] += w
        if not moved:
            break
        for k in range(count):
            if sums[k, 2] > 0:
                centres[k, 0] = sums[k, 0] / sums[k, 2]
                centres[k, 1] = sums[k, 1] / sums[k, 2]
    loss = 0.0
    for i in range(size):
        dx = points[i, 0] - centres[labels[i], 0]
        dy = points[i, 1] - centres[labels[i], 1]
        loss += weights[i] * (dx * dx + dy * dy)
    return loss


@kernel
def mark_rows(starts: Any, columns: Any, values: Any, marks: Any, out: Any) -> None:
    """A 64-bit mark of each row's votes on the statements with a mark other than 0 (splitmix64, summed)."""
    for r in range(starts.size - 1):
        total = np.uint64(0)
        for at in range(starts[r], starts[r + 1]):
            x = marks[columns[at]]
            if x != 0:
                x = x + np.uint64(values[at] + 2) * np.uint64(0x9E3779B97F4A7C15)
                x = (x + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
                x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
                x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
                total += x ^ (x >> np.uint64(31))
        out[r] = total
