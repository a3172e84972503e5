"""The statutory engines: random histories by the million, and working days beside chinesecalendar.

    python -m benchmarks.statutory [--events 1000000]

Every history is checked at its end (no statutory step skipped, every result reckons the same
again, a way out of every state); a hundredth of them after every single event.
"""

import argparse
import sys
import time
from collections import Counter
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from chinese_calendar import find_workday
from tests.engines.procedure.histories import ALL, run, way_out

from yishi.engines.calendar import add_working_days


def histories(wanted: int) -> None:
    """Replay random events against every procedure until `wanted` have been taken."""
    taken, seed, ends, started = 0, 0, Counter[str](), time.perf_counter()
    while taken < wanted:
        for procedure in ALL:
            case, events = run(seed, procedure, 400, careful=seed % 100 == 0)
            way_out(case)
            taken += events
            ends[case.status] += 1
        seed += 1
    spent = time.perf_counter() - started
    print(f"{taken:,} events in {sum(ends.values()):,} histories of {len(ALL)} procedures, {spent:.0f} s")
    print(f"ended as: {dict(ends)}; every one sound, none stuck")


def working_days() -> None:
    """Fifteen working days from each day of half a year, ours beside a day-by-day search."""
    days = [date.fromordinal(date(2026, 1, 5).toordinal() + i) for i in range(180)]
    add_working_days(days[0], 15)
    ours = _timed(lambda: [add_working_days(day, 15) for day in days])
    theirs = _timed(lambda: [find_workday(15, day) for day in days])
    differing = [day for day in days if add_working_days(day, 15) != find_workday(15, day)]
    starts_at_work = [d for d in differing if find_workday(0, d) == d]
    print(f"15 working days: {ours * 1e9:.0f} ns, chinese_calendar.find_workday {theirs * 1e9:.0f} ns")
    print(f"ratio {theirs / ours:.0f}×; different answers from working days: {len(starts_at_work)}")


def _timed(work: object) -> float:
    """Seconds for one of the 180 days, best of five rounds."""
    rounds = []
    for _ in range(5):
        started = time.perf_counter()
        for _ in range(20):
            work()  # type: ignore[operator]
        rounds.append((time.perf_counter() - started) / 3600)
    return min(rounds)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=1_000_000)
    working_days()
    histories(parser.parse_args().events)
