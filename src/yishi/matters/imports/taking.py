"""Taking tickets in: some hundreds a transaction, every row accounted for, repeatable after any interruption."""

import datetime as dt
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import islice

from django.db import transaction
from django.utils.translation import gettext as _

from yishi.core import audit
from yishi.core.masking import masked
from yishi.core.tables import Table
from yishi.matters.bulk.book import Book
from yishi.matters.bulk.kept import Hand, Kept
from yishi.matters.imports.columns import Layout
from yishi.matters.imports.tickets import BadRow, Ticket, read_row
from yishi.matters.models import HotlineBatch, Matter, Report, Step
from yishi.matters.rules import routing
from yishi.matters.services.raising import RaiseInput

Tick = Callable[[int], None]
CHUNK = 400
_SPACE = uuid.UUID("6f6c1c52-2b55-5d0c-9a3e-5c1a52f1f1d4")
MOST_REFUSALS = 20_000


@dataclass(slots=True)
class Course:
    """What an import needs to know, and what it has found so far."""

    batch: HotlineBatch
    layout: Layout
    mapping: Mapping[str, str]
    public: bool
    hand: Hand
    at: dt.datetime
    community_id: int | None = None
    communities: Mapping[str, int] = field(default_factory=dict)
    unclocked: list[int] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)


def take_in(table: Table, course: Course, tick: Tick = lambda n: None) -> HotlineBatch:
    """Take every row in, in transactions of 400 rows; returns the batch with its account.

    Rows of the same number and words are unchanged; of the same number and other
    words, refused. Interrupted at any point, the same file goes on where it stopped.
    """
    batch = course.batch
    batch.rows, batch.added, batch.unchanged, batch.refused, batch.refusals = len(table.rows), 0, 0, 0, []
    rows = iter(table.rows)
    while piece := list(islice(rows, CHUNK)):
        with transaction.atomic():
            _take_piece(piece, course)
            batch.save()
        tick(len(piece))
    _close(course)
    return batch


def _take_piece(piece: list[tuple[int, dict[str, str]]], course: Course) -> None:
    tickets = []
    for row, cells in piece:
        try:
            tickets.append(read_row(row, cells, course.mapping, course.layout, course.at))
        except BadRow as why:
            _refuse(course.batch, row, str(why))
    known = _known(tickets, course)
    book = Book(course.batch.town_id)
    for ticket in tickets:
        _take(book, ticket, known, course)
    book.write()


def _take(book: Book, ticket: Ticket, known: dict[str, tuple[str, int | None]], course: Course) -> None:
    """Account for one ticket: added, unchanged, or refused."""
    batch = course.batch
    text, came_with = known.get(ticket.number, (None, None))
    again = ticket.number in course.seen
    course.seen.add(ticket.number)
    if text is None:
        _add(book, ticket, course)
        known[ticket.number] = (ticket.text, batch.pk)
        batch.added += 1
    elif text != ticket.text:
        words = _("编号 %(number)s 已经导入过，内容不同；请核对编号，或在系统中更正那件事。")
        _refuse(batch, ticket.row, words % {"number": ticket.number})
    elif came_with == batch.pk and not again:  # taken in before this very import was interrupted
        batch.added += 1
    else:
        batch.unchanged += 1


def _refuse(batch: HotlineBatch, row: int, why: str) -> None:
    batch.refused += 1
    if len(batch.refusals) < MOST_REFUSALS:
        batch.refusals.append({"row": row, "why": why})


def _known(tickets: list[Ticket], course: Course) -> dict[str, tuple[str, int | None]]:
    """Reports with these numbers that are there already: their words and their batch."""
    found = Report.objects.filter(
        town_id=course.batch.town_id, channel=course.layout.channel, external_number__in=[t.number for t in tickets]
    )
    return {n: (text, batch) for n, text, batch in found.values_list("external_number", "text", "batch_id")}


