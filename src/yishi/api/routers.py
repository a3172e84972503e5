"""Each app's router at its place."""

from functools import lru_cache

from ninja import NinjaAPI

from yishi.api.site import api
from yishi.inbox.api import router as inbox
from yishi.matters.api import router as matters
from yishi.network.api import router as network


@lru_cache(maxsize=1)
def mounted() -> NinjaAPI:
    """The API with everything in it; mounted once."""
    api.add_router("/network", network)
    api.add_router("/matters", matters)
    api.add_router("/inbox", inbox)
    return api
