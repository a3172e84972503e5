"""Boxes opened and closed, ballots cast: one person once over all channels, the first valid one stands."""

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from yishi.core import audit
from yishi.core.models import AuditEntry
from yishi.core.verdicts import Refusal, Verdict, hidden, no, require
from yishi.decisions import rules
from yishi.decisions.models import (
    AgendaItem,
    Attendance,
    BallotBox,
    Decision,
    MarkedVoter,
    Proxy,
    RollEntry,
    SignedBallot,
)
from yishi.decisions.models.ballot import Channel
from yishi.decisions.permissions.helping import may_help_vote
from yishi.decisions.permissions.voting import may_close_ballot, may_run_meeting
from yishi.decisions.services._acts import append, held
from yishi.decisions.services.attendance import there_for
from yishi.decisions.services.meetings import State as Sitting
from yishi.decisions.services.meetings import held_meeting
from yishi.decisions.services.telling import tell_revoked, tell_voted
from yishi.decisions.voting import casting, kinds
from yishi.decisions.voting.booths import unsealed
from yishi.decisions.voting.salting import fill_salts
from yishi.decisions.voting.secrecy import shuffle_box
from yishi.engines.procedure.meeting import presence_name
from yishi.engines.tally.ballots import CHOICES
from yishi.network.viewers import Viewer, actor_of

State, Item = BallotBox.State, AgendaItem.State
RECALL = "recall"  # on paper, as elections are, unless the decision's settings say otherwise


@dataclass(frozen=True, slots=True)
class Cast:
    """A ballot that is in the box. ``receipt`` is shown once, for secret ones; ``again``: it was there already."""

    receipt: str = ""
    again: bool = False


def open_ballot(viewer: Viewer, item: AgendaItem, at: dt.datetime, closes_at: dt.datetime | None = None) -> BallotBox:
    """Open the vote on an item: attendance is counted from the rows, the quorum must be there.

    Raises:
        Refusal: who may not run it; the engine's reason (no quorum, with how many are missing).
        ValidationError: a closing time that is past.
    """
    with held_meeting(item.meeting) as meeting:
        require(may_run_meeting(viewer, meeting, at))
        found = meeting.items.select_related("roll").get(pk=item.pk)
        if meeting.state != Sitting.OPEN or found.state not in (Item.WAITING, Item.OPEN) or found.roll is None:
            raise Refusal(no(_("这一项现在不能开始表决：会议须已开始，并有名册。")))
        closes_at = closes_at or meeting.votes_until
        if closes_at is not None and closes_at <= at:
            raise ValidationError({"closes_at": _("截止时间已经过去。")})
        at = max([at, *meeting.attendance.order_by("-in_at").values_list("in_at", flat=True)[:1]])
        with held(found.decision) as decision:
            presence = _opened(viewer, decision, found, at)
            box = _new_box(decision, found, presence, at, closes_at)
        found.state, found.opened_at = Item.VOTING, found.opened_at or at
        found.present = there_for(found) if presence else None
        found.save(update_fields=["state", "opened_at", "present"])
    return box


def _opened(viewer: Viewer, decision: Decision, item: AgendaItem, at: dt.datetime) -> bool:
    """Tell the procedure; returns whether only those who are there may vote."""
    case = rules.case_of(decision)
    if case.step.id != item.step:
        raise Refusal(no(_("“%(step)s”还没有完成，不能表决下一步。") % {"step": rules.spoken(case.step.title)}))
    if case.step.kind == "poll":
        append(viewer, decision, "poll_opened", at, {})
        return False
    sitting = case.sit()
    presence = case.step.quorum_at == "opening"
    if decision.secrecy == Decision.Secrecy.SECRET and _by_area(decision, item):
        raise Refusal(no(_("按面积和人数计算的表决须记名，不能无记名。"), rules.spoken(sitting.pack.clause)))
    if presence:
        append(viewer, decision, "attendance_counted", at, {"counts": {presence_name(sitting): there_for(item)}})
    append(viewer, decision, "ballot_opened", at, {"hash": item.motion_digest} if item.motion_digest else {})
    return presence


def _by_area(decision: Decision, item: AgendaItem) -> bool:
    return item.roll is not None and item.roll.kind in kinds.OWNERS


def _new_box(
    decision: Decision, item: AgendaItem, presence: bool, at: dt.datetime, closes_at: dt.datetime | None
) -> BallotBox:
    case = rules.case_of(decision)
    poll = case.step.kind == "poll"
    assert item.roll is not None
    secret = poll or case.step.secret or decision.secrecy == Decision.Secrecy.SECRET
    on_paper = poll or (decision.procedure == RECALL and not case.decision.electronic)
    online = decision.secrecy != Decision.Secrecy.HANDS and not on_paper
    return BallotBox.objects.create(
        item=item, roll=item.roll, secret=secret, online=online, presence=presence,
        choices=list(case.poll.candidates) if poll else list(CHOICES), seats=case.decision.seats if poll else 0,
        motion_digest=item.motion_digest, opened_at=at, closes_at=closes_at,
    )  # fmt: skip


