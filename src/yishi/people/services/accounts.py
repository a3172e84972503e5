"""Accounts: made by hand for staff and keepers; most are made by signing up."""

import datetime as dt

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from yishi.core import audit
from yishi.people.models import Person, User
from yishi.people.services.persons import clean_phone


@transaction.atomic
def create_account(
    *,
    phone: str = "",
    email: str = "",
    password: str | None = None,
    person: Person | None = None,
    is_keeper: bool = False,
    at: dt.datetime,
) -> User:
    """An account made by the installation's keeper (command line, demo town); its addresses count as confirmed.

    Raises:
        ValidationError: neither phone nor e-mail, an unreadable phone, or one that is taken.
    """
    number, address = clean_phone(phone) or None, email.strip().lower() or None
    if not number and not address:
        raise ValidationError(_("请填写手机号或邮箱。"))
    if (number and User.objects.filter(phone=number).exists()) or (
        address and User.objects.filter(email=address).exists()
    ):
        raise ValidationError(_("这个手机号或邮箱已经有账号。"))
    user = User.objects.create_user(
        phone=number, email=address, password=password, person=person, is_keeper=is_keeper,
        phone_verified=bool(number), created_at=at,
    )  # fmt: skip
    if address:
        EmailAddress.objects.create(user=user, email=address, verified=True, primary=True)
    audit.record(
        "people.account_made", user, at=at, actor_id=None, town_id=person.town_id if person else 0, keeper=is_keeper
    )
    return user
