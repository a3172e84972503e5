"""How the account of a request is loaded: with what every page needs, in one query."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from yishi.people import selectors
from yishi.people.models import User


class AccountBackend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's own, loading the person, the helper session and the unread count along."""

    def get_user(self, user_id: Any) -> User | None:
        """The account of a session, if it may still sign in."""
        user = selectors.accounts_with_facts().filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
