"""Telling people: notifications, follows, and their deliveries outside."""

import datetime as dt
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Model

from yishi.core import audit, generations
from yishi.core.verdicts import YES, hidden, require
from yishi.inbox import permissions, tasks
from yishi.inbox.models import Delivery, Follow, Notification, Preference
from yishi.network.viewers import Viewer
from yishi.people import selectors as people

CHUNK = 500


@transaction.atomic
def notify(
    person_ids: Iterable[int],
    key: str,
    subject: Model,
    title: str,
    title_en: str,
    body: str,
    body_en: str,
    url: str,
    at: dt.datetime,
) -> int:
    """Tell persons something about a subject, once each by ``key``; queue e-mail and SMS as they prefer.

    ``url`` is a path of this site. Returns how many were newly told.
    """
    wanted = set(person_ids)
    told = set(Notification.objects.filter(key=key, person_id__in=wanted).values_list("person_id", flat=True))
    fresh = [
        Notification(
            person_id=person_id, key=key[:120], subject_kind=audit.kind_of(subject), subject_id=subject.pk,
            title=title[:120], title_en=title_en[:200], body=body, body_en=body_en, url=url, at=at,
        )
        for person_id in sorted(wanted - told)
    ]  # fmt: skip
    if not fresh:
        return 0
    Notification.objects.bulk_create(fresh, batch_size=CHUNK, ignore_conflicts=True)
    _queue_deliveries(key, [n.person_id for n in fresh])
    generations.move_on_commit()
    return len(fresh)


def _queue_deliveries(key: str, person_ids: list[int]) -> None:
    """A waiting delivery for each outside channel that a person has and wants, and one task to send them."""
    notes = dict(Notification.objects.filter(key=key, person_id__in=person_ids).values_list("person_id", "pk"))
    preferences = {p.person_id: p for p in Preference.objects.filter(person_id__in=person_ids)}
    waiting = []
    for contact in people.contacts_of(person_ids):
        preference = preferences.get(contact.person_id) or Preference(person_id=contact.person_id)
        channels = [
            channel
            for channel, address, wish in (
                (Delivery.Channel.EMAIL, contact.email, preference.by_email),
                (Delivery.Channel.SMS, contact.phone, preference.by_sms),
            )
            if address and wish
        ]
        waiting += [Delivery(notification_id=notes[contact.person_id], channel=c) for c in channels]
    if waiting:
        Delivery.objects.bulk_create(waiting, batch_size=CHUNK, ignore_conflicts=True)
        tasks.deliver.enqueue(sorted(notes.values()))


@transaction.atomic
def follow(viewer: Viewer, subject: Model, at: dt.datetime) -> None:
    """Hear of what happens to a subject; following twice is once.

    Raises:
        Refusal: the viewer is not a person of the town.
    """
    require(permissions.may_follow(viewer, at))
    _, fresh = Follow.objects.get_or_create(
        person_id=viewer.person_id or 0,
        subject_kind=audit.kind_of(subject),
        subject_id=subject.pk,
        defaults={"since": at},
    )
    if fresh:
        _record("inbox.followed", viewer, subject, at)


@transaction.atomic
def unfollow(viewer: Viewer, subject: Model, at: dt.datetime) -> None:
    """Hear no more of a subject."""
    require(permissions.may_follow(viewer, at))
    gone, _ = Follow.objects.filter(
        person_id=viewer.person_id or 0, subject_kind=audit.kind_of(subject), subject_id=subject.pk
    ).delete()
    if gone:
        _record("inbox.unfollowed", viewer, subject, at)


@transaction.atomic
def unfollow_by_id(viewer: Viewer, follow_id: int, at: dt.datetime) -> None:
    """End a follow of the viewer's own, from their list.

    Raises:
        Refusal: hidden, where it is not theirs.
    """
    held = Follow.objects.select_for_update().filter(pk=follow_id, person_id=viewer.person_id or 0).first()
    require(YES if held is not None else hidden())
    assert held is not None
    about = f"{held.subject_kind}:{held.subject_id}"
    held.delete()
    _record_about("inbox.unfollowed", viewer, about, at)


def _record(verb: str, viewer: Viewer, subject: Model, at: dt.datetime) -> None:
    _record_about(verb, viewer, f"{audit.kind_of(subject)}:{subject.pk}", at)


def _record_about(verb: str, viewer: Viewer, about: str, at: dt.datetime) -> None:
    """On the follower's own chain, so that following leaves no trace on the matter."""
    audit.record(
        verb, people.locked_person(viewer.person_id or 0), at=at, actor_id=viewer.person_id,
        on_behalf_of_id=viewer.helping_id, about=about,
    )  # fmt: skip


def mark_read(viewer: Viewer, notification_ids: Iterable[int] | None, at: dt.datetime) -> int:
    """Mark messages of the viewer's own as read (None: all). Reading is no act on anything, so no audit entry."""
    mine = Notification.objects.filter(person_id=viewer.person_id or 0, read_at=None)
    if notification_ids is not None:
        mine = mine.filter(pk__in=list(notification_ids))
    generations.move_on_commit()
    return mine.update(read_at=at)


@transaction.atomic
def set_preference(viewer: Viewer, *, by_email: bool, by_sms: bool, language: str, at: dt.datetime) -> Preference:
    """Choose how to be told besides in the application.

    Raises:
        Refusal: the viewer is not a person of the town.
    """
    require(permissions.may_follow(viewer, at))
    preference, _ = Preference.objects.update_or_create(
        person_id=viewer.person_id or 0, defaults={"by_email": by_email, "by_sms": by_sms, "language": language}
    )
    audit.record(
        "inbox.preference_set", people.locked_person(viewer.person_id or 0), at=at, actor_id=viewer.person_id,
        on_behalf_of_id=viewer.helping_id, email=by_email, sms=by_sms, language=language,
    )  # fmt: skip
    return preference
