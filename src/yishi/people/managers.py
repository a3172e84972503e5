"""Making accounts."""

from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import BaseUserManager

from yishi.core import clock

if TYPE_CHECKING:
    from yishi.people.models import User


class UserManager(BaseUserManager["User"]):
    """Accounts are made by phone or e-mail; there is no superuser."""

    def create_user(
        self, *, phone: str | None = None, email: str | None = None, password: str | None = None, **fields: Any
    ) -> "User":
        """A new account.

        Raises:
            ValueError: neither phone nor e-mail was given.
        """
        if not phone and not email:
            raise ValueError("an account needs a phone number or an e-mail address")
        fields.setdefault("created_at", clock.now())
        user = self.model(phone=phone or None, email=self.normalize_email(email) or None, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user
