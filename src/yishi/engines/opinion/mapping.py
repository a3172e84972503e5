"""From votes to a map: axes, places, groups, and the lists that explain them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from yishi.engines.compiling import one_blas_thread
from yishi.engines.opinion import polis
from yishi.engines.opinion.axes import GRID, Axes, axes_of_gram, axes_of_votes
from yishi.engines.opinion.clusters import Labels, Points, distances
from yishi.engines.opinion.grouping import MOST_GROUPS, cells_of, partition, refine, separations
from yishi.engines.opinion.lists import Bridge, Entry, bridging, consensus_lists, representative_lists
from yishi.engines.opinion.people import InMemory, People
from yishi.engines.opinion.resampling import ANNOUNCED, MOST_SAMPLED, SOLID, Replication, mean_votes, replicate
from yishi.engines.opinion.statistics import Tallies, group_informed, priorities
from yishi.engines.opinion.votes import VoteMatrix, named

Method = Literal["yishi", "polis"]
Tick = Callable[[str], None]
GRAM_STATEMENTS = 4_096
ENOUGH_VOTES = 7
FEWEST_PEOPLE = 6


@dataclass(frozen=True)
class Settings:
    """How to map.

    removed: statements left out by moderators; meta: statements about the person, not the topic;
    groups: how many, None = found from the votes; seed: of starts and resampling;
    divisions: random halvings that test the split, 0 = not tested.
    """

    method: Method = "yishi"
    groups: int | None = None
    seed: int = 0
    divisions: int = 8
    removed: Sequence[Any] = ()
    meta: Sequence[Any] = ()

    def __post_init__(self) -> None:
        if self.method not in ("yishi", "polis"):
            raise ValueError(f"method “{self.method}”: yishi or polis")
        if self.groups is not None and not 1 <= self.groups <= MOST_GROUPS:
            raise ValueError(f"{self.groups} groups: 1 to {MOST_GROUPS}, or auto")
        if self.divisions < 0:
            raise ValueError("the number of random halvings cannot be negative")


@dataclass(frozen=True)
class Split:
    """A way to divide people into k groups: mean silhouette of people, and its replication."""

    separation: float
    replication: Replication | None


@dataclass(frozen=True)
class MapResult:
    """The map. P participants and S statements in ascending order of their names.

    coordinates (P, 2) and groups (P,) with -1 for those outside (fewer than 7 votes); certainty
    (P,): 1 - distance to the own centre / distance to the next one, 0 on a border; centres (k, 2);
    places (S, 2) and extremity (S,) of statements; tallies of groups and of everyone; the lists.
    `announced` is False where the split did not come again in random halves: then there is one
    group, and `splits` says what was tried.
    """

    settings: Settings
    participants: NDArray[Any]
    statements: NDArray[Any]
    removed: NDArray[np.bool_]
    vote_counts: NDArray[np.int64]
    axes: Axes
    coordinates: Points
    groups: Labels
    certainty: NDArray[np.float64]
    centres: Points
    places: Points
    extremity: NDArray[np.float64]
    tallies: Tallies
    everyone: Tallies
    splits: dict[int, Split]
    announced: bool
    representative: dict[int, list[Entry]]
    consensus: dict[str, list[Entry]]
    informed: tuple[NDArray[np.float64], NDArray[np.float64]]
    bridging: list[Bridge]
    priorities: NDArray[np.float64]
    texts: dict[Any, str] = field(default_factory=dict)

    @property
    def group_sizes(self) -> NDArray[np.int64]:
        """People of each group, (K,); those without a group count in none."""
        return np.bincount(self.groups[self.groups >= 0], minlength=self.centres.shape[0])

    def with_texts(self, texts: dict[Any, str]) -> "MapResult":
        """The same map, its sentences quoting the statements."""
        return replace(self, texts=texts)


def map_votes(votes: VoteMatrix, settings: Settings | None = None, tick: Tick = lambda step: None) -> MapResult:
    """The opinion map of a vote matrix in memory."""
    return map_people(InMemory(votes), settings or Settings(), tick)


def map_people(people: People, settings: Settings, tick: Tick = lambda step: None) -> MapResult:
    """The opinion map of votes kept anywhere. `tick` is told each step as it begins.

    Raises ValueError when there is not one vote on an open statement.
    """
    with one_blas_thread():
        return _map(people, settings, tick)


def _map(people: People, settings: Settings, tick: Tick) -> MapResult:
    removed = named(people.statements, settings.removed)
    meta = named(people.statements, settings.meta)
    dropped = removed | meta
    sizes = people.row_sizes(dropped)
    if not sizes.any():
        raise ValueError("还没有可用的表态 · there is no vote on an open statement yet")
    tick("axes")
    axes = _axes(people, dropped)
    tick("places")
    raw = people.raw_places(axes)
    build = _polis if settings.method == "polis" else _yishi
    drawn = build(people, settings, axes, raw, sizes, dropped, tick)
    tick("lists")
    return _finish(people, settings, axes, drawn, removed, meta)


@dataclass(frozen=True)
class _Drawn:
    coordinates: Points
    groups: Labels
    centres: Points
    width: int
    splits: dict[int, Split]
    announced: bool


def _axes(people: People, dropped: NDArray[np.bool_]) -> Axes:
    """Axes over all statements, centre and loadings 0 where dropped."""
    if isinstance(people, InMemory) and people.statements.size > GRAM_STATEMENTS:
        order = np.argsort(people.digests(), kind="stable")
        ordered = people.sample(order).without(dropped)
        found = axes_of_votes(ordered, mean_votes(ordered))
    else:
        moments = people.moments()
        gram, centre = moments.gram(), moments.centre
        if dropped.any():
            gram, centre = gram[np.ix_(~dropped, ~dropped)], centre[~dropped]
        found = axes_of_gram(gram, centre)
    if not dropped.any():
        return found
    wide, vectors = np.zeros(dropped.size), np.zeros((2, dropped.size))
    wide[~dropped], vectors[:, ~dropped] = found.centre, found.vectors
    return replace(found, centre=wide, vectors=vectors)


def _yishi(
    people: People,
    settings: Settings,
    axes: Axes,
    raw: Points,
    sizes: NDArray[np.int64],
    dropped: NDArray[np.bool_],
    tick: Tick,
) -> _Drawn:
    width = int((~dropped).sum())
    scaled = raw * np.sqrt(width / np.maximum(sizes, 1))[:, None]
    coordinates = np.rint(scaled / GRID) * GRID
    inside = np.flatnonzero(sizes >= min(ENOUGH_VOTES, width))
    points = coordinates[inside]
    tick("groups")
    cells = cells_of(points)
    rng = np.random.default_rng(settings.seed)
    tries = _counts(settings, inside.size, cells.weights.size)
    centres = {k: partition(cells, k, rng) for k in tries}
    tests = _replications(people, inside, dropped, settings, tries, rng, tick)
    several = [k for k in tries if k > 1]
    gaps = separations(cells, [centres[k] for k in several])
    splits = {k: Split(gap, tests.get(k)) for k, gap in zip(several, gaps, strict=True)}
    chosen = _choose(splits, settings)
    start = centres.get(chosen, partition(cells, 1, rng) if inside.size else np.zeros((1, 2)))
    final, labels = refine(points, start) if inside.size else (start, np.zeros(0, dtype=np.int64))
    counts = np.bincount(labels, minlength=final.shape[0])
    order = np.lexsort((final[:, 1], final[:, 0], -counts))
    groups = np.full(sizes.size, -1, dtype=np.int64)
    groups[inside] = np.argsort(order)[labels]
    test = splits[chosen].replication if chosen in splits else None
    announced = chosen > 1 and (test is None or test.mean >= ANNOUNCED)
    return _Drawn(coordinates, groups, final[order], width, splits, announced)


def _counts(settings: Settings, people: int, cells: int) -> list[int]:
    if settings.groups is not None:
        return [settings.groups] if people >= settings.groups else []
    if people < FEWEST_PEOPLE:
        return []
    return [k for k in range(2, MOST_GROUPS + 1) if k < cells]


def _replications(
    people: People,
    inside: NDArray[np.int64],
    dropped: NDArray[np.bool_],
    settings: Settings,
    counts: Sequence[int],
    rng: np.random.Generator,
    tick: Tick,
) -> dict[int, Replication]:
    """People are drawn in the order of what they voted, so that names and arrival do not matter."""
    counts = [k for k in counts if k > 1]
    if settings.divisions == 0 or not counts or inside.size < FEWEST_PEOPLE:
        return {}
    rows = inside[np.argsort(people.digests()[inside], kind="stable")]
    if rows.size > MOST_SAMPLED:
        rows = rows[np.sort(rng.choice(rows.size, MOST_SAMPLED, replace=False))]
    sample = people.sample(rows).without(dropped)
    return replicate(sample, counts, divisions=settings.divisions, rng=rng, tick=lambda: tick("resampling"))


def _choose(splits: dict[int, Split], settings: Settings) -> int:
    """The asked number of groups. Else the best separated of the splits that come again firmly;
    where none does, the one that comes again most, if it does at all; else one group.
    """
    if settings.groups is not None:
        return settings.groups
    again = {k: 1.0 if s.replication is None else s.replication.mean for k, s in splits.items()}
    firm = [k for k in splits if again[k] >= SOLID]
    if firm:
        return max(firm, key=lambda k: (splits[k].separation, -k))
    return max((k for k in splits if again[k] >= ANNOUNCED), key=lambda k: (again[k], -k), default=1)


def _polis(
    people: People,
    settings: Settings,
    axes: Axes,
    raw: Points,
    sizes: NDArray[np.int64],
    dropped: NDArray[np.bool_],
    tick: Tick,
) -> _Drawn:
    """One cold tick of Polis: removed statements count as voted by everyone."""
    width, extra = dropped.size, int(dropped.sum())
    coordinates = raw * np.sqrt(width / np.maximum(sizes + extra, 1))[:, None]
    all_votes = people.row_sizes(np.zeros(width, dtype=bool))
    inside = np.flatnonzero(polis.members(all_votes, width))
    tick("groups")
    base, member = polis.base_clusters(coordinates[inside])
    weights = np.bincount(member, minlength=base.shape[0]).astype(np.float64)
    if base.shape[0] < 2:
        found_labels, centres, scores = np.zeros(base.shape[0], dtype=np.int64), base, {}
    else:
        grouping = polis.group(base, weights, count=settings.groups)
        found_labels, centres, scores = grouping.labels, grouping.centres, grouping.silhouettes
    groups = np.full(sizes.size, -1, dtype=np.int64)
    groups[inside] = found_labels[member]
    splits = {k: Split(score, None) for k, score in scores.items()}
    return _Drawn(coordinates, groups, centres, width, splits, centres.shape[0] > 1)


def _finish(
    people: People,
    settings: Settings,
    axes: Axes,
    drawn: _Drawn,
    removed: NDArray[np.bool_],
    meta: NDArray[np.bool_],
) -> MapResult:
    statements, count = people.statements, drawn.centres.shape[0]
    total = people.row_sizes(np.zeros(removed.size, dtype=bool))
    # one pass over the votes: the last row of the table holds those outside all groups
    counted = people.tallies(np.where(drawn.groups < 0, count, drawn.groups), count + 1)
    raw = Tallies(counted.agree[:count], counted.disagree[:count], counted.seen[:count])
    everyone, shown = counted.together(), raw
    dropped = removed | meta
    if settings.method == "polis":
        sizes = np.bincount(drawn.groups[drawn.groups >= 0], minlength=count)
        shown = raw.zeroed(dropped, sizes)
        everyone = everyone.zeroed(dropped, np.array([total.size]))
    places = axes.statements(drawn.width)
    extremity = np.hypot(places[:, 0], places[:, 1])
    split = count > 1 and drawn.announced
    return MapResult(
        settings=settings,
        participants=people.participants,
        statements=statements,
        removed=removed,
        vote_counts=total,
        axes=axes,
        coordinates=drawn.coordinates,
        groups=drawn.groups,
        certainty=_certainty(drawn),
        centres=drawn.centres,
        places=places,
        extremity=extremity,
        tallies=raw,
        everyone=everyone,
        splits=drawn.splits,
        announced=drawn.announced,
        representative=representative_lists(statements, shown, dropped) if count > 1 else {},
        consensus=consensus_lists(statements, _blank(everyone, dropped)),
        informed=group_informed(raw),
        bridging=bridging(statements, raw, dropped) if split else [],
        priorities=priorities(raw.together(), extremity, meta),
    )


def _blank(everyone: Tallies, dropped: NDArray[np.bool_]) -> Tallies:
    keep = np.where(dropped, 0, 1)
    return Tallies(everyone.agree * keep, everyone.disagree * keep, everyone.seen)


def _certainty(drawn: _Drawn) -> NDArray[np.float64]:
    """How far inside its group each person stands, (P,), 0 outside or with one group."""
    out = np.zeros(drawn.groups.size)
    if drawn.centres.shape[0] < 2:
        return out
    for low in range(0, out.size, 65_536):
        part = slice(low, low + 65_536)
        gap = np.sort(distances(drawn.coordinates[part], drawn.centres), axis=1)
        out[part] = 1 - gap[:, 0] / np.maximum(gap[:, 1], GRID)
    out[drawn.groups < 0] = 0
    return np.round(out, 6)
