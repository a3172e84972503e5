"""Postings with their checks and objections, the duties of disclosure, and the ledger's tables."""

from yishi.publication.models.duty import DisclosureDuty
from yishi.publication.models.ledger import LedgerCheckpoint, LedgerHead, LedgerLeaf, LedgerTile, LedgerWitness
from yishi.publication.models.posting import Objection, Posting, PostingCheck

__all__ = [
    "DisclosureDuty", "LedgerCheckpoint", "LedgerHead", "LedgerLeaf", "LedgerTile", "LedgerWitness", "Objection",
    "Posting", "PostingCheck",
]  # fmt: skip
