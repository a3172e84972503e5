"""Acts on postings: prepare, hang up, look, take down, suspend, resume, correct. Photos come as forms of several parts."""

from typing import Any

from django.http import HttpRequest
from ninja import File, Form
from ninja.files import UploadedFile

from yishi.core import clock
from yishi.core.rest import answers, scoped, streams
from yishi.network.viewers import Viewer, viewer_of
from yishi.publication import selectors, services
from yishi.publication.api import shapes
from yishi.publication.api.reads import fresh
from yishi.publication.api.router import postings
from yishi.publication.models import Posting

WRITE = "publication:write"
Picture = File[UploadedFile | None]
Voice = File[UploadedFile | None]
OUT = answers(shapes.PostingOut)


def loaded(request: HttpRequest, reference: str) -> tuple[Viewer, Posting]:
    """Who asks, and the posting."""
    viewer = viewer_of(request)
    return viewer, selectors.get_posting_for(viewer, reference)


def _one(upload: UploadedFile | None) -> Any:
    return streams([upload])[0] if upload else None


@postings.post("", response=OUT, operation_id="prepare_posting")
@scoped(WRITE)
def prepare_posting(request: HttpRequest, told: shapes.Prepare) -> Any:
    """Prepare a posting of the catalogue, to be printed and then hung up with a photo."""
    viewer = viewer_of(request)
    return fresh(viewer, services.prepare_posting(viewer, told.as_input(), clock.now()).reference)


@postings.post("/prepare/with-reading", response=OUT, operation_id="prepare_posting_with_reading")
@scoped(WRITE)
def prepare_posting_with_reading(request: HttpRequest, told: Form[shapes.Prepare], reading: Voice = None) -> Any:
    """The same with a recording in which it is read aloud, as a form of several parts."""
    viewer = viewer_of(request)
    made = services.prepare_posting(viewer, told.as_input(reading=_one(reading)), clock.now())
    return fresh(viewer, made.reference)


@postings.post("/{reference}/open", response=OUT, operation_id="open_posting")
@scoped(WRITE)
def open_posting(request: HttpRequest, reference: str, told: Form[shapes.Hang], photo: Picture = None) -> Any:
    """Hang it up: the photo proves it, the days run from today. A form of several parts."""
    viewer, posting = loaded(request, reference)
    services.open_posting(viewer, posting, _one(photo), clock.now(), places=told.places, check_on=told.check_on)
    return fresh(viewer, reference)


@postings.post("/{reference}/checks", response=OUT, operation_id="check_posting")
@scoped(WRITE)
def check_posting(request: HttpRequest, reference: str, told: Form[shapes.Look], photo: Picture = None) -> Any:
    """Look whether it hangs there today; without a photo the period grows by the day. A form of several parts."""
    viewer, posting = loaded(request, reference)
    services.check_posting(
        viewer, posting, _one(photo), clock.now(), seen=told.seen, place=told.place, note=told.note
    )  # fmt: skip
    return fresh(viewer, reference)


@postings.post("/{reference}/end", response=OUT, operation_id="end_posting")
@scoped(WRITE)
def end_posting(request: HttpRequest, reference: str, photo: Picture = None) -> Any:
    """Take it down after its full period, with a last photo. A form of several parts."""
    viewer, posting = loaded(request, reference)
    services.end_posting(viewer, posting, _one(photo), clock.now())
    return fresh(viewer, reference)


@postings.post("/{reference}/suspend", response=OUT, operation_id="suspend_posting")
@scoped(WRITE)
def suspend_posting(request: HttpRequest, reference: str, told: shapes.Why) -> Any:
    """Suspend its effect, with the reason that everyone reads."""
    viewer, posting = loaded(request, reference)
    services.suspend_posting(viewer, posting, told.why, clock.now())
    return fresh(viewer, reference)


@postings.post("/{reference}/resume", response=OUT, operation_id="resume_posting")
@scoped(WRITE)
def resume_posting(request: HttpRequest, reference: str) -> Any:
    """Resume what was suspended."""
    viewer, posting = loaded(request, reference)
    services.resume_posting(viewer, posting, clock.now())
    return fresh(viewer, reference)


@postings.post("/{reference}/correct", response=OUT, operation_id="correct_posting")
@scoped(WRITE)
def correct_posting(request: HttpRequest, reference: str, told: shapes.Correct) -> Any:
    """Take it down and prepare a corrected one, which runs its full period anew; gives the new one."""
    viewer, posting = loaded(request, reference)
    made = services.correct_posting(viewer, posting, told.title, told.text, told.why, clock.now())
    return fresh(viewer, made.reference)
