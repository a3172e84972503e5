"""What the inbox does about news from below: tells people, and gives its part of a person's own data."""

from typing import Any

from django.urls import reverse

from yishi.core import clock, events
from yishi.inbox import services
from yishi.inbox.models import Follow, Notification, Preference
from yishi.people import selectors
from yishi.people.events import VerificationAnswered
from yishi.people.services import holdings


def tell_answer(event: VerificationAnswered) -> None:
    """Someone's request to be verified has been answered."""
    if event.accepted:
        words = ("您已核实为住户", "You are now a verified resident", "现在可以投票、参加议事、为家人代办。",
                 "You can now vote, take part in deliberation and act for your household.")  # fmt: skip
    else:
        words = ("住户核实未通过", "Your residence could not be verified", "原因和可以怎么补，请到“我的”查看。",
                 "Please see the reason, and what you can do, on your own page.")  # fmt: skip
    services.notify(
        [event.person_id], f"people.verification:{event.request_id}", selectors.person(event.person_id),
        words[0], words[1], words[2], words[3], reverse("people:me"), clock.now(),
    )  # fmt: skip


def _collect(person_id: int) -> list[dict[str, Any]]:
    rows = Notification.objects.filter(person_id=person_id).values("title", "body", "url", "at", "read_at")
    return [dict(row) for row in rows]


def _erase(person_id: int) -> None:
    Notification.objects.filter(person_id=person_id).delete()
    Follow.objects.filter(person_id=person_id).delete()
    Preference.objects.filter(person_id=person_id).delete()


def connect() -> None:
    """Listen to the news of people."""
    events.on(VerificationAnswered)(tell_answer)
    holdings.register(holdings.Holding("messages", _collect, _erase))
