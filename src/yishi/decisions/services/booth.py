"""The offline booth: a tablet that collects signed ballots without network and hands them in once."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from yishi.core import audit
from yishi.core.verdicts import Refusal, no, require
from yishi.decisions.models import BallotBox, BoothBatch, RollEntry
from yishi.decisions.models.ballot import Channel
from yishi.decisions.permissions.voting import may_run_meeting
from yishi.decisions.services.ballots import cast_for
from yishi.network.viewers import Viewer, actor_of

MOST = 5_000


@dataclass(frozen=True, slots=True)
class BoothBallot:
    """One ballot of a batch: the line's code, the marks, and the key that the tablet drew for it."""

    code: str
    marks: tuple[str, ...]
    key: uuid.UUID


def take_batch(
    viewer: Viewer, box: BallotBox, key: uuid.UUID, ballots: Sequence[BoothBallot], at: dt.datetime
) -> BoothBatch:
    """Take a booth's ballots in. The same batch sent again changes nothing; conflicts come back, each with its reason.

    Raises:
        Refusal: who may not run the vote; a secret box (its ballots could not be told apart from their voters);
            the vote is over (nothing is taken, and the device keeps its ballots).
        ValidationError: marks that are not on the ballot, too many ballots.
    """
    if box.secret:
        raise Refusal(no(_("无记名投票在没有网络时请用纸质票箱，不用离线票箱。")))
    if len(ballots) > MOST or any(not set(b.marks) <= set(box.choices) for b in ballots):
        raise ValidationError(_("这一批票读不懂：请更新离线票箱后再交。"))
    with transaction.atomic():
        row = (
            BallotBox.objects.select_for_update(of=("self",), no_key=True)
            .select_related("item__meeting")
            .get(pk=box.pk)
        )
        require(may_run_meeting(viewer, row.item.meeting, at))
        known = BoothBatch.objects.filter(key=key).first()
        if known is not None and known.box_id != row.pk:
            raise ValidationError(_("这一批票的编号已用在另一个票箱：请在离线票箱里重新打包再交。"))
        if known is not None:
            return known
        if row.state != BallotBox.State.OPEN or (row.closes_at is not None and row.closes_at <= at):
            raise Refusal(
                no(
                    _("投票已经截止，这一批票没有收：投票什么时候投的，离线票箱证明不了。"),
                    what_now=_("票仍留在设备上，请保管好设备并报监督委员会处理。"),
                )
            )
        batch = BoothBatch.objects.create(box=row, key=key, by_id=actor_of(viewer), at=at)
        lines = dict(RollEntry.objects.filter(roll_id=row.roll_id).values_list("code", "pk"))
        for ballot in ballots:
            _take(viewer, row, batch, ballot, lines, at)
        batch.save(update_fields=["taken", "conflicts"])
        audit.record(
            "decisions.batch_taken", batch, at=at, actor_id=viewer.person_id, town_id=row.item.meeting.town_id,
            taken=batch.taken, conflicts=len(batch.conflicts),
        )  # fmt: skip
    return batch


def _take(
    viewer: Viewer, box: BallotBox, batch: BoothBatch, ballot: BoothBallot, lines: dict[str, int], at: dt.datetime
) -> None:
    try:
        cast = cast_for(viewer, box, lines.get(ballot.code, 0), ballot.marks, Channel.BOOTH, ballot.key, at)
    except Refusal as refusal:
        batch.conflicts.append({"code": ballot.code, "why": str(refusal.verdict.reason)})
    else:
        batch.taken += 0 if cast.again else 1
