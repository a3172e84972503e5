"""Fixtures of the tests of decisions."""

import datetime as dt
from typing import Any

import pytest
from tests.decisions.stages import Hands

from yishi.network.models import Organisation
from yishi.network.viewers import Kind, Viewer


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
