"""Postings with their checks and objections, the duties of disclosure, and the ledger's tables."""

from yishi.publication.models.duty import DisclosureDuty
from yishi.publication.models.posting import Objection, Posting, PostingCheck

__all__ = ["DisclosureDuty", "Objection", "Posting", "PostingCheck"]
