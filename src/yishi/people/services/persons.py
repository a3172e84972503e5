"""Persons: added, named, joined when two records turn out to be one person."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from yishi.core import audit
from yishi.core.verdicts import require
from yishi.people import identity, names, permissions, places
from yishi.people.actors import Actor
from yishi.people.models import Person, User


def clean_name(name: str) -> str:
    """A name with single blanks and no control characters.

    Raises:
        ValidationError: nothing is left.
    """
    cleaned = " ".join(name.split())
    if not cleaned:
        raise ValidationError(_("请填写姓名或称呼。"))
    return cleaned[:60]


def clean_phone(phone: str) -> str:
    """A phone number in E.164, or nothing.

    Raises:
        ValidationError: it cannot be read as a phone number.
    """
    if not phone.strip():
        return ""
    try:
        return identity.read_phone(phone)
    except identity.BadNumber as error:
        raise ValidationError(_("电话号码看不懂：请填 11 位手机号，或以 + 和国家代码开头。")) from error


@transaction.atomic
def add_person(viewer: Actor, *, name: str, at: dt.datetime, phone: str = "") -> Person:
    """A record for someone who has none: a caller, a new office holder.

    Raises:
        ValidationError: no name, or an unreadable phone number.
        Refusal: the viewer holds no office.
    """
    require(permissions.may_add_person(viewer, at))
    person = Person.objects.create(
        town_id=viewer.town_id or 0, name=clean_name(name), name_initials=names.initials(name),
        phone=clean_phone(phone), created_at=at,
    )  # fmt: skip
    audit.record("people.person_added", person, at=at, actor_id=viewer.person_id, on_behalf_of_id=viewer.helping_id)
    return person


@transaction.atomic
def open_record(user: User, name: str, at: dt.datetime) -> Person | None:
    """The record of someone who has just signed up; None while no town is set up."""
    town_id = places.town_id()
    if user.person_id or town_id is None:
        return user.person
    called = " ".join(name.split())[:60] or _("街坊")
    person = Person.objects.create(town_id=town_id, name=called, name_initials=names.initials(called), created_at=at)
    user.person = person
    user.save(update_fields=["person"])
    audit.record("people.account_opened", person, at=at, actor_id=person.pk)
    return person


@transaction.atomic
def change_profile(viewer: Actor, *, name: str, shown_as: str, at: dt.datetime) -> Person:
    """Change one's own name (until verified) and how one is called in public.

    Raises:
        ValidationError: no name.
        Refusal: not signed in as a person, or the name was verified against the roll.
    """
    person = Person.objects.select_for_update().filter(pk=viewer.person_id or 0).first()
    require(permissions.may_change_profile(viewer, person, name, at))
    assert person is not None
    person.name, person.shown_as = clean_name(name), " ".join(shown_as.split())[:40]
    person.name_initials = names.initials(person.name)
    person.save(update_fields=["name", "name_initials", "shown_as"])
    audit.record("people.profile_changed", person, at=at, actor_id=viewer.person_id, on_behalf_of_id=viewer.helping_id)
    return person


def join_records(account: User, roll: Person, viewer: Actor, at: dt.datetime) -> Person:
    """Make the account's person and the person on the roll one: everything of the former moves to the latter.

    Called inside the transaction of the act that found them to be one.

    Raises:
        ValidationError: the person on the roll already signs in with another account.
    """
    former = account.person
    if former is None or former.pk == roll.pk:
        account.person = roll
        account.save(update_fields=["person"])
        return roll
    if User.objects.filter(person=roll).exists():
        raise ValidationError(_("名册上的这个人已经有账号。请核对是否选错了人，或请本人用原账号登录。"))
    account.person = roll
    account.save(update_fields=["person"])
    for relation in Person._meta.related_objects:
        if relation.related_model is not User:
            _repoint(relation.related_model, relation.field.attname, former.pk, roll.pk)
    roll.phone = roll.phone or former.phone
    roll.shown_as = roll.shown_as or former.shown_as
    roll.save(update_fields=["phone", "shown_as"])
    former.erased_at, former.import_key = at, f"joined:{former.pk}:{roll.pk}"
    former.name, former.phone, former.email, former.shown_as = "—", "", "", ""
    former.save()
    audit.record(
        "people.records_joined", roll, at=at, actor_id=viewer.person_id, on_behalf_of_id=viewer.helping_id,
        former=former.pk,
    )  # fmt: skip
    return roll


def _repoint(model: type[models.Model], column: str, former_id: int, roll_id: int) -> None:
    """Move rows to the person on the roll; a row that the roll already has (a follow, say) stays behind."""
    rows = model._default_manager.filter(**{column: former_id})
    try:
        with transaction.atomic():
            rows.update(**{column: roll_id})
    except IntegrityError:
        for row in rows:
            try:
                with transaction.atomic():
                    model._default_manager.filter(pk=row.pk).update(**{column: roll_id})
            except IntegrityError:
                continue
