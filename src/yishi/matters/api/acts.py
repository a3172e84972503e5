"""Acts on matters: raise, sort, give, do, suspend, merge, settle."""

from typing import Any

from django.http import HttpRequest
from ninja import File, Form, Schema
from ninja.files import UploadedFile

from yishi.commitments import services as commitments
from yishi.core import clock
from yishi.core.rest import NO_FILES, Id, Uploads, answers, scoped, streams
from yishi.core.verdicts import Refusal, hidden
from yishi.matters import selectors, services
from yishi.matters.api import shapes
from yishi.matters.api.reads import with_timeline
from yishi.matters.api.router import router
from yishi.matters.models import Assignment, Matter, Merge, Report
from yishi.network.viewers import Viewer, viewer_of

WRITE = "matters:write"
Voice = File[UploadedFile | None]


class Given(Schema):
    """The assignment that an act left behind."""

    id: int
    state: str


def loaded(request: HttpRequest, reference: str) -> tuple[Viewer, Matter]:
    """Who asks, and the matter."""
    viewer = viewer_of(request)
    return viewer, selectors.get_matter_for(viewer, reference)


def fresh(viewer: Viewer, reference: str) -> Matter:
    """The matter after the act."""
    return with_timeline(viewer, selectors.get_matter_for(viewer, reference))


def assignment_of(viewer: Viewer, reference: str, assignment_id: Id) -> Assignment:
    """An assignment of a matter that this viewer sees.

    Raises:
        Refusal: hidden, where there is none.
    """
    matter = selectors.get_matter_for(viewer, reference)
    found = Assignment.objects.filter(pk=assignment_id, matter=matter).first()
    if found is None:
        raise Refusal(hidden())
    return found


@router.post("", response=answers(shapes.ReportOut), operation_id="raise_matter")
@scoped(WRITE)
def raise_matter(request: HttpRequest, told: shapes.Raise) -> Any:
    """Raise a matter, or add one's report to another's."""
    return services.raise_matter(viewer_of(request), told.as_input(Report.Channel.API), clock.now())


@router.post("/raise/with-files", response=answers(shapes.ReportOut), operation_id="raise_matter_with_files")
@scoped(WRITE)
def raise_matter_with_files(
    request: HttpRequest, told: Form[shapes.Raise], photos: Uploads = NO_FILES, voice: Voice = None
) -> Any:
    """The same with up to nine photos and a voice note, as a form of several parts."""
    data = told.as_input(Report.Channel.API, photos=streams(photos), voice=streams([voice])[0] if voice else None)
    return services.raise_matter(viewer_of(request), data, clock.now())


@router.post("/{reference}/accept", response=answers(shapes.MatterOut), operation_id="accept_matter")
@scoped(WRITE)
def accept_matter(request: HttpRequest, reference: str, given: shapes.Accept) -> Any:
    """Take a matter up and sort it."""
    viewer, matter = loaded(request, reference)
    services.accept_matter(
        viewer, matter, given.category, given.size.value, given.size_reason, given.decider.value,
        given.decider_reason, given.visibility.value, clock.now(),
    )  # fmt: skip
    return fresh(viewer, reference)


@router.post("/{reference}/decline", response=answers(shapes.MatterOut), operation_id="decline_matter")
@scoped(WRITE)
def decline_matter(request: HttpRequest, reference: str, given: shapes.Decline) -> Any:
    """Not take a matter up, with the reason and where to go."""
    viewer, matter = loaded(request, reference)
    services.decline_matter(viewer, matter, given.reason, given.where_to_go, given.clause, clock.now())
    return fresh(viewer, reference)


@router.post("/{reference}/appeal", response=answers(shapes.MatterOut), operation_id="appeal_size")
@scoped(WRITE)
def appeal_size(request: HttpRequest, reference: str, given: shapes.Appeal) -> Any:
    """Ask for another size of one's own matter."""
    viewer, matter = loaded(request, reference)
    services.appeal_size(viewer, matter, given.size.value, given.reason, clock.now())
    return fresh(viewer, reference)


@router.post("/{reference}/assignments", response=answers(Given), operation_id="assign_matter")
@scoped(WRITE)
def assign_matter(request: HttpRequest, reference: str, given: shapes.Assign) -> Any:
    """Give a matter to an organisation to lead or to assist."""
    viewer, matter = loaded(request, reference)
    return services.assign_matter(viewer, matter, given.organisation, given.role, given.reason, clock.now())


@router.post("/{reference}/assignments/{assignment_id}/sign", response=answers(Given), operation_id="sign_assignment")
@scoped(WRITE)
def sign_assignment(request: HttpRequest, reference: str, assignment_id: Id) -> Any:
    """Sign for an assignment."""
    viewer = viewer_of(request)
    return services.sign_assignment(viewer, assignment_of(viewer, reference, assignment_id), clock.now())


