"""Street graphs out of OpenStreetMap extracts (.osm, also .gz, .bz2; .osm.pbf): the ways that one may walk.

A way is walked when its `highway` is none of `NOT_WALKED`, `foot` is not `no`, and `access` is not
`no` or `private` (`foot=yes|designated|permissive` overrules access, and opens trunk roads and
cycleways). Crossings and ends are the nodes; lengths are great circles on a sphere of 6,371,008.8 m.
"""

import math
from array import array
from pathlib import Path

import numpy as np

from yishi.engines.reach.markup import Document, Tick
from yishi.engines.reach.streets import EARTH, MICRO, Floats, Ints, Lines, Streets, build
from yishi.engines.rows import ReadError

NOT_WALKED = frozenset({"motorway", "motorway_link", "trunk", "trunk_link", "construction", "proposed", "planned", "abandoned",
                        "razed", "raceway", "bus_guideway", "busway", "escape", "cycleway", "platform", "elevator", "rest_area", "services", "no"})  # fmt: skip
FOOT = frozenset({"yes", "designated", "permissive", "official", "public"})
NO_FOOT = frozenset({"no", "private", "use_sidepath"})
MOST_NODES = 60_000_000
MOST_CORNERS = 60_000_000
LONGEST_WAY = 100_000
TAGS = frozenset({"highway", "foot", "access"})


def walked(tags: dict[str, str]) -> bool:
    """Whether one walks along a way with these tags."""
    highway, foot = tags.get("highway"), tags.get("foot")
    if highway is None or foot in NO_FOOT or highway.startswith("motorway"):
        return False
    return foot in FOOT or (highway not in NOT_WALKED and tags.get("access") not in {"no", "private"})


class Found:
    """What an extract holds: nodes `id`, `lon`, `lat`, and the nodes of walked ways one after the other,
    `refs[ways[i]:ways[i + 1]]`.
    """

    def __init__(self) -> None:
        self.id, self.lon, self.lat = array("q"), array("d"), array("d")
        self.refs, self.ways = array("q"), array("q", [0])


class _Osm(Document, Found):
    def __init__(self, path: Path) -> None:
        Document.__init__(self, path, frozenset())
        Found.__init__(self)
        self._way: list[int] | None = None
        self._tags: dict[str, str] = {}

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if name == "node":
            self._node(attributes)
        elif name == "way":
            self._way, self._tags = [], {}
        elif name == "nd" and self._way is not None:
            self._way.append(self._number(attributes.get("ref", ""), "ref"))
            if len(self._way) > LONGEST_WAY:
                raise self.wrong("一条路的点太多。", "a way has too many nodes.")
        elif name == "tag" and self._way is not None and attributes.get("k") in TAGS:
            self._tags[attributes["k"]] = attributes.get("v", "")

    def end(self, name: str, text: str) -> None:
        if name != "way" or self._way is None:
            return
        if len(self._way) > 1 and walked(self._tags):
            self.refs.extend(self._way)
            self.ways.append(len(self.refs))
            if len(self.refs) > MOST_CORNERS:
                raise self.wrong(f"路上的点超过 {MOST_CORNERS} 个。", f"more than {MOST_CORNERS} nodes on ways.")
        self._way = None

    def _node(self, attributes: dict[str, str]) -> None:
        if len(self.id) >= MOST_NODES:
            raise self.wrong(f"点超过 {MOST_NODES} 个。", f"more than {MOST_NODES} nodes.")
        self.id.append(self._number(attributes.get("id", ""), "id"))
        for name, most, into in (("lon", 180, self.lon), ("lat", 90, self.lat)):
            try:
                value = float(attributes.get(name, "")[:40])
            except ValueError:
                value = math.nan
            if not abs(value) <= most:
                raise self.wrong(f"坐标读不出：{attributes.get(name, '')[:30]}", f"no coordinate: {attributes.get(name, '')[:30]}", name)  # fmt: skip
            into.append(value)

    def _number(self, text: str, column: str) -> int:
        if not (text.lstrip("-").isdigit() and text.isascii() and len(text) < 19):
            raise self.wrong(f"编号应为整数：{text[:30]}", f"a whole number is needed: {text[:30]}", column)
        return int(text)


def read_osm(path: Path, tick: Tick = lambda n: None) -> Streets:
    """The walkable streets of an extract. Ways are cut where a node lies outside it.

    Raises ReadError with the line; OSError.
    """
    found = _Osm(path)
    found.read(tick)
    return streets_of(path.name, found)


def streets_of(name: str, found: Found) -> Streets:
    """The streets that these ways make. Raises ReadError where there is none."""
    ids = np.frombuffer(found.id, np.int64) if found.id else np.empty(0, np.int64)
    order = np.argsort(ids, kind="stable")
    refs = np.frombuffer(found.refs, np.int64) if found.refs else np.empty(0, np.int64)
    place = np.searchsorted(ids[order], refs)
    known = place < len(ids)
    known[known] = ids[order][place[known]] == refs[known]
    ends = np.array(found.ways, np.int64)
    way = np.repeat(np.arange(len(ends) - 1), ends[1:] - ends[:-1])
    corner, at = order[place[known]], np.flatnonzero(known)
    way = np.cumsum(np.diff(way[at], prepend=0).astype(bool) | (np.diff(at, prepend=-1) > 1))
    if len(corner) < 2 or not (way[1:] == way[:-1]).any():
        raise ReadError(name, "没有可以步行的路（OSM 的 way，带 highway）。", "no way that one may walk (OSM way with highway).")  # fmt: skip
    lon, lat = np.frombuffer(found.lon, np.float64), np.frombuffer(found.lat, np.float64)
    return _joined(ids, lon, lat, corner, way)


def great_circle(lon: Floats, lat: Floats, one: Ints, other: Ints) -> Floats:
    """Metres between points by the haversine formula."""
    a, b = np.radians(lat[one]), np.radians(lat[other])
    half = np.sin((b - a) / 2) ** 2 + np.cos(a) * np.cos(b) * np.sin(np.radians(lon[other] - lon[one]) / 2) ** 2
    metres: Floats = 2 * EARTH * np.arcsin(np.sqrt(np.minimum(half, 1)))
    return metres


def _joined(ids: Ints, lon: Floats, lat: Floats, corner: Ints, way: Ints) -> Streets:
    """Ways cut at crossings; corners between two crossings become bends of one street."""
    end = np.ones(len(way) + 1, bool)
    end[1:-1] = way[1:] != way[:-1]
    last, first = end[1:], end[:-1]
    uses = np.bincount(corner, minlength=len(ids))
    cross = first | last | (uses[corner] > 1)
    cuts = np.flatnonzero(cross)
    good = way[cuts[1:]] == way[cuts[:-1]]
    low, high = cuts[:-1][good], cuts[1:][good]
    steps = np.zeros(len(corner) + 1, np.int64)
    np.cumsum(np.rint(great_circle(lon, lat, corner[:-1], corner[1:]) * MICRO).astype(np.int64), out=steps[1:-1])
    nodes, place = np.unique(np.concatenate([corner[low], corner[high]]), return_inverse=True)
    bent = np.flatnonzero(high - low > 1)
    bends = {int(i): np.stack([lon[c], lat[c]], axis=1) for i in bent.tolist() for c in [corner[low[i] : high[i] + 1]]}
    lines = Lines(place[: len(low)], place[len(low) :], steps[high] - steps[low], bends)
    return build([str(i) for i in ids[nodes].tolist()], lon[nodes], lat[nodes], lines, degrees=True)
