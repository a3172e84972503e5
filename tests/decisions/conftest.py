"""Fixtures of the tests of decisions."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from tests.decisions.halls import BORN, made, people
from tests.decisions.stages import Hands

from yishi.network.models import Organisation
from yishi.network.viewers import Kind, Viewer
from yishi.people.models import Person


@pytest.fixture
def village(town: Any) -> Organisation:
    """A villagers' committee, in 黄岐."""
    return Organisation.objects.create(
        town=town.area, area=town.huangqi, kind=Kind.VILLAGERS_COMMITTEE, tree="civil", name="黄岐村民委员会"
    )


@pytest.fixture
def hands(
    president: Viewer, branch_secretary: Viewer, supervisor: Viewer, town_officer: Viewer, at: dt.datetime
) -> Hands:
    """Those who carry the cooperative's decisions along."""
    return Hands(president, branch_secretary, supervisor, town_officer, at)


@pytest.fixture
def resident(town: Any, make_person: Callable[..., Viewer]) -> Viewer:
    """One of seven grown residents of 大圩, with an account."""
    made(people(town.area, 6), "resident", town.dawei, size=1)
    found = make_person("何秀英", resident_of=town.dawei)
    Person.objects.filter(pk=found.person_id).update(birth_date=BORN)
    return found
