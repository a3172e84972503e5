"""Distances are those of networkx to the last micrometre, compiled or not, moved or made anew."""

import subprocess
import sys
from fractions import Fraction

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from towns import lengths_from, nearest_by_networkx, network, points_on, town, towns

from yishi.engines.compiling import plain_only
from yishi.engines.reach import search
from yishi.engines.reach.coverage import Coverage
from yishi.engines.reach.points import Snapper, at_nodes
from yishi.engines.reach.search import circles, nearest
from yishi.engines.reach.streets import MICRO, limit_of, micrometres


def as_sets(found):
    rows = [found.of(v) for v in range(len(found.starts) - 1)]
    return [dict(zip(n.tolist(), d.tolist(), strict=True)) for n, d in rows]


def people_of(coverage):
    return list(zip(coverage.distance.tolist(), coverage.venue.tolist(), strict=True))


def test_ten_minutes_are_480_and_720_metres_to_the_micrometre():
    assert limit_of(10, "0.8") == 480 * MICRO
    assert limit_of(10, "1.2") == 720 * MICRO
    assert limit_of("10", Fraction(4, 5)) == 480 * MICRO
    street = town([0, 480, 960], [0, 0, 0], [(0, 1, micrometres("480.0")), (1, 2, micrometres("0.000001"))])
    everyone = at_nodes(street, np.arange(3))
    venue = at_nodes(street, np.array([street.ids.index("n0")]))
    covered = Coverage(street, venue, everyone, limit_of(10, "0.8")).covered
    assert {street.ids[i]: bool(covered[i]) for i in range(3)} == {"n0": True, "n1": True, "n2": False}
    assert Coverage(street, venue, everyone, limit_of(10, "1.2")).covered.all()


def test_every_node_of_the_real_graphs_as_networkx_has_it(graph_file, real_streets):
    read = nx.read_graphml(graph_file)
    graph = nx.DiGraph()
    for one, other, data in read.edges(data=True):
        length = micrometres(data["length"])
        if length < graph.get_edge_data(one, other, {"weight": length + 1})["weight"]:
            graph.add_edge(one, other, weight=length)
    venues = np.random.default_rng(1).choice(len(real_streets.ids), 12, replace=False)
    labels = nearest(real_streets, at_nodes(real_streets, venues))
    expected = nx.multi_source_dijkstra_path_length(graph, {real_streets.ids[v] for v in venues})
    found = {n: d for n, d in zip(real_streets.ids, labels.distance.tolist(), strict=True) if d >= 0}
    assert found == {n: d for n, d in expected.items() if n in graph}
    metres = nx.multi_source_dijkstra_path_length(
        read, {real_streets.ids[v] for v in venues}, weight=lambda u, v, d: min(float(e["length"]) for e in d.values())
    )
    assert max(abs(found[n] / MICRO - m) for n, m in metres.items()) < 1e-3
    around = as_sets(circles(real_streets, at_nodes(real_streets, venues), 720 * MICRO))
    for v, nodes in zip(venues, around, strict=True):
        near = nx.single_source_dijkstra_path_length(graph, real_streets.ids[v], cutoff=720 * MICRO)
        assert {real_streets.ids[n]: d for n, d in nodes.items()} == near


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_small_towns_as_networkx_has_them(data):
    streets = data.draw(towns())
    venues, people = data.draw(points_on(streets)), data.draw(points_on(streets))
    expected = [w or (-1, -1) for w in nearest_by_networkx(streets, venues, people)]
    assert people_of(Coverage(streets, venues, people, 0)) == expected
    with plain_only():
        assert people_of(Coverage(streets, venues, people, 0)) == expected


@settings(max_examples=100, deadline=None)
@given(st.data(), st.integers(0, 400 * MICRO))
def test_circles_hold_what_networkx_reaches(data, limit):
    streets = data.draw(towns())
    venues = data.draw(points_on(streets))
    graph = network(streets, venues)
    expected = [
        {n: d for n, d in lengths_from(graph, (0, v)).items() if isinstance(n, int) and d <= limit}
        for v in range(len(venues))
    ]
    assert as_sets(circles(streets, venues, limit)) == expected
    labels = nearest(streets, venues, limit)
    with plain_only():
        assert as_sets(circles(streets, venues, limit)) == expected
        assert (nearest(streets, venues, limit).values == labels.values).all()


@settings(max_examples=100, deadline=None)
@given(st.data(), st.booleans())
def test_a_moved_venue_is_as_if_made_anew(data, plain):
    streets = data.draw(towns())
    venues, people = data.draw(points_on(streets, least=1)), data.draw(points_on(streets))
    moved = Coverage(streets, venues, people, 100 * MICRO)
    for _ in range(4):
        venue, to = data.draw(st.integers(0, len(venues) - 1)), data.draw(points_on(streets, 1, 1))
        was, before = moved.covered, moved.distance
        if plain:
            with plain_only():
                change = moved.move(venue, to)
        else:
            change = moved.move(venue, to)
        anew = Coverage(streets, moved.venues, people, 100 * MICRO)
        assert people_of(moved) == people_of(anew)
        assert (moved.labels.values == anew.labels.values).all()
        assert set(change.won) == set(np.flatnonzero(anew.covered & ~was))
        assert set(change.lost) == set(np.flatnonzero(was & ~anew.covered))
        far = np.iinfo(np.int64).max
        old, new = (np.where(d < 0, far, d) for d in (before, anew.distance))
        assert set(change.nearer) == set(np.flatnonzero(new < old))
        assert set(change.farther) == set(np.flatnonzero(new > old))


