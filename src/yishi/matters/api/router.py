"""The routers on which the operations of matters stand, each at its own place."""

from ninja import Router

router = Router(tags=["matters"])
desk = Router(tags=["desk"])
lists = Router(tags=["lists"])
figures = Router(tags=["figures"])
patrols = Router(tags=["patrols"])
visits = Router(tags=["visits"])
hotline = Router(tags=["hotline"])
