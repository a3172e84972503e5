"""From votes to a map: axes, places, groups, and the lists that explain them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeGuard

import numpy as np
from numpy.typing import NDArray

from yishi.engines.compiling import one_blas_thread
from yishi.engines.opinion import polis
from yishi.engines.opinion.axes import GRID, Axes, axes_of_gram, axes_of_votes
from yishi.engines.opinion.clusters import Labels, Points, distances
from yishi.engines.opinion.grouping import MOST_GROUPS, cells_of, partition, refine, separations
from yishi.engines.opinion.lists import Bridge, Entry, bridging, consensus_lists, representative_lists
from yishi.engines.opinion.marks import Marks, statement_marks, statement_marks_of_votes
from yishi.engines.opinion.people import InMemory, People
from yishi.engines.opinion.resampling import MOST_SAMPLED, Replication, Split, answers, mean_votes, replicate
from yishi.engines.opinion.statistics import Tallies, group_informed, priorities
from yishi.engines.opinion.votes import VoteMatrix, named

Method = Literal["yishi", "polis"]
Tick = Callable[[str], None]
GRAM_STATEMENTS = 4_096
ENOUGH_VOTES = 7
FEWEST_PEOPLE = 6
_STARTS_SEED = _SAMPLE_SEED = 0
"""Not the user's seed: where k-means starts and who is sampled have no say in whether a split is announced."""


@dataclass(frozen=True)
class Settings:
    """How to map.

    removed: statements left out by moderators; meta: statements about the person, not the topic;
    groups: how many, None = found from the votes; seed: of the halvings;
    divisions: the most random halvings that test the split, 0 = not tested.
    """

    method: Method = "yishi"
    groups: int | None = None
    seed: int = 0
    divisions: int = 200
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

    @property
    def voted_on(self) -> NDArray[np.bool_]:
        """Statements open to the map that anyone voted on, (S,)."""
        found: NDArray[np.bool_] = ~self.removed & (self.everyone.seen[0] > 0)
        return found

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
    columns = _Columns.of(people, settings)
    sizes = people.row_sizes(columns.dropped)
    if not sizes.any():
        raise ValueError("还没有可用的表态 · there is no vote on an open statement yet")
    tick("axes")
    axes = _axes(people, columns)
    tick("places")
    raw = people.raw_places(axes)
    build = _polis if settings.method == "polis" else _yishi
    drawn = build(people, settings, raw, sizes, columns, tick)
    tick("lists")
    return _finish(people, settings, axes, drawn, columns)


@dataclass(frozen=True)
class _Columns:
    """Masks and marks of statements, (S,) each. A statement without votes is no column: it is listed, but
    nothing is computed from it. What does not shape the map is `shut`, the rest is `open`: places of
    statements in the order of their marks, so that their numbers do not matter.
    """

    removed: NDArray[np.bool_]
    meta: NDArray[np.bool_]
    voted: NDArray[np.bool_]
    marks: Marks

    @classmethod
    def of(cls, people: People, settings: Settings) -> "_Columns":
        removed, meta = (named(people.statements, names) for names in (settings.removed, settings.meta))
        voted = people.voted()
        shut = removed | meta | ~voted
        if _without_tables(people):
            return cls(removed, meta, voted, statement_marks_of_votes(people.votes, shut))
        return cls(removed, meta, voted, statement_marks(people.moments(), shut))

    @property
    def dropped(self) -> NDArray[np.bool_]:
        return self.removed | self.meta

    @property
    def shut(self) -> NDArray[np.bool_]:
        return self.dropped | ~self.voted

    @property
    def open(self) -> NDArray[np.intp]:
        order = np.argsort(self.marks, kind="stable")
        return order[~self.shut[order]]


def _without_tables(people: People) -> TypeGuard[InMemory]:
    return isinstance(people, InMemory) and people.statements.size > GRAM_STATEMENTS


@dataclass(frozen=True)
class _Drawn:
    coordinates: Points
    groups: Labels
    centres: Points
    width: int
    splits: dict[int, Split]
    announced: bool


def _axes(people: People, columns: _Columns) -> Axes:
    """Axes over all statements, centre and loadings 0 where shut."""
    order = columns.open
    if _without_tables(people):
        ordered = people.sample(np.argsort(people.marks(columns.marks), kind="stable")).only(order)
        found = axes_of_votes(ordered, mean_votes(ordered))
    else:
        moments = people.moments()
        found = axes_of_gram(moments.gram()[np.ix_(order, order)], moments.centre[order])
    wide, vectors = np.zeros(columns.shut.size), np.zeros((2, columns.shut.size))
    wide[order], vectors[:, order] = found.centre, found.vectors
    return replace(found, centre=wide, vectors=vectors)


