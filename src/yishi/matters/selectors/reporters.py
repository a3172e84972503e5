"""Reporters: how they are called in public, whether they can be reached. Never a search by them."""

from yishi.matters.models import Report, ReporterContact
from yishi.matters.permissions import FEED_CHANNELS
from yishi.people import selectors as people


def contact_of(report: Report) -> ReporterContact | None:
    """What a reporter without a record left, if anything."""
    found: ReporterContact | None = getattr(report, "contact", None)
    return found


def shown_reporter(report: Report) -> str:
    """The public name of a reporter: as they chose, masked, or 一位街坊."""
    contact = contact_of(report)
    if contact is not None and contact.shown_as:
        return contact.shown_as
    return people.shown_name(report.reporter)


def has_account(report: Report) -> bool:
    """Whether the reporter can read the answer here."""
    person = report.reporter
    user = getattr(person, "user", None) if person is not None else None
    return user is not None and user.is_active and person is not None and person.erased_at is None


def is_reachable(report: Report) -> bool:
    """Whether the reporter can be told: by account, phone, e-mail, address, or through the list it came by."""
    if report.channel in FEED_CHANNELS or has_account(report):
        return True
    person = report.reporter
    if person is not None and person.erased_at is None and (person.phone or person.email):
        return True
    contact = contact_of(report)
    return contact is not None and contact.reachable and bool(contact.phone or contact.address)
