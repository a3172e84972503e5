"""The commands of people: one verb, one function, one transaction, one audit entry."""

from yishi.people.services.accounts import create_account
from yishi.people.services.claims import claim_record, make_claim
from yishi.people.services.consents import record_consent, withdraw_consent
from yishi.people.services.helping import end_helping, start_helping
from yishi.people.services.invitations import make_invitation, redeem_invitation, revoke_invitation
from yishi.people.services.persons import add_person, change_profile, open_record
from yishi.people.services.portability import erase_own_data, export_own_data
from yishi.people.services.tokens import issue_token, revoke_token, use_token
from yishi.people.services.verification import ask_verification, refuse_verification, verify_resident

__all__ = [
    "add_person", "ask_verification", "change_profile", "claim_record", "create_account", "end_helping", "erase_own_data",
    "export_own_data", "issue_token", "make_claim", "make_invitation", "open_record", "record_consent", "redeem_invitation",
    "refuse_verification", "revoke_invitation", "revoke_token", "start_helping", "use_token", "verify_resident",
    "withdraw_consent",
]  # fmt: skip
