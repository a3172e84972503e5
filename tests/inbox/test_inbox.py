"""Telling people: once each, in their language, by the channels they chose; tried again until it arrives."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult
from tests.people_fixtures import MOMENT, Town

from yishi.core import audit
from yishi.core.verdicts import Refusal
from yishi.inbox import selectors, services, tasks
from yishi.inbox.models import Delivery, Notification
from yishi.inbox.sms import MemoryBackend
from yishi.network.viewers import Viewer
from yishi.people.models import Person, User


def tell(*viewers: Viewer, key: str = "k") -> int:
    subject = Person.objects.get(pk=viewers[0].person_id)
    return services.notify(
        [v.person_id or 0 for v in viewers], key, subject, "路灯修好了", "The lamp is mended", "请评价。",
        "Please judge.", "/matters/1/", MOMENT,
    )  # fmt: skip


@pytest.fixture
def mailed(alice: Viewer) -> Viewer:
    User.objects.filter(pk=alice.user_id).update(email="alice@example.org")
    return alice


def test_telling_twice_is_once(alice: Viewer, bob: Viewer) -> None:
    assert (tell(alice), tell(alice, bob), tell(alice, bob)) == (1, 1, 0)
    assert selectors.unread_count(alice.person_id or 0) == 1


def test_email_goes_out_once_in_the_language_chosen(mailed: Viewer) -> None:
    services.set_preference(mailed, by_email=True, by_sms=False, language="en", at=MOMENT)
    tell(mailed)
    note = Notification.objects.get()
    assert tasks.deliver.func([note.pk]) == 1
    assert tasks.deliver.func([note.pk]) == 0
    assert [(m.subject, m.to) for m in mail.outbox] == [("The lamp is mended", ["alice@example.org"])]
    assert "/matters/1/" in mail.outbox[0].body


def test_a_delivery_is_queued_with_the_message_and_only_where_wanted(mailed: Viewer, bob: Viewer) -> None:
    tell(mailed, bob)
    assert [d.channel for d in Delivery.objects.all()] == ["email"]
    assert DBTaskResult.objects.count() == 1
    services.set_preference(mailed, by_email=False, by_sms=False, language="zh-hans", at=MOMENT)
    tell(mailed, key="second")
    assert Delivery.objects.count() == 1


def test_a_failed_delivery_is_tried_again_later_and_given_up_at_last(
    mailed: Viewer, settings: Any, at: dt.datetime
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    tell(mailed)
    note = Notification.objects.get()
    for _try in range(tasks.MOST_TRIES):
        tasks.deliver.func([note.pk])
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.tries) == ("failed", tasks.MOST_TRIES)
    later = DBTaskResult.objects.filter(run_after__range=(MOMENT, MOMENT + dt.timedelta(days=1)))
    pauses = [t.run_after - MOMENT for t in later]
    assert sorted(pauses) == [tasks.PAUSE * 2**n for n in range(1, tasks.MOST_TRIES)]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert tasks.deliver.func([note.pk]) == 0


def test_sms_by_the_backend_of_the_installation(alice: Viewer, settings: Any) -> None:
    settings.SMS_BACKEND = "yishi.inbox.sms.MemoryBackend"
    MemoryBackend.sent.clear()
    User.objects.filter(pk=alice.user_id).update(phone_verified=True)
    services.set_preference(alice, by_email=False, by_sms=True, language="zh-hans", at=MOMENT)
    tell(alice)
    tasks.deliver.func([Notification.objects.get().pk])
    assert len(MemoryBackend.sent) == 1 and "路灯修好了" in MemoryBackend.sent[0][1]


def test_the_console_backend_prints_nothing_personal(alice: Viewer, caplog: pytest.LogCaptureFixture) -> None:
    from yishi.inbox.sms import ConsoleBackend

    with caplog.at_level("INFO"):
        ConsoleBackend().send("+8619900000001", "何秀英,路灯修好了")
    assert "199" not in caplog.text and "何" not in caplog.text and "characters" in caplog.text


def test_following_leaves_a_trace_on_the_follower_alone(alice: Viewer, town: Town, anonymous: Viewer) -> None:
    services.follow(alice, town.area, MOMENT)
    services.follow(alice, town.area, MOMENT)
    assert selectors.followers_of(town.area) == [alice.person_id] and selectors.is_following(alice, town.area)
    assert not audit.chain(town.area)
    services.unfollow(alice, town.area, MOMENT)
    assert selectors.followers_of(town.area) == []
    verbs = [e.verb for e in audit.chain(Person.objects.get(pk=alice.person_id))]
    assert verbs == ["inbox.followed", "inbox.unfollowed"]
    with pytest.raises(Refusal):
        services.follow(anonymous, town.area, MOMENT)


def test_messages_are_opened_marked_and_counted_in_the_browser(
    alice: Viewer, bob: Viewer, client_for: Callable[[Viewer], Client]
) -> None:
    for key in ("a", "b", "c"):
        tell(alice, key=key)
    client = client_for(alice)
    first, second, _third = Notification.objects.order_by("pk")
    assert client_for(bob).post(reverse("inbox:open", args=[first.pk])).status_code == 404
    assert client.post(reverse("inbox:open", args=[first.pk]))["Location"] == "/matters/1/"
    client.post(reverse("inbox:mark_read"), {"message": [second.pk]})
    assert selectors.unread_count(alice.person_id or 0) == 1
    client.cookies["django_language"] = "en"
    assert "The lamp is mended" in client.get(reverse("inbox:inbox")).content.decode()
    client.post(reverse("inbox:mark_read"), {"all": "1"})
    assert selectors.unread_count(alice.person_id or 0) == 0


def test_follows_and_preferences_in_the_browser(
    alice: Viewer, bob: Viewer, town: Town, client_for: Callable[[Viewer], Client]
) -> None:
    services.follow(alice, town.area, MOMENT)
    follow = selectors.follows_of(alice).get()
    assert client_for(bob).post(reverse("inbox:unfollow", args=[follow.pk])).status_code == 404
    client = client_for(alice)
    assert client.post(reverse("inbox:unfollow", args=[follow.pk])).status_code == 303
    client.post(reverse("inbox:preferences"), {"by_sms": "on", "language": "en"})
    held = selectors.preference_of(alice.person_id or 0)
    assert (held.by_email, held.by_sms, held.language) == (False, True, "en")


def test_the_page_asks_few_queries_whatever_the_number(
    alice: Viewer, client_for: Callable[[Viewer], Client], django_assert_max_num_queries: Any
) -> None:
    for i in range(40):
        tell(alice, key=str(i))
    client = client_for(alice)
    with django_assert_max_num_queries(8):
        client.get(reverse("inbox:inbox"))
