"""Two processes at once: one seat of an invitation is taken once, one act in helper mode at a time."""

import multiprocessing
from multiprocessing.synchronize import Barrier
from queue import Empty
from typing import Any

import pytest
from django.db import connection, connections
from tests.people_fixtures import MOMENT, Town, viewer_of_person

from yishi.core import audit
from yishi.network.viewers import Viewer
from yishi.people import services
from yishi.people.models import Capacity, HelperSession, Household, Person


def _redeem(settings: dict[str, Any], person_id: int, code: str, ready: Barrier, answers: Any) -> None:
    """In a process of its own, with a connection of its own."""
    from django.core.exceptions import ValidationError

    connections.close_all()
    connections["default"].settings_dict.update(settings)
    ready.wait(20)
    try:
        services.redeem_invitation(viewer_of_person(person_id), code, MOMENT)
        answers.put("taken")
    except ValidationError:
        answers.put("too late")
    except Exception as error:
        answers.put(repr(error))
    finally:
        connections.close_all()


def _together(persons: list[int], code: str) -> list[str]:
    context = multiprocessing.get_context("fork")
    ready, answers = context.Barrier(len(persons)), context.Queue()
    settings = dict(connection.settings_dict)
    connections.close_all()
    if connection.vendor == "postgresql":
        connection.close_pool()  # type: ignore[attr-defined]
    processes = [context.Process(target=_redeem, args=(settings, person, code, ready, answers)) for person in persons]
    for process in processes:
        process.start()
    found = []
    for process in processes:
        try:
            found.append(answers.get(timeout=60))
        except Empty:
            found.append("no answer")
        process.join(20)
    return sorted(found)


@pytest.mark.django_db(transaction=True)
def test_the_last_seat_of_an_invitation_is_taken_once(
    stranger: Viewer, bob: Viewer, officer: Viewer, town: Town
) -> None:
    code = services.make_invitation(officer, town.household, days=3, uses=1, at=MOMENT)
    assert _together([stranger.person_id or 0, bob.person_id or 0], code) == ["taken", "too late"]
    assert Household.objects.get(pk=town.household.pk).invitation_uses_left == 0
    assert Capacity.objects.filter(basis="invitation").count() == 1
    assert audit.check_chain(audit.chain(town.household)) == 2


@pytest.mark.django_db(transaction=True)
def test_one_person_sending_the_code_twice_is_verified_once(stranger: Viewer, officer: Viewer, town: Town) -> None:
    code = services.make_invitation(officer, town.household, days=3, uses=5, at=MOMENT)
    assert _together([stranger.person_id or 0] * 2, code) == ["taken", "taken"]
    assert Household.objects.get(pk=town.household.pk).invitation_uses_left == 4
    assert Capacity.objects.filter(person_id=stranger.person_id or 0).count() == 1


def test_the_database_itself_allows_one_helper_session(officer: Viewer, alice: Viewer) -> None:
    from django.db import IntegrityError, transaction

    session = services.start_helping(officer, alice.person_id, "spoken", "", MOMENT)
    with pytest.raises(IntegrityError), transaction.atomic():
        HelperSession.objects.create(
            helper_id=officer.person_id, helped=Person.objects.get(pk=alice.person_id), consent=session.consent,
            started_at=MOMENT,
        )  # fmt: skip
