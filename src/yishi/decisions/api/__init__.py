"""The part of ``/api/v1`` that speaks of decisions."""

from yishi.decisions.api import acts, reads  # noqa: F401  (they add their operations)
from yishi.decisions.api.router import router

__all__ = ["router"]
