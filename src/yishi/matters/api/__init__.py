"""Matters through the API: what is public for anyone, acts for those who may."""

from yishi.matters.api import acts, reads, replies
from yishi.matters.api.router import router

__all__ = ["acts", "reads", "replies", "router"]
