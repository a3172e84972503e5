"""What a matter says of the commitments made on it: who may promise, who accepts."""

import datetime as dt

from django.urls import reverse
from django.utils.translation import gettext as _

from yishi.commitments.rules import SubjectRules
from yishi.core.verdicts import YES, Verdict, no
from yishi.matters import permissions
from yishi.matters.models import Matter
from yishi.network.viewers import Duty, Viewer


def _load(pk: int) -> Matter | None:
    return Matter.objects.select_related("community").filter(pk=pk).first()


def _may_accept(viewer: Viewer, matter: Matter, at: dt.datetime) -> Verdict:
    """The desk, or a supervisor of the matter's community."""
    path = matter.community.path if matter.community else ""
    watching = any(o.covers(path) for o in viewer.holding({Duty.SUPERVISOR})) if path and not matter.sealed else False
    if watching or permissions.at_desk(viewer, matter):
        return YES
    return no(_("由受理这件事的工作人员或监督委员会验收。"))


def _may_cancel(viewer: Viewer, matter: Matter, at: dt.datetime) -> Verdict:
    """Who could have made it, at any stage."""
    if permissions.at_desk(viewer, matter) or permissions.works_on(viewer, matter):
        return YES
    return no(_("由受理或主办这件事的工作人员取消。"))


MATTER_RULES = SubjectRules(
    load=_load,
    may_see=permissions.may_see_matter,
    may_commit=permissions.may_make_commitment,
    may_accept=_may_accept,
    may_cancel=_may_cancel,
    title=lambda matter: matter.title,
    url=lambda matter: reverse("matters:matter", args=[matter.reference]),
)
