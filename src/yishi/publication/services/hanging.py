"""A posting on the board: hung up, looked at, suspended, taken down, corrected."""

import datetime as dt
import logging
from collections.abc import Sequence
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from yishi.core import audit, clock, files
from yishi.core.given import words_of
from yishi.core.verdicts import require
from yishi.network.viewers import Viewer, actor_of
from yishi.publication import permissions
from yishi.publication.models import DisclosureDuty, Posting, PostingCheck
from yishi.publication.rules import middle_of
from yishi.publication.services._acts import carry, finish, held, reckon
from yishi.publication.services.ledger import enter
from yishi.publication.services.preparing import make, places_of, write
from yishi.publication.services.superseding import stands, supersede

logger = logging.getLogger(__name__)
State, Kind = Posting.State, PostingCheck.Kind


def _photo_needed(photo: BinaryIO | None) -> BinaryIO:
    if photo is None:
        raise ValidationError({"photo": _("请拍一张公示栏的照片。")})
    return photo


def _check(
    viewer: Viewer | None, posting: Posting, kind: str, on: dt.date, photo: BinaryIO | None, at: dt.datetime,
    *, seen: bool, place: str = "", note: str = "",
) -> PostingCheck:  # fmt: skip
    """A row of the checks, with its photo kept; the photo's digest stays when the file is gone."""
    check = PostingCheck.objects.create(
        posting=posting, kind=kind, on=on, place=place.strip()[:120], seen=seen, note=note.strip()[:300], at=at,
        by_id=viewer.person_id if viewer else None,
    )  # fmt: skip
    if photo is not None:
        kept = files.store_photo(check, photo, at=at, public=posting.is_public, town_id=posting.town_id)
        check.photo_digest = kept.sha256
        check.save(update_fields=["photo_digest"])
    return check


def open_posting(
    viewer: Viewer, posting: Posting, photo: BinaryIO | None, at: dt.datetime, *, places: Sequence[str] = (),
    check_on: dt.date | None = None,
) -> Posting:  # fmt: skip
    """Hang it up: the day counts from now, the photo proves it, the days are computed.

    Raises:
        ValidationError: no photo, no place, or a day of checking outside the period.
        Refusal: not to be posted by this viewer, or its subject says no.
    """
    photo = _photo_needed(photo)
    with held(posting) as fresh:
        require(permissions.may_open_posting(viewer, fresh, at))
        fresh.places = places_of(places) or fresh.places
        if not fresh.places:
            raise ValidationError({"places": _("请写明张贴在哪里。")})
        fresh.posted_on, fresh.posted_at, fresh.posted_by_id = clock.local_day(at), at, actor_of(viewer)
        fresh.state = State.UP
        fresh.check_on = check_on or middle_of(fresh.posted_on, fresh.days)
        reckon(fresh)
        assert fresh.ends_on is not None
        if not fresh.posted_on < fresh.check_on <= max(fresh.ends_on, middle_of(fresh.posted_on, fresh.days)):
            raise ValidationError({"check_on": _("查看日期要在张贴期内。")})
        carry(viewer, fresh, "opened", at, place="、".join(fresh.places))
        _check(viewer, fresh, Kind.START, fresh.posted_on, photo, at, seen=True, place=fresh.places[0])
        enter("posting_opened", fresh, fresh.check_code, _leaf(fresh), at)
        finish(viewer, fresh, "opened", at, digest=fresh.digest, days=fresh.days, ends=str(fresh.ends_on))
        return fresh


def _leaf(posting: Posting) -> dict[str, str | int]:
    """What the ledger keeps of a posting: references, days and digests."""
    return {
        "reference": posting.reference, "kind": posting.kind, "item": posting.item,
        "organisation": posting.organisation_id, "digest": posting.digest, "motion": posting.motion_digest,
        "days": posting.days, "posted_on": str(posting.posted_on), "subject": _subject(posting),
    }  # fmt: skip


def _subject(posting: Posting) -> str:
    return f"{posting.subject_kind}:{posting.subject_id}:{posting.subject_step}" if posting.subject_kind else ""


def check_posting(
    viewer: Viewer, posting: Posting, photo: BinaryIO | None, at: dt.datetime, *, seen: bool = True,
    place: str = "", note: str = "",
) -> PostingCheck:  # fmt: skip
    """Look whether it hangs there today. Without a photo it counts as missing: the period grows by the day.

    Raises:
        Refusal: not by this viewer, or not on the board.
        ValidationError: the photo is none.
    """
    on = clock.local_day(at)
    with held(posting) as fresh:
        require(permissions.may_check_posting(viewer, fresh, at))
        there = seen and photo is not None
        carry(viewer, fresh, "checked", at, seen=there)
        check = _check(viewer, fresh, Kind.MIDDLE, on, photo, at, seen=there, place=place, note=note)
        before = fresh.ends_on
        reckon(fresh)
        _log(viewer, fresh, there, on, at, grown=fresh.ends_on != before)
        return check


