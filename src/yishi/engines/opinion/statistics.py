"""What groups say about statements: counts, representative statements, consensus, priority.

Formulas: compdemocracy/polis `math/repness.clj`, `math/stats.clj`, `conversation.clj`.
All tables are (G, S): a row a group, a column a statement.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from yishi.engines.compiling import compiled_available
from yishi.engines.opinion import kernels
from yishi.engines.opinion.clusters import Labels
from yishi.engines.opinion.votes import VoteMatrix

Table = NDArray[np.float64]
Z90 = 1.2816
LIST_LENGTH = 5


@dataclass(frozen=True)
class Tallies:
    """agree, disagree, seen (passes included): (G, S) int64."""

    agree: NDArray[np.int64]
    disagree: NDArray[np.int64]
    seen: NDArray[np.int64]

    @classmethod
    def of(cls, votes: VoteMatrix, group: Labels, groups: int) -> "Tallies":
        """Votes of each group; people with group -1 are left out."""
        cells = np.zeros((groups, votes.shape[1], 3), dtype=np.int64)
        if compiled_available():
            kernels.tally_rows(votes.starts, votes.columns, votes.values, group, cells)
        else:
            owner = np.repeat(group, votes.row_sizes)
            inside = owner >= 0
            key = (owner[inside] * votes.shape[1] + votes.columns[inside]) * 3 + votes.values[inside] + 1
            cells += np.bincount(key, minlength=cells.size).reshape(cells.shape)
        return cls(cells[:, :, 2], cells[:, :, 0], cells.sum(axis=2))

    def __add__(self, other: "Tallies") -> "Tallies":
        return Tallies(self.agree + other.agree, self.disagree + other.disagree, self.seen + other.seen)

    def together(self) -> "Tallies":
        """All groups as one, (1, S)."""
        return Tallies(*(t.sum(axis=0, keepdims=True) for t in (self.agree, self.disagree, self.seen)))

    def zeroed(self, removed: NDArray[np.bool_], sizes: NDArray[np.int64]) -> "Tallies":
        """As Polis counts removed statements: passed on by every member (`sizes` (G,))."""
        seen = np.where(removed, sizes[:, None], self.seen)
        return Tallies(np.where(removed, 0, self.agree), np.where(removed, 0, self.disagree), seen)


@dataclass(frozen=True)
class Repness:
    """pa, pd: smoothed shares (n + 1)/(seen + 2); pat, pdt: their one-proportion z against 1/2;
    ra, rd: shares relative to everyone else; rat, rdt: two-proportion z. Each (G, S).
    """

    pa: Table
    pd: Table
    pat: Table
    pdt: Table
    ra: Table
    rd: Table
    rat: Table
    rdt: Table

    @property
    def agree_metric(self) -> Table:
        """Order of statements by agreement, groups × statements: repness × its test × share × its test."""
        return self.ra * self.rat * self.pa * self.pat

    @property
    def disagree_metric(self) -> Table:
        """The same by disagreement."""
        return self.rd * self.rdt * self.pd * self.pdt


def share(hits: NDArray[np.int64], seen: NDArray[np.int64]) -> Table:
    """Smoothed share (hits + 1)/(seen + 2)."""
    return (hits + 1) / (seen + 2)


def share_test(hits: NDArray[np.int64], seen: NDArray[np.int64]) -> Table:
    """One-proportion z against one half, 2 sqrt(n + 1) ((hits + 1)/(n + 1) - 1/2)."""
    out: Table = 2 * np.sqrt(seen + 1) * ((hits + 1) / (seen + 1) - 0.5)
    return out


def two_share_test(
    hits: NDArray[np.int64], seen: NDArray[np.int64], other_hits: NDArray[np.int64], other_seen: NDArray[np.int64]
) -> Table:
    """Two-proportion z with one added to all four counts; 0 where the pooled share is 1."""
    n, m = seen + 1, other_seen + 1
    pooled = (hits + other_hits + 2) / (n + m)
    spread = np.sqrt(np.maximum(pooled * (1 - pooled), 0) * (1 / n + 1 / m))
    gap = (hits + 1) / n - (other_hits + 1) / m
    out: Table = np.divide(gap, spread, out=np.zeros_like(gap), where=(pooled != 1) & (spread > 0))
    return out


def repness(tallies: Tallies) -> Repness:
    """Representativeness of each statement for each group against all other groups."""
    total = tallies.together()
    a, d, n = tallies.agree, tallies.disagree, tallies.seen
    oa, od, on = total.agree - a, total.disagree - d, total.seen - n
    pa, pd = share(a, n), share(d, n)
    return Repness(
        pa,
        pd,
        share_test(a, n),
        share_test(d, n),
        pa / share(oa, on),
        pd / share(od, on),
        two_share_test(a, n, oa, on),
        two_share_test(d, n, od, on),
    )


@dataclass(frozen=True)
class Pick:
    """A statement (column) chosen for a list, and which way it was voted."""

    column: int
    agree: bool
    best_agree: bool = False


def representative(r: Repness, tallies: Tallies, group: int, removed: NDArray[np.bool_]) -> list[Pick]:
    """The statements that set a group apart: those with a significant share and difference
    (one-tailed 90 %), by metric; the most agreed one first; at most five, agreement first.
    """
    g = group
    by_agree = r.rat[g] > r.rdt[g]
    sufficient = ((r.rat[g] > Z90) & (r.pat[g] > Z90)) | ((r.rdt[g] > Z90) & (r.pdt[g] > Z90))
    sufficient &= ~removed
    leader = _most_agreed(r, tallies, g, removed)
    metric = np.where(by_agree, r.agree_metric[g], r.disagree_metric[g])
    if not sufficient.any():
        if leader is not None:
            return [Pick(leader, bool(by_agree[leader]), True)]
        return _fallback(r, g, removed, by_agree)
    order = [j for j in np.argsort(-metric, kind="stable") if sufficient[j] and j != leader]
    picks = [] if leader is None else [Pick(leader, bool(by_agree[leader]), True)]
    picks += [Pick(int(j), bool(by_agree[j])) for j in order]
    return sorted(picks[:LIST_LENGTH], key=lambda pick: not pick.agree)


def _most_agreed(r: Repness, tallies: Tallies, g: int, removed: NDArray[np.bool_]) -> int | None:
    """Polis' `best-agree`: one pass over the statements in order, each measured against the best
    so far by a rule that depends on that best one.
    """
    agree, disagree = tallies.agree[g], tallies.disagree[g]
    simple, full = r.pa[g] * r.pat[g], r.agree_metric[g]
    best: int | None = None
    for j in np.flatnonzero(~removed & ((agree > 0) | (disagree > 0))):
        if best is None:
            better = r.pat[g, j] > Z90 or (r.ra[g, j] > 1 and r.pa[g, j] > 0.5)
        elif r.ra[g, best] > 1:
            better = full[j] > full[best]
        else:
            better = simple[j] > simple[best]
        best = int(j) if better else best
    return best


def _fallback(r: Repness, g: int, removed: NDArray[np.bool_], by_agree: NDArray[np.bool_]) -> list[Pick]:
    open_ones = np.flatnonzero(~removed)
    if open_ones.size == 0:
        return []
    best = int(open_ones[np.argmax(np.maximum(r.rat[g], r.rdt[g])[open_ones])])
    return [Pick(best, bool(by_agree[best]))]


def consensus(everyone: Tallies) -> tuple[list[int], list[int]]:
    """Columns most agreed and most disagreed by all, (1, S) tallies: share above one half with a
    significant z, by share times z, at most five each.
    """
    found = []
    for hits in (everyone.agree[0], everyone.disagree[0]):
        p, z = share(hits, everyone.seen[0]), share_test(hits, everyone.seen[0])
        order = np.argsort(-(p * z), kind="stable")
        found.append([int(j) for j in order if p[j] > 0.5 and z[j] > Z90][:LIST_LENGTH])
    return found[0], found[1]


def group_informed(tallies: Tallies) -> tuple[Table, Table]:
    """Product over groups of the smoothed share that agrees, and that disagrees, (S,) each."""
    agree: Table = share(tallies.agree, tallies.seen).prod(axis=0)
    disagree: Table = share(tallies.disagree, tallies.seen).prod(axis=0)
    return agree, disagree


META_PRIORITY = 49.0


def priorities(everyone: Tallies, extremity: Table, meta: NDArray[np.bool_]) -> Table:
    """Weight with which a statement should be shown next, (S,): little passed, much agreed, far
    out on the map, and new. [(1 - p)(E + 1) a (1 + 8 * 2^(-seen / 5))]^2; 7^2 for meta statements.
    """
    seen = everyone.seen[0]
    agree = share(everyone.agree[0], seen)
    passed = share(seen - everyone.agree[0] - everyone.disagree[0], seen)
    importance = (1 - passed) * (extremity + 1) * agree
    out: Table = np.where(meta, META_PRIORITY, (importance * (1 + 8 * 2.0 ** (-seen / 5))) ** 2)
    return out
