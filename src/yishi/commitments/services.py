"""Commands on commitments: promise, progress, delay, done, acceptance. One transaction, one audit entry each."""

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from yishi.commitments import permissions
from yishi.commitments.events import CommitmentChanged
from yishi.commitments.models import Commitment, Progress
from yishi.commitments.rules import may_commit_on, rules_of
from yishi.core import audit, clock, events, files
from yishi.core.given import money_of, words_of
from yishi.core.verdicts import require
from yishi.network import selectors as network
from yishi.network.viewers import Viewer, actor_of, nobody

State, Kind = Commitment.State, Progress.Kind
MOST_PHOTOS = 9


@contextmanager
def _held(commitment: Commitment) -> Iterator[Commitment]:
    with transaction.atomic():
        yield Commitment.objects.select_for_update(no_key=True).get(pk=commitment.pk)


def make_commitment(
    viewer: Viewer, subject: Model, what: str, organisation_id: int, doer_id: int | None, due_on: dt.date,
    budget: Decimal | int | str, at: dt.datetime,
) -> Commitment:  # fmt: skip
    """Promise something on a subject: who does what by when, with which money.

    Raises:
        ValidationError: no words, unknown organisation, a doer without office there, a past day, bad money.
        Refusal: the subject takes no promise from this viewer now.
    """
    what, amount = words_of(what, "what", 300), money_of(budget or 0, "budget", nothing=True)
    with transaction.atomic():
        fresh = type(subject)._default_manager.select_for_update(no_key=True).get(pk=subject.pk)
        require(may_commit_on(viewer, fresh, at))
        if due_on < clock.local_day(at):
            raise ValidationError({"due_on": _("完成日期不能早于今天。")})
        made_by = actor_of(viewer)
        town_id: int = fresh.town_id  # type: ignore[attr-defined]
        _check_doer(town_id, organisation_id, doer_id, clock.local_day(at))
        made = Commitment.objects.create(
            town_id=town_id, subject_kind=audit.kind_of(fresh), subject_id=fresh.pk, what=what,
            organisation_id=organisation_id, doer_id=doer_id, due_on=due_on, budget=amount, made_at=at,
            made_by_id=made_by,
        )  # fmt: skip
        _tell(viewer, made, "made", at, None, about=f"{made.subject_kind}:{made.subject_id}")
        return made


def _check_doer(town_id: int, organisation_id: int, doer_id: int | None, day: dt.date) -> None:
    if not network.organisations(town_id).filter(pk=organisation_id).exists():
        raise ValidationError({"organisation_id": _("没有这个单位，或它已经撤销。")})
    if doer_id is not None and not any(o.organisation_id == organisation_id for o in network.offices_of(doer_id, day)):
        raise ValidationError({"doer_id": _("承办人要是该单位在任人员。")})


def _step(
    viewer: Viewer, commitment: Commitment, kind: str, words: str, at: dt.datetime, photos: Sequence[BinaryIO] = (),
    receipts: Sequence[BinaryIO] = (), **facts: object,
) -> Progress:  # fmt: skip
    """A step of the doing with its files, the audit entry and the news."""
    if len(photos) > MOST_PHOTOS or len(receipts) > MOST_PHOTOS:
        raise ValidationError({"photos": _("一次最多 9 张照片。")})
    commitment.save()
    step = Progress.objects.create(
        commitment=commitment,
        kind=kind,
        at=at,
        by_id=viewer.person_id,
        words=words,
        **facts,  # type: ignore[misc]
    )
    public = _is_public(commitment, at)
    for photo in photos:
        files.store_photo(step, photo, at=at, public=public, town_id=commitment.town_id)
    for receipt in receipts:
        files.store_photo(step, receipt, at=at, public=False, town_id=commitment.town_id, role="receipt")
    _tell(viewer, commitment, kind, at, step.pk, step=step.pk)
    return step


def _is_public(commitment: Commitment, at: dt.datetime) -> bool:
    rules = rules_of(commitment.subject_kind)
    subject = rules.load(commitment.subject_id) if rules else None
    return rules is not None and subject is not None and bool(rules.may_see(nobody(at), subject, at))


def _tell(
    viewer: Viewer, commitment: Commitment, kind: str, at: dt.datetime, progress_id: int | None, **refs: Any
) -> None:
    audit.record(
        f"commitments.{kind}", commitment, at=at, actor_id=viewer.person_id, on_behalf_of_id=viewer.helping_id, **refs
    )
    events.publish(
        CommitmentChanged(
            commitment.pk, commitment.subject_kind, commitment.subject_id, kind, at, viewer.person_id,
            progress_id,
        )
    )  # fmt: skip


