"""Reading decisions: the list, one with its replayed state."""

from typing import Any

from django.http import HttpRequest
from ninja import Query

from yishi.core.rest import Asked, Listed, answers, paged
from yishi.decisions import selectors
from yishi.decisions.api.router import router
from yishi.decisions.api.shapes import DecisionLine, DecisionOut, Wanted
from yishi.decisions.models import Decision
from yishi.decisions.selectors.parts import comments_of, versions_of
from yishi.decisions.selectors.petitions import petitions_of
from yishi.engines.procedure import report
from yishi.network.viewers import Viewer, viewer_of


def whole(viewer: Viewer, decision: Decision) -> dict[str, Any]:
    """The decision as :class:`DecisionOut` reads it."""
    now = versions_of(decision)[0]
    comments = [
        {"id": c.row.pk, "who": c.who, "text": c.text, "at": c.row.at, "answer": c.row.answer, "reason": c.reason}
        for c in comments_of(decision)
    ]  # fmt: skip
    petitions = [
        {"id": p.row.pk, "quantity": p.row.quantity, "whole_number": p.whole, "signed": p.signed, "need": p.need, "met": p.met, "text": p.text}
        for p in petitions_of(viewer, decision)
    ]  # fmt: skip
    return DecisionLine.from_orm(decision).model_dump(by_alias=True) | {
        "text": now.text, "budget": now.budget, "digest": now.digest, "report": report(selectors.read_case(decision)[0]),
        "comments": comments, "petitions": petitions,
    }  # fmt: skip


@router.get("", response=answers(Listed[DecisionLine]), operation_id="list_decisions")
def list_decisions(request: HttpRequest, wanted: Query[Wanted], asked: Query[Asked]) -> Any:
    """Decisions that this viewer may see, the latest step first; the count stops at a thousand."""
    found = selectors.list_decisions(viewer_of(request), wanted.as_filter(), asked.page, asked.per_page)
    return paged(found.items, asked, found.total, capped=found.capped)


@router.get("/{reference}", response=answers(DecisionOut), operation_id="get_decision")
def get_decision(request: HttpRequest, reference: str) -> Any:
    """One decision: motion, steps, results with their arithmetic, comments, petitions."""
    viewer = viewer_of(request)
    return whole(viewer, selectors.get_decision_for(viewer, reference))
