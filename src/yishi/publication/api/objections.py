"""Objections: made by oneself or entered for someone, answered by those who post."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field

from yishi.core import clock
from yishi.core.rest import answers, scoped
from yishi.network.viewers import Viewer, viewer_of
from yishi.publication import selectors, services
from yishi.publication.api import shapes
from yishi.publication.api.acts import WRITE, loaded
from yishi.publication.api.reads import objection_out
from yishi.publication.api.router import postings
from yishi.publication.models import Objection

Number = Annotated[int, Field(ge=1, le=32_000)]


def _shown(viewer: Viewer, reference: str, made: Objection) -> dict[str, Any]:
    lines = selectors.objections_of(viewer, selectors.get_posting_for(viewer, reference))
    return next(objection_out(line) for line in lines if line.objection.pk == made.pk)


@postings.post("/{reference}/objections", response=answers(shapes.ObjectionOut), operation_id="object_to_posting")
@scoped(WRITE)
def object_to_posting(request: HttpRequest, reference: str, told: shapes.Object) -> Any:
    """Object while it hangs, or enter what someone said on paper, by phone or at the desk."""
    viewer, posting = loaded(request, reference)
    return _shown(viewer, reference, services.object_to_posting(viewer, posting, told.as_input(), clock.now()))


@postings.post(
    "/{reference}/objections/{number}/answer", response=answers(shapes.ObjectionOut), operation_id="answer_objection"
)
@scoped(WRITE)
def answer_objection(request: HttpRequest, reference: str, number: Number, told: shapes.Answer) -> Any:
    """Answer with a ruling and its reason; upheld, the posting comes down and is corrected."""
    viewer = viewer_of(request)
    objection = selectors.get_objection_for(viewer, reference, number)
    made = services.answer_objection(viewer, objection, told.ruling.value, told.reason, clock.now())
    return _shown(viewer, reference, made)
