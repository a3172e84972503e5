"""Tokens for the API: shown once, kept as digests, with scopes and an end."""

import datetime as dt
import hashlib
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from yishi.core import audit, clock
from yishi.core.verdicts import require
from yishi.people import permissions
from yishi.people.actors import Actor
from yishi.people.models import ApiToken
from yishi.people.scopes import SCOPES

PREFIX = "yishi_"
LONGEST_DAYS = 366


def digest_of(secret: str) -> str:
    """What is kept of a token: it has 160 bits, so a plain hash cannot be turned back."""
    return hashlib.sha256(secret.encode()).hexdigest()


@transaction.atomic
def issue_token(viewer: Actor, name: str, scopes: Iterable[str], days: int, at: dt.datetime) -> tuple[ApiToken, str]:
    """A new token and its secret, which is shown this once.

    Raises:
        ValidationError: no name, no or unknown scopes, or an end beyond a year.
        Refusal: not signed in.
    """
    require(permissions.may_issue_token(viewer, at))
    wanted = list(dict.fromkeys(scopes))
    if not name.strip() or not wanted or not set(wanted) <= set(SCOPES):
        raise ValidationError(_("请写明令牌的用途，并至少选一项权限。"))
    if not 1 <= days <= LONGEST_DAYS:
        raise ValidationError(_("有效期请在 1 至 366 天之间。"))
    secret = PREFIX + clock.new_token()
    token = ApiToken.objects.create(
        user_id=viewer.user_id or 0, name=name.strip()[:60], digest=digest_of(secret), scopes=wanted,
        second_factor=viewer.second_factor, created_at=at, expires_at=at + dt.timedelta(days=days),
    )  # fmt: skip
    audit.record(
        "people.token_issued", token, at=at, actor_id=viewer.person_id, on_behalf_of_id=viewer.helping_id,
        town_id=viewer.town_id or 0, scopes=" ".join(wanted), days=days,
    )  # fmt: skip
    return token, secret


@transaction.atomic
def revoke_token(viewer: Actor, token_id: int, at: dt.datetime) -> ApiToken:
    """End a token of one's own at once.

    Raises:
        Refusal: it is not the viewer's.
    """
    token = ApiToken.objects.select_for_update().filter(pk=token_id).first()
    require(permissions.may_revoke_token(viewer, token, at))
    assert token is not None
    if token.revoked_at is None:
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])
        audit.record(
            "people.token_revoked", token, at=at, actor_id=viewer.person_id, on_behalf_of_id=viewer.helping_id,
            town_id=viewer.town_id or 0,
        )  # fmt: skip
    return token


def use_token(secret: str, at: dt.datetime) -> ApiToken | None:
    """The live token of a secret, with its account; None where it is unknown, ended or revoked."""
    token = (
        ApiToken.objects.filter(digest=digest_of(secret), revoked_at=None, user__is_active=True)
        .filter(Q(expires_at=None) | Q(expires_at__gt=at)).select_related("user").first()
    )  # fmt: skip
    if token is not None and token.last_used_on != (day := clock.local_day(at)):
        ApiToken.objects.filter(pk=token.pk).update(last_used_on=day)
    return token
