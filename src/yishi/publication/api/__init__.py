"""The part of ``/api/v1`` that speaks of postings, duties of disclosure and the ledger."""

from ninja import Router

from yishi.publication.api import acts, desk, objections, proofs, reads  # noqa: F401  (they add their operations)
from yishi.publication.api.router import duties, ledger, postings

ROUTERS: dict[str, Router] = {"/postings": postings, "/duties": duties, "/ledger": ledger}

__all__ = ["ROUTERS"]
