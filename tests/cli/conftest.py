"""One migrated installation with a small town, copied for each test that changes it."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from tests.cli.installation import Installation
from tests.database import migrated_copy

SERVER = os.environ.get("YISHI_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432")


@pytest.fixture(scope="session")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("yishi") / "data"
    migrated_copy(folder)
    return Installation(folder).with_town().folder


@pytest.fixture
def installation(_made: Path, tmp_path: Path) -> Installation:
    """An installation of the test's own, with a town."""
    shutil.copytree(_made, tmp_path / "data")
    return Installation(tmp_path / "data")


@pytest.fixture
def postgresql(tmp_path: Path) -> Iterator[Installation]:
    """An empty installation on PostgreSQL."""
    name = f"yishi_cli_{tmp_path.name.replace('-', '_')[:40].lower()}"
    try:
        server = psycopg.connect(f"{SERVER}/postgres", autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        pytest.skip(f"no PostgreSQL server answers at {SERVER}")
    with server:
        server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        server.execute(f'CREATE DATABASE "{name}"')
        yield Installation(tmp_path / "pg", {"YISHI_DATABASE_URL": f"{SERVER}/{name}"})
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
