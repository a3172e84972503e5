"""What every command on a matter shares: the lock, the derived facts, the one step and the one audit entry."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from yishi.core import audit, events, search
from yishi.matters.events import MatterChanged
from yishi.matters.models import Assignment, Matter, Report, Step, VisitBack
from yishi.matters.permissions import ACTIVE, at_desk, serves_in
from yishi.matters.selectors.settling import GOOD, WAITING, judgements
from yishi.network.viewers import Viewer

SEARCH_KIND = "matters.matter"
UNTOLD = (*WAITING, Report.State.REPLIED)
REPORTERS = frozenset({Step.Kind.RAISED, Step.Kind.JOINED, Step.Kind.JUDGED, Step.Kind.WITHDRAWN})


def _locked(pk: int) -> Matter:
    """The row, locked against other acts but not against rows that point to it."""
    held_rows = Matter.objects.select_for_update(of=("self",), no_key=True)
    return held_rows.select_related("community").get(pk=pk)


def _locked_where(place: Callable[[], int]) -> Matter:
    """Lock the matter that ``place`` names, though a merge or split may move it while we wait.

    A lock on the wrong one is given up again before the next is taken, so that nobody waits in a ring.
    """
    while True:
        attempt = transaction.savepoint()
        matter = _locked(place())
        if place() == matter.pk:
            transaction.savepoint_commit(attempt)
            return matter
        transaction.savepoint_rollback(attempt)


@contextmanager
def held(matter: Matter) -> Iterator[Matter]:
    """The matter as it is now, nobody else writing to it until the act is done."""
    with transaction.atomic():
        yield _locked(matter.pk)


@contextmanager
def held_root(matter: Matter) -> Iterator[Matter]:
    """The matter, or the one it is merged into, as it is now and locked."""
    ids = Matter.objects.filter(pk=matter.pk).values_list("merged_into_id", "pk")

    def root() -> int:
        into, own = ids.get()
        return into or own

    with transaction.atomic():
        yield _locked_where(root)


@contextmanager
def held_report(report: Report) -> Iterator[Report]:
    """The report and its matter as they are now, both locked through the matter."""
    home = Report.objects.filter(pk=report.pk).values_list("matter_id", flat=True)
    with transaction.atomic():
        matter = _locked_where(home.get)
        fresh = Report.objects.get(pk=report.pk)
        fresh.matter = matter
        yield fresh


def finish(
    viewer: Viewer, matter: Matter, verb: str, kind: str, at: dt.datetime, *, report: Report | None = None,
    words: str = "", clause: str = "", detail: str = "", organisation_id: int | None = None, public: bool = True,
    quiet: bool = False, **refs: Any,
) -> Step:  # fmt: skip
    """End an act: its step on the timeline, the matter's derived facts, one audit entry, the news."""
    if organisation_id is None and kind not in REPORTERS:
        organisation_id = _acting_for(viewer, matter)
    step = Step.objects.create(
        matter=matter, kind=kind, at=at, by_id=viewer.person_id, organisation_id=organisation_id, words=words,
        clause=clause, detail=detail, report=report, public=public,
    )  # fmt: skip
    refresh(matter, at)
    if report is not None:
        refs["report"] = report.pk
    audit.record(
        f"matters.{verb}", matter, at=at, actor_id=viewer.person_id, on_behalf_of_id=viewer.helping_id,
        step=step.pk, **refs,
    )  # fmt: skip
    if not quiet:
        events.publish(
            MatterChanged(matter.pk, kind, step.pk, at, viewer.person_id, report.pk if report is not None else None)
        )
    return step


def _acting_for(viewer: Viewer, matter: Matter) -> int | None:
    """In whose name an officer acts: the lead's where they serve it, else their own desk's."""
    if matter.lead_id is not None and serves_in(viewer, matter.lead_id):
        return matter.lead_id
    desk = next((o.organisation_id for o in viewer.offices), None)
    return desk if desk is not None and at_desk(viewer, matter) else None


def refresh(matter: Matter, at: dt.datetime) -> None:
    """Compute again what follows from the reports: stage, count, earliest due day, judgements; and save."""
    live = list(Report.objects.filter(matter=matter, withdrawn_at=None))
    latest = judgements([r.pk for r in live])
    matter.report_count = len(live)
    matter.satisfied = sum(1 for v in latest.values() if v.satisfaction in GOOD)
    matter.unsatisfied = sum(1 for v in latest.values() if v.satisfaction == VisitBack.Satisfaction.UNSATISFIED)
    _restage(matter, any(r.state in WAITING for r in live), bool(live))
    open_days = [r.due_on for r in live if r.state in UNTOLD and r.due_on is not None]
    matter.due_on = min(open_days, default=None) if matter.is_open else None
    matter.changed_at = max(at, matter.changed_at)
    matter.save()


def _restage(matter: Matter, waiting: bool, living: bool) -> None:
    stage = Matter.Stage
    if living and not waiting and matter.stage in (stage.ACCEPTED, stage.ASSIGNED, stage.DOING):
        matter.stage = stage.ANSWERED
    elif waiting and matter.stage == stage.ANSWERED:
        lead = lead_now(matter)
        if lead is None:
            matter.stage = stage.ACCEPTED
        else:
            matter.stage = stage.DOING if lead.signed_at else stage.ASSIGNED


def reindex(matter: Matter) -> None:
    """Make the matter findable by its public words; a sealed one by nothing."""
    if matter.sealed:
        search.drop(SEARCH_KIND, matter.pk)
        return
    text = "\n".join((matter.reference, matter.title, matter.text, matter.place, matter.result))
    search.index_text(SEARCH_KIND, matter.pk, matter.town_id, text, public=matter.is_public)


def end_assignments(matter: Matter, at: dt.datetime) -> None:
    """Nobody works on the matter any more."""
    Assignment.objects.filter(matter=matter, state__in=ACTIVE).update(state=Assignment.State.ENDED, ended_at=at)
    matter.lead_id = None


def lead_now(matter: Matter) -> Assignment | None:
    """The assignment that leads now, read afresh under the matter's lock."""
    return Assignment.objects.filter(matter=matter, role=Assignment.Role.LEAD, state__in=ACTIVE).first()
