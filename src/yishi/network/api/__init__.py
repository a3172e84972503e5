"""The network through the API: who holds what on any day, for everyone; changes, for those who organise the town."""

from yishi.network.api import manage, reads
from yishi.network.api.router import router

__all__ = ["manage", "reads", "router"]
