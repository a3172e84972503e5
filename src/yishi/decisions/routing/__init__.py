"""Whose decision is it? From the type of matter to the body, its procedure and the way it votes (domain.md §2.1).

The type and the facts are given; body, steps and secrecy follow. Nobody picks a lesser body.
"""

from yishi.decisions.routing.router import Route, Unrouted, route, subjects_for
from yishi.decisions.routing.subjects import FACTS, PARTIES, SUBJECTS, Subject

__all__ = ["FACTS", "PARTIES", "SUBJECTS", "Route", "Subject", "Unrouted", "route", "subjects_for"]
