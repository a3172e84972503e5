"""What stands between a matter and its settling."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yishi.commitments import selectors as commitments
from yishi.matters.models import Assignment, Matter, Merge, Report, VisitBack
from yishi.matters.permissions import ACTIVE
from yishi.matters.selectors.reporters import is_reachable

SUBJECT = "matters.matter"
State = Report.State
WAITING = (State.OPEN, State.REOPENED)
GOOD = (VisitBack.Satisfaction.SATISFIED, VisitBack.Satisfaction.BASICALLY)


def judgements(report_ids: list[int]) -> dict[int, VisitBack]:
    """The latest real answer (not "nobody answered") of each report."""
    found = VisitBack.objects.filter(report_id__in=report_ids).exclude(satisfaction=VisitBack.Satisfaction.NO_ANSWER)
    return {v.report_id: v for v in found.order_by("at", "pk")}


def live_reports(matter: Matter) -> list[Report]:
    """The reports of a matter that were not taken back, with who told them."""
    found = Report.objects.filter(matter=matter, withdrawn_at=None)
    return list(found.select_related("reporter__user", "contact").order_by("pk"))


def open_commitments(matter: Matter) -> int:
    """How many promises on this matter, or on those merged into it, are neither accepted nor cancelled."""
    merged = Merge.objects.filter(into=matter, split_at=None).values_list("matter_id", flat=True)
    return commitments.open_count(SUBJECT, [matter.pk, *merged])


def in_the_way(matter: Matter) -> list[str]:
    """Each thing that keeps the matter from being settled, as a sentence."""
    reports = live_reports(matter)
    waiting = sum(1 for r in reports if r.state in WAITING)
    untold = sum(1 for r in reports if r.state == State.REPLIED and is_reachable(r))
    promised = open_commitments(matter)
    found = []
    if waiting:
        found.append(ngettext("还有 %(n)s 条反映没有答复。", "还有 %(n)s 条反映没有答复。", waiting) % {"n": waiting})
    if untold:
        found.append(
            ngettext("还有 %(n)s 位反映人没有被告知结果。", "还有 %(n)s 位反映人没有被告知结果。", untold)
            % {"n": untold}
        )
    if promised:
        found.append(
            ngettext("还有 %(n)s 项责任事项没有验收。", "还有 %(n)s 项责任事项没有验收。", promised) % {"n": promised}
        )
    if not reports:
        found.append(_("这件事已没有人反映。"))
    return found


def doers_of(matter: Matter) -> set[int]:
    """Those who did the work: the handlers, and who wrote the replies."""
    handlers = Assignment.objects.filter(matter=matter, state__in=ACTIVE).values_list("handler_id", flat=True)
    writers = Report.objects.filter(matter=matter).values_list("replied_by_id", flat=True)
    return {pk for pk in (*handlers, *writers) if pk is not None}


def judged_well(matter: Matter) -> bool:
    """Whether every reporter has judged, and every one well: then it closes on their word."""
    ids = list(Report.objects.filter(matter=matter, withdrawn_at=None).values_list("pk", flat=True))
    found = judgements(ids)
    return bool(ids) and all(pk in found and found[pk].satisfaction in GOOD for pk in ids)
