"""What is done by itself every few minutes: lane alarms, reminders, deliveries tried again.

An app registers its duties in ``ready()``. Each takes the moment, may be run
twice without harm, and stands alone: one that fails is logged and the others
go on. The background worker calls :func:`run_due`.
"""

import datetime as dt
import logging
from collections.abc import Callable
from dataclasses import dataclass

logger = logging.getLogger(__name__)
Run = Callable[[dt.datetime], object]


@dataclass(frozen=True, slots=True)
class Duty:
    """``run(at)`` is called at least ``minutes`` apart."""

    name: str
    run: Run
    minutes: int = 5


duties: dict[str, Duty] = {}
_last: dict[str, dt.datetime] = {}


def register(name: str, run: Run, *, minutes: int = 5) -> None:
    """Add a duty; registering the same name again replaces it."""
    duties[name] = Duty(name, run, minutes)


def run_due(at: dt.datetime) -> list[str]:
    """Run every duty whose time has come; returns the names of those that were done."""
    done = []
    for duty in tuple(duties.values()):
        last = _last.get(duty.name)
        if last is not None and at - last < dt.timedelta(minutes=duty.minutes):
            continue
        _last[duty.name] = at
        try:
            duty.run(at)
        except Exception:
            logger.exception("duty %s failed; it is tried again in %s minutes", duty.name, duty.minutes)
        else:
            done.append(duty.name)
    return done


def forget() -> None:
    """Forget when duties last ran, so that the next call runs all of them."""
    _last.clear()
