"""The method of equal shares, exact, with completion by raising every voter's share.

Every voter gets the same share of the budget. In each round the project is funded whose supporters
pay least per unit of utility, in equal parts as far as each can; a project whose supporters have
less than its cost drops out. Peters, Pierczyński, Skowron, Proportional Participatory Budgeting
with Additive Utilities, NeurIPS 2021.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from types import ModuleType
from typing import Literal

import numpy as np

from yishi.engines import compiling
from yishi.engines.tally.budget.accounts import Accounts, Cap
from yishi.engines.tally.budget.instance import Instance
from yishi.engines.tally.budget.sweeps import IN, NEAR, OUT, ROUNDING, UNSURE

Utility = Literal["cost", "cardinality"]
Completion = Literal["none", "add1"]
Stop = Literal["plain", "exhausted", "exceeds"]
WORTH_COMPILING = 20_000
MOST_RAISES = 200_000


class TooManyRaises(ValueError):
    """Completion needs more raises of one unit than are run; .zh and .en say what to do."""

    def __init__(self) -> None:
        self.zh = f"补足需要把每人份额加 1 超过 {MOST_RAISES} 次；请用更大的货币单位（如万元）写金额，或不作补足"
        self.en = f"completion needs more than {MOST_RAISES} raises of 1: write amounts in a larger unit, or do without completion"
        super().__init__(f"{self.zh} · {self.en}")


@dataclass(frozen=True)
class Shares:
    """Who is funded, in order, and the exact accounts behind it.

    `first` are the projects funded before completion; `raises` is how often every voter's share was raised by one unit; `stop`: `exhausted`, nothing
    more fits; `exceeds`, one more raise would exceed the budget; `plain`, without completion.
    """

    instance: Instance
    utility: Utility
    completion: Completion
    first: tuple[int, ...]
    raises: int
    stop: Stop
    accounts: Accounts = field(repr=False)

    @cached_property
    def free(self) -> tuple[int, ...]:
        """Projects that cost nothing and that someone wants: funded by cardinality. By cost they
        have no utility."""
        asked = range(len(self.instance.ids)) if self.utility == "cardinality" else ()
        return tuple(p for p in asked if self.instance.votes[p] and not self.instance.costs[p])

    @cached_property
    def chosen(self) -> tuple[int, ...]:
        """Funded projects in the order of the rounds, after those that cost nothing."""
        return (*self.free, *self.accounts.chosen)

    @property
    def share(self) -> Fraction:
        """What every voter began with, in the smallest unit."""
        return Fraction(self.accounts.start, self.accounts.denominator)

    @property
    def spent(self) -> int:
        """What the funded projects cost, in the smallest unit."""
        return self.instance.cost_of(self.chosen)


def equal_shares(
    instance: Instance,
    utility: Utility = "cost",
    completion: Completion = "none",
    sweeps: ModuleType | None = None,
) -> Shares:
    """Fund by equal shares; `add1` raises every share by one unit of currency until nothing more
    fits or the next raise would exceed the budget, whose outcome is then not taken.

    At equal payment per utility the project with the first id is taken. Raises `TooManyRaises`.
    """
    used = sweeps or fitting_sweeps(len(instance.ballots.places))
    accounts = _run(instance, utility, 0, used)
    first = tuple(accounts.chosen)
    if completion == "none" or not instance.voters:
        return Shares(instance, utility, completion, first, 0, "plain", accounts)
    for raises in range(MOST_RAISES):
        if not _more_fits(instance, accounts):
            return Shares(instance, utility, completion, first, raises, "exhausted", accounts)
        accounts = _run(instance, utility, raises + 1, used)
        if instance.cost_of(accounts.chosen) > instance.budget:
            accounts = _run(instance, utility, raises, used)
            return Shares(instance, utility, completion, first, raises, "exceeds", accounts)
    raise TooManyRaises


def fitting_sweeps(approvals: int) -> ModuleType:
    """Compiled sweeps where they are installed and worth loading, plain ones otherwise."""
    if approvals >= WORTH_COMPILING and compiling.compiled_available():
        from yishi.engines.tally.budget import sweeps

        return sweeps
    from yishi.engines.tally.budget import plain

    return plain


def _more_fits(instance: Instance, accounts: Accounts) -> bool:
    """Whether what is left pays for another project that someone approves."""
    left = instance.budget - instance.cost_of(accounts.chosen)
    rows = zip(instance.costs, instance.votes, accounts.when.tolist(), strict=True)
    return any(0 < cost <= left and votes and when < 0 for cost, votes, when in rows)


@dataclass
class _Race:
    """Bounds of all projects in one run; see `sweeps.pick`."""

    accounts: Accounts
    utility: Utility

    def __post_init__(self) -> None:
        instance = self.accounts.instance
        self.cost = np.array(instance.costs, np.float64)
        self.weight = np.maximum(self.cost, 1) if self.utility == "cost" else np.ones_like(self.cost)
        votes = np.array(instance.votes, np.float64)
        self.state = np.where((votes > 0) & (self.cost > 0), IN, OUT).astype(np.int32)
        self.cap = self.cost / np.maximum(votes, 1)
        self.low = self.cap / self.weight * (1 - 8 * ROUNDING)
        self.fresh = np.full(len(votes), -1, np.int32)

    def contenders(self, limit: float) -> tuple[list[int], float]:
        """Projects not proven to cost more per utility than `bound`, and that bound: the best
        estimate, or `limit`, whichever is less, and a little."""
        a, by = self.accounts, self.accounts.instance.supporters
        bound = NEAR * a.sweeps.pick(
            limit, by.starts, by.places, a.money, self.cost, self.weight,
            self.low, self.cap, self.fresh, self.state, a.delta, len(a.chosen),
        )  # fmt: skip
        near = (self.state == IN) & (self.low <= bound) | (self.state == UNSURE)
        return near.nonzero()[0].tolist(), bound

    def winner(self) -> tuple[int, Cap] | None:
        """The project that costs its supporters least per utility, proven in exact numbers."""
        seen: dict[int, Cap] = {}
        limit, best, bound = np.inf, -1, 0.0
        while best < 0 or limit > bound:
            near, bound = self.contenders(limit)
            new = [p for p in near if p not in seen]
            for p in new:
                cap = self.accounts.cap(p, self.cap[p])
                if cap is None:
                    self.state[p] = OUT
                    continue
                seen[p] = cap
                if best < 0 or (self._compare(p, cap, best, seen[best]), p) < (0, best):
                    best = p
            if best >= 0:
                exact = seen[best].rest / (seen[best].rich * self.accounts.denominator)
                limit = exact / self.weight[best] * (1 + 8 * ROUNDING)
            elif not new:
                return None
        self.state[best] = OUT
        self.state[self.state == UNSURE] = IN
        return best, seen[best]

    def _compare(self, one: int, cap: Cap, other: int, than: Cap) -> int:
        """Below 0 if `one` costs less per utility than `other`, 0 if the same."""
        mine, yours = cap.rest * than.rich, than.rest * cap.rich
        if self.utility == "cost":
            costs = self.accounts.instance.costs
            mine, yours = mine * costs[other], yours * costs[one]
        return (mine > yours) - (mine < yours)


def _run(instance: Instance, utility: Utility, raises: int, sweeps: ModuleType) -> Accounts:
    voters = max(1, len(instance.voters))
    accounts = Accounts(instance, sweeps, instance.budget + raises * instance.one * voters, voters)
    race = _Race(accounts, utility)
    while found := race.winner():
        accounts.choose(*found)
    return accounts
