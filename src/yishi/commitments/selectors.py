"""Reads of commitments: of a subject, of a viewer, one with its steps."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from yishi.commitments import permissions
from yishi.commitments.models import Commitment, Progress
from yishi.commitments.rules import rules_of
from yishi.core import clock
from yishi.core.models import StoredFile
from yishi.core.verdicts import Refusal, hidden, require
from yishi.network.viewers import Viewer

State = Commitment.State
UNFINISHED = (State.OPEN, State.DOING, State.REPORTED)
FILES_KIND = "commitments.progress"


@dataclass(frozen=True, slots=True)
class Shown:
    """A commitment as another app's page shows it; ``tone`` is one of plain, soon, overdue, settled."""

    pk: int
    what: str
    organisation: str
    made_at: dt.datetime
    due_on: dt.date
    state: str
    state_label: str
    tone: str
    percent: int
    budget: Decimal
    spent: Decimal
    overdue: bool
    url: str


def is_overdue(commitment: Commitment, today: dt.date) -> bool:
    """Whether its day has passed and it was not reported done."""
    return commitment.state in (State.OPEN, State.DOING) and commitment.due_on < today


def due_between(first: dt.date, last: dt.date) -> QuerySet[Commitment]:
    """Running commitments whose day lies between two days, both included; earliest first."""
    running = Commitment.objects.filter(state__in=(State.OPEN, State.DOING), due_on__gte=first, due_on__lte=last)
    return running.order_by("due_on", "pk")


def shown(commitment: Commitment, today: dt.date) -> Shown:
    """A commitment for showing."""
    late = is_overdue(commitment, today)
    tone = {State.ACCEPTED: "settled", State.REPORTED: "soon"}.get(State(commitment.state), "plain")
    return Shown(
        commitment.pk, commitment.what, commitment.organisation.name, commitment.made_at, commitment.due_on,
        commitment.state, commitment.get_state_display(), "overdue" if late else tone, commitment.percent,
        commitment.budget, commitment.spent, late, reverse("commitments:commitment", args=[commitment.pk]),
    )  # fmt: skip


def for_subject(kind: str, *subject_ids: int) -> list[Shown]:
    """The commitments made on subjects, oldest first; one query."""
    found = Commitment.objects.filter(subject_kind=kind, subject_id__in=subject_ids)
    return [shown(c, clock.today()) for c in found.select_related("organisation").order_by("made_at", "pk")]


def open_count(kind: str, subject_ids: Iterable[int]) -> int:
    """How many commitments on these subjects are neither accepted nor cancelled."""
    return Commitment.objects.filter(subject_kind=kind, subject_id__in=list(subject_ids), state__in=UNFINISHED).count()


def get_commitment_for(viewer: Viewer, commitment_id: int) -> Commitment:
    """A commitment, as public as its subject.

    Raises:
        Refusal: hidden (404) where there is none or it is not theirs to see.
    """
    found = Commitment.objects.select_related("organisation", "doer").filter(pk=commitment_id).first()
    if found is None:
        raise Refusal(hidden())
    require(permissions.may_see_commitment(viewer, found, clock.now()))
    return found


def subject_of(commitment: Commitment) -> tuple[str, str]:
    """Title and address of what a commitment was made on; empty where it is gone."""
    rules = rules_of(commitment.subject_kind)
    subject: Any = rules.load(commitment.subject_id) if rules else None
    return (rules.title(subject), rules.url(subject)) if rules and subject is not None else ("", "")


@dataclass(frozen=True, slots=True)
class ProgressLine:
    """A step of the doing with its pictures; receipts are for those who do, accept or ordered it."""

    step: Progress
    label: str
    photos: tuple[StoredFile, ...]
    receipts: tuple[StoredFile, ...]


def progress_of(viewer: Viewer, commitment: Commitment) -> list[ProgressLine]:
    """The steps of a commitment, oldest first; two queries."""
    steps = list(Progress.objects.filter(commitment=commitment).order_by("at", "pk"))
    inside = _is_inside(viewer, commitment)
    found: dict[int, list[StoredFile]] = {}
    for file in StoredFile.objects.filter(subject_kind=FILES_KIND, subject_id__in=[s.pk for s in steps]).order_by("pk"):
        if file.public or inside:
            found.setdefault(file.subject_id, []).append(file)
    return [
        ProgressLine(
            s, s.get_kind_display(), tuple(f for f in found.get(s.pk, ()) if f.role != "receipt"),
            tuple(f for f in found.get(s.pk, ()) if f.role == "receipt"),
        )
        for s in steps
    ]  # fmt: skip


def _is_inside(viewer: Viewer, commitment: Commitment) -> bool:
    """Whether the viewer does it, made it, or could accept or order it."""
    if permissions.is_doer(viewer, commitment) or viewer.person_id in (
        commitment.made_by_id,
        commitment.accepted_by_id,
    ):
        return viewer.person_id is not None
    rules = rules_of(commitment.subject_kind)
    subject = rules.load(commitment.subject_id) if rules else None
    return rules is not None and subject is not None and bool(rules.may_accept(viewer, subject, clock.now()))


def may_open_file(viewer: Viewer, file: StoredFile) -> bool:
    """Guard of photos and receipts."""
    step = Progress.objects.select_related("commitment").filter(pk=file.subject_id).first()
    if step is None or not permissions.may_see_commitment(viewer, step.commitment, clock.now()):
        return False
    return file.public or _is_inside(viewer, step.commitment)


def own_commitments(viewer: Viewer) -> QuerySet[Commitment]:
    """What the viewer or their organisations promised and have not finished, by day."""
    serving = [o.organisation_id for o in viewer.offices]
    mine = Q(organisation_id__in=serving) | Q(doer_id=viewer.person_id or 0)
    found = Commitment.objects.filter(mine, state__in=UNFINISHED).select_related("organisation")
    return found.order_by("due_on", "pk")


def by_id(commitment_id: int) -> Commitment | None:
    """A commitment for the system's own reactions; no viewer is asked."""
    return Commitment.objects.select_related("organisation").filter(pk=commitment_id).first()


def doers_for(kind: str, subject_id: int) -> set[int]:
    """The persons who were to do, or reported done, what was promised on a subject."""
    rows = Commitment.objects.filter(subject_kind=kind, subject_id=subject_id).values_list("doer_id", "reported_by_id")
    return {person for row in rows for person in row if person is not None}
