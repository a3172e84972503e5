"""Handling: speaking with the reporter, notes, more time, 挂账 and its end."""

import datetime as dt
from collections.abc import Sequence
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from yishi.core import clock, files
from yishi.core.given import words_of
from yishi.core.verdicts import require
from yishi.matters import permissions
from yishi.matters.models import Extension, Matter, Report, Step, Suspension
from yishi.matters.rules import clocks
from yishi.matters.services._acts import finish, held, held_report
from yishi.network.viewers import Viewer, actor_of

MOST_PHOTOS = 9


def contact_reporter(viewer: Viewer, report: Report, note: str, at: dt.datetime) -> Report:
    """The reporter was spoken with; the first time stops the contact clock. The note is for handlers.

    Raises:
        Refusal: neither the lead's officer nor who entered it, or ended.
    """
    with held_report(report) as fresh:
        require(permissions.may_contact_reporter(viewer, fresh, at))
        if fresh.contacted_at is None:
            fresh.contacted_at = at
            fresh.save(update_fields=["contacted_at"])
        finish(
            viewer, fresh.matter, "contacted", Step.Kind.CONTACTED, at, report=fresh, words=note.strip()[:1000],
            public=False,
        )  # fmt: skip
        return fresh


def add_note(
    viewer: Viewer, matter: Matter, words: str, public: bool, photos: Sequence[BinaryIO], at: dt.datetime
) -> Step:
    """A step of the handling, with photos; public or for handlers alone.

    Raises:
        ValidationError: no words, too many photos, or a file that is no photo.
        Refusal: not working on it, or ended.
    """
    words = words_of(words, "words", 2000)
    if len(photos) > MOST_PHOTOS:
        raise ValidationError({"photos": _("一次最多 9 张照片。")})
    with held(matter) as fresh:
        require(permissions.may_add_note(viewer, fresh, at))
        step = finish(
            viewer, fresh, "noted", Step.Kind.NOTE, at, words=words, public=public, shown=public,
            organisation_id=next((o.organisation_id for o in viewer.offices), None),
        )  # fmt: skip
        for photo in photos:
            files.store_photo(step, photo, at=at, public=public and fresh.is_public, town_id=fresh.town_id)
        return step


def note_decision(matter_id: int, words: str, actor_id: int | None, organisation_id: int, at: dt.datetime) -> Step:
    """What became of the matter where it was brought to a decision; told by the decision itself, not by a handler."""
    with held(Matter(pk=matter_id)) as fresh:
        return finish(
            Viewer(at=at, person_id=actor_id), fresh, "decision_noted", Step.Kind.NOTE, at, words=words[:2000],
            organisation_id=organisation_id,
        )  # fmt: skip


def extend_report(viewer: Viewer, report: Report, new_due_on: dt.date | int, reason: str, at: dt.datetime) -> Extension:
    """More time, once, with a reason, never past the pack's limit. A number counts working days from the due day.

    Raises:
        ValidationError: no reason.
        Refusal: extended before, past the limit, or a year without a published calendar.
    """
    reason = words_of(reason, "reason", 300)
    with held_report(report) as fresh:
        require(permissions.may_extend_report(viewer, fresh, at))
        old = fresh.due_on or clock.local_day(at)
        new = clocks.extended_by(old, new_due_on) if isinstance(new_due_on, int) else new_due_on
        require(clocks.may_extend(fresh.clock_pack, fresh.clock_rule, old, new))
        extension = Extension.objects.create(
            report=fresh, reason=reason, old_due_on=old, new_due_on=new, at=at, by_id=actor_of(viewer)
        )
        fresh.due_on, fresh.extended = new, True
        fresh.save(update_fields=["due_on", "extended"])
        finish(
            viewer, fresh.matter, "extended", Step.Kind.EXTENDED, at, report=fresh, words=reason,
            detail=new.isoformat(), old=old.isoformat(), new=new.isoformat(),
        )  # fmt: skip
        return extension


def suspend_matter(
    viewer: Viewer, matter: Matter, condition: str, plan: str, review_on: dt.date, at: dt.datetime
) -> Suspension:
    """挂账: it cannot be settled now; what is missing, what is done meanwhile, when it is looked at again.

    The matter stays in every backlog count; past its review day it is overdue.

    Raises:
        ValidationError: a part is missing, or the review day is not in the future.
        Refusal: not working on it, or at another stage.
    """
    condition, plan = words_of(condition, "condition", 300), words_of(plan, "plan", 500)
    if review_on <= clock.local_day(at):
        raise ValidationError({"review_on": _("复核日期要在今天以后。")})
    with held(matter) as fresh:
        require(permissions.may_suspend_matter(viewer, fresh, at))
        suspension = Suspension.objects.create(
            matter=fresh, condition=condition, plan=plan, review_on=review_on, at=at, by_id=actor_of(viewer)
        )
        fresh.stage = Matter.Stage.SUSPENDED
        finish(
            viewer, fresh, "suspended", Step.Kind.SUSPENDED, at, words=f"{condition}\n{plan}",
            detail=review_on.isoformat(), review=review_on.isoformat(),
        )  # fmt: skip
        return suspension


def resume_matter(viewer: Viewer, matter: Matter, reason: str, at: dt.datetime) -> Matter:
    """Go on with a suspended matter.

    Raises:
        ValidationError: no reason.
        Refusal: not suspended, or neither desk nor lead.
    """
    reason = words_of(reason, "reason", 300)
    with held(matter) as fresh:
        require(permissions.may_resume_matter(viewer, fresh, at))
        Suspension.objects.filter(matter=fresh, ended_at=None).update(
            ended_at=at, ended_by_id=viewer.person_id, ended_because=reason
        )
        fresh.stage = Matter.Stage.DOING if permissions.lead_of(fresh) else Matter.Stage.ACCEPTED
        finish(viewer, fresh, "resumed", Step.Kind.RESUMED, at, words=reason)
        return fresh
