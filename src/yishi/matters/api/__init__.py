"""Matters through the API: what is public for anyone, acts for those who may."""

from yishi.matters.api import acts, desk, field, figures, hotline, lists, reads, replies
from yishi.matters.api.router import desk as desk_router
from yishi.matters.api.router import figures as figures_router
from yishi.matters.api.router import hotline as hotline_router
from yishi.matters.api.router import lists as lists_router
from yishi.matters.api.router import patrols as patrols_router
from yishi.matters.api.router import router
from yishi.matters.api.router import visits as visits_router

ROUTERS = {
    "/matters": router,
    "/desk": desk_router,
    "/lists": lists_router,
    "/figures": figures_router,
    "/patrols": patrols_router,
    "/visits": visits_router,
    "/hotline": hotline_router,
}

__all__ = ["ROUTERS", "acts", "desk", "field", "figures", "hotline", "lists", "reads", "replies", "router"]
