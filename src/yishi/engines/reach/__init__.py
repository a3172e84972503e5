"""Walking reach: who is within ten minutes of a venue on the streets there are, and what would help.

Exact distances in micrometres, so that 480 m is within 480 m. See docs/engines/reach.md.
"""

from yishi.engines.reach.coverage import Change, Coverage
from yishi.engines.reach.points import Points, Snapper, at_nodes
from yishi.engines.reach.search import Circles, Labels, circles, nearest
from yishi.engines.reach.siting import Siting, site
from yishi.engines.reach.streets import Lines, ReachError, Streets, build, limit_of, micrometres

__all__ = [
    "Change",
    "Circles",
    "Coverage",
    "Labels",
    "Lines",
    "Points",
    "ReachError",
    "Siting",
    "Snapper",
    "Streets",
    "at_nodes",
    "build",
    "circles",
    "limit_of",
    "micrometres",
    "nearest",
    "site",
]
