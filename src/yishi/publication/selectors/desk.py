"""The desk of those who post: what to hang up, to look at, to take down, to answer; duties and what is overdue."""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from yishi.network import selectors as network
from yishi.network.viewers import Duty, Kind, Viewer
from yishi.publication.models import DisclosureDuty, Objection, Posting, PostingCheck
from yishi.publication.permissions import POSTERS

if TYPE_CHECKING:
    from yishi.network.models import Organisation

State = Posting.State
MOST = 100


def own_organisations(viewer: Viewer) -> "QuerySet[Organisation]":
    """The organisations for which the viewer posts: their own, those they supervise, all of their town's."""
    own = {o.organisation_id for o in viewer.holding(POSTERS | {Duty.SUPERVISOR})}
    wanted = Q(pk__in=own)
    for office in viewer.holding(kinds=(Kind.SUPERVISION_COMMITTEE,)):
        wanted |= Q(area__path__startswith=office.area_path)
    for office in viewer.holding(POSTERS, (Kind.TOWN_GOVERNMENT,)):
        wanted |= Q(town_id=office.town_id)
    return network.organisations(viewer.town_id or 0).filter(wanted)


@dataclass(frozen=True, slots=True)
class Desk:
    """What waits, most urgent first."""

    to_post: list[Posting]
    to_check: list[Posting]
    to_end: list[Posting]
    to_answer: list[Objection]
    to_correct: list[Posting]
    hanging: list[Posting]

    @property
    def waits(self) -> bool:
        """Whether anything is to be done."""
        return bool(self.to_post or self.to_check or self.to_end or self.to_answer or self.to_correct)


def desk_of(viewer: Viewer, today: dt.date) -> Desk:
    """The desk of a viewer on a day; six queries."""
    mine = Posting.objects.filter(organisation__in=own_organisations(viewer)).select_related("organisation", "area")
    serving = {o.organisation_id for o in viewer.offices}
    closed = Q(visibility=Posting.Visibility.INSIDE) & ~Q(subject_kind="") & ~Q(organisation_id__in=serving)
    mine = mine.exclude(closed)
    hanging = mine.filter(state__in=(State.UP, State.SUSPENDED))
    looked = PostingCheck.objects.filter(kind=PostingCheck.Kind.MIDDLE).values("posting_id")
    open_ones = Objection.objects.filter(ruling="", posting__in=mine).select_related("posting__organisation")
    return Desk(
        list(mine.filter(state=State.PLANNED).order_by("created_at")[:MOST]),
        list(hanging.filter(check_on__lte=today).exclude(pk__in=looked).order_by("check_on")[:MOST]),
        list(hanging.filter(ends_on__lte=today).order_by("ends_on")[:MOST]),
        list(open_ones.order_by("due_on", "pk")[:MOST]),
        list(mine.filter(state=State.CORRECTED, replaced_by=None).order_by("changed_at")[:MOST]),
        list(hanging.filter(ends_on__gt=today).order_by("ends_on")[:MOST]),
    )


def duties_of(
    viewer: Viewer, today: dt.date, *, overdue: bool = True, organisation: int | None = None
) -> QuerySet[DisclosureDuty]:
    """The duties of the viewer's organisations that nothing posted has met; with ``overdue``, only those past their day.

    A duty is met by what was hung up, not by what is merely prepared.
    """
    unmet = Q(posting=None) | Q(posting__state=State.PLANNED)
    found = DisclosureDuty.objects.filter(unmet, organisation__in=own_organisations(viewer))
    if overdue:
        found = found.filter(due_on__lt=today)
    if organisation is not None:
        found = found.filter(organisation_id=organisation)
    return found.select_related("organisation__area", "posting").order_by("due_on", "organisation__name", "item")
