"""Acts on decisions: propose, comment, sign a petition."""

from typing import Any

from django.http import HttpRequest

from yishi.core import clock
from yishi.core.rest import Id, answers, scoped
from yishi.core.verdicts import require
from yishi.decisions import selectors, services
from yishi.decisions.api import shapes
from yishi.decisions.api.reads import whole
from yishi.decisions.api.router import router
from yishi.decisions.permissions import may_disclose_decision
from yishi.decisions.publishing import KIND
from yishi.decisions.selectors.petitions import get_petition_of
from yishi.network.viewers import viewer_of
from yishi.publication import services as publication

WRITE = "decisions:write"


@router.post("", response=answers(shapes.DecisionOut), operation_id="start_decision")
@scoped(WRITE)
def start_decision(request: HttpRequest, told: shapes.Propose) -> Any:
    """Bring a matter to the body that the law names."""
    viewer = viewer_of(request)
    made = services.start_decision(viewer, services.StartInput(
        key=told.key, organisation_id=told.organisation, subject=told.subject, title=told.title, text=told.text,
        facts=told.facts(), budget=told.budget, conflict=told.conflict, conflict_words=told.conflict_words,
        by_petition=told.by_petition, concerned_id=told.concerned,
    ), clock.now())  # fmt: skip
    return whole(viewer, selectors.get_decision_for(viewer, made.reference))


@router.post("/{reference}/comments", response=answers(shapes.DecisionOut), operation_id="comment_on_motion")
@scoped(WRITE)
def comment_on_motion(request: HttpRequest, reference: str, told: shapes.Comment) -> Any:
    """Say something of the motion; it will be answered."""
    viewer = viewer_of(request)
    decision = selectors.get_decision_for(viewer, reference)
    services.comment_on_motion(viewer, decision, told.text, told.key, clock.now())
    return whole(viewer, selectors.get_decision_for(viewer, reference))


@router.post("/{reference}/petitions/{petition_id}/sign", response=answers(shapes.Signed), operation_id="sign_petition")
@scoped(WRITE)
def sign_petition(request: HttpRequest, reference: str, petition_id: Id) -> Any:
    """Sign a petition; signed twice is once."""
    viewer = viewer_of(request)
    petition = get_petition_of(selectors.get_decision_for(viewer, reference), petition_id)
    made = services.sign_petition(viewer, petition, clock.now())
    return {"petition": petition.pk, "at": made.at}


@router.post("/{reference}/disclosure", response=answers(shapes.Disclosed), operation_id="disclose_decision")
@scoped("publication:write")
def disclose_decision(request: HttpRequest, reference: str) -> Any:
    """Prepare the posting of the resolution or the outcome, as the procedure asks for it now; the same again gives it."""
    viewer, at = viewer_of(request), clock.now()
    decision = selectors.get_decision_for(viewer, reference)
    require(may_disclose_decision(viewer, decision, at))
    return {"posting": publication.prepare_for_subject(viewer, KIND, decision.pk, at).reference}
