"""Each app's router at its place."""

from functools import lru_cache

from ninja import NinjaAPI

from yishi.api.site import api
from yishi.commitments.api import router as commitments
from yishi.decisions.api import router as decisions
from yishi.inbox.api import router as inbox
from yishi.matters.api import ROUTERS as MATTERS
from yishi.network.api import router as network
from yishi.people.api import router as people
from yishi.publication.api import ROUTERS as PUBLICATION


@lru_cache(maxsize=1)
def mounted() -> NinjaAPI:
    """The API with everything in it; mounted once."""
    api.add_router("/people", people)
    api.add_router("/network", network)
    for place, router in MATTERS.items():
        api.add_router(place, router)
    api.add_router("/commitments", commitments)
    api.add_router("/decisions", decisions)
    for place, router in PUBLICATION.items():
        api.add_router(place, router)
    api.add_router("/inbox", inbox)
    return api
