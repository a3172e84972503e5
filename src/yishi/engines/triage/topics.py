"""Hot topics: one cause in one place over one span of time, ranked by a published formula.

Messages are joined by average linkage over their likeness (`similar`): two groups become one while
the mean likeness of their messages is at least `JOIN`, so that a chain of half-alike messages makes
no topic. A topic's heat is

    heat = [ln(1 + people) + 0.4 · support · ln(1 + reach)] · (1 + ¼ · ln(1 + span) / ln 366) · ½^(age / 365)

- people: different persons who wrote (a person who writes ten times counts once);
- reach: people plus everyone who reacted; support: the share of reactions that agree;
- span: days from the first to the last message; age: days since the last.
Topics are ranked, people never.
"""

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from yishi.engines.triage.similar import Message, Pairs, SimilarIndex
from yishi.engines.words import Text, say

JOIN, EDGE = 0.32, 0.15
FORMULA = "[ln(1 + people) + 0.4 · support · ln(1 + reach)] · (1 + ¼ · ln(1 + span) / ln 366) · ½^(age / 365)"
_FEWEST, _DENSE = 3, 5_000


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic: messages (positions, ascending), its own words for a title, and its numbers."""

    title: str
    messages: tuple[int, ...]
    people: int
    reach: int
    support: float
    first_day: float | None
    last_day: float | None
    heat: float
    sentence: Text


def heat_of(people: int, reach: int, support: float, span: float, age: float) -> float:
    """The published formula; `span` and `age` in days, `support` between 0 and 1."""
    spread = math.log1p(people) + 0.4 * support * math.log1p(reach)
    lasting = 1 + 0.25 * math.log1p(span) / math.log(366)
    return spread * lasting * math.pow(0.5, age / 365)


def joined(pairs: Pairs, size: int, join: float = JOIN) -> list[list[int]]:
    """Groups of two or more messages by average linkage; pairs that are absent count 0."""
    strong = pairs.likeness >= join - 1e-6
    links = coo_array(
        (np.ones(strong.sum(), np.int8), (pairs.first[strong], pairs.second[strong])),
        shape=(size, size),
    )
    component = connected_components(links, directed=False)[1]
    inside = component[pairs.first] == component[pairs.second]
    first, second, likeness = (a[inside] for a in (pairs.first, pairs.second, pairs.likeness))
    order = np.argsort(component[first], kind="stable")
    first, second, likeness = first[order], second[order], likeness[order]
    edges = np.flatnonzero(np.diff(component[first], prepend=-1, append=-1))
    found: list[list[int]] = []
    for start, end in pairwise(edges.tolist()):
        part = slice(start, end)
        names = np.unique(np.concatenate((first[part], second[part])))
        link = _link_dense if len(names) <= _DENSE else _link_sparse
        found += link(names, first[part], second[part], likeness[part].astype(np.float64), join)
    return sorted(found)


Numbers = NDArray[np.int64]
Floats = NDArray[np.float64]


def _link_dense(names: Numbers, first: Numbers, second: Numbers, likeness: Floats, join: float) -> list[list[int]]:
    """Average linkage of one component over the table of all its pairs (SciPy, nearest-neighbour chain)."""
    n = len(names)
    if n == 2:
        return [names.tolist()]
    a, b = np.searchsorted(names, first), np.searchsorted(names, second)
    apart = np.full(n * (n - 1) // 2, 2.0)
    apart[a * (2 * n - a - 1) // 2 + b - a - 1] = np.maximum(2.0 - likeness, 0.0)
    label = fcluster(linkage(apart, "average"), 2.0 - join + 1e-9, "distance")
    order = np.argsort(label, kind="stable")
    groups = np.split(names[order], np.flatnonzero(np.diff(label[order])) + 1)
    return [g.tolist() for g in groups if len(g) > 1]


def _link_sparse(names: Numbers, first: Numbers, second: Numbers, likeness: Floats, join: float) -> list[list[int]]:
    """The same without the table, for a component too large for one: the closest two groups first."""
    near: dict[int, dict[int, float]] = {i: {} for i in names.tolist()}
    waiting = []
    for i, j, like in zip(first.tolist(), second.tolist(), likeness.tolist(), strict=True):
        near[i][j] = near[j][i] = like
        waiting.append((-like, i, j))
    members = {i: [i] for i in near}
    heapq.heapify(waiting)
    while waiting:
        minus, i, j = heapq.heappop(waiting)
        if -minus < join - 1e-9:
            break
        if i not in members or j not in members:
            continue
        if abs(near[i].get(j, 0.0) / (len(members[i]) * len(members[j])) + minus) > 1e-9:
            continue
        if (len(near[i]), -i) < (len(near[j]), -j):
            i, j = j, i
        _merge(near, members, i, j)
        for k, total in near[i].items():
            mean = total / (len(members[i]) * len(members[k]))
            if mean >= join - 1e-9:
                heapq.heappush(waiting, (-mean, min(i, k), max(i, k)))
    return [sorted(m) for m in members.values() if len(m) > 1]


def _merge(near: dict[int, dict[int, float]], members: dict[int, list[int]], i: int, j: int) -> None:
    """Group `j` becomes part of `i`; the sums of likeness between groups add up."""
    members[i] += members.pop(j)
    mine, theirs = near[i], near.pop(j)
    del mine[j]
    for k, total in theirs.items():
        if k != i:
            del near[k][j]
            mine[k] = near[k][i] = mine.get(k, 0.0) + total


def _title(index: SimilarIndex, members: Sequence[int]) -> str:
    """The name of the message that is most like the others of its topic."""
    rows = index.matrix()[list(members)]
    best = members[int(np.argmax((rows @ rows.T).sum(axis=1)))]
    return " ".join(index.messages[best].parts()[0].split())


@dataclass(frozen=True, slots=True)
class _Numbers:
    people: int
    likes: int
    dislikes: int
    first: float | None
    last: float | None
    heat: float

    @property
    def span(self) -> float:
        return 0.0 if self.first is None or self.last is None else self.last - self.first


def _numbers(messages: Sequence[Message], now: float | None) -> _Numbers:
    people = len({m.person for m in messages if m.person}) + sum(not m.person for m in messages)
    likes = sum(max(m.likes, 0) for m in messages)
    dislikes = sum(max(m.dislikes, 0) for m in messages)
    days = [m.day for m in messages if m.day is not None]
    first, last = (min(days), max(days)) if days else (None, None)
    span = 0.0 if first is None or last is None else last - first
    age = 0.0 if now is None or last is None else max(now - last, 0.0)
    reach = people + likes + dislikes
    heat = heat_of(people, reach, (people + likes) / reach, span, age)
    return _Numbers(people, likes, dislikes, first, last, heat)


def topic_of(index: SimilarIndex, members: Sequence[int], now: float | None) -> Topic:
    """The topic made of these messages; `now` (a day) decides how long ago the last one was."""
    n = _numbers([index.messages[i] for i in members], now)
    reach = n.people + n.likes + n.dislikes
    sentence = say(
        f"{n.people} 人写了 {len(members)} 条，另有 {n.likes} 次赞成、{n.dislikes} 次反对，"
        f"前后 {n.span:.0f} 天，热度 {n.heat:.2f}。",
        f"{n.people} people wrote {len(members)} messages; {n.likes} more agreed and {n.dislikes} "
        f"disagreed; over {n.span:.0f} days; heat {n.heat:.2f}.",
    )
    return Topic(
        title=_title(index, members),
        messages=tuple(members),
        people=n.people,
        reach=reach,
        support=(n.people + n.likes) / reach,
        first_day=n.first,
        last_day=n.last,
        heat=n.heat,
        sentence=sentence,
    )


@dataclass
class TopicMap:
    """Topics over an index; `place` says where a new message belongs without joining anew."""

    index: SimilarIndex
    now: float | None = None
    groups: list[list[int]] = field(default_factory=list)
    _group_of: dict[int, int] = field(default_factory=dict)

    @classmethod
    def build(cls, index: SimilarIndex, now: float | None = None, pairs: Pairs | None = None) -> "TopicMap":
        """Join all messages; `pairs` (likeness at least `EDGE`) may come from another machine."""
        found = joined(index.pairs(EDGE) if pairs is None else pairs, len(index))
        where = {i: g for g, members in enumerate(found) for i in members}
        return cls(index, now, found, where)

    def hot(self, most: int = 10, fewest_people: int = _FEWEST) -> list[Topic]:
        """The hottest topics of at least so many people, hottest first."""
        ranked = []
        for members in self.groups:
            if len(members) >= fewest_people:
                numbers = _numbers([self.index.messages[i] for i in members], self.now)
                if numbers.people >= fewest_people:
                    ranked.append((-numbers.heat, members))
        return [topic_of(self.index, members, self.now) for _, members in sorted(ranked)[:most]]

    def place(self, message: Message) -> int | None:
        """Take a new message in; returns the number of its group in `groups`, None if it is new.

        It joins the group whose messages it is most like on the mean, if that is at least `JOIN`;
        otherwise, with the single message it is most like, it may begin a group.
        """
        near = self.index.likeness(message)
        close = np.flatnonzero(near >= EDGE)
        (position,) = self.index.add([message])
        touched = {self._group_of[i] for i in close.tolist() if i in self._group_of}
        means = [(float(near[self.groups[g]].mean()), -g) for g in touched]
        best, minus = max(means, default=(0.0, 0))
        alone = [(float(near[i]), -i) for i in close.tolist() if i not in self._group_of]
        like, other = max(alone, default=(0.0, 0))
        if max(best, like) < JOIN:
            return None
        if best >= like:
            self.groups[-minus].append(position)
            self._group_of[position] = -minus
            return -minus
        self.groups.append([-other, position])
        self._group_of |= {-other: len(self.groups) - 1, position: len(self.groups) - 1}
        return len(self.groups) - 1
