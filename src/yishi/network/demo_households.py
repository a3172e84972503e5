"""Households of the demo town and their members, with the capacities that follow."""

import datetime as dt
from collections.abc import Callable

from yishi.network.demo_people import CHUNK, People
from yishi.network.demo_places import Places
from yishi.network.demo_words import RELATIONS, STREETS, SURNAMES
from yishi.network.models import Area, Organisation
from yishi.people.models import Capacity, Household, HouseholdMember, Person

ON_THE_ROLL = dt.date(2018, 1, 1)


def build_households(
    places: Places, people: People, count: int, at: dt.datetime, tick: Callable[[int], None]
) -> dict[int, list[Household]]:
    """``count`` households over estates, cooperatives and communities; a third of 大圩's and 太平's own.

    Returns the households by area.
    """
    areas = _where(places, people, count)
    numbers: dict[int, int] = {}
    households = [_household(area, places, people, numbers) for area in areas]
    Household.objects.bulk_create(households, batch_size=CHUNK)
    tick(len(households))
    families = [_family(people) for _ in households]
    people.store(tick)
    societies = dict(
        Organisation.objects.filter(kind=Organisation.Kind.ECONOMIC_COOPERATIVE).values_list("area_id", "pk")
    )
    members, capacities = [], []
    for household, family in zip(households, families, strict=True):
        for relation, person in family:
            members.append(HouseholdMember(household=household, person=person, relation=relation, since=ON_THE_ROLL))
            capacities += _capacities(household, person, societies, at)
    HouseholdMember.objects.bulk_create(members, batch_size=CHUNK)
    tick(len(members))
    Capacity.objects.bulk_create(capacities, batch_size=CHUNK)
    tick(len(capacities))
    found: dict[int, list[Household]] = {}
    for household in households:
        found.setdefault(household.area_id, []).append(household)
    return found


def _where(places: Places, people: People, count: int) -> list[Area]:
    """Areas to live in: 大圩， its estate 御水岸 and 白界西 are fuller, so that stories have neighbours."""
    dawei, society, estate = places.communities[0], places.cooperatives[0], places.estates[0]
    fixed = [dawei, estate, society] + [dawei] * 120 + [estate] * 80 + [society] * 60
    rest = [*places.estates, *places.cooperatives, *places.communities]
    return (fixed + [people.chance.choice(rest) for _ in range(count)])[:count]


def _household(area: Area, places: Places, people: People, numbers: dict[int, int]) -> Household:
    numbers[area.pk] = number = numbers.get(area.pk, 0) + 1
    if area.kind == Area.Kind.ESTATE:
        address = f"{area.name}{number // 40 + 1} 座 {number % 40 // 2 + 1}0{number % 2 + 1}"
    else:
        address = f"{people.chance.choice(STREETS)} {people.chance.randint(1, 180)} 号"
    return Household(town=places.town, area=area, number=f"{area.pk:04d}-{number:04d}", address=address)


def _family(people: People) -> list[tuple[str, Person]]:
    size = people.chance.choice((1, 2, 2, 3, 3, 4))
    surname = people.chance.choice(SURNAMES)
    ages = ((30, 76), (28, 74), (4, 30), (4, 30))
    return [
        (RELATIONS[i], people.draw(surname="" if i == 1 else surname, youngest=ages[i][0], oldest=ages[i][1]))
        for i in range(size)
    ]


def _capacities(household: Household, person: Person, societies: dict[int, int], at: dt.datetime) -> list[Capacity]:
    """A resident; in a cooperative also a member; of age in an estate also an owner."""
    common = {"person": person, "area_id": household.area_id, "household": household, "since": ON_THE_ROLL,
              "basis": "roll", "verified_at": at}  # fmt: skip
    found = [Capacity(kind=Capacity.Kind.RESIDENT, **common)]
    grown = person.birth_date is not None and person.birth_date <= at.date().replace(year=at.year - 18, day=1)
    if household.area_id in societies and grown:
        found.append(Capacity(kind=Capacity.Kind.MEMBER, organisation_id=societies[household.area_id], **common))
    elif household.area.kind == Area.Kind.ESTATE and grown:
        found.append(Capacity(kind=Capacity.Kind.OWNER, **common))
    return found
