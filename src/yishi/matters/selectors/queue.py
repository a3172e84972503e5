"""待办: what waits for this officer, by clock, and what is blocked on them."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from yishi.core import clock
from yishi.core.verdicts import Refusal
from yishi.matters import permissions
from yishi.matters.models import Assignment, Matter, Report, SizeAppeal, Suspension
from yishi.matters.rules import clocks
from yishi.matters.selectors.settling import WAITING
from yishi.network import selectors as network
from yishi.network.viewers import Duty, Viewer

Stage, State = Matter.Stage, Report.State
LONGEST = 200
DESK_STAGES = (Stage.RAISED, Stage.ACCEPTED, Stage.ANSWERED)
LEAD_STAGES = (Stage.ASSIGNED, Stage.DOING, Stage.SUSPENDED, Stage.ANSWERED)


@dataclass(frozen=True, slots=True)
class QueueItem:
    """A matter waiting on the viewer. ``act`` names the act (accept, assign, sign, rule, reply, tell, settle,
    visit_back, resume, answer_appeal); ``subject_id`` is the report, assignment or appeal it is done to;
    ``blocked`` says it in words; ``due_on`` is the day by which."""

    matter: Matter
    act: str
    blocked: str
    subject_id: int | None
    due_on: dt.date | None
    overdue: bool


Item = Callable[..., QueueItem]


def _desk_q(viewer: Viewer) -> Q:
    """The matters that the viewer sorts."""
    if viewer.holding(permissions.DESK_DUTIES, permissions.TOWN_DESK):
        found = Q(sealed=False)
    else:
        found = Q(pk__in=[])
        desks = viewer.holding(permissions.DESK_DUTIES, permissions.COMMUNITY_DESK)
        for town_id, path in dict.fromkeys((o.town_id, o.area_path) for o in desks if o.area_path):
            within = network.communities(town_id).filter(path__startswith=path).order_by()
            found |= Q(community_id__in=within.values("pk"), sealed=False)
    halls = [o.organisation_id for o in viewer.holding(permissions.DESK_DUTIES | {Duty.HOST})]
    return found | Q(sealed=True, hall_id__in=halls) if halls else found


def queue_for(viewer: Viewer, limit: int = LONGEST) -> list[QueueItem]:
    """What waits for the viewer, most pressing first; three queries. Nobody in office: nothing."""
    if not viewer.is_officer and not viewer.holding({Duty.HOST}):
        return []
    serving = [o.organisation_id for o in viewer.holding(permissions.DOING_DUTIES)]
    given = Assignment.objects.filter(matter=OuterRef("pk"))
    asked = Exists(given.filter(state=Assignment.State.RETURN_ASKED))
    sent = Exists(given.filter(state=Assignment.State.SENT, organisation_id__in=serving))
    open_appeal = SizeAppeal.objects.filter(matter=OuterRef("pk"), state=SizeAppeal.State.OPEN)
    open_suspension = Suspension.objects.filter(matter=OuterRef("pk"), ended_at=None)
    desk = _desk_q(viewer) & (Q(stage__in=DESK_STAGES) | asked | Exists(open_appeal))
    lead = Q(lead_id__in=serving, stage__in=LEAD_STAGES)
    found = (
        Matter.objects.filter(stage__in=Matter.OPEN, town_id=viewer.town_id).filter(desk | lead | Q(sent))
        .select_related("community", "category", "lead").defer("text", "result")
        .annotate(
            appeal_id=Subquery(open_appeal.values("pk")[:1]), review_on=Subquery(open_suspension.values("review_on")[:1])
        ).prefetch_related("assignments", "reports")
        .order_by(F("due_on").asc(nulls_last=True), "pk")[:limit]
    )  # fmt: skip
    today = clock.today()
    items = [item for matter in found for item in _waiting(viewer, matter, today)]
    return sorted(items, key=lambda i: (i.due_on is None, i.due_on or today, i.matter.pk))


def _waiting(viewer: Viewer, matter: Matter, today: dt.date) -> Iterator[QueueItem]:
    desk, work = permissions.at_desk(viewer, matter), permissions.works_on(viewer, matter)

    def item(act: str, words: str, subject_id: int | None = None, due_on: dt.date | None = None) -> QueueItem:
        day = due_on or matter.due_on
        return QueueItem(matter, act, words, subject_id, day, day is not None and day < today)

    for a in permissions.assignments_of(matter):
        if a.state == Assignment.State.SENT and permissions.may_sign_assignment(viewer, _of(a, matter), viewer.at):
            yield item("sign", _("等您签收"), a.pk, _limit("sign", a.sent_at))
        if a.state == Assignment.State.RETURN_ASKED and permissions.may_rule_on_return(
            viewer, _of(a, matter), viewer.at
        ):
            yield item("rule", _("等您裁定退单"), a.pk)
    if desk and matter.stage == Stage.RAISED:
        yield item("accept", _("等您受理"), None, _limit("accept", matter.raised_at))
    if desk and matter.stage == Stage.ACCEPTED:
        yield item("assign", _("等您派单"))
    appeal_id, review = getattr(matter, "appeal_id", None), getattr(matter, "review_on", None)
    if desk and appeal_id is not None:
        yield item("answer_appeal", _("反映人申诉了大小，等您答复"), appeal_id)
    if work and matter.stage in (Stage.DOING, Stage.ASSIGNED):
        for report in permissions.reports_of(matter):
            if report.state in WAITING and report.withdrawn_at is None:
                words = _("反映人不满意，等您重新核查并答复") if report.state == State.REOPENED else _("等您答复")
                yield item("reply", words, report.pk, report.due_on)
    if matter.stage == Stage.SUSPENDED and (work or desk) and review is not None and review <= today:
        yield item("resume", _("挂账到了复核日，请重新看一次"), None, review)
    yield from _ending(viewer, matter, desk, work, item)


def _limit(name: str, since: dt.datetime) -> dt.date | None:
    """The last day of a short limit of the house; None where no calendar tells."""
    try:
        return clocks.limit(name, clock.local_day(since)).due
    except Refusal:
        return None


def _of(assignment: Assignment, matter: Matter) -> Assignment:
    assignment.matter = matter
    return assignment


def _ending(viewer: Viewer, matter: Matter, desk: bool, work: bool, item: Item) -> Iterator[QueueItem]:
    """What waits after the answer: telling, asking back, settling."""
    if matter.stage != Stage.ANSWERED:
        return
    live = [r for r in permissions.reports_of(matter) if r.withdrawn_at is None]
    untold = [r for r in live if r.state == State.REPLIED]
    for report in untold if work else ():
        yield item("tell", _("答复写好了，等您告知反映人"), report.pk, report.due_on)
    if untold:
        return
    handler = permissions.is_handler(viewer, matter)
    for report in live if desk and not handler else ():
        if report.state == State.TOLD:
            yield item("visit_back", _("等您回访"), report.pk)
    if desk and not handler and all(r.state == State.JUDGED for r in live):
        yield item("settle", _("都评价过了，等您办结"))