def _log(viewer: Viewer | None, posting: Posting, seen: bool, on: dt.date, at: dt.datetime, *, grown: bool) -> None:
    if seen:
        finish(viewer, posting, "checked", at, on=str(on))
    else:
        finish(viewer, posting, "missing", at, on=str(on), ends=str(posting.ends_on), grown=grown)


def note_missed_checks(at: dt.datetime) -> int:
    """Days of checking that went by without a photo count as missing, each logged once; returns how many.

    A posting that cannot be noted is logged and does not keep the others from it.
    """
    count = 0
    due = Posting.objects.filter(state=State.UP, check_on__lt=clock.local_day(at))
    for posting in due.exclude(checks__kind=Kind.MIDDLE).order_by("pk")[:500]:
        try:
            count += _note_missed(posting, at)
        except Exception:
            logger.exception("the missed look at posting %s could not be noted", posting.reference)
    return count


def _note_missed(posting: Posting, at: dt.datetime) -> bool:
    """Note its day of checking as missing, if it went by without a look; one whose subject moved on is superseded."""
    with held(posting) as fresh:
        missed = fresh.state == State.UP and fresh.check_on is not None and fresh.check_on < clock.local_day(at)
        if not missed or fresh.checks.filter(kind=Kind.MIDDLE).exists():
            return False
        if not stands(fresh):
            supersede(fresh, at)
            return False
        assert fresh.check_on is not None
        carry(Viewer(at=at), fresh, "checked", at, seen=False)
        _check(None, fresh, Kind.MIDDLE, fresh.check_on, None, at, seen=False, note=_("没有查看照片，按缺失计"))
        reckon(fresh)
        _log(None, fresh, False, fresh.check_on, at, grown=True)
        return True


def end_posting(viewer: Viewer, posting: Posting, photo: BinaryIO | None, at: dt.datetime) -> Posting:
    """Take it down after its full period, with a last photo. A look that nobody took counts as missing first.

    Raises:
        ValidationError: no photo.
        Refusal: too early (with the day from which), an open objection, suspended, or not by this viewer.
    """
    photo = _photo_needed(photo)
    _note_missed(posting, at)
    with held(posting) as fresh:
        require(permissions.may_end_posting(viewer, fresh, at))
        fresh.state, fresh.ended_on = State.ENDED, clock.local_day(at)
        carry(viewer, fresh, "ended", at)
        _check(viewer, fresh, Kind.END, fresh.ended_on, photo, at, seen=True)
        looks = audit.digest_of(",".join(fresh.checks.order_by("pk").values_list("photo_digest", flat=True)))
        facts = _leaf(fresh) | {"ended_on": str(fresh.ended_on), "photos": looks}
        enter("posting_ended", fresh, fresh.check_code, facts, at)
        finish(viewer, fresh, "ended", at, ended=str(fresh.ended_on))
        return fresh


def suspend_posting(viewer: Viewer, posting: Posting, why: str, at: dt.datetime) -> Posting:
    """Suspend its effect, with the reason that everyone reads; it cannot end until it is resumed.

    Raises:
        ValidationError: no reason.
        Refusal: not by this viewer, or not on the board.
    """
    why = words_of(why, "why", 300)
    with held(posting) as fresh:
        require(permissions.may_suspend_posting(viewer, fresh, at))
        fresh.state, fresh.suspended_why = State.SUSPENDED, why
        finish(viewer, fresh, "suspended", at)
        return fresh


def resume_posting(viewer: Viewer, posting: Posting, at: dt.datetime) -> Posting:
    """Resume what was suspended.

    Raises:
        Refusal: not by this viewer, or not suspended.
    """
    with held(posting) as fresh:
        require(permissions.may_resume_posting(viewer, fresh, at))
        fresh.state, fresh.suspended_why = State.UP, ""
        finish(viewer, fresh, "resumed", at)
        return fresh


def correct_posting(
    viewer: Viewer, posting: Posting, title: str, text: str, why: str, at: dt.datetime
) -> Posting:  # fmt: skip
    """Take it down and prepare a corrected one, which runs its full period anew; both stay readable.

    Raises:
        ValidationError: no words, or the same words.
        Refusal: not by this viewer, or not to be corrected now.
    """
    why = words_of(why, "why", 300)
    with held(posting) as old:
        require(permissions.may_correct_posting(viewer, old, at))
        fresh = Posting(
            **{f: getattr(old, f) for f in _KEPT}, replaces=old, state=State.PLANNED, created_at=at, changed_at=at,
        )  # fmt: skip
        write(fresh, title, text, old.title_en, old.text_en)
        if fresh.digest == old.digest and old.state != State.CORRECTED:
            raise ValidationError({"text": _("内容没有变化。")})
        old.state, old.ended_on = State.CORRECTED, old.ended_on or clock.local_day(at)
        make(viewer, fresh, at)
        DisclosureDuty.objects.filter(posting=old).update(posting=fresh)
        finish(viewer, old, "corrected", at, by=fresh.reference, why=audit.digest_of(why))
        return fresh


_KEPT = (
    "town_id", "kind", "item", "organisation", "area", "subject_kind", "subject_id", "subject_step", "motion_digest",
    "clause", "verified", "places", "phone", "visibility", "days",
)  # fmt: skip
