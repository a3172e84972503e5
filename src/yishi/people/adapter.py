"""How accounts sign in: allauth's hooks for phone numbers."""

from allauth.account.adapter import DefaultAccountAdapter


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Phone or e-mail, whichever was given."""
