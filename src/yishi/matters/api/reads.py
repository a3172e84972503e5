"""Reading matters: lists, one matter, the map, what is similar; and one's own reports."""

from typing import Annotated, Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query

from yishi.core.rest import Asked, Id, Listed, answers, paged, scoped
from yishi.matters import selectors
from yishi.matters.api.router import router
from yishi.matters.api.shapes import MatterLine, MatterOut, PointOut, ReportOut, SimilarOut, Wanted
from yishi.matters.models import Matter
from yishi.network import selectors as network
from yishi.network.viewers import Viewer, viewer_of

Box = tuple[float, float, float, float]
Degrees = Annotated[float, Field(ge=-180, le=180)]


def with_timeline(viewer: Viewer, matter: Matter) -> Matter:
    """The matter as :class:`MatterOut` reads it."""
    matter.timeline = selectors.timeline(viewer, matter)  # type: ignore[attr-defined]
    return matter


@router.get("", response=answers(Listed[MatterLine]), operation_id="list_matters")
def list_matters(request: HttpRequest, wanted: Query[Wanted], asked: Query[Asked]) -> Any:
    """Matters that this viewer may see, newest first; the count stops at a thousand."""
    found = selectors.list_matters(viewer_of(request), wanted.as_filter(), asked.page, asked.per_page)
    return paged(found.items, asked, found.total, capped=found.capped)


@router.get("/map", response=answers(list[PointOut]), operation_id="map_matters")
def map_matters(
    request: HttpRequest,
    wanted: Query[Wanted],
    west: Degrees,
    south: Degrees,
    east: Degrees,
    north: Degrees,
    zoom: int = 12,
) -> Any:
    """Matters within a box of degrees, in clusters where there are many."""
    try:
        box: Box = (west, south, east, north)
        return selectors.matters_on_map(viewer_of(request), box, max(0, min(zoom, 22)), wanted.as_filter())
    except ValueError as error:
        raise ValidationError(_("范围应为西、南、东、北四个度数。")) from error


@router.get("/similar", response=answers(list[SimilarOut]), operation_id="similar_matters")
def similar_matters(request: HttpRequest, text: str, place: str = "") -> Any:
    """Matters that may be the same as a text."""
    town = network.the_town()
    found = selectors.similar_to(text[:2000], place[:200], town.pk, viewer_of(request))
    return [
        {"reference": m.reference, "title": m.title, "stage": m.stage, "shared": list(getattr(m, "shared", ()))}
        for m in found
    ]


@router.get("/reports/{report_id}", response=answers(ReportOut), operation_id="get_report")
@scoped("matters:read")
def get_report(request: HttpRequest, report_id: Id) -> Any:
    """A report of one's own, or one that one works on."""
    return selectors.get_report_for(viewer_of(request), report_id)


@router.get("/{reference}", response=answers(MatterOut), operation_id="get_matter")
def get_matter(request: HttpRequest, reference: str) -> Any:
    """One matter with its timeline."""
    viewer = viewer_of(request)
    return with_timeline(viewer, selectors.get_matter_for(viewer, reference))


@router.get("/{reference}/reports", response=answers(list[ReportOut]), operation_id="list_reports")
@scoped("matters:read")
def list_reports(request: HttpRequest, reference: str) -> Any:
    """The reports of a matter that this viewer may read."""
    viewer = viewer_of(request)
    matter = selectors.get_matter_for(viewer, reference)
    return [r for r in matter.reports.all() if selectors.may_read_report(viewer, r)]
