"""Settings, the small town and the named test people of every test."""

import gc
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import django
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests import environment

environment.prepare()
environment.adjust_settings()
django.setup()

from tests.database import *  # noqa: E402, F403
from tests.people_fixtures import *  # noqa: E402, F403


def pytest_collection_finish() -> None:
    """What was imported stays: the collector does not walk over it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session", autouse=True)
def _data_dir() -> Iterator[None]:
    yield
    shutil.rmtree(environment.DATA_DIR, ignore_errors=True)


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    """Pages and sessions kept in memory, and the language of the last page, do not pass from one test to the next."""
    from django.core.cache import cache
    from django.utils import translation

    from yishi.core import generations

    cache.clear()
    generations.move()
    translation.deactivate()
