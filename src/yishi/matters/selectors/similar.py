"""Matters like a text: shared character pairs, nearness, recency, the same category; with the words that say so."""

import datetime as dt
import math
from collections import Counter

from yishi.core import clock, search, terms
from yishi.matters.models import Matter
from yishi.matters.selectors.lists import visible
from yishi.matters.selectors.maps import metres_between
from yishi.network.viewers import Viewer

MOST = 10
CANDIDATES = 60
PHRASES = 8
LEAST = 0.18
NEAR_METRES = 300.0
RECENT_DAYS = 90.0
_STOPS = frozenset("的了是在有和就不人都一上也很到说要去你会着没看好自这那我们您请吗呢吧啊与及或被把对从向")
Place = tuple[float, float]


def pairs_of(text: str) -> Counter[str]:
    """The pairs of Han characters of a text (no stop characters) and its other words."""
    found: Counter[str] = Counter()
    for han, run in terms.runs(text):
        if not han:
            if len(run) > 1:
                found[run] += 1
            continue
        found.update(run[i : i + 2] for i in range(len(run) - 1) if not _STOPS & set(run[i : i + 2]))
    return found


def overlap(one: Counter[str], other: Counter[str]) -> float:
    """Dice coefficient of two bags of pairs, 0 to 1, against the smaller so that a short text may match a long one."""
    smaller = min(sum(one.values()), sum(other.values()))
    return sum((one & other).values()) / smaller if smaller >= 3 else 0.0


def shared_words(one: str, other: str, most: int = 6) -> tuple[str, ...]:
    """The longest stretches of at least two Han characters that stand in both texts."""
    found: list[str] = []
    for han, run in terms.runs(one):
        if not han:
            continue
        start = 0
        while start < len(run) - 1:
            end = start + 2
            while end <= len(run) and run[start:end] in other:
                end += 1
            piece = run[start : end - 1]
            if len(piece) >= 2 and not _STOPS & set(piece[:1] + piece[-1:]):
                found.append(piece)
                start = end - 1
            else:
                start += 1
    unique = sorted(dict.fromkeys(found), key=len, reverse=True)
    return tuple(unique[:most])


def similar_to(
    text: str, place: str, town_id: int, viewer: Viewer, *, at: Place | None = None, category_id: int | None = None,
    leave_out: int | None = None,
) -> list[Matter]:  # fmt: skip
    """Open matters that may be the same, most alike first; each carries ``shared`` (words) and ``likeness`` (0 to 1).

    Only what the viewer may see is offered. Four queries at most beside the index.
    """
    own = pairs_of(f"{text}\n{place}")
    ids = _candidates(own, town_id, public_only=not viewer.offices)
    found = Matter.objects.filter(visible(viewer), pk__in=ids, stage__in=Matter.OPEN).exclude(pk=leave_out or 0)
    today = clock.today()
    scored = []
    for matter in found.select_related("community", "category"):
        likeness = _likeness(own, place, matter, today, at, category_id)
        if likeness >= LEAST:
            matter.likeness = likeness  # type: ignore[attr-defined]
            matter.shared = shared_words(f"{text}\n{place}", f"{matter.title}\n{matter.text}\n{matter.place}")  # type: ignore[attr-defined]
            scored.append(matter)
    return sorted(scored, key=lambda m: (-m.likeness, -m.pk))[:MOST]  # type: ignore[attr-defined]


def _candidates(own: Counter[str], town_id: int, *, public_only: bool) -> list[int]:
    """Newest matters that share a pair, those sharing several first; the index is asked for the longest-lived pairs."""
    hits: Counter[int] = Counter()
    for pair in list(own)[: PHRASES * 3]:
        if len(pair) < 2:
            continue
        for pk in search.find("matters.matter", pair, town_id=town_id, public_only=public_only, limit=CANDIDATES):
            hits[pk] += 1
    return [pk for pk, _n in hits.most_common(CANDIDATES)]


def _likeness(
    own: Counter[str], place: str, matter: Matter, today: dt.date, at: Place | None, category_id: int | None
) -> float:
    words = overlap(own, pairs_of(f"{matter.title}\n{matter.text}\n{matter.place}"))
    if words < LEAST / 2:
        return 0.0
    nearness = _nearness(place, matter, at)
    age = max(0, (today - clock.local_day(matter.raised_at)).days)
    recent = math.exp(-age / RECENT_DAYS)
    same = 1.0 if category_id is not None and matter.category_id == category_id else 0.0
    return words * (0.6 + 0.25 * nearness + 0.1 * recent + 0.05 * same)


def _nearness(place: str, matter: Matter, at: Place | None) -> float:
    """1 at the same spot, falling to 0 with distance; by the words of the place where there is no position."""
    if at is not None and matter.latitude is not None and matter.longitude is not None:
        return math.exp(-metres_between(at, (matter.latitude, matter.longitude)) / NEAR_METRES)
    if place and matter.place:
        return overlap(pairs_of(place), pairs_of(matter.place)) if len(place) > 3 else float(place in matter.place)
    return 0.0