def test_streets_too_uneven_for_buckets_and_floods_without_patience_go_to_the_heap(monkeypatch):
    rng = np.random.default_rng(3)
    lines = [(i, i + 1, int(rng.integers(1, 5))) for i in range(60)] + [(0, 60, 900_000 * MICRO), (3, 50, 7)]
    uneven = town(rng.random(61) * 1000, rng.random(61) * 1000, lines)
    ends = at_nodes(uneven, np.array([4, 40]))
    with plain_only():
        expected = nearest(uneven, ends).values
        around = as_sets(circles(uneven, ends, 30))
    assert search._ring(uneven, 0) is None
    assert (nearest(uneven, ends).values == expected).all()
    assert as_sets(circles(uneven, ends, 30)) == around
    monkeypatch.setattr(search, "flood", lambda *a: False)
    monkeypatch.setattr(search, "each_circle", lambda *a: 0)
    monkeypatch.setattr(search, "_ring", lambda *a: (3, 16))
    assert (nearest(uneven, ends).values == expected).all()
    assert as_sets(circles(uneven, ends, 30)) == around


def test_too_much_at_once_is_refused(real_streets, monkeypatch):
    monkeypatch.setattr(search, "MOST_REACHED", 100)
    with pytest.raises(ValueError, match="less time"):
        circles(real_streets, at_nodes(real_streets, np.arange(10)), 2000 * MICRO)


@settings(max_examples=100, deadline=None)
@given(towns(), st.lists(st.tuples(st.floats(-500, 900), st.floats(-500, 900)), min_size=1, max_size=10))
def test_the_nearest_street_point_is_the_nearest(streets, places):
    x, y = (np.array(c) for c in zip(*places, strict=True))
    snapped = Snapper(streets).snap(x, y)
    for i in range(len(x)):
        best = np.inf
        for a, b in zip(streets.first, streets.second, strict=True):
            one = np.array([streets.x[a], streets.y[a]])
            way = np.array([streets.x[b], streets.y[b]]) - one
            here = np.array([x[i], y[i]]) - one
            part = np.clip(here @ way / (way @ way), 0, 1) if way @ way > 0 else 0.0
            best = min(best, float(np.hypot(*(here - part * way))))
        assert abs(snapped.off[i] / MICRO - best) < 2e-6
        assert abs(np.hypot(x[i] - snapped.x[i], y[i] - snapped.y[i]) - best) < 2e-6
        assert snapped.to_first[i] + snapped.to_second[i] == streets.length[snapped.street[i]]


def test_many_marks_at_one_place_still_find_the_nearest():
    lines = [(0, 1, 1)] * 60 + [(2, 3, 50 * MICRO)]
    streets = town([0, 0, 5, 55], [0, 0, 1, 1], lines)
    snapped = Snapper(streets).snap(np.array([0.0, 30.0]), np.array([0.0, 0.0]))
    assert snapped.off.tolist() == [0, MICRO]
    assert int(snapped.to_first[1]) in (25 * MICRO, 25 * MICRO + 1)


WITHOUT = """
import sys
if sys.argv[1] == "without":
    sys.modules["numba"] = None
import hashlib, numpy as np
from yishi.engines.reach.streets import build, Lines
from yishi.engines.reach.points import Snapper
from yishi.engines.reach.coverage import Coverage
from yishi.engines.compiling import compiled_available
assert compiled_available() == (sys.argv[1] == "with")
rng = np.random.default_rng(7)
n = 400
lines = Lines(rng.integers(0, n, 1200), rng.integers(0, n, 1200), rng.integers(1, 10**8, 1200), {})
streets = build([str(i) for i in range(n)], rng.random(n) * 3000, rng.random(n) * 3000, lines)
snapper = Snapper(streets)
place = lambda k: snapper.snap(rng.random(k) * 3000, rng.random(k) * 3000)
found = Coverage(streets, place(20), place(500), 10**8)
parts = [found.distance, found.venue]
for venue in range(5):
    change = found.move(venue, place(1))
    parts += [change.won, change.lost, change.nearer, change.farther, change.after, found.labels.values]
print(hashlib.sha256(b"".join(p.astype(np.int64).tobytes() for p in parts)).hexdigest())
"""


def test_without_numba_the_same_numbers():
    run = [subprocess.run([sys.executable, "-c", WITHOUT, how], capture_output=True, text=True) for how in ("with", "without")]  # fmt: skip
    assert [r.returncode for r in run] == [0, 0], run
    assert run[0].stdout == run[1].stdout
