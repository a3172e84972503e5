"""Fixtures of the tests of decisions."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from tests.decisions.stages import Hands

from yishi.network.models import Organisation
from yishi.network.viewers import Duty, Kind, Viewer


@pytest.fixture
def branch_secretary(town: Any, make_person: Callable[..., Viewer]) -> Viewer:
    """Secretary of the Party branch of the cooperative 白界西."""
    return make_person("卢永健", office=(town.cooperative_branch, Duty.SECRETARY, "支部书记"))


@pytest.fixture
def supervisor(town: Any, make_person: Callable[..., Viewer]) -> Viewer:
    """The cooperative's own supervisor."""
    return make_person("冯素贞", office=(town.cooperative, Duty.SUPERVISOR, "监事"))


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
