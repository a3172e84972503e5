"""After an act: those who answer hear of objections, objectors of answers, posters of what is due. Idempotent."""

import datetime as dt
from collections.abc import Iterable

from django.urls import reverse

from yishi.core import clock, events
from yishi.inbox import services as inbox
from yishi.network import selectors as network
from yishi.publication.events import PostingChanged
from yishi.publication.models import Objection, Posting
from yishi.publication.permissions import POSTERS

MOST = 500


def connect() -> None:
    """Listen to the news of postings."""
    events.on(PostingChanged)(tell)


def _url(posting: Posting) -> str:
    return reverse("publication:posting", args=[posting.reference])


def _posters(posting: Posting, at: dt.datetime) -> set[int]:
    return network.people_in_office([posting.organisation_id], POSTERS, clock.local_day(at))


def tell(event: PostingChanged) -> None:
    """An objection came, or what hangs was superseded: its posters. An answer was given: the one who objected."""
    if event.kind == "superseded":
        _tell_superseded(Posting.objects.get(pk=event.posting_id), event.at)
    if event.objection_id is None:
        return
    objection = Objection.objects.select_related("posting").get(pk=event.objection_id)
    posting = objection.posting
    if event.kind == "objected":
        _send(_posters(posting, event.at) - {event.actor_id or 0}, f"objection:{objection.pk}", posting,
              "有新的异议等待答复", "A new objection awaits an answer", event.at)  # fmt: skip
    elif event.kind == "answered" and objection.person_id is not None:
        _send({objection.person_id}, f"objection-answered:{objection.pk}", posting,
              "您提的异议有了答复", "Your objection has been answered", event.at)  # fmt: skip


def _tell_superseded(posting: Posting, at: dt.datetime) -> None:
    if posting.posted_on is not None:
        _send(_posters(posting, at), f"posting-superseded:{posting.pk}", posting,
              "公示的事情有了变化，请撤下纸质张贴", "What hangs has been superseded: take the paper down", at)  # fmt: skip


def _send(people: Iterable[int], key: str, posting: Posting, zh: str, en: str, at: dt.datetime) -> int:
    body = f"{posting.reference} {posting.title}"
    return inbox.notify(people, key, posting, zh, en, body, body, _url(posting), at)


def remind(at: dt.datetime) -> int:
    """Tell posters, once each: today is the day to look, or to take down; an objection is due tomorrow."""
    today, told = clock.local_day(at), 0
    up = Posting.objects.filter(state=Posting.State.UP)
    for posting in up.filter(check_on=today).exclude(checks__kind="middle")[:MOST]:
        told += _send(_posters(posting, at), f"posting-check:{posting.pk}:{today}", posting,
                      "今天要查看张贴并拍照", "A notice is to be looked at and photographed today", at)  # fmt: skip
    for posting in up.filter(ends_on__lte=today)[:MOST]:
        told += _send(_posters(posting, at), f"posting-end:{posting.pk}", posting,
                      "公示期满，可以拍照撤下", "A notice has hung its full time and may come down", at)  # fmt: skip
    near = Objection.objects.filter(ruling="", due_on__lte=today + dt.timedelta(days=1)).select_related("posting")
    for objection in near[:MOST]:
        told += _send(_posters(objection.posting, at), f"objection-due:{objection.pk}", objection.posting,
                      "一件异议快到答复期限", "An objection is soon due", at)  # fmt: skip
    return told
