"""Circles as land: valid rings, every reached node inside, nothing across the water, holes kept."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from towns import points_on, town, towns

from yishi.engines.reach.outline import FRONT, Outliner
from yishi.engines.reach.points import at_nodes
from yishi.engines.reach.rings import area, rings
from yishi.engines.reach.search import circles
from yishi.engines.reach.streets import MICRO

shapely = pytest.importorskip("shapely", reason="the oracle of the outlines is not installed")


def shape_of(polygons):
    parts = [shapely.Polygon(p[0], p[1:]) for p in polygons]
    for polygon in polygons:
        assert area(polygon[0]) > 0
        assert all(area(hole) < 0 for hole in polygon[1:])
    assert all(part.is_valid for part in parts)
    whole = shapely.MultiPolygon(parts)
    assert whole.is_valid
    return whole


def outline(streets, venues, venue, limit):
    reached = circles(streets, venues, limit)
    return shape_of(Outliner(streets).polygons(reached, venues, venue, limit)), reached.of(venue)[0]


@pytest.mark.parametrize("metres", [60, 480, 720, 3000])
def test_real_circles_are_valid_and_hold_every_reached_node(real_streets, metres):
    limit = metres * MICRO
    venues = at_nodes(real_streets, np.arange(0, len(real_streets.ids), 97))
    reached, draws = circles(real_streets, venues, limit), Outliner(real_streets)
    for v in range(len(venues)):
        whole = shape_of(draws.polygons(reached, venues, v, limit))
        nodes = reached.of(v)[0]
        places = shapely.points(real_streets.x[nodes], real_streets.y[nodes])
        assert shapely.contains(whole, places).all()
        drawn = shapely.Point(venues.x[v], venues.y[v]).buffer(metres + 2 * FRONT)
        assert whole.within(drawn)


def test_an_unreached_node_well_away_from_reached_streets_is_outside(real_streets):
    limit = 480 * MICRO
    venues = at_nodes(real_streets, np.array([len(real_streets.ids) // 2]))
    whole, nodes = outline(real_streets, venues, 0, limit)
    near = circles(real_streets, venues, limit + 40 * MICRO).of(0)[0]
    others = np.setdiff1d(np.arange(len(real_streets.ids)), near)
    inside = shapely.contains(whole, shapely.points(real_streets.x[others], real_streets.y[others]))
    assert inside.mean() < 0.01
    assert len(nodes) > 5


@settings(max_examples=60, deadline=None)
@given(st.data(), st.integers(0, 500 * MICRO))
def test_small_circles_are_valid_and_hold_their_nodes(data, limit):
    streets = data.draw(towns())
    venues = data.draw(points_on(streets, least=1))
    at = at_nodes(streets, venues.first)
    whole, nodes = outline(streets, at, 0, limit)
    assert shapely.contains(whole, shapely.points(streets.x[nodes], streets.y[nodes])).all()


def test_a_circle_ends_where_time_runs_out():
    street = town([0, 1000], [0, 0], [(0, 1, 1000 * MICRO)])
    venue = at_nodes(street, np.array([street.ids.index("n0")]))
    whole, _ = outline(street, venue, 0, 480 * MICRO)
    left, low, right, high = whole.bounds
    assert 480 - 10 <= right <= 480 + 15
    assert high <= FRONT + 10
    assert low >= -FRONT - 10
    assert left >= -FRONT - 10


def test_a_wide_block_stays_a_hole_and_a_narrow_one_is_filled():
    for side, holes in ((80, 0), (400, 1)):
        block = town([0, side, side, 0], [0, 0, side, side], [(i, (i + 1) % 4, side * MICRO) for i in range(4)])
        whole, _ = outline(block, at_nodes(block, np.array([0])), 0, 2000 * MICRO)
        assert [len(p.interiors) for p in whole.geoms] == [holes]


def test_nothing_reached_is_nothing_drawn():
    street = town([0, 100], [0, 0], [(0, 1, 100 * MICRO)])
    venue = at_nodes(street, np.array([0]))
    venue.off[0] = 500 * MICRO
    assert Outliner(street).polygons(circles(street, venue, 480 * MICRO), venue, 0, 480 * MICRO) == []


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.floats(-1, 1), min_size=6, max_size=6), min_size=6, max_size=6))
def test_rings_of_any_field_are_simple_and_hold_what_is_above_nothing(values):
    field = np.full((8, 8), -1.0)
    field[1:-1, 1:-1] = values
    found = rings(field)
    polygons = [shapely.Polygon(ring) for ring in found]
    assert all(p.is_valid for p in polygons)
    for i, j in np.ndindex(8, 8):
        over = sum(np.sign(area(r)) for r, p in zip(found, polygons, strict=True) if p.contains(shapely.Point(i, j)))
        assert over == (1 if field[i, j] > 0 else 0)


def spur(side, deep):
    """A block with a dead end into it, and the far end of that not reached: a hole with a crossing in it."""
    corners = [(i, (i + 1) % 4, side * MICRO) for i in range(4)]
    return town([0, side, side, 0, side / 2], [0, 0, side, side, side / 2], [*corners, (0, 4, deep * MICRO)])


def test_a_small_hole_stays_open_where_an_unreached_crossing_lies_in_it():
    for deep, holes in ((70, 0), (2000, 1)):
        block = spur(100, deep)
        start = at_nodes(block, np.array([block.ids.index("n0")]))
        whole, nodes = outline(block, start, 0, 480 * MICRO)
        middle = block.ids.index("n4")
        assert (middle in nodes) == (holes == 0)
        assert [len(p.interiors) for p in whole.geoms] == [holes]
        assert whole.contains(shapely.Point(block.x[middle], block.y[middle])) == (holes == 0)


def test_a_small_hole_stays_open_where_someone_uncovered_is():
    side = 130
    block = town([0, side, side, 0], [0, 0, side, side], [(i, (i + 1) % 4, side * MICRO) for i in range(4)])
    venue, limit = at_nodes(block, np.array([0])), 300 * MICRO
    reached, draws = circles(block, venue, limit), Outliner(block)
    middle = np.array([[block.x.mean(), block.y.mean()]])
    assert shape_of(draws.polygons(reached, venue, 0, limit)).contains(shapely.Point(*middle[0]))
    opened = shape_of(draws.polygons(reached, venue, 0, limit, middle))
    assert not opened.contains(shapely.Point(*middle[0]))
