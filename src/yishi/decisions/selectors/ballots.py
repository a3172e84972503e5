"""Reads of boxes: what one may vote on, whether one has; receipts, papers, counts."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import BigAutoField, Q, QuerySet
from django.utils.translation import gettext as _

from yishi.core.compiled import Compiled, Slot
from yishi.core.prepared import prepared_cursor
from yishi.core.verdicts import Refusal, hidden, require
from yishi.decisions.bundles import line_of
from yishi.decisions.models import BallotBox, MarkedVoter, PaperBallot, Proxy, RollEntry, SignedBallot, lines_through
from yishi.decisions.permissions import voting as permissions
from yishi.decisions.rules import listed
from yishi.decisions.services.ballots import has_voted, there_at
from yishi.decisions.tallied import label
from yishi.network.viewers import Viewer

CODE = 26
_BOX = Compiled(lambda: BallotBox.objects.filter(pk=Slot("pk", BigAutoField())).order_by())
_MORE = """
SELECT m.sign_in_code,
       (SELECT count(*) FROM decisions_rollentry e WHERE e.roll_id = b.roll_id AND e.id IN (
          SELECT id FROM decisions_rollentry WHERE person_id = %(person)s
          UNION SELECT entry_id FROM decisions_rollholder WHERE person_id = %(person)s)),
       (SELECT count(*) FROM decisions_proxy p
         WHERE p.meeting_id = m.id AND p.revoked_at IS NULL AND p.agent_person_id = %(person)s)
  FROM decisions_ballotbox b
  JOIN decisions_agendaitem i ON i.id = b.item_id
  JOIN decisions_meeting m ON m.id = i.meeting_id
 WHERE b.id = %(box)s
"""


@dataclass(frozen=True, slots=True)
class Turn:
    """A line through which the viewer may vote, and whether it has: ``by_proxy`` for someone else."""

    entry: RollEntry
    voted: bool
    here: bool
    aside: bool
    by_proxy: bool

    @property
    def open(self) -> bool:
        return not self.voted and self.here and not self.aside


def get_box_for(viewer: Viewer, pk: int, at: dt.datetime) -> BallotBox:
    """A box of a meeting that the viewer may see.

    Raises:
        Refusal: hidden, for everyone else.
    """
    found = BallotBox.objects.select_related("item__meeting__organisation", "item__decision__area", "roll")
    box = found.filter(pk=pk).first()
    require(permissions.may_see_meeting(viewer, box.item.meeting if box else None, at))
    assert box is not None
    return box


def box_to_cast(pk: int) -> BallotBox | None:
    """A box as a ballot on its way needs it. Nothing of it may be shown before :func:`get_box_for` was asked."""
    return _BOX.first(pk=pk)


def get_run_box_for(viewer: Viewer, pk: int, at: dt.datetime) -> BallotBox:
    """A box of a meeting that the viewer runs.

    Raises:
        Refusal: who may not run it (hidden where they may not even see it).
    """
    box = get_box_for(viewer, pk, at)
    require(permissions.may_run_meeting(viewer, box.item.meeting, at))
    return box


def turns_of(viewer: Viewer, box: BallotBox) -> list[Turn]:
    """Every line through which the viewer (or whom they help) votes in this box, their own first."""
    if viewer.for_id is None:
        return []
    lines = RollEntry.objects.filter(roll_id=box.roll_id, struck=False)
    own = _by_number(lines.filter(pk__in=lines_through(viewer.for_id)))
    proxies = Proxy.objects.filter(items=box.item_id, agent_person_id=viewer.for_id, revoked_at=None)
    principals = proxies.select_related("principal")
    alike = Q(pk__in=[p.principal_id for p in principals])
    alike |= Q(person_id__in=[p.principal.person_id for p in principals if p.principal.person_id])
    held = _by_number(lines.filter(alike)) if principals else []
    pairs = [(e, False) for e in own] + [(e, True) for e in held if e not in own]
    asked = [e.pk for e, _by_proxy in pairs]
    here = set(there_at(box).filter(entry__in=asked).values_list("entry_id", flat=True)) if pairs else set()
    aside = set(box.item.recusals.filter(entry__in=asked).values_list("entry_id", flat=True)) if pairs else set()
    return [
        Turn(e, has_voted(box, e.pk), not box.presence or e.pk in here, e.pk in aside, proxy) for e, proxy in pairs
    ]  # fmt: skip


def _by_number(lines: QuerySet[RollEntry]) -> list[RollEntry]:
    """A few lines in order. A database asked for the order would walk the whole roll in it."""
    return sorted(lines, key=lambda e: e.number)


def after_casting(viewer: Viewer, box: BallotBox) -> tuple[str, list[Turn]]:
    """Where to go on from: the code at the meeting's door, and what the viewer may still vote on in this box.

    Nearly everybody has one line and no proxy, and one statement says so.
    """
    with prepared_cursor() as cursor:
        cursor.execute(_MORE, {"box": box.pk, "person": viewer.for_id})
        code, lines, proxies = cursor.fetchone()
    return code, [t for t in turns_of(viewer, box) if t.open] if lines > 1 or proxies else []


@dataclass(frozen=True, slots=True)
class OwnBallot:
    """A voter's own signed ballot: in words, as it is committed to, and the salt that opens the commitment."""

    words: str
    line: str
    salt: str


