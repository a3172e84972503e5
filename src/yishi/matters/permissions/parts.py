"""Parts of verdicts that many rights share."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from yishi.core.verdicts import YES, Verdict, no
from yishi.matters.models import Matter, Report
from yishi.matters.permissions.facts import at_desk, may_see_matter, works_on
from yishi.network.viewers import Viewer

Stage, State = Matter.Stage, Report.State


def at_stage(matter: Matter, stages: Iterable[str]) -> Verdict:
    """Whether the matter stands at one of these stages."""
    if matter.stage in tuple(stages):
        return YES
    now = Stage(matter.stage).label
    return no(_("这件事现在是“%(stage)s”，不能这样办。") % {"stage": now})


def by_desk(viewer: Viewer, matter: Matter) -> Verdict:
    """Whether the viewer sorts this matter."""
    if not (seen := may_see_matter(viewer, matter)):
        return seen
    if at_desk(viewer, matter):
        return YES
    return no(_("这一步由受理这件事的社区、镇或热线工作人员来做。"), what_now=_("如需更改，请与受理人联系。"))


def by_work(viewer: Viewer, matter: Matter) -> Verdict:
    """Whether the viewer does the work on it."""
    if not (seen := may_see_matter(viewer, matter)):
        return seen
    if works_on(viewer, matter):
        return YES
    return no(_("这一步由主办单位签收后的经办人员来做。"), what_now=_("主办单位尚未签收的，请先签收。"))


def is_live(report: Report) -> Verdict:
    """Whether the report still runs."""
    if report.withdrawn_at is None and report.state != State.CLOSED:
        return YES
    return no(_("这条反映已经了结或撤回。"))
