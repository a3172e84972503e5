"""Graphs and tables as they come: the same whatever their form; faults named by row and column; junk bounded."""

import bz2
import gzip
from contextlib import suppress

import networkx as nx
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from yishi.engines.reach import graphml, markup, osm, tables, template
from yishi.engines.reach.graph_file import read_streets
from yishi.engines.reach.points import Snapper
from yishi.engines.reach.streets import MICRO
from yishi.engines.reach.tables import located, read_people, read_venues
from yishi.engines.rows import ReadError

OSM = """<?xml version="1.0"?><osm version="0.6">
<node id="1" lat="22.0" lon="113.0"/><node id="2" lat="22.001" lon="113.0"/>
<node id="3" lat="22.001" lon="113.001"/><node id="4" lat="22.002" lon="113.0"/>
<node id="5" lat="22.5" lon="113.5"/>
<way id="10"><nd ref="1"/><nd ref="2"/><nd ref="4"/><tag k="highway" v="footway"/></way>
<way id="11"><nd ref="2"/><nd ref="3"/><tag k="highway" v="residential"/><tag k="name" v="东街"/></way>
<way id="12"><nd ref="3"/><nd ref="5"/><tag k="highway" v="motorway"/></way>
<way id="13"><nd ref="4"/><nd ref="99"/><nd ref="3"/><tag k="highway" v="path"/></way>
<way id="14"><nd ref="4"/><nd ref="3"/><tag k="highway" v="path"/><tag k="access" v="private"/></way>
</osm>"""


def written(tmp_path, text, name):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def small():
    graph = nx.MultiDiGraph(crs="epsg:4326")
    for i, (x, y) in enumerate([(113.0, 22.0), (113.001, 22.0), (113.001, 22.001)]):
        graph.add_node(i, x=x, y=y)
    graph.add_edge(0, 1, length="103.5", geometry="LINESTRING (113 22, 113.0005 22.0001, 113.001 22)")
    graph.add_edge(1, 0, length="103.5")
    graph.add_edge(1, 2, length=111.1949)
    graph.add_edge(1, 2, length=150.0)
    return graph


def test_graphml_plain_and_packed_is_the_same(tmp_path):
    plain = tmp_path / "g.graphml"
    nx.write_graphml(small(), plain)
    streets = read_streets(plain)
    assert sorted(streets.length.tolist()) == [103_500_000, 111_194_900, 150 * MICRO]
    assert len(streets.ends) == 4
    assert streets.bend_starts[-1] == 7
    assert streets.plane is not None
    for name, pack in (("g.graphml.gz", gzip.compress), ("g.xml.bz2", bz2.compress)):
        other = read_streets(written(tmp_path, pack(plain.read_bytes()), name))
        assert other.ids == streets.ids
        assert (other.lengths == streets.lengths).all()


def test_a_graph_in_metres_is_taken_as_it_is(tmp_path):
    graph = nx.Graph()
    graph.add_node("a", x=0.0, y=0.0)
    graph.add_node("b", x=3000.0, y=400.0)
    graph.add_edge("a", "b", length=3100.5)
    nx.write_graphml(graph, tmp_path / "g.graphml")
    streets = read_streets(tmp_path / "g.graphml")
    assert streets.plane is None
    assert streets.x.max() == 3000


def test_an_extract_holds_the_ways_one_walks_cut_at_crossings(tmp_path):
    for name, data in (("t.osm", OSM.encode()), ("t.osm.gz", gzip.compress(OSM.encode()))):
        streets = read_streets(written(tmp_path, data, name))
        assert set(streets.ids) == {"1", "2", "3", "4"}
        assert len(streets.first) == 3
        metre = np.pi / 180 * 6_371_008.8
        expected = sorted([0.001 * metre, 0.001 * metre, 0.001 * metre * np.cos(np.radians(22.001))])
        assert np.abs(np.sort(streets.length) / MICRO - expected).max() < 1e-3


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({}, False),
        ({"highway": "footway"}, True),
        ({"highway": "steps"}, True),
        ({"highway": "motorway", "foot": "yes"}, False),
        ({"highway": "trunk"}, False),
        ({"highway": "trunk", "foot": "yes"}, True),
        ({"highway": "service", "access": "private"}, False),
        ({"highway": "service", "access": "private", "foot": "designated"}, True),
        ({"highway": "residential", "foot": "no"}, False),
        ({"highway": "cycleway"}, False),
    ],
)
def test_where_one_walks(tags, expected):
    assert osm.walked(tags) is expected


