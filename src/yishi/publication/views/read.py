"""One posting: its words, days, photos, objections with answers; the sheet that is printed for the board."""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from yishi.core import clock, files, papers
from yishi.core.pagecache import public_page
from yishi.core.policies import policy
from yishi.network.viewers import Viewer
from yishi.publication import permissions, selectors
from yishi.publication.models import Posting
from yishi.publication.rules import item_of, said
from yishi.publication.selectors.papers import SIZES, posting_paper, register_paper
from yishi.publication.views.acts import offered
from yishi.publication.views.shown import row_of

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


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


@policy("publication.get_posting_for")
@public_page
@require_safe
def paper(request: HttpRequest, reference: str, name: str, ending: str) -> HttpResponse:
    """The posting (``a4``, ``large``, ``a3``) or its register of ``objections``, as PDF or Word."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    posting = selectors.get_posting_for(viewer, reference)
    sizes = {size: size for size in SIZES}
    if name == "objections":
        made = register_paper(viewer, posting)
    elif name in sizes:
        made = posting_paper(posting, sizes[name])
    else:
        raise Http404
    return as_file(made, f"{reference}-{name}", ending)


def as_file(made: papers.Paper, name: str, ending: str) -> HttpResponse:
    """A paper to save or print."""
    data = papers.pdf(made) if ending == "pdf" else papers.word(made)
    kinds = {"pdf": "application/pdf", "docx": WORD}
    response = HttpResponse(data, content_type=kinds[ending])
    response["Content-Disposition"] = f'{"inline" if ending == "pdf" else "attachment"}; filename="{name}.{ending}"'
    return response