def _yishi(
    people: People,
    settings: Settings,
    raw: Points,
    sizes: NDArray[np.int64],
    columns: _Columns,
    tick: Tick,
) -> _Drawn:
    width = columns.open.size
    scaled = raw * np.sqrt(width / np.maximum(sizes, 1))[:, None]
    coordinates = np.rint(scaled / GRID) * GRID
    inside = np.flatnonzero(sizes >= min(ENOUGH_VOTES, width))
    points = coordinates[inside]
    tick("groups")
    cells = cells_of(points)
    tries = _counts(settings, inside.size, cells.weights.size)
    centres = {k: partition(cells, k, np.random.default_rng(_STARTS_SEED)) for k in tries}
    several = [k for k in tries if k > 1]
    gaps = dict(zip(several, separations(cells, [centres[k] for k in several]), strict=True))
    splits = _tested(people, inside, columns, settings, gaps, tick)
    chosen = settings.groups or _choose(splits)
    start = centres.get(chosen, points.mean(axis=0, keepdims=True) if inside.size else np.zeros((1, 2)))
    final, labels = refine(points, start) if inside.size else (start, np.zeros(0, dtype=np.int64))
    counts = np.bincount(labels, minlength=final.shape[0])
    order = np.lexsort((final[:, 1], final[:, 0], -counts))
    groups = np.full(sizes.size, -1, dtype=np.int64)
    groups[inside] = np.argsort(order)[labels]
    test = splits[chosen].replication if chosen in splits else None
    announced = chosen > 1 and (test is None or test.announced)
    return _Drawn(coordinates, groups, final[order], width, splits, announced)


def _counts(settings: Settings, people: int, cells: int) -> list[int]:
    if settings.groups is not None:
        return [settings.groups] if people >= settings.groups else []
    if people < FEWEST_PEOPLE:
        return []
    return [k for k in range(2, MOST_GROUPS + 1) if k < cells]


def _tested(
    people: People,
    inside: NDArray[np.int64],
    columns: _Columns,
    settings: Settings,
    gaps: dict[int, float],
    tick: Tick,
) -> dict[int, Split]:
    """The splits with their separations `gaps`, tested by halvings until their outcome is clear. People are
    drawn in the order of what they voted, the same sample for every seed.
    """
    if settings.divisions == 0 or not gaps or inside.size < FEWEST_PEOPLE:
        return {k: Split(gap, None) for k, gap in gaps.items()}
    rows = inside[np.argsort(people.marks(columns.marks)[inside], kind="stable")]
    if rows.size > MOST_SAMPLED:
        rows = rows[np.sort(np.random.default_rng(_SAMPLE_SEED).choice(rows.size, MOST_SAMPLED, replace=False))]

    def splits(tests: dict[int, Replication]) -> dict[int, Split]:
        return {k: Split(gap, tests[k]) for k, gap in gaps.items()}

    return splits(
        replicate(
            people.sample(rows).only(columns.open),
            list(gaps),
            most=settings.divisions,
            enough=lambda tests: len(answers(splits(tests))) == 1,
            rng=np.random.default_rng(settings.seed),
            tick=lambda: tick("resampling"),
        )
    )


def _choose(splits: dict[int, Split]) -> int:
    """The number of groups to announce: where halvings leave several answers, the fewest; one where none is sure."""
    found = {k for k, _ in answers(splits)}
    if 1 in found:
        return 1
    return min(k for k in found if (test := splits[k].replication) is None or test.announced)


def _polis(
    people: People,
    settings: Settings,
    raw: Points,
    sizes: NDArray[np.int64],
    columns: _Columns,
    tick: Tick,
) -> _Drawn:
    """One cold tick of Polis: removed statements count as voted by everyone; a statement is a column, and a
    person a row, from the first vote on."""
    width, extra = int(columns.voted.sum()), int((columns.dropped & columns.voted).sum())
    coordinates = raw * np.sqrt(width / np.maximum(sizes + extra, 1))[:, None]
    all_votes = people.row_sizes(np.zeros(columns.voted.size, dtype=bool))
    inside = np.flatnonzero(polis.members(all_votes, width) & (all_votes > 0))
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
    columns: _Columns,
) -> MapResult:
    statements, count, shut = people.statements, drawn.centres.shape[0], columns.shut
    total = people.row_sizes(np.zeros(shut.size, dtype=bool))
    # one pass over the votes: the last row of the table holds those outside all groups
    counted = people.tallies(np.where(drawn.groups < 0, count, drawn.groups), count + 1)
    raw = Tallies(counted.agree[:count], counted.disagree[:count], counted.seen[:count])
    everyone, shown = counted.together(), raw
    if settings.method == "polis":
        dropped = columns.dropped & columns.voted
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
        removed=columns.removed,
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
        representative=representative_lists(statements, shown, shut) if count > 1 else {},
        consensus=consensus_lists(statements, _blank(everyone, shut)),
        informed=group_informed(raw),
        bridging=bridging(statements, raw, shut) if split else [],
        priorities=priorities(raw.together(), extremity, columns.meta),
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
