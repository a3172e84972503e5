"""The router of decisions; its operations stand in the other modules of this folder."""

from ninja import Router

router = Router(tags=["decisions"])