def _add(book: Book, ticket: Ticket, course: Course) -> None:
    """A ticket as a matter with its report, its history as the list tells it, and one audit entry of today."""
    received, channel = ticket.received_at, course.layout.channel
    kept = Kept(
        book,
        Matter(
            town_id=book.town_id, title=masked(ticket.title), text=masked(ticket.text), place=masked(ticket.place),
            community_id=_community(ticket, course),
            urgent=routing.emergency_number(f"{ticket.title}\n{ticket.text}"), channel=channel, nature=ticket.nature,
            raised_at=received, changed_at=received,
            visibility=Matter.Visibility.PUBLIC if course.public else Matter.Visibility.HANDLERS,
        ),
    )  # fmt: skip
    data = RaiseInput(
        key=uuid.uuid5(_SPACE, f"{book.town_id}/{channel}/{ticket.number}"), title=ticket.title, text=ticket.text,
        nature=ticket.nature, channel=channel, external_number=ticket.number, batch_id=course.batch.pk,
        contact=ticket.contact,
    )  # fmt: skip
    report = kept.add_report(course.hand, data, received)
    report.transfers = ticket.transfers
    kept.step(Step.Kind.RAISED, received, course.hand, report=report, detail=channel, words=_origin(ticket))
    if report.due_on is None:
        _mark_unclocked(kept, ticket, course)
    if ticket.transfers:
        words = _("转办 %(n)s 次") % {"n": ticket.transfers}
        kept.step(Step.Kind.ASSIGNED, received, course.hand, report=report, words=words)
    if ticket.replied_at is not None:
        _answered(kept, report, ticket, ticket.replied_at, course)
    kept.refresh(ticket.replied_at or received)
    book.record(
        "matters.imported", kept.matter, at=course.at, actor_id=course.hand.person_id, batch=course.batch.pk,
        report=report.pk, row=ticket.row, answered=ticket.replied_at is not None,
    )  # fmt: skip
    book.make_findable(kept.matter)


def _community(ticket: Ticket, course: Course) -> int | None:
    name = ticket.community.removesuffix("社区")
    return course.communities.get(name, course.community_id) if name else course.community_id


def _origin(ticket: Ticket) -> str:
    parts = []
    if ticket.origin:
        parts.append(_("来源：%(origin)s") % {"origin": ticket.origin})
    if ticket.likes or ticket.dislikes:
        parts.append(_("赞成 %(likes)s，反对 %(dislikes)s") % {"likes": ticket.likes, "dislikes": ticket.dislikes})
    return "；".join(parts)


def _mark_unclocked(kept: Kept, ticket: Ticket, course: Course) -> None:
    words = _("收到的年份没有公布放假安排，不计算办理时限。")
    kept.step(Step.Kind.NOTE, ticket.received_at, course.hand, words=words)
    course.unclocked.append(ticket.row)
    if len(course.batch.refusals) < MOST_REFUSALS:
        course.batch.refusals.append({"row": ticket.row, "why": words, "kept": True})


def _answered(kept: Kept, report: Report, ticket: Ticket, replied: dt.datetime, course: Course) -> None:
    """Answered and told through the list it came by: nothing is left to be done."""
    report.reply, report.replied_at, report.state = ticket.reply, replied, Report.State.CLOSED
    report.told_how, report.told_at = Report.Told.HOTLINE, replied
    kept.step(Step.Kind.REPLIED, replied, course.hand, report=report)
    kept.step(Step.Kind.TOLD, replied, course.hand, report=report, detail=Report.Told.HOTLINE)
    kept.step(Step.Kind.SETTLED, replied, course.hand, words=ticket.reply[:2000])
    m = kept.matter
    m.stage, m.settled_at, m.result = Matter.Stage.SETTLED, replied, masked(ticket.reply)[:2000]


@transaction.atomic
def _close(course: Course) -> None:
    """Put the whole import on record."""
    batch = course.batch
    batch.save()
    audit.record(
        "matters.batch_taken_in", batch, at=course.at, actor_id=course.hand.person_id, rows=batch.rows,
        added=batch.added, unchanged=batch.unchanged, refused=batch.refused, digest=batch.file_digest,
    )  # fmt: skip
