"""Paper: handed out by serial with a stub, keyed one by one where signed, never by voter where secret."""

import datetime as dt
import uuid
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from yishi.core import audit
from yishi.core.verdicts import Refusal, no, require
from yishi.decisions.models import BallotBox, PaperBallot, RollEntry
from yishi.decisions.models.ballot import Channel
from yishi.decisions.permissions.voting import may_run_meeting
from yishi.decisions.services.attendance import numbers_in
from yishi.decisions.services.ballots import cast_for, has_voted, last_of
from yishi.decisions.voting import casting
from yishi.network.viewers import Viewer, actor_of

State = BallotBox.State
NAMESPACE = uuid.UUID("6f1f2f0a-9f0e-4b52-9d1e-0a5b7c3f7a11")


def _locked(viewer: Viewer, box: BallotBox, at: dt.datetime) -> BallotBox:
    rows = BallotBox.objects.select_for_update(of=("self",), no_key=True).select_related("item__meeting", "roll")
    row = rows.get(pk=box.pk)
    require(may_run_meeting(viewer, row.item.meeting, at))
    return row


def issue_papers(viewer: Viewer, box: BallotBox, numbers: str, door: bool, at: dt.datetime) -> list[PaperBallot]:
    """Hand paper ballots to lines of the printed roll (``1-20, 23``); of a secret vote this marks them as voters.

    Raises:
        Refusal: who may not; the box is closed; a line has voted or has a paper (each is named by its number).
        ValidationError: numbers that the roll does not have.
    """
    with transaction.atomic():
        row = _locked(viewer, box, at)
        if row.is_over(at):
            raise Refusal(no(_("投票已经截止，不能再发票。")))
        wanted = numbers_in(numbers, row.roll.entries.count())
        entries = list(row.roll.entries.filter(number__in=wanted).order_by("number"))
        _all_free(row, entries)
        serial = _next_serial(row)
        papers = [
            PaperBallot(box=row, serial=serial + i, entry=e, door=door, issued_by_id=actor_of(viewer))
            for i, e in enumerate(entries)
        ]  # fmt: skip
        PaperBallot.objects.bulk_create(papers, batch_size=500)
        if row.secret:
            for paper in papers:
                _mark(viewer, row, paper, at)
        audit.record(
            "decisions.paper_issued", row, at=at, actor_id=viewer.person_id, town_id=row.item.meeting.town_id,
            papers=len(papers),
        )  # fmt: skip
    return papers


def _next_serial(box: BallotBox) -> int:
    return (box.papers.aggregate(most=Max("serial"))["most"] or 0) + 1


def _way(paper: PaperBallot) -> str:
    return Channel.DOOR if paper.door else Channel.PAPER


def _key(paper: PaperBallot) -> uuid.UUID:
    return uuid.uuid5(NAMESPACE, f"{paper.box_id}/{paper.serial}")


def _all_free(box: BallotBox, entries: Sequence[RollEntry]) -> None:
    holding = set(box.papers.filter(entry__in=entries, spoiled=False).values_list("entry_id", flat=True))
    taken = [str(e.number) for e in entries if e.struck or e.pk in holding or has_voted(box, e.pk)]
    if taken:
        raise Refusal(
            no(
                _("这些序号已经领票、投票或不计入：%(numbers)s。") % {"numbers": "、".join(taken[:20])},
                what_now=_("请从序号中去掉它们，再发票。"),
            )
        )


def _mark(viewer: Viewer, box: BallotBox, paper: PaperBallot, at: dt.datetime) -> None:
    attempt = casting.Attempt(
        box=box, entry_id=paper.entry_id, person_id=None, marks=(),
        channel=_way(paper), key=_key(paper),
        by_id=viewer.person_id, on_behalf_of_id=None, town_id=box.item.meeting.town_id, staff=True, at=at,
    )  # fmt: skip
    try:
        done = casting.mark(attempt, last_of(paper.entry_id))
    except IntegrityError:
        done = False
    if not done:
        raise Refusal(no(_("第 %(n)s 号不能领票：可能还没签到、已回避或已投票。") % {"n": paper.entry.number}))


def spoil_paper(viewer: Viewer, paper: PaperBallot, at: dt.datetime) -> PaperBallot:
    """Take a spoiled ballot back and hand out another with a serial of its own.

    Raises:
        Refusal: who may not; the box is closed; it has been put in already.
    """
    with transaction.atomic():
        row = _locked(viewer, paper.box, at)
        old = PaperBallot.objects.select_for_update().get(pk=paper.pk)
        if row.state != State.OPEN or old.spoiled or old.returned:
            raise Refusal(no(_("这张票不能换：已收回、已作废，或投票已截止。")))
        old.spoiled = True
        old.save(update_fields=["spoiled"])
        serial = _next_serial(row)
        fresh = PaperBallot.objects.create(
            box=row, serial=serial, entry_id=old.entry_id, door=old.door, issued_by_id=actor_of(viewer)
        )
        audit.record(
            "decisions.paper_spoiled", row, at=at, actor_id=viewer.person_id, town_id=row.item.meeting.town_id,
            serial=old.serial,
        )  # fmt: skip
    return fresh


def _not_counted_yet(box: BallotBox) -> None:
    counting = box.state == State.CLOSED and box.paper_counts.exists()
    if counting or box.state not in (State.OPEN, State.CLOSED):
        raise Refusal(no(_("已经开始计票，不能再录入纸质票。")))


def key_paper(viewer: Viewer, box: BallotBox, serial: int, marks: Sequence[str], at: dt.datetime) -> str:
    """Key a signed paper ballot that came back: ``counted``, or ``repeated`` where its voter had voted already.

    No mark is a blank ballot, several are a double tick; both are counted apart. A paper is handed out before
    the close only, so one that was in the box then may be keyed until the count begins.

    Raises:
        Refusal: who may not; a secret box; the count has begun; no such paper.
        ValidationError: marks that are not on the ballot.
    """
    if not set(marks) <= set(box.choices):
        raise ValidationError({"marks": _("票上只有这些选项。")})
    with transaction.atomic():
        row = _locked(viewer, box, at)
        paper = row.papers.select_for_update().filter(serial=serial, spoiled=False).first()
        if paper is None:
            raise Refusal(no(_("没有发出过 %(serial)s 号票，或已作废换发。") % {"serial": serial}))
        if paper.returned:
            raise Refusal(no(_("%(serial)s 号票已经录入过。") % {"serial": serial}))
        _not_counted_yet(row)
        outcome = "repeated" if has_voted(row, paper.entry_id) and not row.secret else "counted"
        if outcome == "counted":
            cast_for(viewer, row, paper.entry_id, marks, _way(paper), _key(paper), at, in_time=True)
        paper.returned = True
        paper.save(update_fields=["returned"])
        audit.record(
            "decisions.paper_keyed", row, at=at, actor_id=viewer.person_id, town_id=row.item.meeting.town_id,
            serial=serial,
        )  # fmt: skip
    return outcome
