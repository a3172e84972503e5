"""Who decides, by which steps, with which quorum: rule packs as data, and their replay.

See docs/engines/procedure.md.
"""

from yishi.engines.procedure.case import Case, open_case
from yishi.engines.procedure.checks import Check, Note, check
from yishi.engines.procedure.covenant import Flag, find_clauses
from yishi.engines.procedure.events import Decision, Event, EventError, read_event, read_history
from yishi.engines.procedure.floors import BelowFloor, floor, read_local, with_local
from yishi.engines.procedure.history import allowed, feed, replay
from yishi.engines.procedure.lists import list_on, route_matter
from yishi.engines.procedure.model import Pack, PackError, Period, UnknownPack
from yishi.engines.procedure.packs import (
    all_packs,
    clock,
    clock_due,
    load_pack,
    pack_in_force,
    packs_on,
)
from yishi.engines.procedure.reports import report
from yishi.engines.procedure.steps import Procedure, Step, load_procedure, procedures

__all__ = [
    "BelowFloor",
    "Case",
    "Check",
    "Decision",
    "Event",
    "EventError",
    "Flag",
    "Note",
    "Pack",
    "PackError",
    "Period",
    "Procedure",
    "Step",
    "UnknownPack",
    "all_packs",
    "allowed",
    "check",
    "clock",
    "clock_due",
    "feed",
    "find_clauses",
    "floor",
    "list_on",
    "load_pack",
    "load_procedure",
    "open_case",
    "pack_in_force",
    "packs_on",
    "procedures",
    "read_event",
    "read_history",
    "read_local",
    "replay",
    "report",
    "route_matter",
    "with_local",
]