def cast_ballot(
    viewer: Viewer, box: BallotBox, entry_id: int, marks: Sequence[str], key: uuid.UUID, at: dt.datetime
) -> Cast:
    """Cast one's own ballot, that of someone one helps, or of someone one holds a proxy for.

    The same key sent again is the same ballot. A secret ballot is written together with the mark on
    the roll, and shares nothing with it.

    Raises:
        Refusal: in plain words (voted already, not on the roll, not signed in, closed …).
        ValidationError: not exactly one of the choices.
    """
    if viewer.helping_id and box.secret:
        raise Refusal(
            no(
                _("无记名投票须本人填写，不能由他人代填。"),
                what_now=_("可以请工作人员送纸质票上门，由本人密封投入票箱。"),
            )
        )
    if viewer.helping_id:
        require(may_help_vote(viewer, box))
    _readable(box, marks)
    cast = _cast(_own(viewer, box, entry_id, marks, key, at))
    if viewer.helping_id:
        tell_voted(viewer.helping_id, box, entry_id, at)
    return cast


def cast_at_once(
    viewer: Viewer, box: BallotBox, entry_id: int, marks: Sequence[str], key: uuid.UUID, at: dt.datetime
) -> Cast | None:
    """Cast one's own ballot where nothing stands against it: every rule is asked by the statement that writes.

    None says only that it was not written, not why: then :func:`cast_ballot` tells, after the right to see the
    vote was asked. Whoever helps somebody, or is nobody, goes that way too.

    Raises:
        ValidationError: not exactly one of the choices.
    """
    if viewer.helping_id or viewer.person_id is None:
        return None
    _readable(box, marks)
    attempt = _own(viewer, box, entry_id, marks, key, at)
    try:
        written = casting.put(attempt, (0, audit.GENESIS))
    except IntegrityError:
        return None
    return Cast(casting.receipt_of(key) if box.secret else "") if written else None


def _own(
    viewer: Viewer, box: BallotBox, entry_id: int, marks: Sequence[str], key: uuid.UUID, at: dt.datetime
) -> casting.Attempt:
    return casting.Attempt(
        box=box, entry_id=entry_id, person_id=viewer.for_id, marks=marks,
        channel=Channel.PHONE if viewer.helping_id else Channel.WEB, key=key, by_id=actor_of(viewer),
        on_behalf_of_id=viewer.helping_id, town_id=viewer.town_id or 0, staff=False, at=at,
    )  # fmt: skip


def _readable(box: BallotBox, marks: Sequence[str]) -> None:
    most = max(1, box.seats)
    if not 1 <= len(marks) <= most or len(set(marks)) < len(marks) or not set(marks) <= set(box.choices):
        raise ValidationError({"marks": _("请选择一项。")})


def cast_for(
    viewer: Viewer, box: BallotBox, entry_id: int, marks: Sequence[str], channel: str, key: uuid.UUID, at: dt.datetime,
    in_time: bool = False,
) -> Cast:  # fmt: skip
    """Key a signed ballot that came on paper, at the door or through the booth. Part of another act.

    Marks may be none (blank) or several (double tick): they are then counted apart.

    Raises:
        Refusal: as :func:`cast_ballot`; or a secret box, which nobody fills for another.
    """
    if box.secret:
        raise Refusal(no(_("无记名投票不录入谁投了什么票：纸质票只清点总数。")))
    return _cast(
        casting.Attempt(
            box=box, entry_id=entry_id, person_id=None, marks=marks, channel=channel, key=key,
            by_id=actor_of(viewer), on_behalf_of_id=None, town_id=viewer.town_id or 0, staff=True, at=at, in_time=in_time,
        )
    )  # fmt: skip


def _cast(attempt: casting.Attempt) -> Cast:
    receipt = casting.receipt_of(attempt.key) if attempt.box.secret else ""
    try:
        written = casting.put(attempt, (0, audit.GENESIS))
    except IntegrityError:
        written = _put_after_others(attempt)
    if written:
        return Cast(receipt)
    if _same_ballot(attempt, receipt):
        return Cast(receipt, again=True)
    verdict, counter = why_not(attempt)
    if counter:
        _count_refused(attempt, counter)
    raise Refusal(verdict)


