"""Who is there: signed in by QR, on paper or by a helper; gone; represented; standing aside for an item."""

import datetime as dt
import re
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from yishi.core import audit
from yishi.core.given import words_of
from yishi.core.verdicts import Refusal, no, require
from yishi.decisions.models import AgendaItem, Attendance, BallotBox, Meeting, Recusal, RollEntry, lines_through
from yishi.decisions.permissions.helping import may_help_sign_in
from yishi.decisions.permissions.voting import may_run_meeting
from yishi.decisions.services._acts import append, held
from yishi.decisions.services.meetings import State, held_meeting
from yishi.decisions.services.telling import tell_signed_in
from yishi.network.viewers import Viewer, actor_of

Channel = Attendance.Channel
SIGNING = (State.NOTICED, State.OPEN)


def same_people(entry: RollEntry, meeting: Meeting) -> list[RollEntry]:
    """The lines that stand for the same voter on the rolls of all items."""
    rolls = meeting.items.exclude(roll=None).values("roll_id")
    alike = Q(person_id=entry.person_id) if entry.person_id else Q(label=entry.label, household=entry.household)
    return list(RollEntry.objects.filter(alike, roll_id__in=rolls, struck=False).order_by("roll_id"))


def lines_of_person(meeting: Meeting, person_id: int) -> list[RollEntry]:
    """The lines through which a person votes at a meeting: their own, and those they hold with others."""
    rolls = meeting.items.exclude(roll=None).values("roll_id")
    mine = RollEntry.objects.filter(pk__in=lines_through(person_id), roll_id__in=rolls, struck=False)
    return sorted(mine, key=lambda e: (e.roll_id, e.number))


def sign_in(viewer: Viewer, meeting: Meeting, channel: str, at: dt.datetime) -> list[Attendance]:
    """Sign oneself in (QR, online), or the person one helps. Signing in twice changes nothing.

    Raises:
        Refusal: not on any roll of the meeting, or it is not the time.
    """
    with held_meeting(meeting) as found:
        person = viewer.for_id
        lines = lines_of_person(found, person) if person else []
        if not lines:
            raise Refusal(no(_("您不在这次会议的名册上。"), what_now=_("如有疑问，请找签到处的工作人员核对。")))
        _open_for_signing(found)
        if not viewer.helping_id:
            return _enter(viewer, found, lines, channel, at)
        require(may_help_sign_in(viewer, found))
        tell_signed_in(viewer.helping_id, found, at)
        return _enter(viewer, found, lines, Channel.HELPER, at)


def sign_in_lines(viewer: Viewer, meeting: Meeting, entries: Iterable[RollEntry], channel: str, at: dt.datetime) -> int:
    """Sign others in at the desk: in person, or keyed from the paper book. Returns how many lines are new.

    Raises:
        Refusal: who may not run the meeting; it is not the time.
    """
    with held_meeting(meeting) as found:
        require(may_run_meeting(viewer, found, at))
        _open_for_signing(found)
        fresh = [row for entry in entries for row in _enter(viewer, found, same_people(entry, found), channel, at)]
        if len(fresh) > 1:
            audit.record("decisions.many_signed_in", found, at=at, actor_id=actor_of(viewer), people=len(fresh))
    return len(fresh)


def _open_for_signing(meeting: Meeting) -> None:
    if meeting.state not in SIGNING:
        raise Refusal(no(_("现在不能签到：会议还没有通知，或已经结束。")))


def _enter(
    viewer: Viewer, meeting: Meeting, entries: list[RollEntry], channel: str, at: dt.datetime
) -> list[Attendance]:
    """New rows for those not there yet, and for whom they hold proxies; dated after the votes that opened before."""
    everyone = {e.pk: channel for e in entries}
    for proxy in meeting.proxies.filter(agent__in=entries, revoked_at=None).select_related("principal"):
        rolls = set(proxy.items.values_list("roll_id", flat=True))
        for line in same_people(proxy.principal, meeting):
            if line.roll_id in rolls:
                everyone.setdefault(line.pk, Channel.PROXY)
    opened = BallotBox.objects.filter(item__meeting=meeting).aggregate(last=Max("opened_at"))["last"]
    at = max(at, opened + dt.timedelta(microseconds=1)) if opened else at
    there = set(meeting.attendance.filter(entry_id__in=everyone, left_at=None).values_list("entry_id", flat=True))
    fresh = [
        Attendance(meeting=meeting, entry_id=pk, channel=way, by_id=actor_of(viewer), in_at=at)
        for pk, way in everyone.items()
        if pk not in there
    ]
    for row in fresh:
        row.save(force_insert=True)
        audit.record(
            "decisions.signed_in", row, at=at, actor_id=viewer.person_id, on_behalf_of_id=viewer.helping_id,
            town_id=meeting.town_id,
        )  # fmt: skip
    return fresh


