"""Taking back a signature, an assignment or a telling just done: an act of its own, on the record and the timeline."""

import datetime as dt

from django.utils.translation import gettext as _

from yishi.core.verdicts import require
from yishi.matters.models import Assignment, Matter, Report, ReporterContact, Step
from yishi.matters.permissions.undoing import may_undo_act
from yishi.matters.services._acts import finish, held, held_report
from yishi.network.viewers import Viewer

Stage, State = Matter.Stage, Assignment.State


def undo_signature(viewer: Viewer, assignment: Assignment, at: dt.datetime) -> Assignment:
    """The organisation has not signed after all.

    Raises:
        Refusal: not one's own last step, or too late.
    """
    with held(assignment.matter) as matter:
        require(may_undo_act(viewer, matter, "matters.signed", at))
        fresh = Assignment.objects.get(pk=assignment.pk)
        fresh.state, fresh.handler, fresh.signed_at = State.SENT, None, None
        fresh.save(update_fields=["state", "handler", "signed_at"])
        if fresh.role == Assignment.Role.LEAD and matter.stage == Stage.DOING:
            matter.stage = Stage.ASSIGNED
        _taken_back(viewer, matter, _("撤回刚才的签收。"), at)
        return fresh


def undo_assignment(viewer: Viewer, assignment: Assignment, at: dt.datetime) -> Assignment:
    """The matter was not given away after all: it stands at the desk again, its contact clock not started.

    Raises:
        Refusal: not one's own last step, or too late.
    """
    with held(assignment.matter) as matter:
        require(may_undo_act(viewer, matter, "matters.assigned", at))
        fresh = Assignment.objects.get(pk=assignment.pk)
        fresh.state, fresh.ended_at = State.ENDED, at
        fresh.save(update_fields=["state", "ended_at"])
        if fresh.role == Assignment.Role.LEAD:
            matter.lead, matter.stage = None, Stage.ACCEPTED
            Report.objects.filter(matter=matter, dispatched_at=fresh.sent_at, contacted_at=None).update(
                dispatched_at=None, contact_by=None
            )
        _taken_back(viewer, matter, _("撤回刚才的派单。"), at)
        return fresh


def undo_telling(viewer: Viewer, report: Report, at: dt.datetime) -> Report:
    """The reporter was not told after all.

    Raises:
        Refusal: not one's own last step, or too late.
    """
    with held_report(report) as fresh:
        require(may_undo_act(viewer, fresh.matter, "matters.told", at))
        if fresh.told_how == Report.Told.UNREACHABLE:
            ReporterContact.objects.filter(report=fresh).update(reachable=True)
        if fresh.contacted_at == fresh.told_at:
            fresh.contacted_at = None
        fresh.state, fresh.told_how, fresh.told_at = Report.State.REPLIED, "", None
        fresh.save(update_fields=["state", "told_how", "told_at", "contacted_at"])
        _taken_back(viewer, fresh.matter, _("撤回刚才记下的告知。"), at)
        return fresh


def _taken_back(viewer: Viewer, matter: Matter, words: str, at: dt.datetime) -> None:
    finish(viewer, matter, "undone", Step.Kind.CORRECTED, at, words=words)