def own_ballots(viewer: Viewer, box: BallotBox, entry: RollEntry | None = None) -> list[OwnBallot]:
    """The signed ballots of the viewer's own lines (or one of them) in this box, to nobody else: not to whom they help with, nor to
    the holder of a proxy. None where the ballots are secret."""
    if box.secret or viewer.person_id is None or viewer.helping_id:
        return []
    own = lines_through(viewer.person_id)
    rows = SignedBallot.objects.filter(entry__in=own, box=box, revoked_at=None).exclude(salt="")
    rows = (rows if entry is None else rows.filter(entry=entry)).select_related("entry", "box__roll")
    rows = rows.order_by("entry__number")
    return [OwnBallot(chosen(row.marks), line_of(row).replace("\t", " "), row.salt) for row in rows]


def chosen(marks: list[str]) -> str:
    """What a signed ballot says, in words."""
    return listed(str(label(mark)) for mark in marks) or _("空白票")


def find_receipt(box: BallotBox, written: str) -> bool:
    """Whether a receipt is in the closed box; blanks, dashes and small letters do not matter.

    Raises:
        Refusal: the box is not closed yet, or its ballots have no receipts.
    """
    if not box.secret or box.state == BallotBox.State.OPEN:
        raise Refusal(hidden())
    code = "".join(c for c in written.upper() if c.isalnum())
    return len(code) == CODE and box.receipts.filter(receipt=code).exists()


def shown_receipt(receipt: str) -> str:
    """A receipt in groups that can be read aloud."""
    return " ".join(receipt[i : i + 5] for i in range(0, len(receipt), 5))


def papers_of(box: BallotBox) -> QuerySet[PaperBallot]:
    """Papers handed out, the latest first, with who took them."""
    return box.papers.select_related("entry").order_by("-serial")


def signed_for(box: BallotBox, numbers: list[int]) -> QuerySet[SignedBallot]:
    """The standing signed ballots of some lines, for taking them back in person."""
    rows = SignedBallot.objects.filter(box=box, revoked_at=None, entry__number__in=numbers)
    return rows.select_related("entry").order_by("entry__number")


def turnout(box: BallotBox) -> tuple[int, int]:
    """How many lines took part, of how many; no word on how."""
    whole = RollEntry.objects.filter(roll_id=box.roll_id, struck=False).count()
    if box.secret:
        return MarkedVoter.objects.filter(box=box).count(), whole
    return SignedBallot.objects.filter(box=box, revoked_at=None).count(), whole


def choice_words(box: BallotBox) -> list[tuple[str, str]]:
    """The marks with their words: for a decision the three choices, for an election the names on the roll."""
    if not box.seats:
        return [(mark, label(mark)) for mark in box.choices]
    rows = RollEntry.objects.filter(roll_id=box.roll_id, person_id__in=[int(c[1:]) for c in box.choices])
    names = {f"p{person}": name for person, name in rows.values_list("person_id", "label")}
    return [(mark, names.get(mark, mark)) for mark in box.choices]
