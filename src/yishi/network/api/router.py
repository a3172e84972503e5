"""The router on which the operations of the network stand."""

from ninja import Router

router = Router(tags=["network"])
