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

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from yishi.engines.triage.joining import linked
from yishi.engines.triage.similar import Message, Pairs, SimilarIndex
from yishi.engines.words import Text, say

JOIN, EDGE = 0.32, 0.15
FORMULA = "[ln(1 + people) + 0.4 · support · ln(1 + reach)] · (1 + ¼ · ln(1 + span) / ln 366) · ½^(age / 365)"
FEWEST = 3
"""People who must have written of a topic before it is shown."""


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
    return linked(pairs.first, pairs.second, pairs.likeness, size, join)


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

    def hot(self, most: int = 10, fewest_people: int = FEWEST) -> list[Topic]:
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
