"""Extracts as Geofabrik gives them out: the same streets as from `.osm`; whatever a file holds, bounded."""

import base64
import dataclasses
import zlib
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_reader import OSM
from typer.testing import CliRunner

from yishi.commands.reach import app
from yishi.engines.reach import osm, pbf, protobuf
from yishi.engines.reach.graph_file import read_streets
from yishi.engines.rows import ReadError

# What osmium 4.3.1 writes of `OSM`, so that the reader is held against another's writer.
BY_OSMIUM = base64.b64decode(
    "AAAADQoJT1NNSGVhZGVyGDsQLxo3eJxT4vMvzg1OzkjNTdQNM9AzU+JySc0rTvXLT0ktbmIUyMlMyi/OzSzN1TfSMzLWMwQAX2cOkwAAAAsKB09T"
    "TURhdGEYUhBhGk54nONi4WLgYhCKFArnYmUCAS1lLlYGEBCCUFIQSglCabEygSgngYY9zy8yLpjDyADEB77cZ/ESaNh1eSsHiDt/DmPD2kcsQRAd"
    "ADliElkAAAAMCgdPU01EYXRhGLIBEOEBGqwBeJxVjLENwjAQRW3HiY8LIJQqHA2iYg5GYAMrGGKJxFFigViBBWho2IIKlqFgDBI6d196/z3cIkNV"
    "2kN51hdUe+f8MBjKWlcG09Z0dmdqb/URk8/z/n3cECrnXTvcZKN9iYkuCtN1qJrWnrQ32ZXTHDDjnLhYIbAZy9mSraNNJIQkgjQTXJKIkwAKKSiH"
    "8V9TIUkkLWDyJxCQGF78zfvktE+OSACGIvAfY7Ilmg=="
)


def varint(value):
    value &= (1 << 64) - 1
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def zigzag(values):
    return b"".join(varint(v << 1 if v >= 0 else (-v << 1) - 1) for v in values)


def part(name, content):
    if isinstance(content, int):
        return varint(name << 3) + varint(content)
    return varint(name << 3 | 2) + varint(len(content)) + content


def block(kind, content, packing="zlib", size=None):
    size = len(content) if size is None else size
    packed = {
        "zlib": lambda: part(2, size) + part(3, zlib.compress(content)),
        "raw": lambda: part(1, content),
        "lzma": lambda: part(2, size) + part(4, b"x"),
    }[packing]()
    head = part(1, kind) + part(3, len(packed))
    return len(head).to_bytes(4, "big") + head + packed


HEADER = block(b"OSMHeader", part(4, b"OsmSchema-V0.6") + part(4, b"DenseNodes") + part(16, b"test"))


def steps(values):
    return [b - a for a, b in zip([0, *values], values, strict=False)]


