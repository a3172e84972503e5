"""Real walking graphs, found beside the repository or at $YISHI_DATA; small graphs by chance."""

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
DATA = Path(os.environ.get("YISHI_DATA", Path(__file__).parents[4] / "shared" / "data")) / "geo"
GRAPHS = ("macau_walk/osm/macau_walk.graphml", "punggol_walk/walk.graphml")


@pytest.fixture(scope="session", params=GRAPHS, ids=["macau", "punggol"])
def graph_file(request):
    path = DATA / request.param
    if not path.exists():
        pytest.skip(f"the walking graph is not at {path}: set YISHI_DATA")
    return path


@pytest.fixture(scope="session")
def real_streets(graph_file):
    from yishi.engines.reach.graph_file import read_streets

    return read_streets(graph_file)
