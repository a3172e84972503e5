"""Reads of the inbox: messages, unread counts, follows."""

from django.db.models import Model, OuterRef, QuerySet, Subquery

from yishi.core import audit
from yishi.inbox.models import Follow, Notification, Preference
from yishi.network.viewers import Viewer


def unread_count(person_id: int) -> int:
    """How many messages someone has not read."""
    return Notification.objects.filter(person_id=person_id, read_at=None).count()


def followers_of(subject: Model) -> list[int]:
    """The persons who follow a subject."""
    return list(
        Follow.objects.filter(subject_kind=audit.kind_of(subject), subject_id=subject.pk)
        .order_by("pk").values_list("person_id", flat=True)
    )  # fmt: skip


def is_following(viewer: Viewer, subject: Model) -> bool:
    """Whether the viewer follows a subject."""
    return (
        viewer.person_id is not None
        and Follow.objects.filter(
            subject_kind=audit.kind_of(subject), subject_id=subject.pk, person_id=viewer.person_id or 0
        ).exists()
    )


def messages_for(viewer: Viewer, *, unread_only: bool = False) -> QuerySet[Notification]:
    """The viewer's messages, newest first."""
    found = Notification.objects.filter(person_id=viewer.person_id or 0).order_by("-at", "-pk")
    return found.filter(read_at=None) if unread_only else found


def preference_of(person_id: int) -> Preference:
    """How someone wants to be told; the defaults where they have not said."""
    return Preference.objects.filter(person_id=person_id).first() or Preference(person_id=person_id)


def follows_of(viewer: Viewer) -> QuerySet[Follow]:
    """What the viewer follows, with the latest message about each (its titles and address), the newest follow first."""
    latest = Notification.objects.filter(
        person_id=viewer.person_id or 0, subject_kind=OuterRef("subject_kind"), subject_id=OuterRef("subject_id")
    ).order_by("-at", "-pk")
    return (
        Follow.objects.filter(person_id=viewer.person_id or 0)
        .annotate(
            last_title=Subquery(latest.values("title")[:1]), last_title_en=Subquery(latest.values("title_en")[:1]),
            last_url=Subquery(latest.values("url")[:1]),
        ).order_by("-since", "-pk")
    )  # fmt: skip
