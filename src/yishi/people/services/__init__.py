"""The commands of people: one verb, one function, one transaction, one audit entry."""

from yishi.people.services.consents import record_consent, withdraw_consent

__all__ = ["record_consent", "withdraw_consent"]
