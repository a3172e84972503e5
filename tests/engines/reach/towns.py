"""Small towns by chance and their walking distances by networkx, split at every point: slow and plain."""

import networkx as nx
import numpy as np
from hypothesis import strategies as st

from yishi.engines.reach.points import Points
from yishi.engines.reach.streets import MICRO, Lines, build


def town(x, y, lines, degrees=False):
    first, second, length = (np.array(c, np.int64) for c in zip(*lines, strict=True))
    names = [f"n{i}" for i in range(len(x))]
    return build(names, np.array(x, float), np.array(y, float), Lines(first, second, length, {}), degrees)


@st.composite
def towns(draw, most=12):
    size = draw(st.integers(2, most))
    place = st.integers(0, 400)
    x, y = ([draw(place) for _ in range(size)] for _ in "xy")
    node = st.integers(0, size - 1)
    length = st.one_of(st.integers(0, 3), st.integers(1, 300).map(lambda m: m * MICRO), st.integers(0, 300 * MICRO))
    lines = draw(st.lists(st.tuples(node, node, length), min_size=1, max_size=3 * size))
    return town(x, y, lines)


@st.composite
def points_on(draw, streets, least=0, most=8):
    """Points anywhere on streets or at nodes, some of them off the street."""
    rows = []
    for _ in range(draw(st.integers(least, most))):
        off = draw(st.sampled_from([0, 0, 1, 30 * MICRO]))
        if draw(st.booleans()):
            node = draw(st.integers(0, len(streets.ids) - 1))
            rows.append((-1, node, node, 0, 0, off))
        else:
            street = draw(st.integers(0, len(streets.first) - 1))
            along = draw(st.integers(0, int(streets.length[street])))
            rest = int(streets.length[street]) - along
            rows.append((street, int(streets.first[street]), int(streets.second[street]), along, rest, off))
    return points(rows)


def points(rows):
    columns = list(zip(*rows, strict=True)) if rows else [()] * 6
    kinds = (np.int64, np.int32, np.int32, np.int64, np.int64, np.int64)
    arrays = [np.array(c, k) for c, k in zip(columns, kinds, strict=True)]
    return Points(*arrays, np.zeros(len(rows)), np.zeros(len(rows)))


def network(streets, *groups):
    """The streets as a networkx graph, each street cut at every point on it; node (g, i) is a point."""
    graph = nx.Graph()
    graph.add_nodes_from(range(len(streets.ids)))
    on = {}
    for g, group in enumerate(groups):
        for i in range(len(group)):
            graph.add_node((g, i))
            if group.street[i] < 0:
                short(graph, (g, i), int(group.first[i]), int(group.off[i]))
            else:
                on.setdefault(int(group.street[i]), []).append((int(group.to_first[i]), g, i, int(group.off[i])))
    for street in range(len(streets.first)):
        here, before = int(streets.first[street]), 0
        for along, g, i, off in sorted(on.get(street, [])):
            cut = ("cut", g, i)
            short(graph, here, cut, along - before)
            short(graph, cut, (g, i), off)
            here, before = cut, along
        short(graph, here, int(streets.second[street]), int(streets.length[street]) - before)
    return graph


def short(graph, one, other, length):
    if one != other and length < graph.get_edge_data(one, other, {"weight": length + 1})["weight"]:
        graph.add_edge(one, other, weight=length)


def lengths_from(graph, source):
    return nx.single_source_dijkstra_path_length(graph, source)


def nearest_by_networkx(streets, venues, people):
    """(distance, venue) of each person, the first of equally near ones; None where there is no way."""
    graph = network(streets, venues, people)
    found = [None] * len(people)
    for v in range(len(venues)):
        away = lengths_from(graph, (0, v))
        for p in range(len(people)):
            if (1, p) in away and (found[p] is None or away[1, p] < found[p][0]):
                found[p] = (away[1, p], v)
    return found
