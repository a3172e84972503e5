"""From a town to a siting: candidate places, the people still to be covered, where a venue moves to."""

from fractions import Fraction

import numpy as np

from yishi.engines.reach.coverage import Coverage
from yishi.engines.reach.demand import merged, pairs_within
from yishi.engines.reach.points import Points, at_nodes
from yishi.engines.reach.question import Town
from yishi.engines.reach.search import Tick
from yishi.engines.reach.siting import Siting, site
from yishi.engines.reach.streets import ReachError

MOST_CROSSINGS = 5_000


def crossings(town: Town) -> tuple[list[str], Points]:
    """Candidates where none are given: the nodes of the streets on which people live; of more than
    `MOST_CROSSINGS`, evenly spread ones (nodes are in an order in which neighbours are near)."""
    nodes = np.unique(np.concatenate([town.people_points.first, town.people_points.second]))
    if len(nodes) > MOST_CROSSINGS:
        nodes = nodes[np.linspace(0, len(nodes) - 1, MOST_CROSSINGS).astype(np.int64)]
    return [town.streets.ids[n] for n in nodes.tolist()], at_nodes(town.streets, nodes)


def propose(town: Town, coverage: Coverage, candidates: Points, k: int, gap: Fraction, tick: Tick = lambda n: None) -> Siting:  # fmt: skip
    """The best `k` candidates for the people who are not covered yet. Raises ReachError."""
    left = np.flatnonzero(~coverage.covered)
    person, place = pairs_within(town.streets, candidates, town.people_points.take(left), town.limits[left], tick)
    demand = merged(person, place, town.people.weights[left], len(candidates))
    return site(demand, k, gap, tick)


def destination(town: Town, to: str) -> Points:
    """A node's name, or “lon,lat” put on the nearest street. Raises ReachError."""
    if to in town.streets.ids:
        return at_nodes(town.streets, np.array([town.streets.ids.index(to)]))
    try:
        east, north = (float(part) for part in to[:60].split(","))
    except ValueError:
        east = north = float("nan")
    most = (180.0, 90.0) if town.streets.plane else (1e9, 1e9)
    if not (abs(east) <= most[0] and abs(north) <= most[1]):
        raise ReachError(f"{to[:40]}：应写成 经度,纬度 或图里的路口编号。", f"{to[:40]}: write lon,lat or the id of a node of the graph.")  # fmt: skip
    x, y = np.array([east]), np.array([north])
    if town.streets.plane:
        x, y = town.streets.plane.metres(x, y)
    return town.snapper.snap(x, y)
