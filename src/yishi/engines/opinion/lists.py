"""Lists of statements with their numbers: representative, consensus, bridging, priority."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yishi.engines.opinion.statistics import (
    Z90,
    Pick,
    Tallies,
    consensus,
    group_informed,
    repness,
    representative,
    share,
    share_test,
)

LONGEST_LIST = 10


@dataclass(frozen=True)
class Entry:
    """A statement in a list: which way, and the numbers that put it there.

    agree, disagree, seen: people of the group (or of all); the rest as in `statistics`.
    """

    statement: Any
    direction: str
    agree: int
    disagree: int
    seen: int
    numbers: dict[str, float]
    best_agree: bool = False

    @property
    def hits(self) -> int:
        """Votes that lie in its direction."""
        return self.agree if self.direction == "agree" else self.disagree


@dataclass(frozen=True)
class Bridge:
    """A statement on which the majority of every group stands on one side.

    least: the lowest over groups of the lower 90 % bound of the share (Wilson 1927);
    groups: (hits, seen) of each group; informed: product of the groups' smoothed shares.
    """

    statement: Any
    direction: str
    least: float
    informed: float
    groups: list[tuple[int, int]]


def lower_bound(hits: NDArray[np.int64], seen: NDArray[np.int64], z: float = Z90) -> NDArray[np.float64]:
    """Lower end of the Wilson score interval of hits/seen (one-sided 90 %); 0 where seen = 0."""
    n = np.maximum(seen, 1)
    p = hits / n
    spread = z * np.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    low = (p + z * z / (2 * n) - spread) / (1 + z * z / n)
    out: NDArray[np.float64] = np.where(seen > 0, np.maximum(low, 0.0), 0.0)  # rounding may fall below nothing
    return out


def representative_lists(
    statements: NDArray[Any], tallies: Tallies, removed: NDArray[np.bool_]
) -> dict[int, list[Entry]]:
    """For each group up to five statements that set it apart from the others."""
    r = repness(tallies)
    found = {}
    for g in range(tallies.agree.shape[0]):
        picks = representative(r, tallies, g, removed)
        tables = {True: (r.pa, r.pat, r.ra, r.rat), False: (r.pd, r.pdt, r.rd, r.rdt)}
        names = ("share", "share_test", "repness", "repness_test")
        found[g] = [
            _entry(
                statements,
                tallies,
                g,
                pick,
                {n: float(t[g, pick.column]) for n, t in zip(names, tables[pick.agree], strict=True)},
            )
            for pick in picks
        ]
    return found


def consensus_lists(statements: NDArray[Any], everyone: Tallies) -> dict[str, list[Entry]]:
    """Up to five statements most agreed and most disagreed by all."""
    lists = dict(zip(("agree", "disagree"), consensus(everyone), strict=True))
    found = {}
    for direction, columns in lists.items():
        hits = everyone.agree if direction == "agree" else everyone.disagree
        p, z = share(hits, everyone.seen), share_test(hits, everyone.seen)
        found[direction] = [
            _entry(
                statements,
                everyone,
                0,
                Pick(j, direction == "agree"),
                {"share": float(p[0, j]), "share_test": float(z[0, j])},
            )
            for j in columns
        ]
    return found


def _entry(names: NDArray[Any], tallies: Tallies, g: int, pick: Pick, numbers: dict[str, float]) -> Entry:
    j = pick.column
    agree, disagree, seen = (int(t[g, j]) for t in (tallies.agree, tallies.disagree, tallies.seen))
    direction = "agree" if pick.agree else "disagree"
    return Entry(names[j].item(), direction, agree, disagree, seen, numbers, pick.best_agree)


def bridging(statements: NDArray[Any], tallies: Tallies, removed: NDArray[np.bool_]) -> list[Bridge]:
    """Statements that the majority of every group agrees with (or every group rejects), each with
    90 % confidence, the firmest first; at most ten. Empty with fewer than two groups.
    """
    if tallies.agree.shape[0] < 2:
        return []
    found = []
    informed = dict(zip(("agree", "disagree"), group_informed(tallies), strict=True))
    for direction, hits in (("agree", tallies.agree), ("disagree", tallies.disagree)):
        least = np.where(removed, 0.0, lower_bound(hits, tallies.seen).min(axis=0))
        for j in np.flatnonzero(least > 0.5):
            groups = [(int(h), int(n)) for h, n in zip(hits[:, j], tallies.seen[:, j], strict=True)]
            name = statements[j].item()
            found.append(Bridge(name, direction, float(least[j]), float(informed[direction][j]), groups))
    return sorted(found, key=lambda b: (-b.least, b.direction))[:LONGEST_LIST]
