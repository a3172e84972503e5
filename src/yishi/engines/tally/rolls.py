"""Rolls: who counts, and with what weight (heads, floor area, shares)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from yishi.engines.calendar import same_day_after


class RollError(ValueError):
    """A roll that cannot be drawn up; the message names the row and what to mend."""


@dataclass(frozen=True, slots=True)
class Weight:
    """What one voter, or many together, weigh: heads, area in hundredths of m², shares."""

    heads: int = 0
    area: int = 0
    shares: int = 0

    def __add__(self, other: "Weight") -> "Weight":
        return Weight(self.heads + other.heads, self.area + other.area, self.shares + other.shares)


@dataclass(frozen=True, slots=True)
class Roll:
    """Voters with their weights, frozen at the record date; `left_out` lists what has no vote."""

    weights: Mapping[str, Weight]
    left_out: tuple[str, ...] = ()

    @property
    def total(self) -> Weight:
        """The whole, against which quorums and passes are reckoned."""
        return sum(self.weights.values(), Weight())


@dataclass(frozen=True, slots=True)
class Unit:
    """One part of a building: area in hundredths of m², the joint owners' ids, whether it is
    an exclusive part (a registered bay or stall is one), and whether the buyer has received it.

    An unsold or undelivered unit belongs to the developer.
    """

    id: str
    area: int
    owners: tuple[str, ...]
    exclusive: bool = True
    delivered: bool = True


def owners_roll(units: Iterable[Unit], developer: str = "") -> Roll:
    """The owners' roll of an estate, after the SPC Interpretation on Ownership of Building
    Units, art. 8 and 9: area of all exclusive parts, one head for each owner however many
    units they hold (one for a bay alone), one head for all that the developer has not sold or
    delivered. Joint owners of a unit are one voter, who votes through one of them; a different
    circle of joint owners is another voter. Raises `RollError`.
    """
    weights: dict[str, Weight] = {}
    left_out: list[str] = []
    seen: set[str] = set()
    for unit in units:
        if unit.id in seen:
            raise RollError(f"unit {unit.id} is listed twice")
        seen.add(unit.id)
        if not unit.exclusive:
            left_out.append(unit.id)
            continue
        owner = _owner(unit, developer)
        if unit.area <= 0:
            raise RollError(f"unit {unit.id} has no area: enter it in m² with two decimals")
        before = weights.get(owner, Weight(heads=1))
        weights[owner] = before + Weight(area=unit.area)
    return Roll(weights, tuple(left_out))


def _owner(unit: Unit, developer: str) -> str:
    if unit.owners and unit.delivered:
        return "+".join(sorted(set(unit.owners)))
    if not developer:
        raise RollError(f"unit {unit.id} has no owner who received it: name the developer")
    return developer


@dataclass(frozen=True, slots=True)
class Person:
    """A member, with the facts that full capacity rests on. `own_labour`: aged 16 or 17 and
    living mainly on their own work; `court_limited`: a court has found otherwise."""

    id: str
    born: date
    own_labour: bool = False
    court_limited: bool = False
    shares: int = 0


def full_capacity(person: Person, on: date) -> bool:
    """Full civil capacity on a day: 18 and over, or 16 and living on own labour (Civil Code
    18), unless a court has found otherwise (24); never by a clerk's mark. The birthday counts."""
    if person.court_limited:
        return False
    age = 16 if person.own_labour else 18
    return same_day_after(person.born, 12 * age) <= on


def members_roll(people: Iterable[Person], on: date) -> Roll:
    """One person one vote among members of full capacity on the record date (Law on Rural
    Collective Economic Organisations, art. 27); the others are listed in `left_out`."""
    weights: dict[str, Weight] = {}
    left_out: list[str] = []
    for person in people:
        if person.id in weights or person.id in left_out:
            raise RollError(f"member {person.id} is listed twice")
        if full_capacity(person, on):
            weights[person.id] = Weight(heads=1, shares=person.shares)
        else:
            left_out.append(person.id)
    return Roll(weights, tuple(left_out))