def _count_refused(attempt: casting.Attempt, counter: str) -> None:
    """Once for each person or line, and only until the box is counted."""
    who = rules.ref(attempt.person_id) if attempt.person_id else f"e{attempt.entry_id}" if attempt.entry_id else ""
    open_boxes = BallotBox.objects.filter(pk=attempt.box.pk, state__in=[State.OPEN, State.CLOSED])
    with transaction.atomic():
        box = open_boxes.select_for_update(no_key=True).first()
        if box is not None and box.refused.get_or_create(who=who or attempt.key.hex)[1]:
            open_boxes.update(**{counter: F(counter) + 1})


def _put_after_others(attempt: casting.Attempt) -> bool:
    """The line has entries already (a ballot was revoked): follow the last of them."""
    try:
        return casting.put(attempt, last_of(attempt.entry_id))
    except IntegrityError as error:
        raise Refusal(no(_("没有投成：请刷新页面后再投一次。"))) from error


def last_of(entry_id: int) -> tuple[int, str]:
    """Number and digest of a line's last audit entry."""
    rows = AuditEntry.objects.filter(subject_kind="decisions.rollentry", subject_id=entry_id).order_by("-number")
    return rows.values_list("number", "digest").first() or (0, audit.GENESIS)


def _same_ballot(attempt: casting.Attempt, receipt: str) -> bool:
    if receipt:
        return attempt.box.receipts.filter(receipt=receipt).exists()
    found = SignedBallot.objects.filter(box=attempt.box, key=attempt.key).first()
    return found is not None and found.entry_id == attempt.entry_id and found.marks == list(attempt.marks)


def why_not(attempt: casting.Attempt) -> tuple[Verdict, str]:
    """Why a ballot was not taken, and which counter it belongs to (``late``, ``wrong_roll`` or none)."""
    box = BallotBox.objects.select_related("item__meeting").get(pk=attempt.box.pk)
    entry = RollEntry.objects.filter(pk=attempt.entry_id, roll_id=box.roll_id, struck=False).first()
    if entry is None or not (attempt.staff or may_vote_for(attempt.person_id, box, entry)):
        return no(_("您不在这次表决的名册上。"), what_now=_("如有疑问，请联系召集人核对名册。")), "wrong_roll"
    if has_voted(box, entry.pk):
        return no(_("已经投过票：一人一票，先投的有效。"), what_now=_("记名票可在截止前由本人到场撤回后重投。")), ""
    if box.is_over(attempt.at) and not attempt.in_time:
        return no(_("投票已经截止，这张票不计入。")), "late"
    return _other_reason(attempt, box, entry.pk), ""


def _other_reason(attempt: casting.Attempt, box: BallotBox, entry_id: int) -> Verdict:
    if item_recused(box, entry_id):
        return no(_("您已对这一项回避，不参加表决。"))
    if not (attempt.staff or box.online):
        return no(_("这次表决在会场进行，不在网上投票。"))
    if SignedBallot.objects.filter(box=box, entry_id=entry_id).exclude(revoked_at=None).exists():
        return no(_("撤回过的票，只能由本人在网上重投，或投纸质票。"))
    if box.presence and box.item.meeting.attendance.filter(entry_id=entry_id, left_at=None).exists():
        return no(
            _("开始表决时没有签到，这一项不能表决。"), what_now=_("到会人数以开始表决时为准；以后的议程可以参加。")
        )
    if box.presence:
        return no(_("还没有签到，不能表决。"), what_now=_("请先扫会场的签到码，或到签到处签到。"))
    return no(_("没有投成：请刷新页面后再投一次。"))


def has_voted(box: BallotBox, entry_id: int) -> bool:
    """Whether a line has taken part, on whatever channel."""
    if box.secret:
        return MarkedVoter.objects.filter(box=box, entry_id=entry_id).exists()
    return SignedBallot.objects.filter(box=box, entry_id=entry_id, revoked_at=None).exists()


def there_at(box: BallotBox) -> QuerySet[Attendance]:
    """Who was there when the vote opened, as the procedure was told; who came later votes on later items."""
    staying = Q(left_at=None) | Q(left_at__gt=box.opened_at)
    return Attendance.objects.filter(staying, meeting_id=box.item.meeting_id, in_at__lte=box.opened_at)


def item_recused(box: BallotBox, entry_id: int) -> bool:
    """Whether a line stands aside for the item."""
    return box.item.recusals.filter(entry_id=entry_id).exists()


def may_vote_for(person_id: int | None, box: BallotBox, entry: RollEntry) -> bool:
    """Whether a person votes through this line: it is theirs, shared with them, or they hold its proxy."""
    if person_id is None:
        return False
    if entry.person_id == person_id or entry.holders.filter(person_id=person_id).exists():
        return True
    same = Q(principal=entry) | (Q(principal__person_id=entry.person_id) if entry.person_id else Q(pk=None))
    proxies = Proxy.objects.filter(same, items=box.item_id, agent_person_id=person_id, revoked_at=None)
    return proxies.exists()


