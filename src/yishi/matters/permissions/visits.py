"""Whose diary it is: a visit is seen by its author, and by colleagues when it was shared."""

import datetime as dt

from django.utils.translation import gettext as _

from yishi.core.verdicts import YES, Verdict, hidden, no
from yishi.matters.models import Visit
from yishi.network.viewers import COMMUNITY_KINDS, HALL_KINDS, OFFICER_DUTIES, Duty, Kind, Viewer

VISITING = OFFICER_DUTIES - {Duty.DISPATCHER, Duty.AUDITOR}
KINDS = COMMUNITY_KINDS | HALL_KINDS | {Kind.PARTY_BRANCH, Kind.GENERAL_PARTY_BRANCH, Kind.PARTY_COMMITTEE}


def may_write_visit(viewer: Viewer, at: dt.datetime) -> Verdict:
    """Officers who work where people live."""
    if viewer.holding(VISITING | {Duty.HOST}, KINDS):
        return YES
    return no(_("走访日记给社区、支部和议事厅的工作人员使用。"))


def may_see_visit(viewer: Viewer, visit: Visit, at: dt.datetime) -> Verdict:
    """The author; colleagues of the same community when it was shared; to all others it does not exist."""
    if visit.by_id == viewer.person_id:
        return YES
    path = visit.community.path
    colleague = any(o.covers(path) for o in viewer.holding(VISITING, COMMUNITY_KINDS))
    return YES if visit.shared and colleague else hidden()


def may_change_visit(viewer: Viewer, visit: Visit, at: dt.datetime) -> Verdict:
    """The author alone, while in office."""
    if visit.by_id != viewer.person_id:
        return hidden()
    return may_write_visit(viewer, at)
