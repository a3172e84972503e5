"""Minutes: drafted from the record, open to correction for a window, then signed and closed."""

import datetime as dt

from django.utils.translation import gettext as _

from yishi.core import audit
from yishi.core.given import words_of
from yishi.core.verdicts import Refusal, no, require
from yishi.decisions.models import Meeting, Minutes, MinutesMark
from yishi.decisions.permissions.voting import may_run_meeting, may_see_meeting
from yishi.decisions.services.meetings import State, held_meeting
from yishi.decisions.voting.minuting import draft_of
from yishi.network.viewers import Viewer, actor_of

CORRECTION_DAYS = 3
LONGEST = 20_000
Kind = MinutesMark.Kind


def draft_minutes(viewer: Viewer, meeting: Meeting, at: dt.datetime) -> Minutes:
    """Draft the minutes from what was recorded; corrections may be asked for during three days.

    Raises:
        Refusal: who may not; the meeting is not over; there are minutes already.
    """
    with held_meeting(meeting) as found:
        require(may_run_meeting(viewer, found, at))
        if found.state != State.CLOSED:
            raise Refusal(no(_("会议结束后再起草会议记录。")))
        if Minutes.objects.filter(meeting=found).exists():
            raise Refusal(no(_("会议记录已经起草。")))
        minutes = Minutes.objects.create(
            meeting=found, text=draft_of(found), drafted_at=at, drafted_by_id=actor_of(viewer),
            corrections_until=at + dt.timedelta(days=CORRECTION_DAYS),
        )  # fmt: skip
        audit.record("decisions.minutes_drafted", minutes, at=at, actor_id=viewer.person_id, town_id=found.town_id)
    return minutes


def change_minutes(viewer: Viewer, minutes: Minutes, text: str, at: dt.datetime) -> Minutes:
    """The recorder mends the draft, before anyone has signed.

    Raises:
        Refusal: who may not; signed or closed.
        ValidationError: empty or too long.
    """
    text = words_of(text, "text", LONGEST)
    with held_meeting(minutes.meeting) as found:
        require(may_run_meeting(viewer, found, at))
        row = Minutes.objects.select_for_update().get(pk=minutes.pk)
        if row.closed_at is not None or row.marks.filter(kind=Kind.SIGNATURE).exists():
            raise Refusal(no(_("会议记录已有人签名，不能再改：请提出更正。")))
        row.text = text
        row.save(update_fields=["text"])
        audit.record(
            "decisions.minutes_changed", row, at=at, actor_id=viewer.person_id, town_id=found.town_id,
            digest=audit.digest_of(text),
        )  # fmt: skip
    return row


def ask_correction(viewer: Viewer, minutes: Minutes, words: str, at: dt.datetime) -> MinutesMark:
    """Ask for a correction within the window: anyone who may see the meeting.

    Raises:
        Refusal: who may not; the window is over.
        ValidationError: no words, or too many.
    """
    words = words_of(words, "words", 1000)
    with held_meeting(minutes.meeting) as found:
        require(may_see_meeting(viewer, found, at))
        row = Minutes.objects.select_for_update().get(pk=minutes.pk)
        if row.closed_at is not None or at > row.corrections_until:
            raise Refusal(no(_("提出更正的时间已过。")))
        found_mark = MinutesMark.objects.create(
            minutes=row, kind=Kind.CORRECTION, by_id=actor_of(viewer), at=at, words=words
        )
        audit.record("decisions.correction_asked", row, at=at, actor_id=viewer.person_id, town_id=found.town_id)
    return found_mark


def answer_correction(viewer: Viewer, mark: MinutesMark, accepted: bool, at: dt.datetime) -> MinutesMark:
    """Accept a correction (it is put under the text) or not.

    Raises:
        Refusal: who may not; answered already, or the minutes are closed.
    """
    with held_meeting(mark.minutes.meeting) as found:
        require(may_run_meeting(viewer, found, at))
        row = MinutesMark.objects.select_for_update(of=("self",)).select_related("minutes").get(pk=mark.pk)
        if row.kind != Kind.CORRECTION or row.accepted is not None or row.minutes.closed_at is not None:
            raise Refusal(no(_("这条更正已经答复。")))
        row.accepted = accepted
        row.save(update_fields=["accepted"])
        if accepted:
            row.minutes.text += "\n" + _("更正：%(words)s") % {"words": row.words}
            row.minutes.save(update_fields=["text"])
        audit.record(
            "decisions.correction_answered", row.minutes, at=at, actor_id=actor_of(viewer), town_id=found.town_id
        )
    return row


def sign_minutes(viewer: Viewer, minutes: Minutes, at: dt.datetime) -> MinutesMark:
    """Sign the minutes, once each, after the window for corrections: host, recorder, those who were there.

    Raises:
        Refusal: who may not; corrections can still be asked for, or are open.
    """
    with held_meeting(minutes.meeting) as found:
        require(may_see_meeting(viewer, found, at))
        row = Minutes.objects.select_for_update().get(pk=minutes.pk)
        if at <= row.corrections_until or row.marks.filter(kind=Kind.CORRECTION, accepted=None).exists():
            raise Refusal(no(_("更正期满、更正都答复以后再签名。")))
        if row.closed_at is not None:
            raise Refusal(no(_("会议记录已经定稿。")))
        if viewer.helping_id:
            raise Refusal(no(_("签名须本人，请先结束代办。")))
        mark, made = MinutesMark.objects.get_or_create(
            minutes=row, kind=Kind.SIGNATURE, by_id=actor_of(viewer), defaults={"at": at}
        )
        if made:
            audit.record("decisions.minutes_signed", row, at=at, actor_id=viewer.person_id, town_id=found.town_id)
    return mark


def close_minutes(viewer: Viewer, minutes: Minutes, at: dt.datetime) -> Minutes:
    """Close the minutes: signed by host and recorder, their hash is fixed.

    Raises:
        Refusal: who may not; a signature is missing.
    """
    with held_meeting(minutes.meeting) as found:
        require(may_run_meeting(viewer, found, at))
        row = Minutes.objects.select_for_update().get(pk=minutes.pk)
        signed = set(row.marks.filter(kind=Kind.SIGNATURE).values_list("by_id", flat=True))
        needed = {p for p in (found.host_id, found.recorder_id) if p is not None}
        if row.closed_at is not None or not needed <= signed:
            raise Refusal(no(_("须由主持人和记录员签名后定稿。")))
        row.closed_at, row.digest = at, audit.digest_of(row.text)
        row.save(update_fields=["closed_at", "digest"])
        audit.record(
            "decisions.minutes_closed", row, at=at, actor_id=actor_of(viewer), town_id=found.town_id, digest=row.digest
        )
    return row
