"""The demo town's areas: communities with their cooperatives, estates and grids."""

import random
from dataclasses import dataclass, field

from yishi.network.demo_words import COMMUNITIES, COOPERATIVE_PLACES, COOPERATIVE_SIDES, ESTATES, RURAL
from yishi.network.models import Area

COOPERATIVES = 321
KIND = Area.Kind
MIDDLE = (23.115, 113.120)


@dataclass
class Places:
    """The areas, and which lie under which community."""

    town: Area
    communities: list[Area]
    cooperatives: list[Area] = field(default_factory=list)
    estates: list[Area] = field(default_factory=list)
    grids: list[Area] = field(default_factory=list)


def build_places(chance: random.Random) -> Places:
    """District, town, 42 communities, 321 cooperatives, estates and grids, with paths and middles."""
    district = _store([Area(kind=KIND.DISTRICT, name="南海区", name_en="Nanhai District")])[0]
    town = Area(kind=KIND.TOWN, name="大沥镇", name_en="Dali Town", slug="dali", parent=district)
    town.latitude, town.longitude = MIDDLE
    _store([town])
    Area.objects.filter(pk=town.pk).update(town=town)
    town.town = town
    communities = _store([_community(i, name, english, town, chance) for i, (name, english) in enumerate(COMMUNITIES)])
    places = Places(town, communities)
    places.cooperatives = _store(_cooperatives(communities[:RURAL], town, chance))
    places.estates = _store(_estates(communities, town, chance))
    places.grids = _store(
        [
            _under(c, town, KIND.GRID, f"{c.name.removesuffix('社区')}第{n}网格", chance.randint(150, 320), chance)
            for c in communities
            for n in "一二三四五"[: 3 + (c.household_count > 2200) + (c.household_count > 3200)]
        ]
    )
    return places


def _store(areas: list[Area]) -> list[Area]:
    Area.objects.bulk_create(areas, batch_size=500)
    for area in areas:
        area.path = f"{area.parent.path if area.parent else '/'}{area.pk}/"
    Area.objects.bulk_update(areas, ["path"], batch_size=200)
    return areas


def _community(index: int, name: str, english: str, town: Area, chance: random.Random) -> Area:
    row, column = divmod(index, 7)
    return Area(
        kind=KIND.COMMUNITY, town=town, parent=town, name=f"{name}社区", name_en=f"{english} Community",
        code=f"D{index + 1:03d}", household_count=chance.randint(900, 4200),
        latitude=round(23.075 + row * 0.015 + chance.uniform(-0.003, 0.003), 5),
        longitude=round(113.055 + column * 0.021 + chance.uniform(-0.004, 0.004), 5),
    )  # fmt: skip


def _under(parent: Area, town: Area, kind: str, name: str, households: int, chance: random.Random) -> Area:
    return Area(
        kind=kind, town=town, parent=parent, name=name, household_count=households,
        latitude=round((parent.latitude or 0) + chance.uniform(-0.004, 0.004), 5),
        longitude=round((parent.longitude or 0) + chance.uniform(-0.005, 0.005), 5),
    )  # fmt: skip


def _cooperatives(rural: list[Area], town: Area, chance: random.Random) -> list[Area]:
    """321 societies over 27 communities; 白界西 of 太平 has the 186 households of the scenarios."""
    words = [side + place for side in COOPERATIVE_SIDES for place in COOPERATIVE_PLACES]
    made = [_under(rural[1], town, KIND.COOPERATIVE, "白界西经济社", 186, chance)]
    for i in range(COOPERATIVES - 1):
        community = rural[i % len(rural)]
        word = words[(i // len(rural)) * 7 % len(words) + i % len(rural) % 7]
        made.append(_under(community, town, KIND.COOPERATIVE, f"{word}经济社", chance.randint(45, 260), chance))
    return made


def _estates(communities: list[Area], town: Area, chance: random.Random) -> list[Area]:
    """Two estates in each urban community, one here and there in the others; 御水岸 in 大圩 has 1,246 units."""
    hosts = [communities[0], *(c for c in communities[RURAL:] for _twice in (1, 2))]
    hosts = hosts[: len(ESTATES)]
    return [
        _under(host, town, KIND.ESTATE, name, 1246 if i == 0 else chance.randint(180, 900), chance)
        for i, (host, name) in enumerate(zip(hosts, ESTATES, strict=False))
    ]
