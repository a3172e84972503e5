"""The routers of publication; their operations stand in the other modules of this folder."""

from ninja import Router

postings = Router(tags=["publication"])
duties = Router(tags=["publication"])
ledger = Router(tags=["publication"])
