"""Matters on a map: single ones when near, counts by grid cell when far; no cell reveals one that is not public."""

import math
from dataclasses import dataclass

from yishi.matters.selectors.lists import MatterFilter, matching
from yishi.network.viewers import Viewer

SINGLES_FROM_ZOOM = 16
MOST_SINGLES = 300
MOST_CELLS = 600
MOST_MAPPED = 4000
NEAR_ZOOM = 13
CELLS_ACROSS_TILE = 4

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class MapPoint:
    """A place on the map: one matter (``reference`` and ``title`` set) or a cluster of ``count``."""

    latitude: float
    longitude: float
    count: int
    reference: str = ""
    title: str = ""
    stage: str = ""


def matters_on_map(viewer: Viewer, bbox: Box, zoom: int, wanted: MatterFilter | None = None) -> list[MapPoint]:
    """The points within ``bbox`` (west, south, east, north in degrees) at a zoom level; one query.

    Of a box with more than :data:`MOST_MAPPED` matters, that many are counted: when far, the newest.

    Raises:
        ValueError: the box is not one.
    """
    west, south, east, north = bbox
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise ValueError("bbox is west,south,east,north in degrees")
    found = matching(viewer, wanted or MatterFilter()).filter(
        latitude__gte=south, latitude__lte=north, longitude__gte=west, longitude__lte=east
    )
    ordered = found.order_by("-raised_at") if zoom < NEAR_ZOOM else found.order_by()
    rows = ordered.values_list("latitude", "longitude", "reference", "title", "stage")[:MOST_MAPPED]
    points = [MapPoint(float(a or 0), float(o or 0), 1, r, t, s) for a, o, r, t, s in rows]
    if zoom >= SINGLES_FROM_ZOOM and len(points) <= MOST_SINGLES:
        return points
    return _clustered(points, zoom)


def _clustered(points: list[MapPoint], zoom: int) -> list[MapPoint]:
    """Points of one grid cell as one, at their middle; a point alone in its cell keeps its name."""
    side = 360 / 2 ** max(1, min(zoom, 20)) / CELLS_ACROSS_TILE
    cells: dict[tuple[int, int], list[MapPoint]] = {}
    for point in points:
        cells.setdefault((int(point.latitude // side), int(point.longitude // side)), []).append(point)
    full = sorted(cells.values(), key=len, reverse=True)[:MOST_CELLS]
    return [inside[0] if len(inside) == 1 else _middle(inside) for inside in full]


def _middle(points: list[MapPoint]) -> MapPoint:
    count = len(points)
    return MapPoint(sum(p.latitude for p in points) / count, sum(p.longitude for p in points) / count, count)


def metres_between(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Distance in metres between two (latitude, longitude), on a sphere of 6,371 km."""
    lat1, lat2 = math.radians(a[0]), math.radians(b[0])
    dlat, dlon = lat2 - lat1, math.radians(b[1] - a[1])
    h = math.sin(dlat / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin(dlon / 2) ** 2
    return 2 * 6_371_000 * math.asin(min(1.0, math.sqrt(h)))
