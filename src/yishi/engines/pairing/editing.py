"""What if: a few edits, the best plan after them and what they cost."""

from bisect import bisect_left
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from yishi.engines.pairing.model import Pair, PairingError, Problem
from yishi.engines.pairing.sentences import cost_text, relief_text
from yishi.engines.pairing.solving import Plan, solve_compiled
from yishi.engines.pairing.table import Compiled, Ints
from yishi.engines.words import Text


class Act(StrEnum):
    """What an edit does to a pair, or to the bounds of a branch or a community."""

    FIX = "fix"
    FORBID = "forbid"
    FREE = "free"
    LIMIT_BRANCH = "limit_branch"
    LIMIT_COMMUNITY = "limit_community"


@dataclass(frozen=True, slots=True)
class Edit:
    """`fix`, `forbid` or `free` the pair (`branch`, `community`); or set `low` and `high` of one of them."""

    act: Act
    branch: str = ""
    community: str = ""
    low: int = 0
    high: int = 0


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The plan before and after (None: there is none), pairs that go and come, thousandths it costs."""

    before: Plan | None
    after: Plan | None
    gone: tuple[Pair, ...]
    new: tuple[Pair, ...]
    cost: int | None

    @property
    def sentence(self) -> Text:
        """In words."""
        if self.before is None and self.after is not None:
            return relief_text(len(self.new), self.after.total)
        return cost_text(self.cost, len(self.gone), len(self.new))


def edited(problem: Compiled, edits: tuple[Edit, ...]) -> Compiled:
    """The question after the edits. Raises PairingError for a name not on the list or bounds that make no sense."""
    for edit in edits:
        problem = _once(problem, edit)
    return problem


def what_if(plan: Plan, edits: tuple[Edit, ...]) -> WhatIf:
    """The best plan after the edits, beside the one before."""
    after = solve_compiled(edited(plan.problem, edits))
    if after is None:
        return WhatIf(plan, None, (), (), None)
    gone, new = np.setdiff1d(plan.keys, after.keys), np.setdiff1d(after.keys, plan.keys)
    name = plan.problem.pair
    return WhatIf(plan, after, tuple(map(name, gone)), tuple(map(name, new)), plan.total - after.total)


def relief(problem: Compiled, edits: tuple[Edit, ...]) -> WhatIf:
    """Whether the edits give a plan to a question that has none. Raises PairingError as `edited` does."""
    after = solve_compiled(edited(problem, edits))
    return WhatIf(None, after, (), () if after is None else after.pairs, None)


def wishes_after(problem: Problem, edits: tuple[Edit, ...]) -> Problem:
    """The question as it was told, with the pairs that are fixed or forbidden after the edits."""
    fixed, forbidden = set(problem.fixed), set(problem.forbidden)
    for edit in edits:
        if edit.act in {Act.LIMIT_BRANCH, Act.LIMIT_COMMUNITY}:
            continue
        pair = edit.branch, edit.community
        fixed.discard(pair)
        forbidden.discard(pair)
        if edit.act is not Act.FREE:
            (fixed if edit.act is Act.FIX else forbidden).add(pair)
    return replace(problem, fixed=frozenset(fixed), forbidden=frozenset(forbidden))


def _once(problem: Compiled, edit: Edit) -> Compiled:
    if edit.act in {Act.LIMIT_BRANCH, Act.LIMIT_COMMUNITY}:
        return _limited(problem, edit)
    key = _place(problem.branches, edit.branch) * problem.shape[1] + _place(problem.communities, edit.community)
    fixed, forbidden = problem.fixed[problem.fixed != key], problem.forbidden[problem.forbidden != key]
    if edit.act is Act.FIX:
        fixed = np.union1d(fixed, key)
    elif edit.act is Act.FORBID:
        forbidden = np.union1d(forbidden, key)
    return replace(problem, fixed=fixed, forbidden=forbidden)


def _limited(problem: Compiled, edit: Edit) -> Compiled:
    n, m = problem.shape
    if not 0 <= edit.low <= edit.high:
        raise PairingError(
            f"最少 {edit.low}、最多 {edit.high} 说不通。", f"Min {edit.low} and max {edit.high} make no sense."
        )
    if edit.act is Act.LIMIT_BRANCH:
        place = _place(problem.branches, edit.branch)
        return replace(
            problem,
            row_low=_with(problem.row_low, place, edit.low),
            row_high=_with(problem.row_high, place, max(edit.low, min(edit.high, m))),
        )
    place = _place(problem.communities, edit.community)
    return replace(
        problem,
        column_low=_with(problem.column_low, place, edit.low),
        column_high=_with(problem.column_high, place, max(edit.low, min(edit.high, n))),
    )


def _with(values: Ints, place: int, value: int) -> Ints:
    found = values.copy()
    found[place] = value
    return found


def _place(names: tuple[str, ...], name: str) -> int:
    place = bisect_left(names, name)
    if place == len(names) or names[place] != name:
        raise PairingError(f"名单里没有“{name}”。", f"“{name}” is not on the list.")
    return place