def revoke_ballot(viewer: Viewer, ballot: SignedBallot, at: dt.datetime) -> SignedBallot:
    """Take a signed ballot back for its voter, who has come in person; they may then vote again.

    Raises:
        Refusal: who may not run it; the vote is over. (A secret ballot cannot be found, so not be taken back.)
    """
    with transaction.atomic():
        box = BallotBox.objects.select_for_update().select_related("item__meeting").get(pk=ballot.box_id)
        require(may_run_meeting(viewer, box.item.meeting, at))
        row = SignedBallot.objects.select_for_update().get(pk=ballot.pk)
        if box.is_over(at):
            raise Refusal(no(_("投票已经截止，不能再撤回。")))
        if row.revoked_at is None:
            row.revoked_at, row.revoked_by_id = at, actor_of(viewer)
            row.save(update_fields=["revoked_at", "revoked_by"])
            tell_revoked(row, at)
            audit.record(
                "decisions.ballot_revoked", RollEntry(pk=row.entry_id), at=at, actor_id=viewer.person_id,
                town_id=box.item.meeting.town_id, box=box.pk,
            )  # fmt: skip
    return row


def _at_its_end(box: BallotBox, at: dt.datetime) -> None:
    """A vote announced until a time runs until then, unless nobody is left who could vote."""
    if box.closes_at is None or at >= box.closes_at:
        return
    lines = RollEntry.objects.filter(roll_id=box.roll_id, struck=False).exclude(recusals__item=box.item_id)
    if box.presence:
        lines = lines.filter(pk__in=there_at(box).values("entry"))
    if box.secret:
        lines = lines.exclude(pk__in=box.marked.values("entry"))
    else:
        lines = lines.exclude(pk__in=box.signed.filter(revoked_at=None).values("entry"))
    left = lines.count()
    if left:
        when = f"{timezone.localtime(box.closes_at):%Y-%m-%d %H:%M}"
        raise Refusal(
            no(_("公布的投票截止时间是 %(when)s，还有 %(n)s 人没有投票，不能提前停止。") % {"when": when, "n": left})
        )


def _none_left_behind(box: BallotBox, leaving: Collection[int]) -> list[int]:
    """An offline booth is sealed before the close or left out by name; returns the numbers of those left out."""
    found = list(unsealed(box))
    left = "、".join(booth.label for booth in found if booth.pk not in leaving)
    if left:
        words = _("还有离线票箱没有封箱：%(booths)s。停止投票以后不能再封箱，没有封箱的票不再收。") % {"booths": left}
        now = _("请先让它们封箱、报校验码并登记；确实不等的，逐个勾选“不等这个票箱”再停止。")
        raise Refusal(no(words, what_now=now))
    return [booth.number for booth in found]


def close_ballot(
    viewer: Viewer, item: AgendaItem, at: dt.datetime, leaving: Collection[int] = ()
) -> BallotBox:  # fmt: skip
    """Close the box: ballots on their way are waited for; a secret box is shuffled, each ballot of a signed one has
    its salt. The closer neither counts nor certifies.

    ``leaving`` names the offline booths that are not sealed and not waited for: their ballots are not taken any more.

    Raises:
        Refusal: who may not run it; it is closed already; before the time announced while someone has not voted;
            an offline booth that is neither sealed nor left out.
    """
    with held_meeting(item.meeting) as meeting:
        require(may_close_ballot(viewer, meeting, at))
        box = BallotBox.objects.select_for_update(of=("self",)).filter(item=item).first()
        if box is None:
            raise Refusal(hidden())
        if box.state != State.OPEN:
            raise Refusal(no(_("投票已经停止。")))
        _at_its_end(box, at)
        left_out = _none_left_behind(box, leaving)
        with held(item.decision) as decision:
            if rules.case_of(decision).step.kind == "meeting":
                append(viewer, decision, "ballot_closed", at, {})
        (shuffle_box if box.secret else fill_salts)(box)
        box.state, box.closed_at, box.closed_by_id = State.CLOSED, at, actor_of(viewer)
        box.save(update_fields=["state", "closed_at", "closed_by"])
        AgendaItem.objects.filter(pk=item.pk).update(state=Item.CLOSED)
        audit.record(
            "decisions.box_closed", box, at=at, actor_id=viewer.person_id, town_id=meeting.town_id,
            digest=audit.digest_of("\n".join(box.receipts.order_by("receipt").values_list("receipt", flat=True))),
            booths_left_out=",".join(map(str, left_out)),
        )  # fmt: skip
    return box
