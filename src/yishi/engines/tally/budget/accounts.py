"""The exact side of equal shares: what every voter has left, as whole numbers over one denominator.

A voter with money left has paid the full cap of every chosen project that they support, so their
money is start − Σ caps: no number is kept for each voter. Floats only say who is far from a cap;
whoever is near it is compared exactly, and the cap found is checked against the split it came from.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import gcd
from types import ModuleType
from typing import NamedTuple

import numpy as np

from yishi.engines.tally.budget.instance import Instance
from yishi.engines.tally.budget.sweeps import ROUNDING

TOLERANCE = 1e-9
SMALLEST = 2.0**-1000
"""Money that is left but too little for a float: keeps its owner from looking emptied."""


class Cap(NamedTuple):
    """The exact cap `rest / (rich · denominator)` of one project at this moment.

    Supporters with more than `hi` pay it, those below `lo` pay all they have; `near` are the others,
    [(money as numerator, voters)].
    """

    rest: int
    rich: int
    lo: float
    hi: float
    near: list[tuple[int, list[int]]]


@dataclass
class Accounts:
    """Money of voters in one run: floats within `delta`, and the exact history behind them."""

    instance: Instance
    sweeps: ModuleType
    start: int
    denominator: int

    def __post_init__(self) -> None:
        first, voters = self.start / self.denominator, len(self.instance.voters)
        self.caps: list[int] = []
        self.chosen: list[int] = []
        self.first = first
        self.delta = 2 * ROUNDING * first
        self.money = np.full(voters, first)
        self.emptied = np.full(voters, -1, np.int32)
        self.when = np.full(len(self.instance.ids), -1, np.int32)
        self._near = np.empty(max([0, *self.instance.votes]), np.int32)

    def cap(self, project: int, guess: float) -> Cap | None:
        """The exact cap of a project; None if its supporters have less than its cost.

        `guess` is where to begin; a wrong one costs time, not truth.
        """
        q, tolerance = guess, TOLERANCE * guess + 8 * self.delta
        cost = self.instance.costs[project] * self.denominator
        while True:
            lo, hi = q - tolerance, q + tolerance
            poor, near, rich = self._split(project, lo, hi)
            rest, left = cost - poor, rich + sum(len(voters) for _, voters in near)
            for have, voters in near:
                if have * left >= rest:
                    break
                rest -= have * len(voters)
                left -= len(voters)
            if left == 0 and rest > 0:
                return None
            found = rest / (left * self.denominator) if left else q
            if left and abs(found - q) <= tolerance / 2:
                return Cap(rest, left, lo, hi, near)
            q, tolerance = found, 16 * tolerance

    def choose(self, project: int, cap: Cap) -> None:
        """Let the supporters pay."""
        now, q = len(self.chosen), cap.rest / (cap.rich * self.denominator)
        self.sweeps.pay(self.instance.supporters[project], self.money, self.emptied, cap.lo, cap.hi, q, now)
        for have, voters in cap.near:
            over = have * cap.rich - cap.rest
            self.money[voters] = max(SMALLEST, over / (cap.rich * self.denominator)) if over > 0 else 0.0
            if over <= 0:
                self.emptied[voters] = now
        shared = gcd(cap.rest, cap.rich)
        factor = cap.rich // shared
        self.denominator *= factor
        self.start *= factor
        self.caps = [factor * paid for paid in self.caps] + [cap.rest // shared]
        self.chosen.append(project)
        self.when[project] = now
        self.delta += 4 * ROUNDING * self.first

    def left_of(self, project: int) -> Fraction:
        """What the supporters of a project have left together."""
        return Fraction(self._split(project, np.inf, np.inf)[0], self.denominator)

    def price(self, now: int) -> Fraction:
        """The cap paid in a round."""
        return Fraction(self.caps[now], self.denominator)

    def _split(self, project: int, lo: float, hi: float) -> tuple[int, list[tuple[int, list[int]]], int]:
        """(money of the poor, near ones by money, number of the rich) as exact numerators."""
        paid = np.zeros(len(self.caps) + 1, np.int64)
        ballots = self.instance.ballots
        poor, near, rich = self.sweeps.split(
            self.instance.supporters[project], self.money, lo, hi,
            ballots.starts, ballots.places, self.when, paid, self._near,
        )  # fmt: skip
        spent = sum(n * cap for n, cap in zip(paid.tolist(), self.caps, strict=False) if n)
        return poor * self.start - spent, self._by_money(self._near[:near].tolist()) if near else [], rich

    def _by_money(self, voters: list[int]) -> list[tuple[int, list[int]]]:
        groups: dict[int, list[int]] = {}
        for voter in voters:
            rounds = self.when[self.instance.ballots[voter]].tolist()
            groups.setdefault(self.start - sum(self.caps[k] for k in rounds if k >= 0), []).append(voter)
        return sorted(groups.items())
