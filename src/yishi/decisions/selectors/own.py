"""A person's own votes: what is open to them now, with the days left, and what they have voted on."""

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse

from yishi.core import clock
from yishi.decisions.models import (
    AgendaItem,
    BallotBox,
    Decision,
    MarkedVoter,
    Meeting,
    RollEntry,
    SignedBallot,
    lines_through,
)
from yishi.decisions.selectors.ballots import chosen
from yishi.decisions.selectors.lists import visible
from yishi.decisions.voting.kinds import by_presence
from yishi.network.viewers import Viewer

MOST = 20


@dataclass(frozen=True, slots=True)
class OpenVote:
    """A vote that is open to somebody. ``days`` are left until it ends; None where the meeting ends it."""

    title: str
    organisation: str
    closes_at: dt.datetime | None
    days: int | None
    voted: bool
    url: str


@dataclass(frozen=True, slots=True)
class OwnVote:
    """A vote that somebody took part in. ``words`` is what they chose in a signed one; of a secret one nobody knows."""

    title: str
    reference: str
    box: int
    secret: bool
    closed: bool
    words: str
    at: dt.datetime | None


def open_votes(viewer: Viewer, at: dt.datetime) -> list[OpenVote]:
    """What the viewer, or whom they help, may vote on now: what they have not voted on first, the nearest end first.

    One question to the database for nearly everybody, three more for who is on a roll.
    """
    lines = _own_lines(viewer)
    if not lines:
        return []
    found = BallotBox.objects.filter(roll_id__in=set(lines.values()), state=BallotBox.State.OPEN)
    found = found.exclude(closes_at__lte=at).exclude(item__meeting__state=Meeting.State.CANCELLED)
    if viewer.helping_id:
        found = found.filter(item__decision__in=Decision.objects.filter(visible(viewer)).values("pk"))
    boxes = list(
        found.select_related("item__decision__organisation", "item__meeting").order_by("closes_at", "pk")[:MOST]
    )
    voted = _voted(boxes, lines)
    return sorted(
        (_open(box, box.pk in voted, at) for box in boxes), key=lambda v: (v.voted, v.days is None, v.days or 0)
    )


def _own_lines(viewer: Viewer) -> dict[int, int]:
    if viewer.for_id is None:
        return {}
    own = RollEntry.objects.filter(pk__in=lines_through(viewer.for_id), struck=False)
    return dict(own.values_list("pk", "roll_id"))


def _voted(boxes: list[BallotBox], lines: dict[int, int]) -> set[int]:
    """The boxes in which every line of theirs has voted."""
    ids, entries = [b.pk for b in boxes], list(lines)
    if not ids:
        return set()
    pairs = set(MarkedVoter.objects.filter(box__in=ids, entry__in=entries).values_list("box_id", "entry_id"))
    signed = SignedBallot.objects.filter(box__in=ids, entry__in=entries, revoked_at=None)
    pairs |= set(signed.values_list("box_id", "entry_id"))
    return {b.pk for b in boxes if all((b.pk, e) in pairs for e, roll in lines.items() if roll == b.roll_id)}


def _open(box: BallotBox, voted: bool, at: dt.datetime) -> OpenVote:
    decision, ends = box.item.decision, box.closes_at
    days = (clock.local_day(ends) - clock.local_day(at)).days if ends else None
    if box.online and not box.presence:
        url = reverse("decisions:vote", args=[box.pk])
    else:
        url = reverse("decisions:attend", args=[box.item.meeting.sign_in_code])
    return OpenVote(decision.title, decision.organisation.shown, ends, days, voted, url)


def votes_of(viewer: Viewer) -> list[OwnVote]:
    """What the viewer has voted on, by their own lines, the latest meetings first; of nobody else."""
    if viewer.person_id is None or viewer.helping_id:
        return []
    lines = list(RollEntry.objects.filter(pk__in=lines_through(viewer.person_id)).values_list("pk", flat=True))
    if not lines:
        return []
    boxes = "box__item__decision"
    signed = SignedBallot.objects.filter(entry__in=lines, revoked_at=None).select_related(boxes)
    marked = MarkedVoter.objects.filter(entry__in=lines).select_related(boxes)
    rows: list[tuple[BallotBox, SignedBallot | None]] = [(s.box, s) for s in signed.order_by("-box_id", "pk")[:MOST]]
    rows += [(m.box, None) for m in marked.order_by("-box_id", "pk")[:MOST]]
    rows.sort(key=lambda row: -row[0].pk)
    return [_own(box, ballot) for box, ballot in rows[:MOST]]


def _own(box: BallotBox, ballot: SignedBallot | None) -> OwnVote:
    decision = box.item.decision
    words = chosen(ballot.marks) if ballot else ""
    closed = box.state != BallotBox.State.OPEN
    return OwnVote(decision.title, decision.reference, box.pk, box.secret, closed, words, ballot.at if ballot else None)


def own_meetings(viewer: Viewer, items: list[AgendaItem]) -> set[int]:
    """The meetings of these items on whose rolls the viewer, or whom they help, stands; no query without items."""
    rolls = {i.roll_id: i.meeting_id for i in items if i.roll_id}
    if viewer.for_id is None or not rolls:
        return set()
    found = RollEntry.objects.filter(pk__in=lines_through(viewer.for_id), roll__in=rolls, struck=False)
    return {rolls[roll] for roll in found.values_list("roll_id", flat=True)}


def takes_signing_in(items: list[AgendaItem]) -> bool:
    """Whether anything of an agenda is voted on by those who are there; a written vote asks nobody to come."""
    return any(by_presence(item) for item in items)
