"""One posting: its words, days, photos, objections with answers; the sheet that is printed for the board."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from yishi.core import clock, files
from yishi.core.pagecache import public_page
from yishi.core.policies import policy
from yishi.network.viewers import Viewer
from yishi.publication import permissions, selectors
from yishi.publication.models import Posting
from yishi.publication.rules import item_of, said
from yishi.publication.views.acts import offered
from yishi.publication.views.shown import row_of


def _context(viewer: Viewer, posting: Posting) -> dict[str, Any]:
    item, period = item_of(posting.item), selectors.period_of(posting)
    return {
        "posting": posting, "row": row_of(posting, clock.today()), "item": said(item.title) if item else "",
        "clause": said(posting.clause), "arithmetic": said(period.arithmetic) if period else "",
        "proof_url": f"{settings.SITE_URL}/proof/{posting.code_shown}",
        "url": f"{settings.SITE_URL}{reverse('publication:posting', args=[posting.reference])}",
    }  # fmt: skip


@policy("publication.get_posting_for")
@public_page
@require_safe
def posting_page(request: HttpRequest, reference: str) -> HttpResponse:
    """A posting with everything that belongs to it."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    posting, at = selectors.get_posting_for(viewer, reference), clock.now()
    reading, subject = selectors.reading_of(posting), selectors.subject_of(viewer, posting)
    return render(request, "publication/posting.html", {
        **_context(viewer, posting), "checks": selectors.checks_of(posting),
        "objections": selectors.objections_of(viewer, posting), "acts": offered(viewer, posting, at),
        "may_object": permissions.may_object_to_posting(viewer, posting, at),
        "may_enter": permissions.may_enter_objection(viewer, posting, at),
        "subject_title": subject[0], "subject_url": subject[1], "newer": posting.replaced_by.first(),
        "reading": files.url_of(reading) if reading else "",
    })  # fmt: skip


@policy("publication.get_posting_for")
@require_safe
def sheet(request: HttpRequest, reference: str) -> HttpResponse:
    """The sheet for the board, to be printed from the browser on A3 or A4."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    posting = selectors.get_posting_for(viewer, reference)
    return render(request, "publication/sheet.html", _context(viewer, posting))
