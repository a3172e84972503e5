"""A claim: whoever signs in with it becomes the person of a record, once; for office holders and restored rolls."""

import datetime as dt

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from yishi.core.verdicts import require
from yishi.people import permissions
from yishi.people.actors import Actor
from yishi.people.models import Person, User
from yishi.people.services.persons import join_records

SALT = "yishi.people.claim"
DAYS = 14


def make_claim(person_id: int, at: dt.datetime) -> str:
    """A signed claim of a record, good for 14 days and only while nobody has it.

    Raises:
        ValidationError: the person signs in already.
    """
    if User.objects.filter(person_id=person_id).exists():
        raise ValidationError(_("这位已经有账号。"))
    until = int((at + dt.timedelta(days=DAYS)).timestamp())
    return signing.dumps([person_id, until], salt=SALT, compress=False)


@transaction.atomic
def claim_record(viewer: Actor, claim: str, at: dt.datetime) -> Person:
    """Become the person of the record that the claim names.

    Raises:
        ValidationError: the claim is not genuine, has run out, or has been used.
        Refusal: not signed in as a person.
    """
    require(permissions.may_redeem_invitation(viewer, at))
    try:
        person_id, until = signing.loads(claim, salt=SALT)
    except (signing.BadSignature, ValueError) as error:
        raise ValidationError(_("这个链接不完整，请重新打开，或请组织办再开一张。")) from error
    if until < at.timestamp():
        raise ValidationError(_("这个链接已过期，请组织办再开一张。"))
    person = Person.objects.select_for_update().get(pk=person_id)
    account = User.objects.select_related("person").get(pk=viewer.user_id or 0)
    if account.person_id == person.pk:
        return person
    return join_records(account, person, viewer, at)