BROKEN = {
    "no xml": ("g.graphml", "x", "no complete XML"),
    "cut": ("g.osm", OSM[:300], "no complete XML"),
    "dtd": ("g.graphml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "DOCTYPE"),
    "kind": ("g.txt", "x", "graphml or .osm"),
    "empty": ("g.graphml", "<graphml/>", "no nodes"),
    "no ways": ("g.osm", "<osm><node id='1' lat='1' lon='2'/></osm>", "no way"),
    "lat": ("g.osm", "<osm>\n<node id='1' lat='91' lon='2'/></osm>", "row 2, column “lat”"),
    "id": ("g.osm", "<osm><node id='x' lat='1' lon='2'/></osm>", "column “id”"),
    "gzip": ("g.osm.gz", b"\x1f\x8b\x08junk", "damaged"),
    "not gzip": ("g.osm.gz", b"junk", "damaged"),
    "bzip": ("g.osm.bz2", b"BZh9junkjunkjunk", "damaged"),
    "encoding": ("g.osm", b"<?xml version='1.0' encoding='klingon'?><osm/>", "encoding cannot be read"),
}
HEAD = """<graphml><key id="x" attr.name="x"/><key id="y" attr.name="y"/><key id="l" attr.name="length"/><key id="g" attr.name="geometry"/><graph>
<node id="a"><data key="x">1</data><data key="y">2</data></node><node id="b"><data key="x">1</data><data key="y">3</data></node>
"""
for _name, _edge, _why in (
    ("edge", '<edge source="a" target="c"/>', "column “target”"),
    ("length", '<edge source="a" target="b"><data key="l">-1</data></edge>', "row 3, column “length”"),
    ("nan", '<edge source="a" target="b"><data key="l">nan</data></edge>', "column “length”"),
    ("huge", '<edge source="a" target="b"><data key="l">1e300</data></edge>', "column “length”"),
    ("none", '<edge source="a" target="b"/>', "column “length”"),
    ("shape", '<edge source="a" target="b"><data key="l">1</data><data key="g">POINT (1 2)</data></edge>', "geometry"),
    ("twice", '<node id="a"/>', "twice"),
    ("place", '<node id="c"><data key="x">1</data></node>', "no coordinate"),
):
    BROKEN[_name] = ("g.graphml", HEAD + _edge + "</graph></graphml>", _why)


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_graph_is_answered_by_its_line(tmp_path, fault):
    name, text, why = BROKEN[fault]
    with pytest.raises(ReadError, match=why):
        read_streets(written(tmp_path, text, name))


def test_a_graph_too_large_is_refused_before_it_is_held(tmp_path, monkeypatch):
    monkeypatch.setattr(graphml, "MOST_NODES", 1)
    with pytest.raises(ReadError, match="more than 1 nodes"):
        read_streets(written(tmp_path, HEAD + "</graph></graphml>", "g.graphml"))
    monkeypatch.setattr(markup, "MOST_UNPACKED", 1_000_000)
    bomb = gzip.compress(b"<osm>" + b" " * 5_000_000)
    with pytest.raises(ReadError, match="too large"):
        read_streets(written(tmp_path, bomb, "g.osm.gz"))
    monkeypatch.setattr(markup, "LONGEST_TEXT", 100)
    with pytest.raises(ReadError, match="too long"):
        read_streets(written(tmp_path, HEAD.replace("1</data>", "1" * 200 + "</data>", 1), "g.graphml"))
    with pytest.raises(ReadError, match="too deep"):
        read_streets(written(tmp_path, "<a>" * 100, "g.graphml"))


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 1500), st.binary(max_size=6), st.sampled_from(["g.osm", "g.graphml"]))
def test_a_damaged_graph_is_a_named_fault_or_streets(tmp_path, place, junk, name):
    text = (OSM if name == "g.osm" else HEAD + '<edge source="a" target="b"><data key="l">5</data></edge></graph></graphml>').encode()  # fmt: skip
    place %= len(text)
    with suppress(ReadError):
        streets = read_streets(written(tmp_path, text[:place] + junk + text[place + len(junk) :], name))
        assert (streets.length >= 0).all()


def workbook(tmp_path, rows, name="t.xlsx"):
    book = Workbook()
    for row in rows:
        book.active.append([float(c) if c.replace(".", "").isdigit() and "." in c else c for c in row])
    book.save(tmp_path / name)
    return tmp_path / name


