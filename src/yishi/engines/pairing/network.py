"""A question as a flow in a circle: root → institutions → branches → pairs → communities → areas → root.

A quota is a set of pairs. Sets that nest on the branches' side (totals of institutions, places of one
branch in an area) become nodes before the pairs, sets that nest on the communities' side (totals of
areas, branches of one institution in a community) nodes after them: every such flow is a plan and the
cheapest flow is whole (Edmonds 1970, intersection of two laminar families). Quotas that cross are given
back apart.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from yishi.engines.pairing.keys import merged, within, without
from yishi.engines.pairing.model import Each
from yishi.engines.pairing.table import Compiled, Flags, Group, Ints, Scores

NO_WISH = -1
_SAMPLE, _ROUNDS = 2, 30
"""Branches asked for each community, and how often."""


@dataclass(frozen=True, slots=True)
class Network:
    """Arcs with bounds, costs and the wish behind each bound; the first `pairs.size` are the pairs.

    `pairs` are keys row * m + column in rising order. `before` and `after` are the product nodes' keys
    set * others + other; `at` says where branches, these two and the communities begin.
    """

    nodes: int
    pairs: Ints
    tail: Ints
    head: Ints
    low: Ints
    high: Ints
    cost: Ints
    wish_low: Ints
    wish_high: Ints
    before: Ints
    after: Ints
    at: tuple[int, int, int, int]


class Forest:
    """Nested sets of items, with who owns (set, other): the group whose bounds hold there."""

    def __init__(self, items: int, others: int) -> None:
        self.others = others
        self.deepest = np.full(items, -1, dtype=np.int64)
        self.parent: list[int] = []
        self.owner: list[npt.NDArray[np.int32]] = []
        self._tables: tuple[Ints, Ints] | None = None
        self._class_of: dict[bytes, list[int]] = {}

    def add(self, members: Ints, others: Ints | None, group: int) -> bool:
        """Take in a set, larger ones first; False if it crosses another."""
        at = self.deepest[members]
        if (at != at[0]).any():
            return False
        place = slice(None) if others is None else others
        name = members.tobytes()
        for known in self._class_of.get(name, []):
            if (self.owner[known][place] < 0).all():
                self.owner[known][place] = group
                return True
        self.parent.append(int(at[0]))
        owner = np.full(self.others, -1, dtype=np.int32)
        owner[place] = group
        self.owner.append(owner)
        number = len(self.parent) - 1
        self.deepest[members] = number
        self._class_of.setdefault(name, []).append(number)
        return True

    def tables(self) -> tuple[Ints, Ints]:
        """Group by (set, other) and parent by set, made once when all sets are in."""
        if self._tables is None:
            self._tables = np.stack(self.owner).astype(np.int64), np.array([*self.parent, -1])
        return self._tables

    def climb(self, level: Ints, others: Ints) -> Ints:
        """From each set up to the first that holds for its other; -1 if none does."""
        level = level.copy()
        if not self.parent:
            return level
        owner, parent = self.tables()
        while True:
            away = np.flatnonzero((level >= 0) & (owner[level, others] < 0))
            if not away.size:
                return level
            level[away] = parent[level[away]]

    def nodes(self, items: Ints, others: Ints, bounds: Ints) -> tuple[Ints, Ints, Ints, Ints]:
        """Which (set, other) nodes the pairs need: end of each pair, keys, parent and group of each node.

        Ends and parents count from 0; -1 is the other itself. `bounds` are low and high of each group
        (groups, 2): nodes with a low are there even without pairs, nodes that cannot fill up are left out.
        """
        none = np.empty(0, dtype=np.int64)
        if not self.parent:
            return np.full(items.size, -1, dtype=np.int64), none, none, none
        owner, parent = self.tables()
        ends = self._key(self.climb(self.deepest[items], others), others)
        must = np.append(bounds[:, 0] > 0, False)  # -1: no group
        wanted = np.argwhere(must[owner]) if must.any() else np.empty((0, 2), dtype=np.int64)
        keys = merged(ends[ends >= 0], wanted[:, 0] * self.others + wanted[:, 1])
        fresh = keys
        while fresh.size:
            level, other = np.divmod(fresh, self.others)
            above = self._key(self.climb(parent[level], other), other)
            fresh = merged(without(above[above >= 0], keys))
            keys = merged(keys, fresh)
        level, other = np.divmod(keys, self.others)
        above = _places(keys, self._key(self.climb(parent[level], other), other))
        ends = _places(keys, ends)
        keep = self._can_fill(level, above, ends, bounds[owner[level, other]])
        stand = np.append(np.where(keep, np.arange(keys.size), -2), -1)
        for _ in range(len(self.parent)):  # a node left out hands over to its parent
            out = np.flatnonzero(stand == -2)
            if not out.size:
                break
            stand[out] = stand[above[out]]
        place = np.append(np.cumsum(keep) - 1, -1)
        return place[stand[ends]], keys[keep], place[stand[above[keep]]], owner[level, other][keep]

    def _key(self, level: Ints, others: Ints) -> Ints:
        return np.where(level >= 0, level * self.others + others, -1)

    def _can_fill(self, level: Ints, above: Ints, ends: Ints, bounds: Ints) -> Flags:
        """Which nodes could reach their high, or have a low; deepest sets first."""
        depth = np.zeros(len(self.parent) + 1, dtype=np.int64)
        for number, parent in enumerate(self.parent):
            depth[number] = depth[parent] + 1
        coming = np.bincount(ends[ends >= 0], minlength=level.size)
        for step in range(int(depth.max()), 0, -1):
            here = np.flatnonzero((depth[level] == step) & (above >= 0))
            np.add.at(coming, above[here], np.minimum(coming[here], bounds[here, 1]))
        found: Flags = (bounds[:, 0] > 0) | (coming > bounds[:, 1])
        return found


def _places(keys: Ints, wanted: Ints) -> Ints:
    """Where each stands in the sorted keys; -1 stays -1."""
    return np.where(wanted >= 0, np.searchsorted(keys, wanted), -1)


@dataclass(frozen=True, slots=True)
class Frame:
    """How the quotas nest: totals and product sets on both sides, and the groups that cross."""

    row_totals: Forest
    column_totals: Forest
    by_branch: Forest
    by_community: Forest
    crossing: tuple[Group, ...]


def framed(problem: Compiled) -> Frame:
    """Sort the quotas into nests, larger sets first; those that cross are kept apart."""
    n, m = problem.shape
    frame = Frame(Forest(n, 1), Forest(m, 1), Forest(m, n), Forest(n, m), ())
    crossing = []
    order = sorted(range(len(problem.groups)), key=lambda g: (-_size(problem.groups[g], n, m), g))
    for number in order:
        group = problem.groups[number]
        rows = np.arange(n) if group.rows is None else group.rows
        columns = np.arange(m) if group.columns is None else group.columns
        if group.each is Each.COMMUNITY or (group.each is Each.TOTAL and columns.size == 1):
            fits = frame.by_community.add(rows, columns, number)
        elif group.each is Each.BRANCH or rows.size == 1:
            fits = frame.by_branch.add(columns, rows, number)
        elif columns.size == m:
            fits = frame.row_totals.add(rows, None, number)
        elif rows.size == n:
            fits = frame.column_totals.add(columns, None, number)
        else:
            fits = False
        if not fits:
            crossing.append(number)
    return Frame(
        frame.row_totals,
        frame.column_totals,
        frame.by_branch,
        frame.by_community,
        tuple(problem.groups[g] for g in sorted(crossing)),
    )


def _size(group: Group, n: int, m: int) -> int:
    """Size of the set that has to nest."""
    rows = n if group.rows is None else group.rows.size
    columns = m if group.columns is None else group.columns.size
    if group.each is Each.COMMUNITY or (group.each is Each.TOTAL and columns == 1):
        return rows
    if group.each is Each.BRANCH or rows == 1:
        return columns
    return rows if columns == m else columns


def wish_base(problem: Compiled) -> dict[str, int]:
    """Where the numbers of each kind of wish begin."""
    n, m = problem.shape
    sizes = {
        "row_low": n,
        "row_high": n,
        "column_low": m,
        "column_high": m,
        "group_low": len(problem.groups),
        "group_high": len(problem.groups),
        "fixed": problem.fixed.size,
        "forbidden": problem.forbidden.size,
    }
    base, total = {}, 0
    for kind, size in sizes.items():
        base[kind] = total
        total += size
    return base | {"end": total}


def network(problem: Compiled, frame: Frame, pairs: Ints, *, forbidden: bool = False) -> Network:
    """The flow over these pairs (sorted keys). With `forbidden`, those pairs are arcs too, of room 0."""
    n, m = problem.shape
    rows, columns = np.divmod(pairs, m)
    bounds = np.array([(g.low, g.high) for g in problem.groups], dtype=np.int64).reshape(-1, 2)
    begin, before, up_before, own_before = frame.by_branch.nodes(columns, rows, bounds)
    end, after, up_after, own_after = frame.by_community.nodes(rows, columns, bounds)
    branch0 = 1 + len(frame.row_totals.parent)
    before0 = branch0 + n
    after0 = before0 + before.size
    community0 = after0 + after.size
    area0 = community0 + m
    base = wish_base(problem)
    pair_low = within(pairs, problem.fixed)
    pair_high = ~within(pairs, problem.forbidden) if forbidden else np.ones(pairs.size, dtype=bool)
    arcs = [
        (
            np.where(begin >= 0, before0 + begin, branch0 + rows),
            np.where(end >= 0, after0 + end, community0 + columns),
            pair_low.astype(np.int64),
            pair_high.astype(np.int64),
            np.where(pair_low, base["fixed"] + np.searchsorted(problem.fixed, pairs), NO_WISH),
            np.where(pair_high, NO_WISH, base["forbidden"] + np.searchsorted(problem.forbidden, pairs)),
        ),
        _bounded(problem, np.where(up_before >= 0, before0 + up_before, branch0 + before % n), before0, own_before),
        _bounded(
            problem, np.where(up_after >= 0, after0 + up_after, community0 + after % m), after0, own_after, out=True
        ),
        _ends(frame.row_totals, branch0, n, problem.row_low, problem.row_high, base, "row"),
        _ends(frame.column_totals, community0, m, problem.column_low, problem.column_high, base, "column", area0),
        _totals(problem, frame.row_totals, 1),
        _totals(problem, frame.column_totals, area0, out=True),
    ]
    tail, head, low, high, wish_low, wish_high = (np.concatenate(part).astype(np.int64) for part in zip(*arcs, strict=True))  # fmt: skip
    cost = np.zeros(tail.size, dtype=np.int64)
    cost[: pairs.size] = -problem.table[rows, columns].astype(np.int64)
    nodes, at = area0 + len(frame.column_totals.parent), (branch0, before0, after0, community0)
    return Network(nodes, pairs, tail, head, low, high, cost, wish_low, wish_high, before, after, at)


_Arcs = tuple[Ints, Ints, Ints, Ints, Ints, Ints]


def _bounded(problem: Compiled, parents: Ints, first: int, owners: Ints, *, out: bool = False) -> _Arcs:
    """Arcs between nodes and their parents, with the bounds of the groups that own them."""
    here = first + np.arange(parents.size)
    bounds = np.array([(g.low, g.high) for g in problem.groups], dtype=np.int64).reshape(-1, 2)
    base = wish_base(problem)
    low, high = bounds[owners].T if owners.size else (owners, owners)
    ends = (here, parents) if out else (parents, here)
    return (*ends, low, high, np.where(low > 0, base["group_low"] + owners, NO_WISH), base["group_high"] + owners)


def _totals(problem: Compiled, forest: Forest, first: int, *, out: bool = False) -> _Arcs:
    parents = np.array([0 if p < 0 else first + p for p in forest.parent], dtype=np.int64)
    owners = np.array([int(o[0]) for o in forest.owner], dtype=np.int64)
    return _bounded(problem, parents, first, owners, out=out)


def _ends(
    forest: Forest, first: int, size: int, low: Ints, high: Ints, base: dict[str, int], side: str, nodes: int = 1
) -> _Arcs:
    """Arcs of branches from the root's side, or of communities back to it."""
    here, numbers = first + np.arange(size), np.arange(size)
    outer = np.where(forest.deepest >= 0, nodes + forest.deepest, 0)
    ends = (outer, here) if side == "row" else (here, outer)
    wishes = np.where(low > 0, base[f"{side}_low"] + numbers, NO_WISH)
    return (*ends, low, high, wishes, base[f"{side}_high"] + numbers)


