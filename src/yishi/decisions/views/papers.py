"""The papers of a decision, its pack, its bundle, and disclosing it."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yishi.core import clock, papers
from yishi.core.pagecache import public_page
from yishi.core.policies import policy
from yishi.core.verdicts import require
from yishi.decisions import permissions, selectors
from yishi.decisions.documents import DOCUMENTS, available, get_document, pack_of
from yishi.decisions.models import Decision
from yishi.decisions.permissions.papers import (
    editions,
    has_bundle,
    may_disclose_decision,
    may_read_bundle,
    may_take_bundle,
    may_take_papers,
    shows_ballots,
)
from yishi.decisions.services.anchoring import export_bundle
from yishi.decisions.services.taking import BUNDLE, take_papers
from yishi.network.viewers import Viewer
from yishi.publication import selectors as publication
from yishi.publication import services as publishing

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
KINDS = {"pdf": "application/pdf", "docx": WORD, "zip": "application/zip"}


def _file(data: bytes, name: str, ending: str) -> HttpResponse:
    response = HttpResponse(data, content_type=KINDS[ending])
    shown = "inline" if ending == "pdf" else "attachment"
    response["Content-Disposition"] = f'{shown}; filename="{name}.{ending}"'
    return response


def _noticed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Tell the page that waits for a file that it has begun to come (``data-making``)."""
    token = request.POST.get("made", "")[:20]
    if token.isalnum() and token.isascii():
        response.set_cookie(
            "made", token, max_age=300, path=request.path, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
        )
    return response


@policy("decisions.get_decision_for")
@require_http_methods(["GET", "POST"])
def papers_page(request: HttpRequest, reference: str) -> HttpResponse:
    """Every paper that there is now; those that print the roll are taken with a reason, on record."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    decision, at = selectors.get_decision_for(viewer, reference), clock.now()
    inside = may_take_papers(viewer, decision, at)
    if request.method == "POST":
        return _noticed(request, _taken(request, viewer, decision))
    rows = [document for document, _paper in available(decision, viewer, inside=bool(inside))]
    given = {"decision": decision, "rows": rows, "inside": inside, "whole": _whole(viewer, decision)}
    return render(request, "decisions/papers.html", given)


def _whole(viewer: Viewer, decision: Decision) -> bool:
    """Whether there is a bundle that this viewer takes on record."""
    return has_bundle(decision) and shows_ballots(decision) and bool(may_take_bundle(viewer, decision, clock.now()))


def _taken(request: HttpRequest, viewer: Viewer, decision: Decision) -> HttpResponse:
    """Hand out what was asked for: one paper, or the whole pack."""
    what, _dot, ending = request.POST.get("what", "").partition(".")
    ending = ending or request.POST.get("ending", "pdf")
    if ending not in KINDS:
        raise Http404
    try:
        take_papers(viewer, decision, what, request.POST.get("reason", ""), clock.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("decisions:papers", decision.reference)
    if what == BUNDLE:
        return _file(export_bundle(decision, clock.now()), f"{decision.reference}-bundle", "zip")
    if what == "pack":
        return _file(pack_of(decision, viewer, inside=True), f"{decision.reference}-papers", "zip")
    return _paper(decision, viewer, what, ending)


def _paper(decision: Decision, viewer: Viewer, name: str, ending: str) -> HttpResponse:
    made = get_document(decision, viewer, name, word=ending == "docx")
    if made is None:
        raise Http404
    return _file(papers.pdf(made) if ending == "pdf" else papers.word(made), f"{decision.reference}-{name}", ending)


@policy("decisions.get_decision_for")
@public_page
@require_safe
def paper(request: HttpRequest, reference: str, name: str, ending: str) -> HttpResponse:
    """A paper that anyone may have: notice, proxy form, resolution, posting."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    decision = selectors.get_decision_for(viewer, reference)
    if name not in DOCUMENTS or DOCUMENTS[name].inside:
        raise Http404
    return _paper(decision, viewer, name, ending)


@policy("decisions.get_decision_for")
@require_safe
def bundle(request: HttpRequest, reference: str) -> HttpResponse:
    """The bundle with which anyone recomputes the decision; of a signed vote its public edition."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    decision = selectors.get_decision_for(viewer, reference)
    require(may_read_bundle(viewer, decision, clock.now()))
    public = shows_ballots(decision)
    name = f"{decision.reference}-{'public' if public else 'bundle'}"
    return _file(export_bundle(decision, clock.now(), public=public), name, "zip")


@policy("decisions.may_disclose_decision")
@require_POST
def disclose(request: HttpRequest, reference: str) -> HttpResponse:
    """Prepare the posting of the resolution or the outcome, as the procedure asks for it now."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    decision, at = selectors.get_decision_for(viewer, reference), clock.now()
    require(may_disclose_decision(viewer, decision, at))
    posting = publishing.prepare_for_subject(viewer, "decisions.decision", decision.pk, at)
    messages.success(request, _("已拟好：打印张贴后，拍照登记。"))
    return redirect("publication:posting", posting.reference)


def published(viewer: Viewer, decision: Decision) -> dict[str, Any]:
    """For the decision's page: its postings, whether it is to be posted now, whether there is a bundle."""
    step = next((s for s in ("disclosure", "consult") if s in decision.step), "")
    return {
        "postings": publication.for_subject(viewer, "decisions.decision", decision.pk),
        "to_disclose": bool(step) and decision.phase == "start" and bool(permissions.works_on(viewer, decision) or may_take_papers(viewer, decision, clock.now())),
        **editions(decision),
    }  # fmt: skip
