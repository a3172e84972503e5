"""Yishi 议事: every matter from the day it is raised to the day it is settled."""

__version__ = "0.1.0"
