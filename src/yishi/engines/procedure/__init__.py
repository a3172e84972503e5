"""Who decides, by which steps, with which quorum: rule packs as data, and their replay.

See docs/engines/procedure.md.
"""

from yishi.engines.procedure.model import Pack, PackError, Period, UnknownPack
from yishi.engines.procedure.packs import (
    all_packs,
    clock,
    clock_due,
    load_pack,
    pack_in_force,
    packs_on,
)

__all__ = [
    "Pack",
    "PackError",
    "Period",
    "UnknownPack",
    "all_packs",
    "clock",
    "clock_due",
    "load_pack",
    "pack_in_force",
    "packs_on",
]
