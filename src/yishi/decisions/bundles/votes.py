"""A roll with its commitments, and a closed box: who was there, the ballots, the paper as two people counted it."""

from dataclasses import replace
from typing import Any

from django.db.models import Q

from yishi.decisions import rules
from yishi.decisions.models import Attendance, BallotBox, PaperCount, Roll, RollEntry, SignedBallot
from yishi.decisions.voting.booths import awaited
from yishi.decisions.voting.commitments import commitment
from yishi.decisions.voting.tallying import two_ways
from yishi.engines.bundle import Box, Entry, Holder, Presence, Slip, Vote, ballot_line, commitments_of
from yishi.engines.bundle import Roll as BundleRoll
from yishi.engines.procedure.packs import quantities

CHANNELS = {"online": "online", "proxy": "proxy", "paper": "paper"}
KEPT = ("yes", "no", "abstain", "blank", "double")


def weights_of(entry: RollEntry, columns: tuple[str, ...]) -> tuple[int, ...]:
    """What a line weighs in each column of the roll."""
    by_area = (quantities()[name].measure == "area" for name in columns)
    return tuple(entry.area_hundredths if area else entry.heads for area in by_area)


def columns_of(roll: Roll) -> tuple[str, ...]:
    """The quantities of the packs that the roll states."""
    return tuple(roll.counts) or ("registered",)


def line_of(ballot: SignedBallot) -> str:
    """A signed ballot as it is committed to: the code of its line, what it says, what the line weighs."""
    roll, entry = ballot.box.roll, ballot.entry
    return ballot_line(Slip(entry.code, _choices(ballot.box, ballot.marks)), weights_of(entry, columns_of(roll)))


def roll_of(roll: Roll) -> BundleRoll:
    """The roll as it was frozen: opaque codes, weights in the pack's quantities, salted commitments."""
    columns = columns_of(roll)
    lines = RollEntry.objects.filter(roll=roll).order_by("code")
    return BundleRoll(columns, tuple(
        Holder(e.code, weights_of(e, columns), commitment(e).hex())
        for e in lines.iterator(chunk_size=2000)
    ))  # fmt: skip


def vote_of(box: BallotBox, name: str, roll: BundleRoll, places: tuple[int, int, int]) -> Vote:
    """A box that is closed, on the roll of that name; ``places`` are the events that froze the roll, opened the vote
    and counted it (0: not yet)."""
    made = _with_ballots(box, name, places)
    salts = {} if box.secret else _salts(box)
    if not made.slips or not salts or not all(salts.values()):
        return made
    return replace(made, salts=salts, commitments=commitments_of(made.slips, salts, roll))


def _salts(box: BallotBox) -> dict[str, str]:
    return dict(box.signed.filter(revoked_at=None).values_list("entry__code", "salt"))


def _with_ballots(box: BallotBox, roll: str, places: tuple[int, int, int]) -> Vote:
    mixed = two_ways(box)
    if not places[2] and (mixed or awaited(box).exists()):
        return _vote(box, roll, places)
    paper = _as_slips(box) if mixed else ()
    slips = _secret(box) + paper if box.secret else _signed(box)
    return _vote(
        box, roll, places, slips=slips or None, receipts=_receipts(box) if box.secret and slips else None,
        boxes=_papers(box, slips) if places[2] else (), papers=len(paper) if mixed else None,
    )  # fmt: skip


def _vote(box: BallotBox, roll: str, places: tuple[int, int, int], **ballots: Any) -> Vote:
    gone = box.roll.changes.filter(counts_now=True, at__lte=box.opened_at).exclude(entry=None)
    return Vote(
        str(box.pk), *places, rules.ref(box.closed_by_id), roll, box.secret,
        gone=tuple(sorted(gone.values_list("entry__code", flat=True))),
        marked=box.marked.count() if box.secret else None, attendance=_there(box), **ballots,
    )  # fmt: skip


def _as_slips(box: BallotBox) -> tuple[Slip, ...]:
    """The paper ballots of a mixed box as slips among the others: only the sum of both ways is shown."""
    count = box.paper_counts.order_by("pk").first()
    votes = count.votes if count else {}
    marks = {**{c: c for c in box.choices}, "blank": "!blank", "double": "!double"}
    return tuple(Slip("", (mark,)) for name, mark in marks.items() for _ in range(int(votes.get(name, 0))))


def _signed(box: BallotBox) -> tuple[Slip, ...]:
    rows = box.signed.filter(revoked_at=None).values_list("entry__code", "marks")
    return tuple(Slip(code, _choices(box, marks)) for code, marks in rows.order_by("entry__code"))


def _secret(box: BallotBox) -> tuple[Slip, ...]:
    return tuple(Slip("", _choices(box, marks)) for marks in box.ballots.values_list("marks", flat=True))


def _receipts(box: BallotBox) -> tuple[str, ...]:
    return tuple(box.receipts.order_by("receipt").values_list("receipt", flat=True))


def _choices(box: BallotBox, marks: list[str]) -> tuple[str, ...]:
    if not marks:
        return ("!blank",)
    return ("!double",) if len(marks) > max(1, box.seats) else tuple(marks)


def _there(box: BallotBox) -> tuple[Presence, ...]:
    """Who was in the room when the vote opened, through whom, and who stood aside."""
    rows = Attendance.objects.filter(
        Q(left_at=None) | Q(left_at__gt=box.opened_at), meeting=box.item.meeting_id, in_at__lte=box.opened_at,
        entry__roll=box.roll_id,
    )  # fmt: skip
    there = {code: CHANNELS.get(way, "person") for code, way in rows.values_list("entry__code", "channel")}
    there |= dict.fromkeys(box.item.recusals.values_list("entry__code", flat=True), "recused")
    agents = dict(
        box.item.proxies.filter(revoked_at=None).exclude(agent=None)
        .values_list("principal__code", "agent__code")
    )  # fmt: skip
    return tuple(Presence(c, w, agents.get(c, "") if w == "proxy" else "") for c, w in sorted(there.items()))


def _papers(box: BallotBox, slips: tuple[Slip, ...]) -> tuple[Box, ...]:
    """The paper box of a secret vote, or one counted by hand; of a signed one, only what no keyed ballot shows."""
    counts = list(box.paper_counts.order_by("pk"))
    if not counts or not any(c.issued or c.returned for c in counts):
        return ()
    keyed = _keyed_among(box, slips)
    entries = tuple(_keyed(box, c, keyed) for c in counts)
    if keyed and not any(e.issued or e.returned for e in entries):
        return ()
    return (Box(str(box.pk), entries),)


def _keyed_among(box: BallotBox, slips: tuple[Slip, ...]) -> int:
    """How many of the slips came on paper."""
    if box.secret:
        return len(_as_slips(box)) if two_ways(box) else 0
    return box.signed.filter(revoked_at=None, channel__in=("paper", "door")).count() if slips else 0


def _keyed(box: BallotBox, count: PaperCount, keyed: int) -> Entry:
    if keyed:
        rest = count.returned - keyed
        return Entry(rules.ref(count.by_id), count.issued - keyed, rest, count.unreturned, 0, rest)
    known = tuple(box.choices) if box.seats else KEPT
    votes = {name: int(n) for name, n in count.votes.items() if name in known}
    return Entry(
        rules.ref(count.by_id), count.issued, count.returned, count.unreturned, count.valid, count.invalid, votes
    )  # fmt: skip