def report_progress(
    viewer: Viewer, commitment: Commitment, words: str, percent: int, spent: Decimal | int | str,
    photos: Sequence[BinaryIO], at: dt.datetime, receipts: Sequence[BinaryIO] = (),
) -> Progress:  # fmt: skip
    """How far it is: words, share done (0 to 100), money spent since the last step, photos, receipts.

    Raises:
        ValidationError: no words, a share that shrinks or is out of range, more money than the budget.
        Refusal: not the doer, or not running.
    """
    words, amount = words_of(words, "words", 2000), money_of(spent or 0, "spent", nothing=True)
    with _held(commitment) as fresh:
        require(permissions.may_report_progress(viewer, fresh, at))
        if not 0 <= percent <= 100:
            raise ValidationError({"percent": _("进度在 0 到 100 之间。")})
        _spend(fresh, amount)
        fresh.percent, fresh.state = percent, State.DOING
        return _step(viewer, fresh, Kind.PROGRESS, words, at, photos, receipts, percent=percent, spent=amount)


def _spend(commitment: Commitment, amount: Decimal) -> None:
    if commitment.spent + amount > commitment.budget:
        raise ValidationError(
            {
                "spent": _(
                    "超出经费：经费 %(budget)s 元，已用 %(spent)s 元，这次 %(now)s 元。请先另立责任事项增加经费。"
                )
                % {"budget": commitment.budget, "spent": commitment.spent, "now": amount}
            }
        )
    commitment.spent += amount


def delay_commitment(
    viewer: Viewer, commitment: Commitment, new_due_on: dt.date, reason: str, at: dt.datetime
) -> Progress:
    """Move the day, with a reason that everyone reads; the old day is kept.

    Raises:
        ValidationError: no reason, or not a later day.
        Refusal: not the doer, or not running.
    """
    reason = words_of(reason, "reason", 500)
    with _held(commitment) as fresh:
        require(permissions.may_delay_commitment(viewer, fresh, at))
        old = fresh.due_on
        if new_due_on <= old:
            raise ValidationError({"new_due_on": _("新的日期要晚于原来的 %(old)s。") % {"old": old}})
        fresh.due_on = new_due_on
        return _step(viewer, fresh, Kind.DELAYED, reason, at, old_due_on=old, new_due_on=new_due_on)


def report_done(
    viewer: Viewer, commitment: Commitment, words: str, photos: Sequence[BinaryIO], at: dt.datetime
) -> Progress:
    """Say that it is done; someone else accepts it.

    Raises:
        ValidationError: no words.
        Refusal: not the doer, or not running.
    """
    words = words_of(words, "words", 2000)
    with _held(commitment) as fresh:
        require(permissions.may_report_done(viewer, fresh, at))
        fresh.state, fresh.percent = State.REPORTED, 100
        fresh.reported_at, fresh.reported_by_id = at, viewer.person_id
        return _step(viewer, fresh, Kind.REPORTED, words, at, photos, percent=100)


def accept_commitment(viewer: Viewer, commitment: Commitment, words: str, at: dt.datetime) -> Progress:
    """Accept the work after looking at it: never by the doer, nor by the doer's organisation.

    Raises:
        Refusal: the doer's own, not entitled, or not reported done.
    """
    with _held(commitment) as fresh:
        require(permissions.may_accept_commitment(viewer, fresh, at))
        fresh.state, fresh.accepted_at, fresh.accepted_by_id = State.ACCEPTED, at, viewer.person_id
        return _step(viewer, fresh, Kind.ACCEPTED, words.strip()[:2000], at)


def return_commitment(viewer: Viewer, commitment: Commitment, reason: str, at: dt.datetime) -> Progress:
    """Do not accept it yet; it goes back with the reason.

    Raises:
        ValidationError: no reason.
        Refusal: as for acceptance.
    """
    reason = words_of(reason, "reason", 500)
    with _held(commitment) as fresh:
        require(permissions.may_return_commitment(viewer, fresh, at))
        fresh.state, fresh.reported_at, fresh.reported_by_id = State.DOING, None, None
        return _step(viewer, fresh, Kind.RETURNED, reason, at)


def cancel_commitment(viewer: Viewer, commitment: Commitment, reason: str, at: dt.datetime) -> Progress:
    """Take a promise back, with a reason; not by its doer.

    Raises:
        ValidationError: no reason.
        Refusal: not entitled, or ended.
    """
    reason = words_of(reason, "reason", 500)
    with _held(commitment) as fresh:
        require(permissions.may_cancel_commitment(viewer, fresh, at))
        fresh.state = State.CANCELLED
        return _step(viewer, fresh, Kind.CANCELLED, reason, at)
