"""One matter: its only loader, its timeline, its pictures."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yishi.commitments import selectors as commitments
from yishi.core.models import StoredFile
from yishi.core.verdicts import Refusal, hidden, require
from yishi.matters import permissions
from yishi.matters.models import Matter, Report, Step, VisitBack
from yishi.matters.selectors.reporters import shown_reporter
from yishi.matters.selectors.settling import SUBJECT
from yishi.network.viewers import Viewer

Pictures = dict[tuple[str, int], list[StoredFile]]
PICTURES = ("matters.report", "matters.step")
_REPORTS = Prefetch(
    "reports", Report.objects.select_related("reporter__user", "contact", "first_matter").order_by("pk")
)
_BY_REPORTER = frozenset(
    {Step.Kind.RAISED, Step.Kind.JOINED, Step.Kind.JUDGED, Step.Kind.REOPENED, Step.Kind.WITHDRAWN}
)


def get_matter_for(viewer: Viewer, reference: str) -> Matter:
    """The matter under a public number, for this viewer; two queries.

    Raises:
        Refusal: hidden (404) where there is none or it is not theirs to see.
    """
    found = (
        Matter.objects.select_related("town", "community", "category", "lead", "hall", "merged_into")
        .prefetch_related(_REPORTS).filter(reference=reference).first()
    )  # fmt: skip
    if found is None:
        raise Refusal(hidden())
    require(permissions.may_see_matter(viewer, found))
    for report in found.reports.all():
        report.matter = found
    return found


def get_report_for(viewer: Viewer, report_id: int) -> Report:
    """A report, for its reporter, who entered it, its desk and those it is given to.

    Raises:
        Refusal: hidden (404) to everyone else, also where the matter is public.
    """
    found = Report.objects.select_related("matter__community", "reporter__user", "contact").filter(pk=report_id).first()
    if found is None or not may_read_report(viewer, found):
        raise Refusal(hidden())
    return found


def may_read_report(viewer: Viewer, report: Report) -> bool:
    """Whether the viewer may read a report's own words, reply and judgement."""
    if permissions.owns(viewer, report) or permissions.entered(viewer, report):
        return True
    return is_inside(viewer, report.matter)


def is_inside(viewer: Viewer, matter: Matter) -> bool:
    """Whether the viewer works with this matter, and so reads what is for handlers."""
    return permissions.at_desk(viewer, matter) or permissions.is_assigned(viewer, matter)


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """A step as the page shows it. ``who`` is an organisation or a masked reporter, never an officer's name."""

    kind: str
    label: str
    at: dt.datetime
    who: str
    words: str = ""
    clause: str = ""
    detail: str = ""
    public: bool = True
    report_id: int | None = None
    photos: tuple[StoredFile, ...] = field(default=())
    url: str = ""


def timeline(
    viewer: Viewer, matter: Matter, pictures: Pictures | None = None, promises: list[commitments.Shown] | None = None
) -> list[TimelineItem]:
    """Every step that this viewer may read, oldest first, with the promises made on the way; three queries.

    A page that has read the pictures and the promises already hands them over, which leaves one query.
    """
    steps = Step.objects.filter(matter=matter).select_related("organisation")
    inside = is_inside(viewer, matter)
    mine = {
        r.pk for r in permissions.reports_of(matter) if permissions.owns(viewer, r) or permissions.entered(viewer, r)
    }
    if not inside:
        steps = steps.filter(Q(public=True) | Q(report_id__in=mine))
    pictures = pictures_of(viewer, matter) if pictures is None else pictures
    promises = commitments.for_subject(SUBJECT, matter.pk) if promises is None else promises
    reports = {r.pk: r for r in permissions.reports_of(matter)}
    items = [_item(s, reports, pictures.get(("matters.step", s.pk), ())) for s in steps.order_by("at", "pk")]
    items += [_promise(c) for c in promises]
    return sorted(items, key=lambda i: i.at)


def _item(step: Step, reports: dict[int, Report], photos: Iterable[StoredFile]) -> TimelineItem:
    told = reports.get(step.report_id or 0)
    if step.kind in _BY_REPORTER and told is not None:
        who = shown_reporter(told)
    else:
        who = step.organisation.name if step.organisation else ""
    return TimelineItem(
        step.kind, step.get_kind_display(), step.at, who, step.words, step.clause, said_detail(step), step.public,
        step.report_id, tuple(photos),
    )  # fmt: skip


def said_detail(step: Step) -> str:
    """The step's code as words: a channel, a size, a satisfaction, a ruling; a number or a day stays as it is."""
    code, kind = step.detail, Step.Kind
    if not code:
        return ""
    if step.kind in (kind.RAISED, kind.JOINED):
        return str(dict(Report.Channel.choices).get(code, code))
    if step.kind in (kind.JUDGED, kind.REOPENED):
        return str(dict(VisitBack.Satisfaction.choices).get(code, code))
    if step.kind == kind.TOLD:
        return str(dict(Report.Told.choices).get(code, code))
    words = {
        "lead": _("主办"), "assist": _("协办"), "refused": _("不同意退单"), "granted": _("同意退单"),
        "appealed": _("申诉大小"), "appeal_accepted": _("采纳申诉"), "appeal_refused": _("不采纳申诉"),
        **{str(k): str(v) for k, v in (*Matter.Size.choices, *Report.Nature.choices)},
    }  # fmt: skip
    return str(words.get(code, code))


def _promise(commitment: commitments.Shown) -> TimelineItem:
    return TimelineItem(
        Step.Kind.COMMITTED, pgettext("timeline", "责任事项"), commitment.made_at, commitment.organisation,
        commitment.what, detail=commitment.state_label, url=commitment.url,
    )  # fmt: skip


def pictures_of(viewer: Viewer, matter: Matter) -> Pictures:
    """The photos of a matter's reports and steps that this viewer may see, by (kind, id); one query."""
    reports = [r.pk for r in permissions.reports_of(matter)]
    steps = Step.objects.filter(matter=matter, kind=Step.Kind.NOTE).values("pk")
    found = StoredFile.objects.filter(kind=StoredFile.Kind.PHOTO).filter(
        Q(subject_kind="matters.report", subject_id__in=reports) | Q(subject_kind="matters.step", subject_id__in=steps)
    )
    if not is_inside(viewer, matter):
        mine = [
            r.pk
            for r in permissions.reports_of(matter)
            if permissions.owns(viewer, r) or permissions.entered(viewer, r)
        ]
        found = found.filter(Q(public=True) | Q(subject_kind="matters.report", subject_id__in=mine))
    pictures: Pictures = {}
    for file in found.order_by("pk"):
        pictures.setdefault((file.subject_kind, file.subject_id), []).append(file)
    return pictures


def may_open_report_file(viewer: Viewer, file: StoredFile) -> bool:
    """Guard of files of a report: voice for handlers and the reporter, photos as public as the matter."""
    report = Report.objects.select_related("matter__community").filter(pk=file.subject_id).first()
    if report is None:
        return False
    if file.public and permissions.may_see_matter(viewer, report.matter):
        return True
    return may_read_report(viewer, report)


def may_open_step_file(viewer: Viewer, file: StoredFile) -> bool:
    """Guard of files of a step of the timeline."""
    step = Step.objects.select_related("matter__community").filter(pk=file.subject_id).first()
    if step is None:
        return False
    if file.public and step.public and permissions.may_see_matter(viewer, step.matter):
        return True
    return is_inside(viewer, step.matter)
