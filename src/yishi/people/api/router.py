"""The router on which the operations of people stand."""

from ninja import Router

router = Router(tags=["people"])
