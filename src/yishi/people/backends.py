"""How the account of a request is loaded: plainly; what a page needs besides is read when it is made anew."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import BigAutoField

from yishi.core.compiled import Compiled, Slot
from yishi.people.models import User

_ACCOUNT = Compiled(lambda: User.objects.select_related("person").filter(pk=Slot("pk", BigAutoField())).order_by())


class AccountBackend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's own, loading the person along."""

    def get_user(self, user_id: Any) -> User | None:
        """The account of a session, if it may still sign in."""
        user = _ACCOUNT.first(pk=user_id)
        return user if user is not None and self.user_can_authenticate(user) else None