@router.post("/{reference}/assignments/{assignment_id}/return", response=answers(Given), operation_id="ask_return")
@scoped(WRITE)
def ask_return(request: HttpRequest, reference: str, assignment_id: Id, given: shapes.Return) -> Any:
    """Ask to give an assignment back, once, with reason and law."""
    viewer = viewer_of(request)
    found = assignment_of(viewer, reference, assignment_id)
    return services.ask_return(viewer, found, given.reason, given.clause, clock.now())


@router.post("/{reference}/assignments/{assignment_id}/ruling", response=answers(Given), operation_id="rule_on_return")
@scoped(WRITE)
def rule_on_return(request: HttpRequest, reference: str, assignment_id: Id, given: shapes.Ruling) -> Any:
    """Rule on a return."""
    viewer = viewer_of(request)
    found = assignment_of(viewer, reference, assignment_id)
    return services.rule_on_return(viewer, found, given.grant, given.ruling, given.to_organisation, clock.now())


@router.post("/{reference}/notes", response=answers(shapes.MatterOut), operation_id="add_note")
@scoped(WRITE)
def add_note(request: HttpRequest, reference: str, given: shapes.Note) -> Any:
    """Write down a step of the handling."""
    viewer, matter = loaded(request, reference)
    services.add_note(viewer, matter, given.words, given.public, (), clock.now())
    return fresh(viewer, reference)


@router.post("/{reference}/notes/with-photos", response=answers(shapes.MatterOut), operation_id="add_note_with_photos")
@scoped(WRITE)
def add_note_with_photos(
    request: HttpRequest, reference: str, given: Form[shapes.Note], photos: Uploads = NO_FILES
) -> Any:
    """Write down a step of the handling with photos, as a form of several parts."""
    viewer, matter = loaded(request, reference)
    services.add_note(viewer, matter, given.words, given.public, streams(photos), clock.now())
    return fresh(viewer, reference)


@router.post("/{reference}/commitments", response=answers(shapes.Numbered), operation_id="make_commitment")
@scoped("commitments:write")
def make_commitment(request: HttpRequest, reference: str, given: shapes.Promise) -> Any:
    """Promise a piece of work on a matter: who, what, by when, with which money."""
    viewer, matter = loaded(request, reference)
    return commitments.make_commitment(
        viewer, matter, given.what, given.organisation, given.doer, given.due_on, given.budget, clock.now()
    )


@router.post("/{reference}/replies", response=answers(shapes.MatterOut), operation_id="reply_to_all")
@scoped(WRITE)
def reply_to_all(request: HttpRequest, reference: str, given: shapes.Reply) -> Any:
    """Reply to every reporter who waits, in the same words."""
    viewer, matter = loaded(request, reference)
    services.reply_to_all(viewer, matter, given.reply, clock.now())
    return fresh(viewer, reference)


@router.post("/{reference}/suspend", response=answers(shapes.MatterOut), operation_id="suspend_matter")
@scoped(WRITE)
def suspend_matter(request: HttpRequest, reference: str, given: shapes.Suspend) -> Any:
    """Suspend a matter that cannot be settled now."""
    viewer, matter = loaded(request, reference)
    services.suspend_matter(viewer, matter, given.condition, given.plan, given.review_on, clock.now())
    return fresh(viewer, reference)


@router.post("/{reference}/resume", response=answers(shapes.MatterOut), operation_id="resume_matter")
@scoped(WRITE)
def resume_matter(request: HttpRequest, reference: str, given: shapes.Reason) -> Any:
    """Go on with a suspended matter."""
    viewer, matter = loaded(request, reference)
    services.resume_matter(viewer, matter, given.reason, clock.now())
    return fresh(viewer, reference)


@router.post("/{reference}/settle", response=answers(shapes.MatterOut), operation_id="settle_matter")
@scoped(WRITE)
def settle_matter(request: HttpRequest, reference: str, given: shapes.Settle) -> Any:
    """Settle a matter, once everyone reachable has been told."""
    viewer, matter = loaded(request, reference)
    services.settle_matter(viewer, matter, given.result, clock.now())
    return fresh(viewer, reference)


@router.post("/{reference}/merge", response=answers(shapes.MatterOut), operation_id="merge_matter")
@scoped(WRITE)
def merge_matter(request: HttpRequest, reference: str, given: shapes.MergeInto) -> Any:
    """Merge a matter into another; every report keeps its clock."""
    viewer, matter = loaded(request, reference)
    into = selectors.get_matter_for(viewer, given.into)
    services.merge_matter(viewer, matter, into, given.reason, clock.now())
    return fresh(viewer, given.into)


@router.post("/{reference}/split", response=answers(shapes.MatterOut), operation_id="split_matter")
@scoped(WRITE)
def split_matter(request: HttpRequest, reference: str, given: shapes.Reason) -> Any:
    """Undo the merge of this matter into another."""
    viewer, matter = loaded(request, reference)
    merge = Merge.objects.filter(matter=matter, split_at=None).first()
    if merge is None:
        raise Refusal(hidden())
    services.split_matter(viewer, merge, given.reason, clock.now())
    return fresh(viewer, reference)
