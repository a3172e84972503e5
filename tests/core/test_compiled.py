"""A statement written once gives what the ordinary queryset gives, field by field, for other values each time."""

import datetime as dt
import threading
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import close_old_connections, connection, models
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from yishi.core.compiled import Compiled, Slot
from yishi.core.sessions import SessionStore
from yishi.network.viewers import Viewer
from yishi.people.backends import AccountBackend
from yishi.people.models import User

ACCOUNTS = Compiled(lambda: User.objects.select_related("person").filter(pk=Slot("pk", models.BigAutoField())))


def fields(made: models.Model) -> dict[str, Any]:
    """Every column of an object as it stands, without asking for those that are not there."""
    return {f.attname: made.__dict__[f.attname] for f in made._meta.concrete_fields}


def test_the_same_object_with_what_hangs_on_it(alice: Viewer, bob: Viewer) -> None:
    User.objects.filter(pk=alice.user_id).update(last_login=timezone.now())
    for who in (alice, bob, alice):
        plain = User.objects.select_related("person").get(pk=who.user_id)
        with CaptureQueriesContext(connection) as asked:
            found = ACCOUNTS.first(pk=who.user_id)
            assert found is not None and found.person is not None and plain.person is not None
            assert fields(found.person) == fields(plain.person)
        assert len(asked) == 1
        assert fields(found) == fields(plain) and found == plain
        assert not found._state.adding and found._state.db == "default"


def test_none_and_what_cannot_be_a_value(alice: Viewer) -> None:
    assert ACCOUNTS.first(pk=0) is None
    assert ACCOUNTS.first(pk=str(alice.user_id)) == User.objects.get(pk=alice.user_id)
    with pytest.raises(ValueError):
        ACCOUNTS.first(pk="not a number")
    with pytest.raises(KeyError):
        ACCOUNTS.first()


def test_an_account_without_a_person_and_one_that_is_closed(alice: Viewer) -> None:
    User.objects.filter(pk=alice.user_id).update(person=None)
    found = AccountBackend().get_user(alice.user_id)
    assert found is not None and found.person is None
    User.objects.filter(pk=alice.user_id).update(is_active=False)
    assert AccountBackend().get_user(alice.user_id) is None


def test_a_session_lives_until_its_hour_and_not_a_moment_longer(db: None) -> None:
    store = SessionStore()
    store["word"] = "议事"
    store.create()
    key = store.session_key
    assert SessionStore(key).load() == {"word": "议事"}
    for seconds, there in ((5, True), (-5, False)):
        Session.objects.filter(pk=key).update(expire_date=timezone.now() + dt.timedelta(seconds=seconds))
        read = SessionStore(key)
        assert bool(read.load()) is there
        assert (read.session_key == key) is there
    assert SessionStore("a" * 32).load() == {}


@pytest.mark.django_db(transaction=True)
def test_threads_ask_with_their_own_values_at_once(alice: Viewer, bob: Viewer) -> None:
    fresh = Compiled(lambda: User.objects.filter(pk=Slot("pk", models.BigAutoField())))
    gate, wrong = threading.Barrier(8), []

    def ask(pk: int | None) -> None:
        gate.wait()
        for _ in range(20):
            found = fresh.first(pk=pk)
            if found is None or found.pk != pk:
                wrong.append((pk, found))
        close_old_connections()
        connection.close()

    threads = [threading.Thread(target=ask, args=[(alice, bob)[n % 2].user_id]) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
