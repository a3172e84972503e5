"""Fixtures of the tests of matters."""

import datetime as dt
from typing import Any

import pytest
from tests.matters.stages import Desk

from yishi.network.viewers import Viewer


@pytest.fixture
def desk(officer: Viewer, secretary: Viewer, town: Any, at: dt.datetime) -> Desk:
    """The officer of 大圩 who carries matters along, and the secretary beside."""
    return Desk(officer, secretary, town, at)
