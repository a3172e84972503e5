"""The register of the demo's estate: 1,193 owners of 1,246 homes and 128,400.00 m², as in scenario 11."""

import random
from dataclasses import dataclass

from yishi.decisions.demo.cast import SINCE, Cast
from yishi.decisions.models import Unit, UnitOwner
from yishi.network.models import Area
from yishi.people.models import Capacity

HEADS, THREES, UNSOLD = 1193, 12, 30
# How the owners vote on the shed: how many of them, and their homes together in hundredths of m².
SHED = {"yes": (652, 6_998_000), "no": (188, 2_050_000), "abstain": (20, 300_000), "": (333, 3_492_000)}


@dataclass(frozen=True, slots=True)
class Owner:
    """One owner of the register (several persons where they own together), the homes, the choice on the shed."""

    persons: tuple[int, ...]
    homes: int
    choice: str


def registered(cast: Cast, estate: Area) -> list[Owner]:
    """Every home with its owners: those who live there first, the developer's unsold ones last."""
    found = _owners(cast, _living_there(estate))
    left = {choice: iter(_areas(cast.chance, found, choice)) for choice in SHED}
    units, holders = list[Unit](), list[tuple[int, ...]]()
    for owner in found:
        for _home in range(owner.homes):
            n = len(units)
            building = f"{n // 40 + 1}"
            units.append(Unit(estate=estate, building=building, number=f"{building}-{n % 40 + 101}", area_hundredths=next(left[owner.choice])))  # fmt: skip
            holders.append(owner.persons)
    rows = Unit.objects.bulk_create(units, batch_size=500)
    UnitOwner.objects.bulk_create(
        [UnitOwner(unit=u, person_id=p, since=SINCE) for u, persons in zip(rows, holders, strict=True) for p in persons],
        batch_size=500,
    )  # fmt: skip
    return found


def _living_there(estate: Area) -> list[tuple[int, ...]]:
    """The owners of the town's demo who live in the estate, those of a household together."""
    rows = Capacity.objects.filter(kind=Capacity.Kind.OWNER, area=estate, until=None).order_by("pk")
    homes: dict[int | None, list[int]] = {}
    for household, person in rows.values_list("household_id", "person_id"):
        homes.setdefault(household, []).append(person)
    return [tuple(sorted(persons)) for persons in homes.values()]


def _owners(cast: Cast, living: list[tuple[int, ...]]) -> list[Owner]:
    drawn = [(person,) for person in cast.drawn(HEADS - 1 - len(living))]
    choices = [choice for choice, (count, _area) in SHED.items() for _ in range(count)][: HEADS - 1]
    cast.chance.shuffle(choices)
    choices.insert(0, choices.pop(choices.index("yes")))
    homes = [1] * (HEADS - 1 - THREES) + [3] * THREES
    owners = [Owner(p, h, c) for p, h, c in zip([*living, *drawn], homes, choices, strict=True)]
    return [*owners, Owner((), UNSOLD, "")]


def _areas(chance: random.Random, owners: list[Owner], choice: str) -> list[int]:
    """Areas of the homes of those who choose so: uneven, and together what the scenario says."""
    count, total = sum(o.homes for o in owners if o.choice == choice), SHED[choice][1]
    areas = [total // count] * count
    for n in range(0, count - 1, 2):
        more = chance.randint(0, 2000)
        areas[n] += more
        areas[n + 1] -= more
    areas[-1] += total - sum(areas)
    return areas
