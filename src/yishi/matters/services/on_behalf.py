"""Writing down what someone else says, with their consent on record; once for each key."""

import datetime as dt
from dataclasses import replace

from django.db import transaction

from yishi.matters.models import Report
from yishi.matters.services.raising import RaiseInput, known_report, raise_matter
from yishi.network.viewers import Viewer
from yishi.people import services as people

Channel = Report.Channel
MANNERS = {Channel.WEB: "online", Channel.API: "online", Channel.PAPER: "written"}


@transaction.atomic
def raise_with_contact(viewer: Viewer, data: RaiseInput, note: str, at: dt.datetime) -> Report:
    """Raise what carries a name or a number: the consent to keep them first (ticked, spoken, or on the slip).

    ``note`` says how the consent was given. The same key again records nothing more.

    Raises:
        ValidationError: as :func:`raise_matter`.
        Refusal: as :func:`raise_matter`, or the consent may not be recorded.
    """
    if (known := known_report(viewer, data)) is not None:
        return known
    c = data.contact
    if c is not None and (c.name or c.phone or c.address):
        manner = MANNERS.get(Channel(data.channel), "spoken")
        consent = people.record_consent(viewer, None, "matters.contact", manner, note, at)
        data = replace(data, consent_id=consent.pk)
    return raise_matter(viewer, data, at)
