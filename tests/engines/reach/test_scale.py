"""Coordinates that cannot be meant so are refused, with what is likely wrong and where."""

import networkx as nx
import pytest

from yishi.engines.reach.graph_file import read_streets
from yishi.engines.rows import ReadError

LANE = [(113.10, 23.0), (113.15, 23.0), (113.20, 23.0)]


def written(tmp_path, places, length, crs=None):
    graph = nx.Graph(**({"crs": crs} if crs else {}))
    for i, (x, y) in enumerate(places):
        graph.add_node(f"n{i}", x=x, y=y)
    for i in range(len(places) - 1):
        graph.add_edge(f"n{i}", f"n{i + 1}", length=length)
    nx.write_graphml(graph, tmp_path / "town.graphml")
    return tmp_path / "town.graphml"


def exchanged(places):
    return [(y, x) for x, y in places]


@pytest.mark.parametrize("crs", [None, "epsg:4326", "epsg:32649"])
def test_x_and_y_exchanged_are_named(tmp_path, crs):
    with pytest.raises(ReadError) as caught:
        read_streets(written(tmp_path, exchanged(LANE), 5118, crs))
    assert "x 与 y 像是对调了" in caught.value.zh and "look exchanged" in caught.value.en
    assert "n0: x 23, y 113.1" in caught.value.zh and "n0: x 23, y 113.1" in caught.value.en


@pytest.mark.parametrize(
    ("places", "length", "crs", "why"),
    [
        (LANE, 5118, "epsg:32649", "the coordinates look like degrees: check crs"),
        ([(0, 0), (50, 0), (50, 60)], 55, None, "the coordinates look like metres: name their crs"),
        ([(500_000, 0), (500_001, 0), (500_001, 1)], 2000, None, "2000.0 m long and its ends are 1.0 m apart"),
    ],
)
def test_lengths_that_contradict_the_coordinates_are_refused(tmp_path, places, length, crs, why):
    with pytest.raises(ReadError) as caught:
        read_streets(written(tmp_path, places, length, crs))
    assert why in caught.value.en and "对不上" in caught.value.zh


@pytest.mark.parametrize(
    ("places", "length", "crs"),
    [
        (LANE, 5118, None),
        (LANE, 5118, "epsg:4326"),
        (LANE, 20_000, None),
        ([(500_000, 2_540_000), (500_100, 2_540_000)], 100, None),
        ([(500_000, 2_540_000), (500_000, 2_540_000)], 0, None),
        ([(0, 0), (50, 0), (50, 60)], 55, "epsg:32649"),
    ],
)
def test_what_fits_is_read(tmp_path, places, length, crs):
    assert len(read_streets(written(tmp_path, places, length, crs)).ids) == len(places)


def test_a_blank_length_is_called_blank(tmp_path):
    path = written(tmp_path, LANE, 5118)
    path.write_text(path.read_text().replace(">5118</data>", "></data>"))
    with pytest.raises(ReadError, match="blank") as caught:
        read_streets(path)
    assert "（空）" in caught.value.zh