def test_tables_are_the_same_in_csv_packed_old_encoding_and_excel(tmp_path):
    text = template.as_csv("venues")
    plain = read_venues(written(tmp_path, text, "v.csv"))
    assert plain.names == ["东街驿站", "西街活动中心"]
    assert plain.services[0] == {"政务", "议事"}
    assert plain.hours[1] is not None
    for path in (
        written(tmp_path, text.encode("gb18030"), "g.csv"),
        written(tmp_path, gzip.compress(text.encode()), "v.csv.gz"),
        workbook(tmp_path, template.VENUES),
    ):
        other = read_venues(path)
        assert (other.names, other.east, other.services, other.hours) == (plain.names, plain.east, plain.services, plain.hours)  # fmt: skip
    people = read_people(written(tmp_path, template.as_csv("people"), "p.csv"))
    assert people.counts == [3, 2]
    assert {i: float(s) for i, s in people.speeds.items()} == {1: 0.8}
    assert people.buildings == ["1 栋", "2 栋"]
    english = read_people(written(tmp_path, "id,lon,lat,community,building,people,speed\nH-001,113.5385,22.1899,东社区,1 栋,3,\nH-002,113.5360,22.1911,西社区,2 栋,2,0.8\n", "e.csv"))  # fmt: skip
    assert (english.names, english.places, english.counts) == (people.names, people.places, people.counts)


def test_coordinates_are_read_with_all_the_decimals_of_a_double(tmp_path):
    """What pandas, JSON and Excel make of them."""
    place = 113.53850000000001, 1.3991389864947195
    text = f"名称,经度,纬度\n甲,{place[0]!r},{place[1]!r}\n"
    book = Workbook()
    for row in (["名称", "经度", "纬度"], ["甲", *place]):
        book.active.append(row)
    book.save(tmp_path / "v.xlsx")
    for path in (written(tmp_path, text, "v.csv"), tmp_path / "v.xlsx"):
        spots = read_venues(path)
        assert (*spots.east, *spots.north) == pytest.approx(place, abs=1e-12)


FAULTS = {
    "": "at least one row|name the columns",
    "名称,经度\na,1\n": "lon, lat",
    "名称,经度,纬度\n,1,2\n": "row 2, column “名称”: a name is needed",
    "名称,经度,纬度\na,1,2\na,1,2\n": "row 3.*stands twice",
    "名称,经度,纬度\na,x,2\n": "row 2, column “经度”",
    "名称,经度,纬度\na,,2\n": "column “经度”",
    "名称,经度,纬度\na,1e5,2\n": "column “经度”",
    "名称,name,lon,lat\na,b,1,2\n": "same thing",
    "名称,经度,纬度\na,1,2,3\n": "more columns",
    "名称,经度,纬度,开放时间\na,1,2,随时\n": "column “开放时间”",
    "名称,经度,纬度\n": "at least one row",
    '名称,经度,纬度\n"a,1,2\n': "row",
}


@pytest.mark.parametrize("text", FAULTS)
def test_a_broken_table_is_answered_by_row_and_column(tmp_path, text):
    with pytest.raises(ReadError, match=FAULTS[text]):
        read_venues(written(tmp_path, text, "v.csv"))


def test_people_with_odd_numbers_and_too_many_rows(tmp_path, monkeypatch):
    head = "id,lon,lat,count,speed\n"
    for row, column in (("a,1,2,-1,", "count"), ("a,1,2,2000000,", "count"), ("a,1,2,,0.01", "speed"), ("a,1,2,,x", "speed")):  # fmt: skip
        with pytest.raises(ReadError, match=f"row 2, column “{column}”"):
            read_people(written(tmp_path, head + row, "p.csv"))
    monkeypatch.setattr(tables, "MOST_ROWS", 1)
    with pytest.raises(ReadError, match="more than"):
        read_people(written(tmp_path, head + "a,1,2,,\n" * 3, "p.csv"))


def test_places_by_node_and_by_degrees(tmp_path):
    nx.write_graphml(small(), tmp_path / "g.graphml")
    streets = read_streets(tmp_path / "g.graphml")
    spots = read_venues(written(tmp_path, "name,lon,lat,node\na,113.0005,22.0,\nb,,,2\n", "v.csv"))
    points = located(streets, Snapper(streets), spots)
    assert points.street[1] == -1
    assert streets.ids[points.first[1]] == "2"
    assert 0 < points.off[0] < 15 * MICRO
    for text, why in (("name,lon,lat,node\na,,,9\n", "no node “9”"), ("name,lon,lat\na,181,2\n", "out of")):
        with pytest.raises(ReadError, match=f"row 2.*{why}"):
            located(streets, Snapper(streets), read_venues(written(tmp_path, text, "w.csv")))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=200) | st.binary(max_size=200), st.sampled_from(["f.csv", "f.xlsx", "f.csv.gz", "f.xls"]))
def test_any_file_is_a_table_or_a_named_fault(tmp_path, junk, name):
    data = junk.encode("utf-8", "surrogatepass") if isinstance(junk, str) else junk
    for read in (read_venues, read_people):
        with suppress(ReadError):
            assert len(read(written(tmp_path, data, name)))
        with suppress(ReadError):
            assert len(read(written(tmp_path, "名称,经度,纬度\n甲,1,2\n".encode() + data, name)))
