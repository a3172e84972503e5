"""How large the demo town is, and at which moment it stands; each app's DemoStep is given this."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

Tick = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class DemoSize:
    """Seeded: the same size and moment make the same town."""

    now: dt.datetime
    seed: int = 20260928
    households: int = 2400
    matters: int = 2000
