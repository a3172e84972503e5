"""The map of matters: clusters from the server, names of communities on the ground, a list that says the same."""

import math
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from yishi.core.pagecache import public_page
from yishi.core.policies import policy
from yishi.matters import selectors
from yishi.matters.models import Matter
from yishi.matters.selectors import MapPoint
from yishi.matters.views import reads
from yishi.matters.views.lists import filter_of, form_of
from yishi.matters.views.shown import STAGE_TONES, named
from yishi.network.viewers import Viewer

Feature = dict[str, Any]
WIDEST_NAMES = 11  # from this zoom on the communities' names are written


@policy("public")
@public_page
@require_safe
def map_page(request: HttpRequest) -> HttpResponse:
    """The map, and under it the same matters by community."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    facts = reads.town_facts()
    form = form_of(request)
    wanted = filter_of(form.found())
    query = request.GET.copy()
    for name in ("community", "page", "sort"):
        query.pop(name, None)
    return render(request, "matters/map.html", {
        "town": facts.town, "form": form, "map_tiles": settings.ENV.map_tiles, "map_credit": settings.ENV.map_attribution,
        "communities": reads.by_community(viewer, wanted), "query": f"&{query.urlencode()}" if query else "",
        "map_center": center_of(facts),
    })  # fmt: skip


def center_of(facts: reads.TownFacts, home: int | None = None) -> str:
    """Where the map opens: the reader's own community, else the town's middle, else that of its communities."""
    town = next((c for c in facts.communities if c.pk == home and c.latitude is not None), facts.town)
    placed = [(town.latitude, town.longitude)] if town.latitude is not None else []
    placed = placed or [(c.latitude, c.longitude) for c in facts.communities if c.latitude is not None]
    if not placed:
        return ""
    return f"{sum(p[0] for p in placed) / len(placed):.5f},{sum(p[1] for p in placed) / len(placed):.5f}"


@policy("public")
@public_page
@require_safe
def points(request: HttpRequest) -> HttpResponse:
    """What lies in sight, as GeoJSON: single matters when near, counts when far."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    try:
        west, south, east, north = (float(v) for v in request.GET.get("bbox", "").split(","))
        zoom = min(max(int(request.GET.get("zoom", "14")), 1), 20)
        found = selectors.matters_on_map(viewer, (west, south, east, north), zoom, filter_of(form_of(request).found()))
    except ValueError:
        return JsonResponse({"error": "bbox=west,south,east,north&zoom=14"}, status=400)
    names = _names((west, south, east, north)) if zoom >= WIDEST_NAMES else []
    return JsonResponse({"type": "FeatureCollection", "features": [*names, *map(_feature, found)]})


def ground_names() -> Feature:
    """The names of the communities where they lie, as GeoJSON: what a map without tiles is read by."""
    return {"type": "FeatureCollection", "features": _names((-180, -90, 180, 90))}


def _names(box: tuple[float, float, float, float]) -> list[Feature]:
    west, south, east, north = box
    return [
        _point(c.latitude, c.longitude, name=named(c))
        for c in reads.town_facts().communities
        if c.latitude is not None
        and c.longitude is not None
        and south <= c.latitude <= north
        and west <= c.longitude <= east
    ]


def _point(latitude: float, longitude: float, **properties: Any) -> Feature:
    if not (math.isfinite(latitude) and math.isfinite(longitude)):
        raise ValueError("a place has finite coordinates")
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [longitude, latitude]},
        "properties": properties,
    }


def _feature(point: MapPoint) -> Feature:
    if not point.reference:
        words = ngettext("%(n)s 件", "%(n)s 件", point.count) % {"n": point.count}
        return _point(point.latitude, point.longitude, title=words, count=point.count)
    stage = Matter.Stage(point.stage)
    return _point(
        point.latitude, point.longitude, title=point.title, url=reverse("matters:matter", args=[point.reference]),
        tone=STAGE_TONES.get(stage, "plain"), state=str(stage.label), count=1,
    )  # fmt: skip
