"""How the account of a request is loaded: plainly; what a page needs besides is read when it is made anew."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from yishi.people.models import User


class AccountBackend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's own, loading the person along."""

    def get_user(self, user_id: Any) -> User | None:
        """The account of a session, if it may still sign in."""
        user = User.objects.select_related("person").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
