"""What follows from allauth's news: a second factor set up in this session confirms it."""

from typing import Any

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.signals import user_signed_up
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.http import HttpRequest

from yishi.core import clock
from yishi.people.models import User
from yishi.people.selectors import CONFIRMED
from yishi.people.services import open_record

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def confirm_session(*, request: HttpRequest, authenticator: Authenticator, **_rest: Any) -> None:
    """Setting one up proved that one has it."""
    if authenticator.type in FACTORS:
        request.session[CONFIRMED] = True


def doubt_session(*, request: HttpRequest, user: Any, **_rest: Any) -> None:
    """With the last one gone, the session is confirmed by nothing."""
    if Authenticator.objects.filter(user=user, type__in=FACTORS).exists():
        return
    request.session.pop(CONFIRMED, None)
    records = request.session.get(AUTHENTICATION_METHODS_SESSION_KEY) or []
    request.session[AUTHENTICATION_METHODS_SESSION_KEY] = [r for r in records if r.get("method") != "mfa"]


def open_persons_record(*, user: User, **_rest: Any) -> None:
    """Someone who signs up by way of another service gets a record too."""
    open_record(user, "", clock.now())


def connect() -> None:
    """Listen to allauth."""
    authenticator_added.connect(confirm_session, dispatch_uid="yishi.people.confirm")
    authenticator_removed.connect(doubt_session, dispatch_uid="yishi.people.doubt")
    user_signed_up.connect(open_persons_record, dispatch_uid="yishi.people.open_record")
