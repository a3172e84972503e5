"""Duplicates: the same cause told differently, with what the two messages share.

Two messages are proposed as duplicates when their likeness (`similar`), less `CONFLICT` for each
level of place (county, district, town, village …) that both name and name differently, reaches
`LEAST`, and they are no more than `WITHIN` days apart. A person decides: joining two messages
never closes either.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from yishi.engines.triage.similar import Message, SimilarIndex
from yishi.engines.triage.words import normal
from yishi.engines.words import Text, say

LEAST, CONFLICT, WITHIN = 0.44, 0.10, 400.0
_LEVELS = "市县区镇乡村"
_ADMIN = re.compile(rf"([\u4e00-\u9fffa-z0-9]{{1,3}})([{_LEVELS}])(?![民委长内里上中域别级场容]|政府|领导|书记)")
_SITE = re.compile(
    r"(?:街道|社区|村|小区|花园|新城|苑|城|府|湾|园|路|大道|街|巷|桥|广场|学校|中学|小学|幼儿园|医院|公司|站|公寓"
    r"|家园|里|厂|镇|乡|县|区|市)$"
)
_SHORTEST, _MOST_WORDS = 3, 4


@dataclass(frozen=True, slots=True)
class Evidence:
    """What two messages share: runs of words, places among them, days between them (None: unknown).

    `conflicts` are the levels of place on which they differ.
    """

    words: tuple[str, ...]
    places: tuple[str, ...]
    days: float | None
    conflicts: tuple[str, ...]
    sentence: Text


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Positions of two messages in the index, how sure (likeness less conflicts), and why."""

    first: int
    second: int
    score: float
    evidence: Evidence


def _admin(message: Message) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, level in _ADMIN.findall(normal(" ".join(message.parts())[:300])):
        found.setdefault(level, set()).add(name[-1])
    return found


def conflicts(one: Message, other: Message) -> tuple[str, ...]:
    """Levels of place that both messages name, with no name in common.

    >>> conflicts(Message("甲县停气"), Message("乙县停气"))
    ('县',)
    """
    a, b = _admin(one), _admin(other)
    return tuple(level for level in _LEVELS if level in a and level in b and not a[level] & b[level])


def _shared_words(one: str, other: str) -> tuple[str, ...]:
    """Longest runs of characters that both texts hold, marks and blanks ending a run."""
    a, b = (re.sub(r"[\W_]+", " ", normal(t)) for t in (one, other))
    found: list[str] = []
    start = 0
    while start < len(a):
        end = start
        while end < len(a) and a[end] != " " and a[start : end + 1] in b:
            end += 1
        if end - start >= _SHORTEST:
            found.append(a[start:end])
        start = end if end > start + 1 else start + 1
    unique = dict.fromkeys(found)
    return tuple(sorted(unique, key=len, reverse=True)[:_MOST_WORDS])


def evidence(one: Message, other: Message) -> Evidence:
    """What two messages share and where they differ, in words."""
    words = _shared_words(" ".join(one.parts()), " ".join(other.parts()))
    places = tuple(w for w in words if _SITE.search(w))
    if one.place.strip() and normal(one.place) == normal(other.place):
        places = (one.place.strip(), *places)
    days = None if one.day is None or other.day is None else abs(one.day - other.day)
    differ = conflicts(one, other)
    zh = "同有" + "、".join(f"“{w}”" for w in words) if words else "用词相近"
    en = "both say " + ", ".join(f'"{w}"' for w in words) if words else "alike in wording"
    if days is not None:
        zh += f"；相隔 {days:.0f} 天"
        en += f"; {days:.0f} days apart"
    if differ:
        zh += f"；但{'、'.join(differ)}名不同，请核对地点"
        en += "; but the places named differ, check where"
    return Evidence(words, places, days, differ, say(zh + "。", en[0].upper() + en[1:] + "."))


def _near_in_time(one: Message, other: Message, within: float) -> bool:
    return one.day is None or other.day is None or abs(one.day - other.day) <= within


def score(likeness: float, one: Message, other: Message) -> float:
    """Likeness less the conflicts of place."""
    return likeness - CONFLICT * len(conflicts(one, other))


def duplicates(index: SimilarIndex, *, least: float = LEAST, within: float = WITHIN) -> list[Duplicate]:
    """All proposed pairs of an index, surest first."""
    pairs = index.pairs(least)
    found = []
    messages = index.messages
    for i, j, like in zip(pairs.first.tolist(), pairs.second.tolist(), pairs.likeness.tolist(), strict=True):
        one, other = messages[i], messages[j]
        sure = score(like, one, other)
        if sure >= least and _near_in_time(one, other, within):
            found.append((-sure, i, j))
    return [Duplicate(i, j, -minus, evidence(messages[i], messages[j])) for minus, i, j in sorted(found)]


def duplicates_of(
    index: SimilarIndex,
    message: Message,
    *,
    least: float = LEAST,
    within: float = WITHIN,
    most: int = 10,
) -> list[Duplicate]:
    """The messages of the index that tell what `message` tells, surest first.

    `message` need not be in the index; `second` is then `len(index)`, the place it would get.
    """
    near = index.likeness(message)
    found = []
    for i in np.flatnonzero(near >= least).tolist():
        other = index.messages[i]
        sure = score(float(near[i]), message, other)
        if sure >= least and other is not message and _near_in_time(message, other, within):
            found.append((-sure, i))
    return [Duplicate(i, len(index), -minus, evidence(message, index.messages[i])) for minus, i in sorted(found)[:most]]


def groups(found: Sequence[Duplicate], size: int) -> list[list[int]]:
    """Positions linked by duplicates, each group ascending, largest first; loners are left out."""
    parent = list(range(size))

    def top(x: int) -> int:
        while parent[x] != x:
            parent[x] = parent[parent[x]]
            x = parent[x]
        return x

    for pair in found:
        a, b = sorted((top(pair.first), top(pair.second)))
        parent[b] = a
    members: dict[int, list[int]] = {}
    for i in range(size):
        members.setdefault(top(i), []).append(i)
    return sorted((g for g in members.values() if len(g) > 1), key=lambda g: (-len(g), g[0]))
