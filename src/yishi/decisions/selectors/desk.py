"""What waits for an officer: steps to be taken, comments to be answered, reviews, acceptances, petitions that bind."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from yishi.decisions import permissions, rules
from yishi.decisions.models import Decision
from yishi.network.viewers import Viewer

LONGEST = 200


@dataclass(frozen=True, slots=True)
class Waiting:
    """A decision and what the viewer can do for it now; ``act`` is the slug of a page's act, or empty."""

    decision: Decision
    act: str
    words: str


def _mine(viewer: Viewer) -> QuerySet[Decision]:
    serving = {o.organisation_id for o in viewer.offices}
    areas = {o.area_id for o in viewer.offices}
    seen = Q(organisation_id__in=serving) | Q(area_id__in=areas, visibility=Decision.Visibility.PUBLIC)
    for office in viewer.holding({"supervisor"}):
        seen |= Q(area__path__startswith=office.area_path, visibility=Decision.Visibility.PUBLIC)
    if viewer.holding((), permissions.TOWN):
        seen |= Q(step__in=("legality", "vetting", "implement"), visibility=Decision.Visibility.PUBLIC)
    return Decision.objects.filter(seen | Q(proposer_id=viewer.person_id or 0), status=Decision.Status.RUNNING)


def own_desk(viewer: Viewer) -> list[Waiting]:
    """What waits for this viewer, the longest untouched first; one query. Nobody in office: nothing."""
    if not viewer.offices:
        return []
    found = (
        _mine(viewer).select_related("organisation__area", "area", "proposer")
        .annotate(unanswered=Count("comments", filter=Q(comments__answer=""), distinct=True))
        .order_by("changed_at", "pk")[:LONGEST]
    )  # fmt: skip
    return [item for decision in found for item in _items(viewer, decision)]


def _items(viewer: Viewer, decision: Decision) -> Iterator[Waiting]:
    may, at = permissions, viewer.at
    unanswered: int = decision.unanswered  # type: ignore[attr-defined]
    works = may.works_on(viewer, decision)
    if unanswered and works:
        yield Waiting(decision, "", _("有 %(n)s 条意见等您答复") % {"n": unanswered})
    step = rules.step_of(decision)
    if step is None:
        return
    title = rules.spoken(step.title)
    if step.kind == "deed" and may.may_do_step(viewer, decision, at):
        yield Waiting(decision, "step", _("等您完成“%(step)s”") % {"step": title})
    elif step.kind == "review" and may.may_review_decision(viewer, decision, at):
        yield Waiting(decision, "review", _("等您审查"))
    elif step.kind in ("meeting", "poll", "roll") and may.in_charge(viewer, decision.organisation):
        yield Waiting(decision, "", _meeting_words(decision, title))
    elif step.kind == "work" and may.may_accept_work(viewer, decision, at):
        yield Waiting(decision, "accept", _("等验收"))
    elif step.kind == "work" and may.may_record_money(viewer, decision, at):
        yield Waiting(decision, "money", _("实施中：登记合同、付款和决算"))
    elif step.kind == "posting" and may.watches(viewer, decision):
        yield Waiting(decision, "", _("等您张贴或查看：%(step)s") % {"step": title})


def _meeting_words(decision: Decision, title: str) -> str:
    if decision.phase == "failed":
        return _("未通过，等您重新拟订")
    if decision.phase == "start":
        return _("等您召集：%(step)s") % {"step": title}
    return _("会议进行中：%(step)s") % {"step": title}
