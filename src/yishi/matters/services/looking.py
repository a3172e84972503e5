"""Looking at who reported (every look logged), and lists that someone keeps."""

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from yishi.core import audit
from yishi.core.given import words_of
from yishi.core.verdicts import require
from yishi.matters import permissions
from yishi.matters.models import ContactView, Report, ReporterContact, SavedView
from yishi.matters.services._acts import held_report
from yishi.network.viewers import Viewer, actor_of


@dataclass(frozen=True, slots=True)
class ContactShown:
    """Who reported and how to reach them; empty where it was not told."""

    name: str
    phone: str
    address: str


def view_contact(viewer: Viewer, report: Report, why: str, at: dt.datetime) -> ContactShown:
    """Show the reporter's name and contact to the handler, with the reason on record.

    Raises:
        ValidationError: no reason.
        Refusal: not the signed handler nor who wrote it down.
    """
    why = words_of(why, "why", 200)
    with held_report(report) as fresh:
        require(permissions.may_view_contact(viewer, fresh, at))
        look = ContactView.objects.create(report=fresh, by_id=actor_of(viewer), at=at, why=why)
        audit.record(
            "matters.contact_viewed", fresh.matter, at=at, actor_id=viewer.person_id,
            on_behalf_of_id=viewer.helping_id, report=fresh.pk, view=look.pk, why=audit.digest_of(why),
        )  # fmt: skip
        return _shown(fresh)


def _shown(report: Report) -> ContactShown:
    contact = ReporterContact.objects.filter(report=report).first()
    if contact is not None:
        return ContactShown(contact.name, contact.phone, contact.address)
    person = report.reporter
    return ContactShown(person.name, person.phone, "") if person is not None else ContactShown("", "", "")


@transaction.atomic
def save_view(viewer: Viewer, name: str, query: str, at: dt.datetime) -> SavedView:
    """Keep a list under a name; the same name again replaces it.

    Raises:
        ValidationError: no name, or too long.
        Refusal: not signed in.
    """
    name = words_of(name, "name", 40)
    require(permissions.may_save_view(viewer, query, at))
    view, _made = SavedView.objects.update_or_create(
        person_id=actor_of(viewer), name=name, defaults={"query": query.strip()[:500], "at": at}
    )
    audit.record("matters.view_saved", view, at=at, actor_id=viewer.person_id, town_id=viewer.town_id)
    return view


@transaction.atomic
def drop_view(viewer: Viewer, view_id: int, at: dt.datetime) -> None:
    """Keep a list no longer.

    Raises:
        Refusal: hidden, where it is not the viewer's own.
    """
    view = SavedView.objects.select_for_update().filter(pk=view_id).first()
    require(permissions.may_drop_view(viewer, view, at))
    assert view is not None
    audit.record("matters.view_dropped", view, at=at, actor_id=viewer.person_id, town_id=viewer.town_id)
    view.delete()
