"""After an act: tell the reporters, the followers and the officer whose turn it is. Idempotent by step."""

from collections.abc import Iterable

from django.urls import NoReverseMatch, reverse
from django.utils import translation

from yishi.commitments.events import CommitmentChanged
from yishi.core import clock, events
from yishi.inbox import selectors as inbox_reads
from yishi.inbox import services as inbox
from yishi.matters.events import MatterChanged
from yishi.matters.models import Matter, Report, Step
from yishi.matters.notices import NOTICES, officers_next
from yishi.network import selectors as network

FOR_ONE = frozenset({Step.Kind.REPLIED, Step.Kind.TOLD, Step.Kind.EXTENDED, Step.Kind.JUDGED, Step.Kind.REOPENED})


def connect() -> None:
    """Listen to the news of matters and commitments."""
    events.on(MatterChanged)(tell)
    events.on(CommitmentChanged)(tell_of_commitment)


def _url(matter: Matter) -> str:
    try:
        return reverse("matters:matter", args=[matter.reference])
    except NoReverseMatch:
        return "/"


def _reporters(matter: Matter, report_id: int | None) -> set[int]:
    found = Report.objects.filter(matter=matter, withdrawn_at=None).exclude(reporter=None)
    if report_id is not None:
        found = found.filter(pk=report_id)
    return set(found.values_list("reporter_id", flat=True))


def tell(event: MatterChanged) -> None:
    """Reporters hear of every step that concerns them; followers of public steps of a public matter;
    officers of what now waits for them. Nobody hears of their own act."""
    notice = NOTICES.get(event.kind)
    matter = Matter.objects.select_related("community", "lead", "merged_into").filter(pk=event.matter_id).first()
    if notice is None or matter is None:
        return
    known = matter.merged_into or matter
    people = _reporters(known, event.report_id if event.kind in FOR_ONE else None) if notice.to_reporters else set()
    if notice.to_followers and matter.is_public and not matter.sealed:
        people |= set(inbox_reads.followers_of(matter))
    officers = officers_next(matter, event.kind)
    _send(matter, event, people - {event.actor_id} - officers, notice.title)
    _send(matter, event, officers - {event.actor_id}, notice.officer_title, "officer:")


def _send(matter: Matter, event: MatterChanged, people: Iterable[int | None], title: str, prefix: str = "") -> None:
    wanted = [p for p in people if p is not None]
    if not wanted or not title:
        return
    said = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            said[language] = translation.gettext(title)
    subject = "" if matter.sealed else matter.title
    inbox.notify(
        wanted, f"{prefix}matter:{matter.pk}:{event.step_id}", matter, said["zh-hans"], said["en"],
        f"{matter.reference} {subject}", f"{matter.reference} {subject}", _url(matter), event.at,
    )  # fmt: skip


def tell_of_commitment(event: CommitmentChanged) -> None:
    """A promise on a matter was made: its organisation hears of it. Reported done: those who may accept see it queued."""
    if event.subject_kind != "matters.matter" or event.kind != "made":
        return
    from yishi.commitments import selectors as commitments

    promise = commitments.by_id(event.commitment_id)
    if promise is None:
        return
    holders = network.holders_on(promise.organisation, clock.local_day(event.at))
    doers = {promise.doer_id} if promise.doer_id else set(holders.values_list("person_id", flat=True))
    inbox.notify(
        [p for p in doers if p is not None and p != event.actor_id], f"commitment:{promise.pk}:made", promise,
        "有一项责任事项交给您的单位", "A commitment was given to your organisation", promise.what, promise.what,
        reverse("commitments:commitment", args=[promise.pk]), event.at,
    )  # fmt: skip
