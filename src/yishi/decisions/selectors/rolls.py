"""Reads of rolls: for those who run the vote, and for those on it; names and household numbers only."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from yishi.core.masking import masked_for_board
from yishi.core.verdicts import Refusal, hidden, require
from yishi.decisions import permissions, rules
from yishi.decisions.models import AgendaItem, Decision, Roll, RollEntry, RollObjection
from yishi.decisions.services.rolls import draft_roll, voter_roll
from yishi.decisions.voting import kinds
from yishi.engines.calendar import CalendarUnpublished
from yishi.network.viewers import Viewer


def roll_of_item(item: AgendaItem) -> Roll | None:
    """The frozen roll of an item, else the draft of its step."""
    return item.roll or draft_roll(item.decision, item.step)


def roll_of_step(decision: Decision) -> Roll | None:
    """The latest roll of the step at hand, frozen or not."""
    return decision.rolls.filter(step=decision.step).order_by("-pk").first()


def entries_of(roll: Roll, query: str = "") -> QuerySet[RollEntry]:
    """The lines in order, those whose name or household holds the query."""
    rows = RollEntry.objects.filter(roll=roll).order_by("number")
    words = query.strip()
    if not words:
        return rows
    if words.isdigit() and len(words) < 6:
        return rows.filter(Q(number=int(words)) | Q(household__icontains=words))
    return rows.filter(Q(label__contains=words) | Q(household__icontains=words))


def counts_in_words(roll: Roll) -> list[tuple[str, str]]:
    """The wholes with their names: ``("具有完全民事行为能力的成员", "498")``; areas with two decimals."""
    from yishi.decisions.rules import quantity_words

    written = kinds.written(roll.counts)
    return [
        (quantity_words(name), f"{value} m²" if kinds.is_area(name) else str(value)) for name, value in written.items()
    ]


def get_voter_roll_for(viewer: Viewer, decision: Decision, at: dt.datetime) -> Roll:
    """The posted roll of an election's voters, for those of the place.

    Raises:
        Refusal: not for this viewer, or none hangs (hidden where the decision is).
    """
    require(permissions.may_read_voter_roll(viewer, decision, at))
    found = voter_roll(decision)
    if found is None:
        raise Refusal(hidden())
    return found


def get_voter_roll_by_code(code: str) -> Roll:
    """The posted roll behind the QR on the paper at the venue, while it hangs.

    Raises:
        Refusal: hidden (404) where there is none, or the poll is over.
    """
    rows = Roll.objects.select_related("decision__organisation__area", "decision__area")
    found = rows.filter(board_code=code.upper()).first()
    if found is None or not found.decision.is_public or not permissions.voter_roll_hangs(found.decision):
        raise Refusal(hidden())
    newest = voter_roll(found.decision)
    if newest is None or newest.pk != found.pk:
        raise Refusal(hidden())
    return found


@dataclass(frozen=True, slots=True)
class RollLine:
    """A line as it is posted: number, name, household; no number of a person and no door."""

    number: int
    name: str
    household: str
    struck: bool


def posted_line(entry: RollEntry) -> RollLine:
    """A line of the posted roll, personal numbers covered."""
    return RollLine(entry.number, masked_for_board(entry.label)[0], masked_for_board(entry.household)[0], entry.struck)


@dataclass(frozen=True, slots=True)
class RollDays:
    """When it was posted, until when objections are taken and ruled on, by which clause; the day of the poll."""

    posted_on: dt.date | None
    election_on: dt.date | None
    objections_until: dt.date | None
    ruling_days: int
    clause: str


def days_of(decision: Decision) -> RollDays:
    """The days of the posted roll by the pack under which it was posted; one query."""
    case = rules.case_of(decision)
    pack = case.posting.pack if case.posting and case.step.kind == "roll" else None
    until, ruling, clause = None, 0, ""
    if pack is not None and case.poll.roll_on is not None:
        term, ruling = pack.clocks["roll_objection"], pack.clocks["roll_ruling"].amount
        clause = rules.spoken(term.clause or pack.clause)
        try:
            until = term.due(case.poll.roll_on).due
        except CalendarUnpublished:
            until = None
    return RollDays(case.poll.roll_on, case.poll.election_on, until, ruling, clause)


@dataclass(frozen=True, slots=True)
class ShownObjection:
    """An objection to the posted roll with its ruling; its words only for the one who made it."""

    row: RollObjection
    words: str
    reason: str


def objections_to(viewer: Viewer, roll: Roll) -> list[ShownObjection]:
    """The objections to a posted roll, oldest first; never who made them."""
    mine = {viewer.for_id} - {None}
    return [
        ShownObjection(o, o.words if o.by_id in mine else "", masked_for_board(o.reason)[0])
        for o in roll.objections.order_by("number")
    ]
