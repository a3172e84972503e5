"""The offline booth: a tablet registered for a box, handed in by parts before the close, sealed before it, taken in after.

After the close exactly the batch whose number and check code were recorded before it is taken, and nothing else:
nothing shows when a ballot that was not sealed was cast. Of two ballots of one line the first recorded here stands.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from yishi.core import audit
from yishi.core.given import words_of
from yishi.core.verdicts import Refusal, no, require
from yishi.decisions.models import BallotBox, Booth, BoothBatch, RollEntry, SignedBallot
from yishi.decisions.models.ballot import Channel
from yishi.decisions.permissions.booths import may_write_off_booth
from yishi.decisions.permissions.voting import may_run_meeting
from yishi.decisions.services.ballots import cast_for
from yishi.decisions.voting import sealing
from yishi.network.viewers import Viewer, actor_of

MOST = 5_000


@dataclass(frozen=True, slots=True)
class BoothInput:
    """A tablet as it is registered; ``device`` is the digest of its key."""

    device: str
    label: str
    given_to_id: int


@dataclass(frozen=True, slots=True)
class BoothBallot:
    """One ballot of a batch: the line's code, the marks, and the key that the tablet drew for it."""

    code: str
    marks: tuple[str, ...]
    key: uuid.UUID


@dataclass(frozen=True, slots=True)
class Batch:
    """What a tablet hands in at once: its own key, the batch's, the ballots."""

    device_key: uuid.UUID
    key: uuid.UUID
    ballots: Sequence[BoothBallot]


def _kept() -> str:
    return _("票仍留在设备上，请保管好设备并报监督委员会处理。")


def _locked(box_id: int) -> BallotBox:
    """The box, not closed or counted by anyone until the act is done."""
    rows = BallotBox.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("item__meeting", "item__decision__area", "item__decision__organisation").get(pk=box_id)


def register_booth(viewer: Viewer, box: BallotBox, given: BoothInput, at: dt.datetime) -> Booth:
    """Register a tablet for a box, before it collects: its key, its name, whom it is given to.

    Raises:
        Refusal: who may not run the vote; a secret vote, or one on paper or by hands; the vote is over.
        ValidationError: no name or one that is taken; a device that is registered already.
    """
    label = words_of(given.label, "label", 40)
    with transaction.atomic():
        row = _locked(box.pk)
        require(may_run_meeting(viewer, row.item.meeting, at))
        _suited(row, at)
        if row.booths.filter(label=label).exists():
            raise ValidationError({"label": _("已有叫这个名称的票箱，请换一个名称。")})
        if len(given.device) != 64 or Booth.objects.filter(device=given.device).exists():
            raise ValidationError(_("这台设备已经登记，或没有读到设备编号：请刷新页面后再登记。"))
        booth = Booth.objects.create(
            box=row, number=row.booths.count() + 1, label=label, device=given.device, given_to_id=given.given_to_id,
            registered_at=at, registered_by_id=actor_of(viewer),
        )  # fmt: skip
        _record("booth_registered", viewer, row, booth, at, number=booth.number)
    return booth


def _suited(box: BallotBox, at: dt.datetime) -> None:
    if box.secret:
        raise Refusal(no(_("无记名投票在没有网络时请用纸质票箱，不用离线票箱。")))
    if not box.online:
        raise Refusal(no(_("这次表决用纸质票或举手，不用离线票箱。")))
    if box.is_over(at):
        raise Refusal(no(_("投票已经截止，不能再登记离线票箱。")))


def _record(verb: str, viewer: Viewer, box: BallotBox, booth: Booth, at: dt.datetime, **data: int) -> None:
    audit.record(f"decisions.{verb}", booth, at=at, actor_id=viewer.person_id, town_id=box.item.meeting.town_id, **data)


@dataclass(frozen=True, slots=True)
class SealInput:
    """What the tablet's screen shows, and how the desk came to know it."""

    count: int
    code: str
    how: str


def seal_booth(viewer: Viewer, booth: Booth, given: SealInput, at: dt.datetime) -> Booth:
    """Record what a tablet still holds, before the close: how many ballots, and the code of exactly these.

    Raises:
        Refusal: who may not run the vote; the vote is over; sealed already with another number or code.
        ValidationError: code and number that do not belong together on this device.
    """
    code = sealing.read_code(given.code)
    with transaction.atomic():
        box = _locked(booth.box_id)
        require(may_run_meeting(viewer, box.item.meeting, at))
        row = Booth.objects.select_for_update().get(pk=booth.pk)
        if (row.sealed_at is not None) and (row.ballots, row.code) == (given.count, code):
            return row
        if box.is_over(at):
            raise Refusal(no(_("投票已经截止，不能再封箱：封箱的张数和校验码须在截止前登记。"), what_now=_kept()))
        if row.sealed_at is not None:
            raise Refusal(no(_("这个票箱已经封箱，张数和校验码不能再改。")))
        if not 0 <= given.count <= MOST or not sealing.is_code(row.device, code, given.count):
            raise ValidationError({"code": _("校验码、张数和这个票箱对不上：请看清是哪一个票箱，逐字核对后再登记。")})
        row.sealed_at, row.sealed_by_id, row.sealed_how = at, actor_of(viewer), Booth.How(given.how)
        row.ballots, row.code = given.count, code
        row.received_at = None if given.count else at
        row.written_off_at, row.written_off_by, row.written_off_why = None, None, ""
        row.save()
        _record("booth_sealed", viewer, box, row, at, ballots=given.count)
    return row