def data(nodes, ways, dense=True, step=100, north=0, east=0):
    """A block of data: nodes {id: (lon, lat)} in billionths of a degree, ways [(tags, refs)]."""
    texts = [b"", *sorted({t.encode() for tags, _ in ways for pair in tags.items() for t in pair})]
    lats, lons = ([(place[k] - off) // step for place in nodes.values()] for k, off in ((1, north), (0, east)))
    if dense:
        rows = part(1, zigzag(steps(list(nodes)))) + part(8, zigzag(steps(lats))) + part(9, zigzag(steps(lons)))
        group = part(2, rows)
    else:
        one = (b"".join(part(n, v) for n, v in ((1, i << 1), (8, a << 1), (9, o << 1)))
               for i, a, o in zip(nodes, lats, lons, strict=True))  # fmt: skip
        group = b"".join(part(1, node) for node in one)
    written = b""
    for number, (tags, refs) in enumerate(ways):
        keys, values = (
            b"".join(varint(texts.index(t.encode())) for t in side) for side in (tags.keys(), tags.values())
        )
        written += part(3, part(1, number) + part(2, keys) + part(3, values) + part(8, zigzag(steps(refs))))
    table = part(1, b"".join(part(1, t) for t in texts))
    return (
        table
        + (part(2, group) if nodes else b"")
        + part(2, written)
        + part(17, step)
        + part(19, north)
        + part(20, east)
    )


NODES = {1: (113_000_000_000, 22_000_000_000), 2: (113_000_000_000, 22_001_000_000), 5: (113_500_000_000, 22_500_000_000),
         3: (113_001_000_000, 22_001_000_000), 4: (113_000_000_000, 22_002_000_000)}  # fmt: skip
WAYS = [
    ({"highway": "footway"}, [1, 2, 4]),
    ({"highway": "residential", "name": "东街"}, [2, 3]),
    ({"highway": "motorway"}, [3, 5]),
    ({"highway": "path"}, [4, 99, 3]),
    ({"highway": "path", "access": "private"}, [4, 3]),
]


def same(one, other):
    for field in dataclasses.fields(one):
        a, b = getattr(one, field.name), getattr(other, field.name)
        assert np.array_equal(a, b) if isinstance(a, np.ndarray) else a == b, field.name


def streets(tmp_path, content, name="t.osm.pbf"):
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_streets(tmp_path / name)


FORMS = {
    "of osmium": BY_OSMIUM,
    "dense": HEADER + block(b"OSMData", data(NODES, WAYS)),
    "one by one": HEADER + block(b"OSMData", data(NODES, WAYS, dense=False)),
    "not packed": HEADER + block(b"OSMData", data(NODES, WAYS), "raw"),
    "coarse, from a corner": HEADER
    + block(b"OSMData", data(NODES, WAYS, step=1000, north=21_000_000_000, east=-7_000_000_000)),
    "ways first, in blocks": HEADER
    + block(b"OSMData", data({}, WAYS[:2]))
    + block(b"Other", b"what comes later")
    + block(b"OSMData", data({}, WAYS[2:]))
    + block(b"OSMData", data(NODES, [])),
}


@pytest.mark.parametrize("form", FORMS)
def test_the_streets_are_those_of_the_same_extract_as_osm(tmp_path, form):
    same(streets(tmp_path, OSM, "t.osm"), streets(tmp_path, FORMS[form]))


def test_numbers_of_any_length_and_sign():
    values = [0, 1, -1, 63, -64, 64, 127, 128, 2**31, -(2**31), 2**62, -(2**63), 2**63 - 1]
    assert protobuf.signed(protobuf.numbers(zigzag(values))).tolist() == values
    assert protobuf.numbers(b"").tolist() == []
    assert protobuf.sign_of(protobuf.number_at(varint(-5), 0)[0]) == -5


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_extract_is_the_same_in_both_forms(tmp_path, data_of):
    """Walked or not, nodes used twice, missing or given in any order."""
    places = st.tuples(st.integers(1130000000, 1130001000), st.integers(220000000, 220001000))
    nodes = data_of.draw(st.dictionaries(st.integers(-3, 10), places, min_size=2, max_size=8))
    tags = st.dictionaries(
        st.sampled_from(["highway", "foot", "access", "name"]),
        st.sampled_from(["footway", "trunk", "motorway", "yes", "no", "private"]),
    )
    ways = data_of.draw(st.lists(st.tuples(tags, st.lists(st.integers(-3, 11), min_size=0, max_size=6)), max_size=6))
    text = "".join(f'<node id="{i}" lon="{x / 1e7:.7f}" lat="{y / 1e7:.7f}"/>' for i, (x, y) in nodes.items())
    for tag, refs in ways:
        text += "<way>" + "".join(f'<nd ref="{r}"/>' for r in refs)
        text += "".join(f'<tag k="{k}" v="{v}"/>' for k, v in tag.items()) + "</way>"
    packed = HEADER + block(b"OSMData", data({i: (x * 100, y * 100) for i, (x, y) in nodes.items()}, ways))
    try:
        expected = streets(tmp_path, f"<osm>{text}</osm>", "t.osm")
    except ReadError as fault:
        with pytest.raises(ReadError, match="no way that one may walk"):
            streets(tmp_path, packed)
        assert "no way" in fault.en
    else:
        same(expected, streets(tmp_path, packed))


BROKEN = {
    "no extract": (b"x", "this is no .osm.pbf"),
    "text": (b"<osm></osm>", "this is no .osm.pbf"),
    "no header": (block(b"OSMData", data(NODES, WAYS)), "this is no .osm.pbf"),
    "cut": (BY_OSMIUM[:-5], "block 3: the file is cut short"),
    "cut in a head": (BY_OSMIUM[:78], "block 2"),
    "history": (block(b"OSMHeader", part(4, b"HistoricalInformation")), "block 1: .*HistoricalInformation"),
    "packing": (HEADER + block(b"OSMData", b"", "lzma"), "osmium cat"),
    "size": (HEADER + block(b"OSMData", data(NODES, WAYS), size=5), "block 2: its content is damaged"),
    "zlib": (HEADER + block(b"OSMData", b"", size=3), "block 2: its content is damaged"),
    "block": (HEADER + (b"\0\0\0\5" + part(1, b"") + part(3, 2**40)[:3]), "block 2"),
    "north": (HEADER + block(b"OSMData", data(NODES | {1: (1, 91_000_000_000)}, WAYS)), "coordinate is out of range"),
    "far": (HEADER + block(b"OSMData", data(NODES | {1: (2**60, 1)}, WAYS, step=10**9)), "coordinate is out of range"),
    "offset": (HEADER + block(b"OSMData", data(NODES, WAYS) + part(19, 2**62)), "damaged"),
    "step": (HEADER + block(b"OSMData", data(NODES, WAYS) + part(17, 0)), "damaged"),
    "text number": (HEADER + block(b"OSMData", part(2, part(3, part(2, b"\7") + part(3, b"\7") + part(8, b"\2\2")))), "damaged"),
    "rows": (HEADER + block(b"OSMData", data({}, WAYS) + part(2, part(2, part(1, b"\2") + part(8, b"\2\2")))), "damaged"),
    "no ways": (HEADER + block(b"OSMData", data(NODES, WAYS[2:3])), "no way that one may walk"),
    "empty": (b"", "this is no .osm.pbf"),
}  # fmt: skip


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_extract_is_answered_by_its_block(tmp_path, fault):
    content, why = BROKEN[fault]
    with pytest.raises(ReadError, match=why):
        streets(tmp_path, content)


def test_what_is_too_much_is_refused_before_it_is_held(tmp_path, monkeypatch):
    bomb = zlib.compress(b"\0" * (pbf.MOST_BLOCK + 1))
    packed = part(2, pbf.MOST_BLOCK + 1) + part(3, bomb)
    head = part(1, b"OSMData") + part(3, len(packed))
    with pytest.raises(ReadError, match="too large when unpacked"):
        streets(tmp_path, HEADER + len(head).to_bytes(4, "big") + head + packed)
    whole = HEADER + block(b"OSMData", data(NODES, WAYS))
    for module, name, bound, why in (
        (protobuf, "MOST_NUMBERS", 4, "too many numbers"),
        (pbf, "MOST_TEXTS", 2, "too many texts"),
        (pbf, "MOST_UNPACKED", 99, "too large when unpacked"),
        (pbf, "MOST_HEAD", 1, "no .osm.pbf"),
        (pbf, "MOST_GROUPS", 0, "damaged"),
        (pbf, "LONGEST_WAY", 2, "too many nodes"),
        (osm, "MOST_CORNERS", 2, "more than 2 nodes on ways"),
        (osm, "MOST_NODES", 2, "more than 2 nodes"),
    ):
        with monkeypatch.context() as bounded:
            bounded.setattr(module, name, bound)
            with pytest.raises(ReadError, match=why):
                streets(tmp_path, whole)
    with monkeypatch.context() as bounded, pytest.raises(ReadError, match="too many nodes"):
        bounded.setattr(pbf, "MOST_SINGLE", 2)
        streets(tmp_path, HEADER + block(b"OSMData", data(NODES, WAYS, dense=False)))


RAW = HEADER + block(b"OSMData", data(NODES, WAYS), "raw")


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, len(RAW)), st.binary(max_size=8), st.integers(0, 8))
def test_a_damaged_extract_is_a_named_fault_or_streets(tmp_path, place, junk, lost):
    with suppress(ReadError):
        assert (streets(tmp_path, RAW[:place] + junk + RAW[place + lost :]).length >= 0).all()


def test_the_command_reads_it(tmp_path):
    (tmp_path / "镇.osm.pbf").write_bytes(BY_OSMIUM)
    (tmp_path / "v.csv").write_text("名称,路口\n东馆,1\n", encoding="utf-8")
    (tmp_path / "p.csv").write_text("编号,路口\n近,2\n远,3\n", encoding="utf-8")
    files = [str(tmp_path / name) for name in ("镇.osm.pbf", "v.csv", "p.csv")]
    answer = CliRunner().invoke(app, [*files, "--minutes", "2"], env={"YISHI_LANGUAGE": "en"})
    assert answer.exit_code == 0
    assert "1 of 2" in answer.stdout
    broken = tmp_path / "断.osm.pbf"
    broken.write_bytes(BY_OSMIUM[:-5])
    answer = CliRunner().invoke(app, [str(broken), *files[1:]], env={"YISHI_LANGUAGE": "zh"})
    assert answer.exit_code == 2
    assert "第 3 块：文件不完整，请重新下载" in answer.stderr
