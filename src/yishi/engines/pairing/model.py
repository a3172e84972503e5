"""What a pairing is asked: branches that bring, communities that need, ties, quotas and wishes.

Scores are integers in thousandths of a point, distances integer metres, so that every sum is exact.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from yishi.engines.words import Spoken

Pair = tuple[str, str]
"""A branch and a community, by id."""
MOST_SIDE = 30_000
MOST_CELLS = 60_000_000
MOST_LEVEL = 100
MOST_WEIGHT = 1_000
MOST_METRES = 1_000_000


class PairingError(Spoken):
    """A question that cannot be asked so; `zh` and `en` say what to mend."""


class Each(StrEnum):
    """What a quota counts: all its pairs together, or those of each community, or of each branch."""

    TOTAL = "total"
    COMMUNITY = "community"
    BRANCH = "branch"


@dataclass(frozen=True, slots=True)
class Branch:
    """One side: a branch or unit. `brings` gives a level 1..100 for each strength; `institution` the
    path of its parents, topmost first; it pairs with `low` to `high` communities; `place` in metres."""

    id: str
    brings: Mapping[str, int] = field(default_factory=dict)
    institution: tuple[str, ...] = ()
    low: int = 1
    high: int = 1
    place: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Community:
    """The other side. It takes `low` to `high` branches; without `high`, as many as come."""

    id: str
    needs: Mapping[str, int] = field(default_factory=dict)
    area: tuple[str, ...] = ()
    low: int = 0
    high: int | None = None
    place: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Tie:
    """What is known of a pair: level of its bond, years paired before, metres if measured."""

    branch: str
    community: str
    bond: int = 0
    past: int = 0
    metres: int | None = None


@dataclass(frozen=True, slots=True)
class Quota:
    """`low` to `high` pairs between some branches and some communities.

    `branches` and `communities` hold ids, institutions or areas; empty means all. `by_institution`
    counts each innermost institution among the branches apart.
    """

    name: str
    branches: tuple[str, ...] = ()
    communities: tuple[str, ...] = ()
    each: Each = Each.TOTAL
    low: int = 0
    high: int | None = None
    by_institution: bool = False


@dataclass(frozen=True, slots=True)
class Weights:
    """Points: per level of strength times level of need, per kilometre (taken off), per level of bond,
    per year paired before."""

    fit: int = 10
    distance: int = 1
    bond: int = 5
    past: int = 3


@dataclass(frozen=True, slots=True)
class Problem:
    """A whole question. `fixed` pairs must be, `forbidden` ones must not; `seed` of the draw among ties."""

    branches: tuple[Branch, ...]
    communities: tuple[Community, ...]
    ties: tuple[Tie, ...] = ()
    quotas: tuple[Quota, ...] = ()
    fixed: frozenset[Pair] = frozenset()
    forbidden: frozenset[Pair] = frozenset()
    weights: Weights = field(default_factory=Weights)
    seed: int = 0


def check(problem: Problem) -> None:
    """Raise PairingError unless every name is known once and every number within its bounds."""
    branches, communities = [b.id for b in problem.branches], [c.id for c in problem.communities]
    if not branches or not communities:
        raise PairingError("至少要有一个支部和一个社区。", "At least one branch and one community are needed.")
    if max(len(branches), len(communities)) > MOST_SIDE or len(branches) * len(communities) > MOST_CELLS:
        raise PairingError(
            f"太大：每边最多 {MOST_SIDE} 个，两边相乘最多 {MOST_CELLS}。",
            f"Too large: at most {MOST_SIDE} on a side and {MOST_CELLS} pairs in all.",
        )
    _once(branches, "支部", "branch")
    _once(communities, "社区", "community")
    _known(problem, set(branches), set(communities))
    for who in problem.branches:
        _bounds(who.id, who.low, who.high)
        _levels(who.id, who.brings)
    for place in problem.communities:
        _bounds(place.id, place.low, place.high)
        _levels(place.id, place.needs)
    for quota in problem.quotas:
        _bounds(quota.name, quota.low, quota.high)
    _once([f"{t.branch}—{t.community}" for t in problem.ties], "关系", "tie")
    for tie in problem.ties:
        _within(f"{tie.branch}—{tie.community}", tie.bond, 0, MOST_LEVEL)
        _within(f"{tie.branch}—{tie.community}", tie.past, 0, MOST_LEVEL)
        _within(f"{tie.branch}—{tie.community}", tie.metres or 0, 0, MOST_METRES)
    weights = problem.weights
    for name in ("fit", "distance", "bond", "past"):
        _within(name, getattr(weights, name), 0, MOST_WEIGHT)


def _once(names: list[str], zh: str, en: str) -> None:
    if len(set(names)) < len(names):
        seen: set[str] = set()
        twice = next(n for n in names if n in seen or seen.add(n))  # type: ignore[func-returns-value]
        raise PairingError(f"{zh}“{twice}”写了两次，请只留一个。", f"The {en} “{twice}” stands twice: keep one.")


def _known(problem: Problem, branches: set[str], communities: set[str]) -> None:
    named = [(t.branch, t.community) for t in problem.ties] + [*problem.fixed, *problem.forbidden]
    for one, other in named:
        if one not in branches:
            raise PairingError(f"没有支部“{one}”。", f"There is no branch “{one}”.")
        if other not in communities:
            raise PairingError(f"没有社区“{other}”。", f"There is no community “{other}”.")
    branches = branches.union(*(b.institution for b in problem.branches))
    communities = communities.union(*(c.area for c in problem.communities))
    for quota in problem.quotas:
        for wanted, known in ((quota.branches, branches), (quota.communities, communities)):
            for name in wanted:
                if name not in known:
                    raise PairingError(
                        f"名额“{quota.name}”提到的“{name}”不在名单里。",
                        f"The quota “{quota.name}” names “{name}”, which is not on the list.",
                    )


def _bounds(name: str, low: int, high: int | None) -> None:
    if low < 0 or (high is not None and high < 0):
        raise PairingError(f"“{name}”的最少、最多不能小于 0。", f"“{name}”: min and max cannot be below 0.")
    if high is not None and low > high:
        raise PairingError(
            f"“{name}”最少 {low} 大于最多 {high}，请改其中一个。",
            f"“{name}”: min {low} is above max {high}; change one of them.",
        )


def _levels(name: str, levels: Mapping[str, int]) -> None:
    for what, level in levels.items():
        _within(f"{name}·{what}", level, 1, MOST_LEVEL)


def _within(name: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise PairingError(f"“{name}”应在 {least} 到 {most} 之间。", f"“{name}” should be from {least} to {most}.")