def write_off_booth(viewer: Viewer, booth: Booth, reason: str, at: dt.datetime) -> Booth:
    """Give up waiting for a booth (a tablet lost or broken): the reason shows with the result.

    Raises:
        Refusal: who may not; handed in already; the vote was closed without it, or is counted.
        ValidationError: no reason.
    """
    reason = words_of(reason, "reason", 200)
    with transaction.atomic():
        box = _locked(booth.box_id)
        row = Booth.objects.select_for_update().get(pk=booth.pk)
        row.box = box
        require(may_write_off_booth(viewer, row, at))
        waited_for = box.state == BallotBox.State.OPEN or (
            box.state == BallotBox.State.CLOSED and row.sealed_at is not None
        )
        if row.standing in ("received", "written_off") or not waited_for:
            raise Refusal(no(_("这个票箱不用核销：已经交票、已经核销，或停止投票时没有等它。")))
        row.written_off_at, row.written_off_by_id, row.written_off_why = at, actor_of(viewer), reason
        row.save(update_fields=["written_off_at", "written_off_by", "written_off_why"])
        _record("booth_written_off", viewer, box, row, at, number=row.number)
    return row


def take_batch(viewer: Viewer, box: BallotBox, given: Batch, at: dt.datetime) -> BoothBatch:
    """Take a booth's ballots in. The same batch sent again changes nothing; conflicts come back, each with its reason.

    Before the close a booth hands in as often as it likes; once sealed, and after the close, only what was sealed.

    Raises:
        Refusal: who may not run the vote; a device that is not registered; not what was sealed; the vote is counted
            (nothing is taken, and the device keeps its ballots).
        ValidationError: marks that are not on the ballot, too many ballots, a key that was another batch's.
    """
    if len(given.ballots) > MOST or any(not set(b.marks) <= set(box.choices) for b in given.ballots):
        raise ValidationError(_("这一批票读不懂：请更新离线票箱后再交。"))
    with transaction.atomic():
        row = _locked(box.pk)
        require(may_run_meeting(viewer, row.item.meeting, at))
        booth = _registered(row, given)
        digest = sealing.digest_of(booth.device, given.key, given.ballots)
        known = BoothBatch.objects.filter(key=given.key).first()
        if known is not None and (known.booth_id, known.digest) != (booth.pk, digest):
            raise ValidationError(_("这一批票的编号已用在另一批票上：请在离线票箱里重新打包再交。"))
        if known is not None:
            return known
        sealed = _welcome(row, booth, digest, len(given.ballots), at)
        batch = BoothBatch.objects.create(
            box=row, booth=booth, key=given.key, digest=digest, sealed=sealed, by_id=actor_of(viewer), at=at
        )
        _take_all(viewer, row, batch, given.ballots)
        booth.received_at = at if sealed else None
        booth.written_off_at, booth.written_off_by, booth.written_off_why = None, None, ""
        booth.save(update_fields=["received_at", "written_off_at", "written_off_by", "written_off_why"])
        audit.record(
            "decisions.batch_taken", batch, at=at, actor_id=viewer.person_id, town_id=row.item.meeting.town_id,
            taken=batch.taken, conflicts=len(batch.conflicts),
        )  # fmt: skip
    return batch


def _registered(box: BallotBox, given: Batch) -> Booth:
    device = sealing.device_of(given.device_key)
    booth = Booth.objects.select_for_update().filter(box=box, device=device).first()
    if booth is None:
        raise Refusal(
            no(
                _("这台设备没有登记为这次表决的离线票箱，这一批票没有收。"),
                what_now=_("票仍留在设备上：请在收票以前登记设备；截止以后报监督委员会处理。"),
            )
        )
    return booth


def _welcome(box: BallotBox, booth: Booth, digest: str, count: int, at: dt.datetime) -> bool:
    """Whether the batch is the sealed one; a part before the close is not.

    Raises:
        Refusal: neither.
    """
    if box.state not in (BallotBox.State.OPEN, BallotBox.State.CLOSED):
        raise Refusal(no(_("这次表决已经计票，这一批票没有收。"), what_now=_kept()))
    if booth.sealed_at is not None:
        same = booth.ballots == count and booth.code == sealing.code_of(booth.device, digest, count)
        if not same or booth.received_at is not None:
            raise Refusal(
                no(
                    _("这一批票（%(n)s 张）不是封箱登记的那一批（%(sealed)s 张），没有收。")
                    % {"n": count, "sealed": booth.ballots},
                    what_now=_kept(),
                )
            )
        return True
    if box.is_over(at):
        raise Refusal(
            no(_("投票已经截止，这一批票没有在截止前封箱，没有收：什么时候投的，设备证明不了。"), what_now=_kept())
        )
    return False


def _take_all(viewer: Viewer, box: BallotBox, batch: BoothBatch, ballots: Sequence[BoothBallot]) -> None:
    lines = dict(RollEntry.objects.filter(roll_id=box.roll_id).values_list("code", "pk"))
    for ballot in ballots:
        line = lines.get(ballot.code, 0)
        try:
            cast = cast_for(
                viewer, box, line, ballot.marks, Channel.BOOTH, ballot.key, batch.at, in_time=batch.sealed
            )  # fmt: skip
        except Refusal as refusal:
            batch.conflicts.append(_conflict(box, ballot, line, refusal))
        else:
            batch.taken += 0 if cast.again else 1
    batch.save(update_fields=["taken", "conflicts"])


def _conflict(box: BallotBox, ballot: BoothBallot, line: int, refusal: Refusal) -> dict[str, str]:
    first = SignedBallot.objects.filter(box=box, entry=line, revoked_at=None).values_list("channel", flat=True).first()
    return {"code": ballot.code, "why": str(refusal.verdict.reason), "first": first or ""}
