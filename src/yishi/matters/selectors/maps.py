"""Matters on a map: single ones when near, counts by grid cell when far; no cell reveals one that is not public."""

import math
from dataclasses import dataclass

from django.db.models import Avg, Count, F, Max
from django.db.models.functions import Floor

from yishi.matters.models import Matter
from yishi.matters.selectors.lists import MatterFilter, matching
from yishi.network.viewers import Viewer

SINGLES_FROM_ZOOM = 16
MOST_SINGLES = 300
MOST_CELLS = 600
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

    Raises:
        ValueError: the box is not one.
    """
    west, south, east, north = bbox
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise ValueError("bbox is west,south,east,north in degrees")
    found = matching(viewer, wanted or MatterFilter()).filter(
        latitude__gte=south, latitude__lte=north, longitude__gte=west, longitude__lte=east
    )
    if zoom >= SINGLES_FROM_ZOOM:
        rows = found.order_by("-raised_at").values_list("latitude", "longitude", "reference", "title", "stage")
        singles = [MapPoint(float(a or 0), float(o or 0), 1, r, t, s) for a, o, r, t, s in rows[: MOST_SINGLES + 1]]
        if len(singles) <= MOST_SINGLES:
            return singles
    return _clustered(found, zoom)


def _clustered(found: "object", zoom: int) -> list[MapPoint]:
    cell = 360 / 2 ** max(1, min(zoom, 20)) / CELLS_ACROSS_TILE
    grouped = (
        found.annotate(row=Floor(F("latitude") / cell), column=Floor(F("longitude") / cell))  # type: ignore[attr-defined]
        .order_by().values("row", "column")
        .annotate(count=Count("pk"), lat=Avg("latitude"), lon=Avg("longitude"), last=Max("pk"))
        .order_by("-count")[:MOST_CELLS]
    )  # fmt: skip
    rows = list(grouped)
    alone = dict_of([r["last"] for r in rows if r["count"] == 1])
    points = []
    for r in rows:
        reference, title, stage = alone.get(r["last"], ("", "", "")) if r["count"] == 1 else ("", "", "")
        points.append(MapPoint(r["lat"], r["lon"], r["count"], reference, title, stage))
    return points


def dict_of(ids: list[int]) -> dict[int, tuple[str, str, str]]:
    """Number, title and stage of matters that stand alone in their cell."""
    found = Matter.objects.filter(pk__in=ids).values_list("pk", "reference", "title", "stage")
    return {pk: (reference, title, stage) for pk, reference, title, stage in found}


def metres_between(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Distance in metres between two (latitude, longitude), on a sphere of 6,371 km."""
    lat1, lat2 = math.radians(a[0]), math.radians(b[0])
    dlat, dlon = lat2 - lat1, math.radians(b[1] - a[1])
    h = math.sin(dlat / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin(dlon / 2) ** 2
    return 2 * 6_371_000 * math.asin(min(1.0, math.sqrt(h)))
