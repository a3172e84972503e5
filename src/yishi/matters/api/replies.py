"""Acts on a report: contact, more time, reply, telling, judgement, withdrawal."""

from typing import Any

from django.http import HttpRequest

from yishi.core import clock
from yishi.core.rest import Id, answers, scoped
from yishi.matters import selectors, services
from yishi.matters.api import shapes
from yishi.matters.api.acts import WRITE
from yishi.matters.api.router import router
from yishi.matters.models import Report
from yishi.network.viewers import Viewer, viewer_of


def loaded(request: HttpRequest, report_id: Id) -> tuple[Viewer, Report]:
    """Who asks, and the report."""
    viewer = viewer_of(request)
    return viewer, selectors.get_report_for(viewer, report_id)


@router.post("/reports/{report_id}/contact", response=answers(shapes.ReportOut), operation_id="contact_reporter")
@scoped(WRITE)
def contact_reporter(request: HttpRequest, report_id: Id, given: shapes.Note) -> Any:
    """Write down that the reporter was spoken with."""
    viewer, report = loaded(request, report_id)
    return services.contact_reporter(viewer, report, given.words, clock.now())


@router.post("/reports/{report_id}/extend", response=answers(shapes.ReportOut), operation_id="extend_report")
@scoped(WRITE)
def extend_report(request: HttpRequest, report_id: Id, given: shapes.Extend) -> Any:
    """Take more time, with a reason."""
    viewer, report = loaded(request, report_id)
    services.extend_report(viewer, report, given.new_due_on, given.reason, clock.now())
    return selectors.get_report_for(viewer, report_id)


@router.post("/reports/{report_id}/reply", response=answers(shapes.ReportOut), operation_id="reply_to_report")
@scoped(WRITE)
def reply_to_report(request: HttpRequest, report_id: Id, given: shapes.Reply) -> Any:
    """Reply to one reporter."""
    viewer, report = loaded(request, report_id)
    return services.reply_to_report(viewer, report, given.reply, clock.now())


@router.post("/reports/{report_id}/tell", response=answers(shapes.ReportOut), operation_id="tell_reporter")
@scoped(WRITE)
def tell_reporter(request: HttpRequest, report_id: Id, given: shapes.Told) -> Any:
    """Write down that the reporter has been told, and how."""
    viewer, report = loaded(request, report_id)
    return services.tell_reporter(viewer, report, given.how.value, clock.now())


@router.post("/reports/{report_id}/visit-back", response=answers(shapes.ReportOut), operation_id="visit_back")
@scoped(WRITE)
def visit_back(request: HttpRequest, report_id: Id, given: shapes.Judge) -> Any:
    """Write down what the reporter said when asked."""
    viewer, report = loaded(request, report_id)
    services.visit_back(viewer, report, given.solved, given.satisfaction.value, given.words, clock.now())
    return selectors.get_report_for(viewer, report_id)


@router.post("/reports/{report_id}/judge", response=answers(shapes.ReportOut), operation_id="judge_report")
@scoped(WRITE)
def judge_report(request: HttpRequest, report_id: Id, given: shapes.Judge) -> Any:
    """Judge what was done for one's own report."""
    viewer, report = loaded(request, report_id)
    services.judge_report(viewer, report, given.solved, given.satisfaction.value, given.words, clock.now())
    return selectors.get_report_for(viewer, report_id)


@router.post("/reports/{report_id}/withdraw", response=answers(shapes.ReportOut), operation_id="withdraw_report")
@scoped(WRITE)
def withdraw_report(request: HttpRequest, report_id: Id, given: shapes.Reason) -> Any:
    """Take back one's own report."""
    viewer, report = loaded(request, report_id)
    return services.withdraw_report(viewer, report, given.reason, clock.now())


@router.post("/reports/{report_id}/nature", response=answers(shapes.ReportOut), operation_id="set_nature")
@scoped(WRITE)
def set_nature(request: HttpRequest, report_id: Id, given: shapes.Nature) -> Any:
    """Say that a report is of another kind; its clock is counted anew."""
    viewer, report = loaded(request, report_id)
    services.set_nature(viewer, report, given.nature.value, given.reason, clock.now())
    return selectors.get_report_for(viewer, report_id)


@router.post("/reports/{report_id}/undo-telling", response=answers(shapes.ReportOut), operation_id="undo_telling")
@scoped(WRITE)
def undo_telling(request: HttpRequest, report_id: Id) -> Any:
    """Take back a telling just written down."""
    viewer, report = loaded(request, report_id)
    return services.undo_telling(viewer, report, clock.now())


@router.post("/reports/{report_id}/contact-details", response=answers(shapes.ContactOut), operation_id="view_contact")
@scoped(WRITE)
def view_contact(request: HttpRequest, report_id: Id, given: shapes.Why) -> Any:
    """See who reported, as the signed handler; every look is on record with its reason."""
    viewer, report = loaded(request, report_id)
    return services.view_contact(viewer, report, given.why, clock.now())
