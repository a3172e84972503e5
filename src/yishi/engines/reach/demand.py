"""Who could be covered from where: people merged who can be covered from exactly the same places."""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array, csr_array

from yishi.engines.reach.points import Points
from yishi.engines.reach.search import MOST_REACHED, Circles, Tick, circles
from yishi.engines.reach.streets import Ints, ReachError, Streets


@dataclass(frozen=True, slots=True, eq=False)
class Demand:
    """Groups of people with the same places. Rows of `places`: for each group, its candidates (starts,
    members); of `groups`: for each candidate, its groups. `weight`: people in each group."""

    weight: Ints
    starts: Ints
    members: Ints
    group_starts: Ints
    groups: Ints
    candidates: int

    @property
    def total(self) -> int:
        """People who can be covered at all."""
        return int(self.weight.sum())


def pairs_within(streets: Streets, places: Points, people: Points, limits: Ints, tick: Tick = lambda n: None) -> tuple[Ints, Ints]:  # fmt: skip
    """All (person, place) with the person within their own limit of the place, each once, by person.

    Raises ReachError when they are too many.
    """
    if not len(people) or not len(places):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    wanted = np.zeros(len(streets.ids), bool)
    wanted[people.first] = wanted[people.second] = True
    found = circles(streets, places, int(limits.max()), wanted, tick)
    place = np.repeat(np.arange(len(places)), np.diff(found.starts))
    ends = [_by_end(found, place, len(streets.ids), people, side, limits) for side in ("first", "second")]
    ends.append(_on_one_street(places, people, limits))
    key = np.sort(np.concatenate([person * len(places) + place for person, place in ends]))
    key = key[np.diff(key, prepend=-1) > 0]
    return key // len(places), key % len(places)


def _by_end(found: Circles, place: Ints, size: int, people: Points, side: str, limits: Ints) -> tuple[Ints, Ints]:
    order = np.argsort(found.nodes, kind="stable")
    starts = np.zeros(size + 1, np.int64)
    np.cumsum(np.bincount(found.nodes, minlength=size), out=starts[1:])
    node = getattr(people, side)
    counts = starts[node + 1] - starts[node]
    if int(counts.sum()) > MOST_REACHED:
        raise ReachError(f"人与点位的组合超过 {MOST_REACHED} 个：请缩短时间或减少候选点。", f"over {MOST_REACHED} pairs of person and place: take less time or fewer candidates.")  # fmt: skip
    person = np.repeat(np.arange(len(people)), counts)
    step = np.arange(len(person)) - np.repeat(np.cumsum(counts) - counts, counts)
    entry = order[np.repeat(starts[node], counts) + step]
    way = getattr(people, f"to_{side}") + people.off
    near = found.distances[entry] + way[person] <= limits[person]
    return person[near], place[entry[near]]


def _on_one_street(places: Points, people: Points, limits: Ints) -> tuple[Ints, Ints]:
    order = np.argsort(places.street, kind="stable")
    on = places.street[order]
    low, high = np.searchsorted(on, people.street), np.searchsorted(on, people.street, side="right")
    counts = np.where(people.street >= 0, high - low, 0)
    person = np.repeat(np.arange(len(people)), counts)
    place = order[np.repeat(low, counts) + np.arange(len(person)) - np.repeat(np.cumsum(counts) - counts, counts)]
    along = np.abs(people.to_first[person] - places.to_first[place]) + places.off[place] + people.off[person]
    near = along <= limits[person]
    return person[near], place[near]


def merged(person: Ints, place: Ints, weights: Ints, candidates: int) -> Demand:
    """Groups out of pairs (sorted by person); people of no weight are left out."""
    keep = weights[person] > 0
    person, place = person[keep], place[keep]
    who, first = np.unique(person, return_index=True)
    counts = np.diff(np.append(first, len(person)))
    row = np.repeat(np.arange(len(who)), counts)
    lead = _leads(row, place, first, counts)
    chosen, group = np.unique(lead, return_inverse=True)
    weight = np.zeros(len(chosen), np.int64)
    np.add.at(weight, group, weights[who])
    sizes = counts[chosen]
    starts = np.append(0, np.cumsum(sizes))
    step = np.arange(int(sizes.sum())) - np.repeat(starts[:-1], sizes)
    members = place[np.repeat(first[chosen], sizes) + step] if len(chosen) else place[:0]
    table = csr_array(coo_array((np.ones(len(members)), (members, np.repeat(np.arange(len(chosen)), sizes))), shape=(candidates, len(chosen))))  # fmt: skip
    return Demand(weight, starts, members, table.indptr.astype(np.int64), table.indices.astype(np.int64), candidates)


def _leads(row: Ints, place: Ints, first: Ints, counts: Ints) -> Ints:
    """For each person the first one with the same places. A sum of hashes proposes, the places decide."""
    if not len(first):
        return first
    mix = (place.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    mix ^= mix >> np.uint64(29)
    mix *= np.uint64(0xBF58476D1CE4E5B9)
    mix ^= mix >> np.uint64(32)
    total = np.add.reduceat(mix, first)
    order = np.lexsort((total, counts))
    same = np.zeros(len(order), bool)
    same[1:] = (total[order[1:]] == total[order[:-1]]) & (counts[order[1:]] == counts[order[:-1]])
    lead = np.empty(len(order), np.int64)
    lead[order] = order[np.maximum.accumulate(np.where(same, 0, np.arange(len(order))))]
    step = np.arange(len(row)) - first[row]
    differ = place != place[first[lead[row]] + step]
    wrong = np.unique(row[differ])
    lead[wrong] = wrong
    return lead
