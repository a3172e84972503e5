"""Consent: given, and withdrawn."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from yishi.core import audit
from yishi.core.verdicts import require
from yishi.people import permissions
from yishi.people.actors import Actor
from yishi.people.models import Consent


@transaction.atomic
def record_consent(
    viewer: Actor, person_id: int | None, purpose: str, manner: str, note: str, at: dt.datetime
) -> Consent:
    """Put on record that someone agreed: to what (``purpose``), and how (spoken, written, online).

    ``person_id`` None: someone without a record, such as a caller.

    Raises:
        ValidationError: an unknown manner or no purpose.
        Refusal: the viewer may not record it for that person.
    """
    if manner not in Consent.Manner.values:
        raise ValidationError(_("请选择同意的方式：口头、书面或线上。"))
    if not purpose:
        raise ValidationError(_("请写明同意的事项。"))
    require(permissions.may_record_consent(viewer, person_id, manner, at))
    consent = Consent.objects.create(
        person_id=person_id, purpose=purpose[:40], manner=manner, given_at=at,
        recorded_by_id=viewer.person_id, note=note.strip()[:200],
    )  # fmt: skip
    audit.record(
        "people.consent_given", consent, at=at, actor_id=viewer.person_id, on_behalf_of_id=viewer.helping_id,
        town_id=viewer.town_id or 0, purpose=consent.purpose, manner=manner,
    )  # fmt: skip
    return consent


@transaction.atomic
def withdraw_consent(viewer: Actor, consent: Consent, at: dt.datetime) -> Consent:
    """Withdraw one's own consent; what was done before stays lawful (PIPL art 15).

    Raises:
        Refusal: it is someone else's.
    """
    locked = Consent.objects.select_for_update().get(pk=consent.pk)
    require(permissions.may_withdraw_consent(viewer, locked, at))
    if locked.withdrawn_at is None:
        locked.withdrawn_at = at
        locked.save(update_fields=["withdrawn_at"])
        audit.record(
            "people.consent_withdrawn", locked, at=at, actor_id=viewer.person_id, on_behalf_of_id=viewer.helping_id,
            town_id=viewer.town_id or 0, purpose=locked.purpose,
        )  # fmt: skip
    return locked