def every_pair(problem: Compiled, *, forbidden: bool = False) -> Ints:
    """Keys of all pairs that may be, or with `forbidden` simply of all."""
    n, m = problem.shape
    whole = np.arange(n * m)
    return whole if forbidden else without(whole, problem.forbidden)


def best_pairs(problem: Compiled, width: int, dear: Scores) -> Ints:
    """Keys of each branch's `width` best pairs at rough prices `dear` (m,), and the fixed ones.

    Only a beginning: what is left out is weighed by the proof.
    """
    n, m = problem.shape
    if width >= m:
        return every_pair(problem)
    found: list[Ints] = []
    step = max(1, 1_000_000 // m)
    for start in range(0, n, step):
        block = problem.table[start : start + step] - dear
        best = np.sort(np.argpartition(block, m - width, axis=1)[:, m - width :], axis=1)
        found.append((best + (start + np.arange(block.shape[0]))[:, None] * m).ravel())
    return without(merged(*found, problem.fixed), problem.forbidden)


def rough_prices(problem: Compiled) -> Scores:
    """What a place in each community might cost: a few rounds of asking a sample of branches (subgradient)."""
    n, m = problem.shape
    sample = problem.table[:: max(1, n // max(500, _SAMPLE * m))].astype(np.float32)
    share = np.float32(sample.shape[0] / n)
    low, high = problem.column_low * share, problem.column_high * share
    dear = np.zeros(m, dtype=np.float32)
    usual = max(float(problem.row_low.sum()) * float(share) / m, 0.5)
    step = float(sample[:: max(1, sample.shape[0] // 500)].std()) or 1.0
    for _ in range(_ROUNDS):
        count = np.bincount((sample - dear).argmax(axis=1), minlength=m)
        dear += (step * np.clip((count - np.clip(count, low, high)) / usual, -1, 3)).astype(np.float32)
        step *= 0.9
    return np.rint(dear).astype(problem.table.dtype)


def groups_of(groups: Iterable[Group], pairs: Ints, m: int, n: int) -> list[tuple[Group, Ints]]:
    """What a group counts, as places in `pairs`: one list for each branch or community it counts apart."""
    rows, columns = np.divmod(pairs, m)
    found = []
    for group in groups:
        inside = np.ones(pairs.size, dtype=bool)
        if group.rows is not None:
            inside &= np.isin(rows, group.rows)
        if group.columns is not None:
            inside &= np.isin(columns, group.columns)
        apart = {Each.TOTAL: None, Each.COMMUNITY: columns, Each.BRANCH: rows}[group.each]
        places = np.flatnonzero(inside)
        if apart is None:
            found.append((group, places))
            continue
        everyone = group.columns if group.each is Each.COMMUNITY else group.rows
        for who in np.arange(m if group.each is Each.COMMUNITY else n) if everyone is None else everyone:
            found.append((group, places[apart[places] == who]))
    return found
