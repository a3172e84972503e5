"""The small questions beside these tests can be imported."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
pytest.importorskip("ortools", reason="the `pairing` extra is not installed")
