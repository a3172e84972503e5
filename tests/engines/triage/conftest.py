"""Where the open message sets lie."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def message_data() -> Path:
    """The folder of open data; tests that need it are skipped, by name, where it is absent."""
    root = Path(__file__).resolve().parents[3]
    folder = Path(os.environ.get("YISHI_DATA", root.parent / "shared" / "data"))
    if not (folder / "messages" / "hot_messages.csv.gz").is_file():
        pytest.skip(f"no open message sets in {folder} (set YISHI_DATA)")
    return folder
