"""Answers for a map: GeoJSON (RFC 7946) in WGS84 degrees."""

from typing import Any

import numpy as np

from yishi.engines.reach.coverage import Coverage
from yishi.engines.reach.outline import NOWHERE, Outliner, Polygon
from yishi.engines.reach.points import Points
from yishi.engines.reach.question import Asked, Town
from yishi.engines.reach.search import Tick, circles
from yishi.engines.reach.streets import Floats, Ints, Plane, ReachError, Streets
from yishi.engines.reach.tables import Spots
from yishi.engines.reach.view import place_data

Feature = dict[str, Any]
DIGITS = 7


def plane_of(streets: Streets) -> Plane:
    """The plane with its place on earth. Raises ReachError for a graph in metres."""
    if streets.plane is None:
        raise ReachError("这张图的坐标是米，不是经纬度，画不成 GeoJSON；请用 --json。", "this graph's coordinates are metres, not degrees: no GeoJSON can be drawn; use --json.")  # fmt: skip
    return streets.plane


def circle_features(streets: Streets, points: Points, names: list[str], asked: Asked, tick: Tick = lambda n: None, uncovered: Floats = NOWHERE) -> list[Feature]:  # fmt: skip
    """The circle of each venue as a polygon (or several); `uncovered` places keep holes open. Raises ReachError."""
    plane, outliner, limit, step, found = plane_of(streets), Outliner(streets), asked.limit, 64, []
    for low in range(0, len(points), step):
        some = points.take(np.arange(low, min(low + step, len(points))))
        reached = circles(streets, some, limit)
        for i in range(len(some)):
            shape = outliner.polygons(reached, some, i, limit, uncovered)
            properties = {"kind": "circle", "venue": names[low + i], "minutes": float(asked.minutes), "speed": float(asked.speed)}  # fmt: skip
            found.append(_feature(_geometry(shape, plane), properties))
            tick(1)
    return found


def coverage_features(town: Town, asked: Asked, coverage: Coverage, rows: Ints, tick: Tick = lambda n: None) -> Feature:
    """Circles, venues, and the people who are not covered, as one collection."""
    points = town.venue_points.take(rows)
    names = [town.venues.names[i] for i in rows.tolist()]
    features = circle_features(
        town.streets, points, names, asked, tick, _stand(town, np.flatnonzero(~coverage.covered))
    )
    features += [_point(town, town.venues, town.venue_points, i, {"kind": "venue", "venue": name}) for i, name in zip(rows.tolist(), names, strict=True)]  # fmt: skip
    for i in np.flatnonzero(~coverage.covered).tolist():
        who = {"kind": "uncovered", "name": town.people.names[i], "place": town.people.places[i], "people": town.people.counts[i]}  # fmt: skip
        features.append(_point(town, town.people, town.people_points, i, who))
    return collection(features)


def _stand(town: Town, rows: Ints) -> Floats:
    """Where these people stand, metres on the plane, (n, 2): as the table has it, else their node."""
    people, points = town.people, town.people_points.take(rows)
    x, y = plane_of(town.streets).metres(np.array(people.east)[rows], np.array(people.north)[rows])
    at_node = np.isin(rows, list(people.nodes))
    return np.stack([np.where(at_node, points.x, x), np.where(at_node, points.y, y)], axis=1)


def collection(features: list[Feature]) -> Feature:
    """Features as one collection."""
    return {"type": "FeatureCollection", "features": features}


def _point(town: Town, spots: Spots, points: Points, i: int, properties: dict[str, Any]) -> Feature:
    """Where the table has it, else its node."""
    if i in spots.nodes:
        place = place_data(town.streets, points, i)
        return _feature({"type": "Point", "coordinates": [place["lon"], place["lat"]]}, properties)
    return _feature({"type": "Point", "coordinates": [spots.east[i], spots.north[i]]}, properties)


def _feature(geometry: dict[str, Any] | None, properties: dict[str, Any]) -> Feature:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _geometry(shape: list[Polygon], plane: Plane) -> dict[str, Any] | None:
    drawn = []
    for polygon in shape:
        degrees = [plane.degrees(ring[:, 0], ring[:, 1]) for ring in polygon]
        drawn.append([np.stack(d, axis=1).round(DIGITS).tolist() for d in degrees])
    if not drawn:
        return None
    return {"type": "Polygon", "coordinates": drawn[0]} if len(drawn) == 1 else {"type": "MultiPolygon", "coordinates": drawn}  # fmt: skip
