"""Matters on a map: single ones when near, counts by grid cell when far; no cell reveals one that is not public."""

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import cast

from django.db import connection
from django.db.models import F, QuerySet

from yishi.matters.models import Matter
from yishi.matters.selectors.lists import MatterFilter, matching
from yishi.network.viewers import Viewer

SINGLES_FROM_ZOOM = 16
MOST_SINGLES = 300
MOST_CELLS = 600
MOST_MAPPED = 4000
NEAR_ZOOM = 13
CELLS_ACROSS_TILE = 4

PLACED = ("latitude", "longitude", "pk")
NAMED = ("reference", "title", "stage")

Box = tuple[float, float, float, float]
Place = tuple[float, float, int]  # latitude, longitude, the matter's number


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
    """The points within ``bbox`` (west, south, east, north in degrees) at a zoom level.

    One query for the places, and one for the names of those that stand alone; a third where a
    near box holds more than :data:`MOST_MAPPED`. Of such a box the newest are counted.

    Raises:
        ValueError: the box is not one.
    """
    west, south, east, north = bbox
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise ValueError("bbox is west,south,east,north in degrees")
    found = matching(viewer, wanted or MatterFilter())
    places = _places(found, bbox) if zoom >= NEAR_ZOOM else []
    if zoom < NEAR_ZOOM or len(places) > MOST_MAPPED:
        places = _newest_places(found, bbox)
    single = zoom >= SINGLES_FROM_ZOOM and len(places) <= MOST_SINGLES
    return _named([[place] for place in places] if single else _clustered(places, zoom))


def _places(found: QuerySet[Matter], box: Box) -> list[Place]:
    """The places in a box, from their index alone; one more than are mapped where there are too many."""
    west, south, east, north = box
    inside = found.order_by().filter(
        latitude__gte=south, latitude__lte=north, longitude__gte=west, longitude__lte=east
    )  # fmt: skip
    return cast(list[Place], list(inside.values_list(*PLACED)[: MOST_MAPPED + 1]))


def _newest_places(found: QuerySet[Matter], box: Box) -> list[Place]:
    """The newest in a box, from the index by time; SQLite has to be kept from that of places."""
    west, south, east, north = box
    latitude = F("latitude") + 0.0 if connection.vendor == "sqlite" else F("latitude")
    inside = found.annotate(up=latitude).filter(up__gte=south, up__lte=north, longitude__gte=west, longitude__lte=east)
    return cast(list[Place], list(inside.order_by("-raised_at").values_list(*PLACED)[:MOST_MAPPED]))


def _clustered(places: list[Place], zoom: int) -> list[list[Place]]:
    """The places of each grid cell together, the fullest cells first."""
    side = 360 / 2 ** max(1, min(zoom, 20)) / CELLS_ACROSS_TILE
    cells: defaultdict[tuple[float, float], list[Place]] = defaultdict(list)
    for place in places:
        cells[place[0] // side, place[1] // side].append(place)
    return sorted(cells.values(), key=len, reverse=True)[:MOST_CELLS]


def _named(cells: list[list[Place]]) -> list[MapPoint]:
    """A place alone in its cell with its matter's name; several as one, at their middle."""
    alone = [inside[0][2] for inside in cells if len(inside) == 1]
    names = {pk: rest for pk, *rest in Matter.objects.filter(pk__in=alone).values_list("pk", *NAMED)} if alone else {}
    return [
        MapPoint(inside[0][0], inside[0][1], 1, *names[inside[0][2]]) if len(inside) == 1 else _middle(inside)
        for inside in cells
        if len(inside) > 1 or inside[0][2] in names
    ]


def _middle(places: list[Place]) -> MapPoint:
    count = len(places)
    return MapPoint(sum(p[0] for p in places) / count, sum(p[1] for p in places) / count, count)


def metres_between(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Distance in metres between two (latitude, longitude), on a sphere of 6,371 km."""
    lat1, lat2 = math.radians(a[0]), math.radians(b[0])
    dlat, dlon = lat2 - lat1, math.radians(b[1] - a[1])
    h = math.sin(dlat / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin(dlon / 2) ** 2
    return 2 * 6_371_000 * math.asin(min(1.0, math.sqrt(h)))
