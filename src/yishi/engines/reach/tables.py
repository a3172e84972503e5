"""Venues, people and candidate places out of CSV (also .gz) or Excel: see `HEADERS` for the columns."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import numpy as np

from yishi.engines.reach.hours import Hours, read_hours
from yishi.engines.reach.points import Points, Snapper
from yishi.engines.reach.streets import Floats, Ints, Streets
from yishi.engines.rows import Line, ReadError, lines_of

HEADERS: dict[str, tuple[str, ...]] = {
    "name": ("名称", "点位", "场所", "编号", "户号", "地址", "name", "venue", "id", "address", "person"),
    "lon": ("经度", "lon", "longitude", "lng", "x"),
    "lat": ("纬度", "lat", "latitude", "y"),
    "node": ("路口", "node"),
    "service": ("服务", "功能", "service", "services"),
    "hours": ("开放时间", "hours", "opening_hours", "opening hours"),
    "place": ("社区", "小区", "place", "community", "neighbourhood"),
    "building": ("楼栋", "楼", "building", "block"),
    "count": ("人数", "count", "people", "residents"),
    "speed": ("步速", "speed"),
}
VENUE_ROLES = ("name", "lon", "lat", "node", "service", "hours", "place")
PEOPLE_ROLES = ("name", "lon", "lat", "node", "place", "building", "count", "speed")
MOST_ROWS = 2_000_000
MOST_VENUES = 100_000
MOST_COUNT = 1_000_000
_HEADER_OF = {name: role for role, names in HEADERS.items() for name in names}
_NUMBER = re.compile(r"-?\d{1,9}(\.\d{1,20})?")  # as many decimals as doubles are written with
_SPEED = re.compile(r"\d{1,2}(\.\d{1,6})?")
_SPLIT = re.compile(r"[;；、,，|\n]+")
Tick = Callable[[int], None]


@dataclass(slots=True)
class Spots:
    """Rows of a table in file order: names, coordinates (NaN where a node is named), nodes, row numbers."""

    file: str
    names: list[str] = field(default_factory=list)
    east: list[float] = field(default_factory=list)
    north: list[float] = field(default_factory=list)
    nodes: dict[int, str] = field(default_factory=dict)
    rows: list[int] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    services: list[frozenset[str]] = field(default_factory=list)
    hours: list[Hours | None] = field(default_factory=list)
    buildings: list[str] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    speeds: dict[int, Fraction] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.names)

    @property
    def weights(self) -> Ints:
        """How many people each row stands for."""
        return np.array(self.counts, np.int64)


class _Line(Line):
    """A row of a table of places."""

    def degrees(self, role: str) -> float:
        text = self.get(role)
        if not _NUMBER.fullmatch(text):
            raise self.wrong(role, f"应为坐标数字：{text[:30] or '（空）'}", f"a coordinate is needed: {text[:30] or '(blank)'}")  # fmt: skip
        return float(text)


def read_venues(path: Path) -> Spots:
    """Venues or candidate places. Names are needed and stand once. Raises ReadError, OSError."""
    found = Spots(path.name)
    seen: set[str] = set()
    for line in _lines(path, MOST_VENUES, VENUE_ROLES):
        name = line.get("name")
        if not name or name in seen:
            raise line.wrong("name", "名称不能空着。" if not name else f"“{name[:30]}”写了两次。", "a name is needed." if not name else f"“{name[:30]}” stands twice.")  # fmt: skip
        seen.add(name)
        _spot(found, line, name)
        found.services.append(frozenset(s.strip() for s in _SPLIT.split(line.get("service")) if s.strip()))
        found.hours.append(_hours(line))
    return _some(found, "点位", "venue")


def read_people(path: Path, tick: Tick = lambda n: None) -> Spots:
    """People or addresses: a name or number where there is one, else the row. Raises ReadError, OSError."""
    found = Spots(path.name)
    for line in _lines(path, MOST_ROWS, PEOPLE_ROLES):
        _spot(found, line, line.get("name") or f"{line.sheet}#{line.row}")
        found.buildings.append(line.get("building"))
        found.counts.append(_count(line))
        speed = line.get("speed")
        if speed:
            if not _SPEED.fullmatch(speed) or not Fraction(1, 10) <= Fraction(speed) <= 10:
                raise line.wrong("speed", f"步速应为每秒 0.1 到 10 米：{speed[:30]}", f"metres a second, 0.1 to 10: {speed[:30]}")  # fmt: skip
            found.speeds[len(found) - 1] = Fraction(speed)
        tick(1)
    return _some(found, "人员", "person")


def _some(found: Spots, zh: str, en: str) -> Spots:
    if not len(found):
        raise ReadError(found.file, f"至少要有一行{zh}；样表：yishi reach template", f"at least one row of a {en} is needed; see yishi reach template")  # fmt: skip
    return found


def _spot(found: Spots, line: _Line, name: str) -> None:
    if line.get("node"):
        found.nodes[len(found)] = line.get("node")
        east = north = float("nan")
    else:
        east, north = line.degrees("lon"), line.degrees("lat")
    found.names.append(name)
    found.east.append(east)
    found.north.append(north)
    found.rows.append(line.row)
    found.places.append(line.get("place"))


def _hours(line: _Line) -> Hours | None:
    text = line.get("hours")
    if not text:
        return None
    try:
        return read_hours(text)
    except ValueError as error:
        raise line.wrong("hours", f"看不懂“{str(error)[:30]}”，可写“周一至周五 9:00-17:00；周六 休息”。", f"“{str(error)[:30]}” is not understood; write “Mo-Fr 9:00-17:00; Sa off”.") from None  # fmt: skip


def _count(line: _Line) -> int:
    text = line.get("count")
    if not text:
        return 1
    if not (text.isascii() and text.isdigit() and len(text) < 8 and int(text) <= MOST_COUNT):
        raise line.wrong("count", f"应为 0 到 {MOST_COUNT} 的整数：{text[:30]}", f"a whole number from 0 to {MOST_COUNT}: {text[:30]}")  # fmt: skip
    return int(text)


def _lines(path: Path, most: int, known: tuple[str, ...]) -> Iterator[_Line]:
    def roles_of(sheet: str, number: int, cells: list[str]) -> list[str]:
        return _roles(path, sheet, number, cells, known)

    return lines_of(path, HEADERS, roles_of, most + 1, make=_Line)


def _roles(path: Path, sheet: str, number: int, cells: list[str], known: tuple[str, ...]) -> list[str]:
    roles = [role if (role := _HEADER_OF.get(cell.lower(), "")) in known else "" for cell in cells]
    named = [role for role in roles if role]
    twice = next((r for r in named if named.count(r) > 1), None)
    if twice:
        both = "、".join(c for c, r in zip(cells, roles, strict=True) if r == twice)
        raise ReadError(path.name, f"这些列说的是同一件事，只留一列：{both[:60]}", f"these columns say the same thing, keep one: {both[:60]}", number, "", sheet)  # fmt: skip
    if "node" not in roles and not {"lon", "lat"} <= set(roles):
        raise ReadError(path.name, "第一行应为列名，要有“经度、纬度”（或“路口”）。", "the first row should name the columns, with “lon, lat” (or “node”).", number, "", sheet)  # fmt: skip
    return roles


def located(streets: Streets, snapper: Snapper, spots: Spots, tick: Tick = lambda n: None) -> Points:
    """Where these stand: at the node named, else on the nearest point of a street.

    Raises ReadError for a node that the graph has not, or degrees out of range.
    """
    east, north = np.array(spots.east), np.array(spots.north)
    if streets.plane:
        _check_range(spots, east, north)
        east, north = streets.plane.metres(east, north)
    if spots.nodes:
        _at_named(streets, spots, east, north)
    points = snapper.snap(east, north, tick)
    return _pinned(streets, spots, points) if spots.nodes else points


def _check_range(spots: Spots, east: Floats, north: Floats) -> None:
    for values, most, role in ((east, 180, "lon"), (north, 90, "lat")):
        wrong = np.flatnonzero(np.abs(values) > most)
        if len(wrong):
            raise ReadError(spots.file, f"超出 -{most} 到 {most} 度。", f"out of -{most} to {most} degrees.", spots.rows[wrong[0]], HEADERS[role][0])  # fmt: skip


def _at_named(streets: Streets, spots: Spots, east: Floats, north: Floats) -> None:
    number = {node: i for i, node in enumerate(streets.ids)}
    for row, node in spots.nodes.items():
        if node not in number:
            raise ReadError(spots.file, f"图里没有路口“{node[:30]}”。", f"the graph has no node “{node[:30]}”.", spots.rows[row], HEADERS["node"][0])  # fmt: skip
        east[row], north[row] = streets.x[number[node]], streets.y[number[node]]


def _pinned(streets: Streets, spots: Spots, points: Points) -> Points:
    rows = np.array(sorted(spots.nodes), np.int64)
    number = {node: i for i, node in enumerate(streets.ids)}
    nodes = np.array([number[spots.nodes[r]] for r in rows.tolist()], np.int32)
    points.street[rows] = -1
    points.first[rows], points.second[rows] = nodes, nodes
    for values in (points.to_first, points.to_second, points.off):
        values[rows] = 0
    points.x[rows], points.y[rows] = streets.x[nodes], streets.y[nodes]
    return points
