"""Which acts a reader finds on a matter's page: those allowed now, and those refused with the reason."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects
from django.urls import reverse

from yishi.core import clock
from yishi.core.acts import Offered
from yishi.matters import permissions, selectors
from yishi.matters.models import Extension, Matter, Report, SizeAppeal, Step
from yishi.matters.selectors import TimelineItem
from yishi.matters.views import handle, merge, reply, sort
from yishi.matters.views.shown import ReportLine, line_of
from yishi.network.viewers import Viewer

ACTS = {act.slug: act for act in (*sort.ACTS, *handle.ACTS, *reply.ACTS, *merge.ACTS)}
ON_MATTER = (
    "accept", "assign", "reply-all", "settle", "note", "commit", "resume", "suspend", "merge", "correct", "decline"
)  # fmt: skip
ON_ASSIGNMENT = ("sign", "rule")
ON_REPORT = ("contact", "reply", "tell", "visit-back", "extend", "nature")
OWN = ("judge", "withdraw")


def offered(slug: str, viewer: Viewer, matter: Matter, subject: Any, at: dt.datetime) -> Offered:
    """An act with the verdict on it."""
    return ACTS[slug].offered(viewer, matter, subject, at)


def acts_for(viewer: Viewer, matter: Matter, at: dt.datetime, items: list[TimelineItem] | None) -> dict[str, Any]:
    """What the page offers: the reader's own reports, the acts, the refusals, every report for handlers.

    ``items`` is the timeline for someone who works with the matter, None for everyone else.
    """
    own = [r for r in permissions.reports_of(matter) if permissions.owns(viewer, r) and r.withdrawn_at is None]
    found: dict[str, Any] = {"mine": [], "appeal_url": "", "appeals": [], "acts": [], "refused": [], "reports": []}
    if matter.size and matter.is_open and (own or items is not None):
        prefetch_related_objects([matter], "size_appeals")
        found["appeals"] = list(matter.size_appeals.all())
    if own:
        appeal = offered("appeal", viewer, matter, matter, at)
        found |= {
            "mine": [_own_line(viewer, matter, r, at) for r in own],
            "appeal_url": appeal.url if appeal.verdict else "",
        }
    if items is not None:
        _know_extensions(matter, items)
        every = list(_for_officers(viewer, matter, at, found["appeals"]))
        found["acts"] = [o for o in every if o.verdict]
        found["refused"] = [o for o in every if not o.verdict and not o.verdict.hidden]
        found["reports"] = [_line(viewer, matter, r, at) for r in permissions.reports_of(matter)]
    return found


def _know_extensions(matter: Matter, items: list[TimelineItem]) -> None:
    """Extensions are read only where the timeline tells of one."""
    extended = any(i.kind == Step.Kind.EXTENDED for i in items)
    rows = Extension.objects.all() if extended else Extension.objects.none()
    prefetch_related_objects(permissions.reports_of(matter), Prefetch("extensions", rows))


def _for_officers(viewer: Viewer, matter: Matter, at: dt.datetime, appeals: Iterable[SizeAppeal]) -> Iterable[Offered]:
    """Acts on assignments and appeals that wait, then those on the matter, giving back last."""
    active = [a for a in permissions.assignments_of(matter) if a.state in permissions.ACTIVE]
    for assignment in active:
        assignment.matter = matter
        for slug in ON_ASSIGNMENT:
            if (found := offered(slug, viewer, matter, assignment, at)).verdict:
                yield found
    for appeal in appeals:
        if appeal.state == SizeAppeal.State.OPEN:
            appeal.matter = matter
            yield offered("answer-appeal", viewer, matter, appeal, at)
    for slug in ON_MATTER:
        yield offered(slug, viewer, matter, matter, at)
    for assignment in active:
        yield offered("ask-return", viewer, matter, assignment, at)


def _own_line(viewer: Viewer, matter: Matter, report: Report, at: dt.datetime) -> ReportLine:
    every = ((slug, offered(slug, viewer, matter, report, at)) for slug in OWN)
    acts = tuple(replace(o, main=slug == "judge") for slug, o in every if o.verdict)
    return line_of(report, clock.local_day(at), acts=acts)


def _line(viewer: Viewer, matter: Matter, report: Report, at: dt.datetime) -> ReportLine:
    acts = tuple(o for o in (offered(slug, viewer, matter, report, at) for slug in ON_REPORT) if o.verdict)
    may_look = permissions.may_view_contact(viewer, report, at)
    reveal = reverse("matters:reveal", args=[matter.reference, report.pk]) if may_look else ""
    shown = selectors.shown_reporter(report)
    return line_of(report, clock.local_day(at), shown=shown, acts=acts, reveal_url=reveal)
