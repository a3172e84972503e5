"""Whose signatures a petition counts, and of how many: from the facts of a day, never from what somebody types."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from yishi.decisions.models import Decision
from yishi.decisions.voting import drawing
from yishi.engines.procedure import Pack
from yishi.people import selectors as people


@dataclass(frozen=True, slots=True)
class Circle:
    """Those who may sign. ``lines``: person → the voters among ``whole`` for whom they sign (joint owners are one)."""

    whole: int
    lines: Mapping[int, tuple[int, ...]]
    faults: tuple[str, ...] = ()

    def counted(self, persons: Iterable[int]) -> int:
        """How many of the whole these people are; whoever is not of the circle counts for nothing."""
        return len({line for person in persons for line in self.lines.get(person, ())})


def circle_of(decision: Decision, quantity: str, pack: Pack, on: dt.date) -> Circle | None:
    """The circle of a quantity of the packs on a day; None where the register cannot tell it (groups)."""
    reckon = CIRCLES.get(quantity)
    return reckon(decision, pack, on) if reckon else None


def _of(drawn: drawing.Drawn, whole: int, faults: Iterable[str] = ()) -> Circle:
    lines: dict[int, tuple[int, ...]] = {}
    for n, line in enumerate(drawn.lines):
        for person in (line.person_id, *line.holders):
            if person is not None:
                lines[person] = (*lines.get(person, ()), n)
    return Circle(whole, lines, tuple(faults))


def _owners(decision: Decision, pack: Pack, on: dt.date) -> Circle:
    drawn = drawing.owners(decision, pack, on)
    return _of(drawn, len(drawn.lines), drawn.faults)


def _adults(decision: Decision, pack: Pack, on: dt.date) -> Circle:
    """Those without a date of birth stay in the whole and do not sign: that can only make it harder to reach."""
    drawn = drawing.adults(decision, pack, on)
    return _of(drawn, len(drawn.lines) + drawn.ageless)


def _villagers(decision: Decision, pack: Pack, on: dt.date) -> Circle:
    """Of all villagers whatever their age; the grown ones sign."""
    everyone = people.right_holders(drawing.RESIDING, on, area_path=decision.area.path)
    return _of(drawing.adults(decision, pack, on), len(everyone))


def _households(decision: Decision, pack: Pack, on: dt.date) -> Circle:
    drawn = drawing.households(decision, pack, on)
    return _of(drawn, len(drawn.lines))


def _representatives(decision: Decision, pack: Pack, on: dt.date) -> Circle:
    elected = drawing.elected(decision, on)
    return Circle(len(elected), {person: (n,) for n, person in enumerate(sorted(elected))})


CIRCLES: dict[str, Callable[[Decision, Pack, dt.date], Circle]] = {
    "owners": _owners, "adults": _adults, "voters": _adults, "villagers": _villagers, "households_signed": _households,
    "reps": _representatives,
}  # fmt: skip
