"""代办： acting for someone who is there or on the line, with consent on the record."""

import datetime as dt

from django.db import transaction

from yishi.core import audit
from yishi.core.verdicts import require
from yishi.people import permissions
from yishi.people.actors import Actor
from yishi.people.models import HelperSession, Person
from yishi.people.services.consents import record_consent
from yishi.people.services.persons import add_person

PURPOSE = "helping"


@transaction.atomic
def start_helping(
    viewer: Actor, helped_id: int | None, manner: str, note: str, at: dt.datetime, *, name: str = "", phone: str = ""
) -> HelperSession:
    """Begin to act for someone: a known person, or one whose name is typed. A former session ends.

    Raises:
        ValidationError: no name, or an unreadable phone number.
        Refusal: the viewer may not help that person.
    """
    require(permissions.may_start_helping(viewer, helped_id, at))
    if helped_id is None:
        helped_id = add_person(viewer, name=name, phone=phone, at=at).pk
    _end_open(viewer, at)
    consent = record_consent(viewer, helped_id, PURPOSE, manner, note, at)
    session = HelperSession.objects.create(
        helper_id=viewer.person_id or 0, helped_id=helped_id, consent=consent, started_at=at
    )
    audit.record(
        "people.helping_started", session, at=at, actor_id=viewer.person_id, on_behalf_of_id=helped_id,
        town_id=viewer.town_id or 0, manner=manner, consent=consent.pk,
    )  # fmt: skip
    return session


@transaction.atomic
def end_helping(viewer: Actor, at: dt.datetime) -> bool:
    """Stop acting for someone. Returns whether there was a session to end."""
    return _end_open(viewer, at)


def _end_open(viewer: Actor, at: dt.datetime) -> bool:
    Person.objects.select_for_update().get(pk=viewer.person_id or 0)
    session = HelperSession.objects.filter(helper_id=viewer.person_id or 0, ended_at=None).first()
    if session is None:
        return False
    session.ended_at = at
    session.save(update_fields=["ended_at"])
    audit.record(
        "people.helping_ended", session, at=at, actor_id=viewer.person_id, on_behalf_of_id=session.helped_id,
        town_id=viewer.town_id or 0,
    )  # fmt: skip
    return True
