"""A participatory budget in numbers: projects with whole costs, ballots of approvals both ways round."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

MOST_DECIMALS = 6
MOST_MONEY = 10**15
"""Amounts in their smallest unit stay below this, so that a float holds each of them exactly."""

Ints = NDArray[np.int32]
Offsets = NDArray[np.int64]


@dataclass(frozen=True)
class Ballots:
    """Who approves what, as offsets and places: row i holds `places[starts[i]:starts[i + 1]]`."""

    starts: Offsets
    places: Ints

    def __getitem__(self, row: int) -> Ints:
        return self.places[self.starts[row] : self.starts[row + 1]]

    def __len__(self) -> int:
        return len(self.starts) - 1

    def turned(self, columns: int) -> "Ballots":
        """The same approvals by project: the voters of each, in order."""
        order = np.argsort(self.places, kind="stable")
        voters = np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.starts))
        counts = np.bincount(self.places, minlength=columns)
        return Ballots(np.concatenate([[0], np.cumsum(counts)]).astype(np.int64), voters[order])


@dataclass(frozen=True)
class Instance:
    """Projects in the order of their ids (ties go to the first), money in units of 10^-decimals.

    `ballots` has a row a voter, `supporters` a row a project.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    costs: tuple[int, ...]
    budget: int
    voters: Sequence[str]
    ballots: Ballots
    decimals: int = 0
    about: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Any, ...] = ()

    @cached_property
    def supporters(self) -> Ballots:
        """The voters of each project."""
        return self.ballots.turned(len(self.ids))

    @cached_property
    def votes(self) -> tuple[int, ...]:
        """Approvals of each project."""
        return tuple(int(n) for n in np.diff(self.supporters.starts))

    @property
    def one(self) -> int:
        """One unit of the currency."""
        return int(10**self.decimals)

    def money(self, amount: int) -> Decimal:
        """An amount as it is written."""
        return Decimal(amount).scaleb(-self.decimals)

    def cost_of(self, projects: Sequence[int]) -> int:
        """What several projects cost together."""
        return sum(self.costs[p] for p in projects)


def instance_of(
    costs: Mapping[str, Decimal | int], approvals: Mapping[str, Sequence[str]], budget: Decimal | int
) -> Instance:
    """An instance from plain mappings: cost by project id, approved ids by voter.

    Raises `ValueError` for a negative cost or budget, more than six decimals, amounts beyond
    10^15 of the smallest unit, or a vote for an unknown project.
    """
    amounts = {name: Decimal(cost) for name, cost in costs.items()}
    whole = Decimal(budget)
    if not 0 <= whole < MOST_MONEY or any(not 0 <= cost < MOST_MONEY for cost in amounts.values()):
        raise ValueError("costs and budget must not be negative, and below 10^15")
    decimals = max([0, *(-int(a.as_tuple().exponent) for a in (whole, *amounts.values()))])
    if decimals > MOST_DECIMALS or max(whole, *amounts.values(), Decimal(0)).scaleb(decimals) >= MOST_MONEY:
        raise ValueError("at most six decimals, and amounts below 10^15 of the smallest unit")
    ids = tuple(sorted(amounts))
    place = {name: i for i, name in enumerate(ids)}
    unknown = sorted({name for ballot in approvals.values() for name in ballot} - place.keys())
    if unknown:
        raise ValueError(f"votes for unknown projects: {unknown}")
    rows = [sorted({place[name] for name in ballot}) for ballot in approvals.values()]
    return Instance(
        ids,
        ids,
        tuple(int(amounts[name].scaleb(decimals)) for name in ids),
        int(whole.scaleb(decimals)),
        tuple(approvals),
        ballots_of(rows),
        decimals,
    )


def ballots_of(rows: Sequence[Sequence[int]]) -> Ballots:
    """Rows of places as offsets and places."""
    starts = np.zeros(len(rows) + 1, np.int64)
    np.cumsum([len(row) for row in rows], out=starts[1:])
    return Ballots(starts, np.array([place for row in rows for place in row], np.int32))
