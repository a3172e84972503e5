"""Street graphs in GraphML, as OSMnx and networkx write them: nodes with x, y (or lon, lat), edges with
`length` in metres and, where they bend, `geometry` as a WKT line."""

import math
import re
from array import array
from pathlib import Path

import numpy as np

from yishi.engines.reach.markup import Document, Tick
from yishi.engines.reach.scale import are_degrees
from yishi.engines.reach.streets import Bends, Lines, ReachError, Streets, build, micrometres
from yishi.engines.rows import ReadError
from yishi.engines.words import say

MOST_NODES = 5_000_000
MOST_STREETS = 12_000_000
MOST_CORNERS = 40_000_000
_EAST, _NORTH = ("x", "lon", "longitude", "lng"), ("y", "lat", "latitude")
_WANTED = {*_EAST, *_NORTH, "length", "geometry", "crs"}
_DEGREES = re.compile(r"epsg:4326|longlat|wgs ?84|crs:?84|4326", re.IGNORECASE)
_LINE = re.compile(r"LINESTRING\s*(?:Z\s*)?\(([^()]*)\)", re.IGNORECASE)


class _GraphML(Document):
    def __init__(self, path: Path) -> None:
        super().__init__(path, frozenset({"data"}))
        self.keys: dict[str, str] = {}
        self.ids: dict[str, int] = {}
        self.x, self.y = array("d"), array("d")
        self.first, self.second, self.length = array("q"), array("q"), array("q")
        self.bends: dict[int, Bends] = {}
        self.corners = 0
        self.crs = ""
        self._data: dict[str, str] = {}
        self._key, self._in, self._ends = "", "", ("", "")

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if name == "key":
            self.keys[attributes.get("id", "")] = attributes.get("attr.name", attributes.get("id", ""))
            if len(self.keys) > 1_000:
                raise self.wrong("键太多。", "too many keys.")
        elif name in {"node", "edge"}:
            self._in, self._data = name, {}
            self._ends = attributes.get("source", ""), attributes.get("target", "")
            if name == "node":
                self._ends = attributes.get("id", ""), ""
        elif name == "data":
            key = self.keys.get(attributes.get("key", ""), "")
            self._key = key if key in _WANTED else ""

    def end(self, name: str, text: str) -> None:
        if name == "data" and self._in and self._key:
            self._data[self._key] = text
        elif name == "data" and self._key == "crs":
            self.crs = text
        elif name == "node":
            self._node()
        elif name == "edge":
            self._edge()

    def _node(self) -> None:
        self._in = ""
        node = self._ends[0]
        if not node or len(node) > 200 or node in self.ids:
            raise self.wrong(f"路口编号为空、太长或重复：{node[:40]}", f"a node's id is blank, too long or given twice: {node[:40]}", "id")  # fmt: skip
        self.ids[node] = len(self.x)
        if len(self.x) >= MOST_NODES:
            raise self.wrong(f"路口超过 {MOST_NODES} 个。", f"more than {MOST_NODES} nodes.")
        self.x.append(self._place(_EAST, node))
        self.y.append(self._place(_NORTH, node))

    def _place(self, names: tuple[str, ...], node: str) -> float:
        text = next((self._data[n] for n in names if n in self._data), "")
        try:
            found = float(text[:40])
        except ValueError:
            found = math.nan
        if not abs(found) < 1e9:
            raise self.wrong(f"路口 {node[:40]} 的坐标读不出：{text[:30]}", f"node {node[:40]}: no coordinate here: {text[:30]}", names[0])  # fmt: skip
        return found

    def _edge(self) -> None:
        self._in = ""
        one, other = (self.ids.get(n) for n in self._ends)
        if one is None or other is None:
            missing = self._ends[0] if one is None else self._ends[1]
            raise self.wrong(f"街道的一端“{missing[:40]}”不是前面的路口。", f"a street ends at “{missing[:40]}”, which is no node above it.", "source" if one is None else "target")  # fmt: skip
        if len(self.first) >= MOST_STREETS:
            raise self.wrong(f"街道超过 {MOST_STREETS} 条。", f"more than {MOST_STREETS} streets.")
        text = self._data.get("length", "")
        try:
            self.length.append(micrometres(text))
        except (ValueError, OverflowError):
            shown = say(text[:30] or "（空）", text[:30] or "(blank)")
            raise self.wrong(f"街道长度应为米数，读到：{shown['zh']}", f"a street's length should be metres: {shown['en']}", "length") from None  # fmt: skip
        shape = self._shape(self._data.get("geometry", ""))
        if len(shape):
            self.bends[len(self.first)] = shape
        self.first.append(one)
        self.second.append(other)

    def _shape(self, text: str) -> Bends:
        if not text:
            return np.empty((0, 2))
        found = _LINE.fullmatch(text.strip())
        try:
            corners = [tuple(map(float, c.split()))[:2] for c in found[1].split(",")] if found else []
        except ValueError:
            corners = []
        self.corners += len(corners)
        if len(corners) < 2 or any(len(c) != 2 or not all(abs(v) < 1e9 for v in c) for c in corners) or self.corners > MOST_CORNERS:  # fmt: skip
            raise self.wrong("线形读不出，应为 LINESTRING。", "the shape cannot be read; a LINESTRING is needed.", "geometry")  # fmt: skip
        return np.array(corners, np.float64)


def read_graphml(path: Path, tick: Tick = lambda n: None) -> Streets:
    """The street graph of a GraphML file (also .gz, .bz2). Raises ReadError with the line; OSError.

    Coordinates are degrees when the graph's `crs` says so, or, where it says nothing, when all fit; where
    the lengths of streets contradict them grossly, they are refused.
    """
    found = _GraphML(path)
    found.read(tick)
    if not found.ids or not found.first:
        raise ReadError(path.name, "文件里没有路口或街道（GraphML 的 node、edge）。", "no nodes or no streets (GraphML node, edge) in this file.")  # fmt: skip
    x, y = np.frombuffer(found.x, np.float64), np.frombuffer(found.y, np.float64)
    first, second, length = (np.frombuffer(v, np.int64) for v in (found.first, found.second, found.length))
    ids, named = list(found.ids), bool(_DEGREES.search(found.crs)) if found.crs else None
    try:
        degrees = are_degrees(ids, x, y, (first, second, length), named)
        return build(ids, x, y, Lines(first, second, length, found.bends), degrees)
    except ReachError as error:
        raise ReadError(path.name, error.zh, error.en) from None
