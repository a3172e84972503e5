"""People through the API: oneself, and the household roll for those who keep it."""

from yishi.people.api import me, roll
from yishi.people.api.router import router

__all__ = ["me", "roll", "router"]