def numbers_in(text: str, most: int) -> list[int]:
    """Line numbers as people write them: ``1-20, 23、25``.

    Raises:
        ValidationError: something that is no number, or beyond the roll.
    """
    found: set[int] = set()
    for part in re.split(r"[\s,，、;；]+", text.strip()):
        if not part:
            continue
        ends = re.fullmatch(r"(\d{1,6})(?:[-–—~～至到](\d{1,6}))?", part)
        first, last = (int(ends[1]), int(ends[2] or ends[1])) if ends else (0, 0)
        if not ends or not 1 <= first <= last <= most:
            raise ValidationError(
                {
                    "numbers": _("“%(part)s”看不懂：请填名册序号，例如 1-20，23，25（最大 %(most)s）。")
                    % {"part": part, "most": most}
                }
            )
        found.update(range(first, last + 1))
    if not found:
        raise ValidationError({"numbers": _("请填名册序号。")})
    return sorted(found)


def sign_in_numbers(viewer: Viewer, item: AgendaItem, text: str, at: dt.datetime) -> int:
    """Key the paper sign-in book by the numbers of an item's printed roll.

    Raises:
        ValidationError: numbers that the roll does not have.
        Refusal: as :func:`sign_in_lines`.
    """
    roll = item.roll
    if roll is None:
        raise Refusal(no(_("这一项还没有名册。")))
    numbers = numbers_in(text, roll.entries.count())
    entries = roll.entries.filter(number__in=numbers, struck=False).order_by("number")
    return sign_in_lines(viewer, item.meeting, entries, Channel.PAPER, at)


def leave(viewer: Viewer, meeting: Meeting, entry: RollEntry, at: dt.datetime) -> int:
    """Someone leaves; whom they represented leaves with them. Returns how many lines were there.

    Raises:
        Refusal: who may not run the meeting (leaving oneself is always allowed).
    """
    with held_meeting(meeting) as found:
        if entry.person_id is None or entry.person_id != viewer.for_id:
            require(may_run_meeting(viewer, found, at))
        lines = same_people(entry, found)
        held_for = found.proxies.filter(agent__in=lines, revoked_at=None).select_related("principal")
        represented = [line for proxy in held_for for line in same_people(proxy.principal, found)]
        theirs = Q(entry__in=represented, channel=Channel.PROXY)
        rows = list(found.attendance.filter(Q(entry__in=lines) | theirs, left_at=None))
        for row in rows:
            row.left_at = at
            row.save(update_fields=["left_at"])
            audit.record("decisions.left", row, at=at, actor_id=actor_of(viewer), town_id=found.town_id)
    return len(rows)


def recuse(viewer: Viewer, item: AgendaItem, entry: RollEntry, reason: str, at: dt.datetime) -> Recusal:
    """Stand aside for an item: no vote, not counted as present, still in the whole.

    Raises:
        Refusal: who may not run the meeting (standing aside oneself is always allowed); the vote has begun.
        ValidationError: no reason, or a line of another roll.
    """
    reason = words_of(reason, "reason", 200)
    if item.roll_id != entry.roll_id:
        raise ValidationError({"entry": _("请选择名册上的一行。")})
    with held(item.decision) as decision:
        if entry.person_id is None or entry.person_id != viewer.for_id:
            require(may_run_meeting(viewer, item.meeting, at))
        if decision.step != item.step:
            raise Refusal(no(_("还没有轮到这一项，轮到时再登记回避。")))
        append(viewer, decision, "recused", at, {"person": entry.code, "reason": "interest"})
        return Recusal.objects.create(item=item, entry=entry, reason=reason, at=at, by_id=actor_of(viewer))


def there_for(item: AgendaItem) -> int:
    """Lines of an item's roll in the room now or standing aside for it, as the procedure asks for them."""
    aside = item.recusals.values("entry_id")
    here = item.meeting.attendance.filter(left_at=None).values("entry_id")
    return RollEntry.objects.filter(
        Q(pk__in=here) | Q(pk__in=aside), roll__items=item, struck=False
    ).count()  # fmt: skip
