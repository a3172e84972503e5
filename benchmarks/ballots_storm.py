"""The double-vote storm: one person, thousands of attempts over every channel at once, from many processes.

A signed vote is tried on the own phone, through a helper, on paper, at the door and from the booth; a secret
one on the own phone and by taking paper at the table and at the door. Run by ``ballots.py``.
"""

import multiprocessing
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from typing import Any

Act = Callable[[], Any]


@contextmanager
def refused(won: "Counter[str]", channel: str) -> Iterator[None]:
    """Count an attempt that was told that it is the ballot; a refusal is what is expected of the others."""
    from yishi.core.verdicts import Refusal

    try:
        yield
    except Refusal:
        won["refused"] += 1
    else:
        won[channel] += 1


def attempts(box: Any) -> dict[str, Act]:
    """What is tried, by channel; every attempt is a ballot of its own."""
    from django.utils import timezone

    from yishi.decisions.models import RollEntry
    from yishi.decisions.services import ballots, paper
    from yishi.network.selectors import offices_of
    from yishi.network.viewers import Viewer

    first, second = RollEntry.objects.filter(roll_id=box.roll_id).order_by("number")[:2]
    town, day = box.roll.town_id, box.roll.record_on

    def viewer(entry: RollEntry, helping: int | None = None) -> Viewer:
        assert entry.person_id
        offices = offices_of(entry.person_id, day)
        return Viewer(
            at=timezone.now(), user_id=entry.person_id, person_id=entry.person_id, town_id=town,
            offices=offices, helping_id=helping,
        )  # fmt: skip

    def cast(who: Viewer) -> Act:
        return lambda: ballots.cast_ballot(who, box, second.pk, ["yes"], uuid.uuid4(), timezone.now())

    def keyed(channel: str) -> Act:
        return lambda: ballots.cast_for(desk, box, second.pk, ["no"], channel, uuid.uuid4(), timezone.now())

    desk, voter = viewer(first), viewer(second)
    if box.secret:
        return {
            "web": cast(voter),
            "paper": lambda: paper.issue_papers(desk, box, "2", False, timezone.now()),
            "door": lambda: paper.issue_papers(desk, box, "2", True, timezone.now()),
        }
    helper = Viewer(at=timezone.now(), user_id=0, person_id=None, town_id=town, helping_id=second.person_id)
    return {"web": cast(voter), "phone": cast(helper), **{c: keyed(c) for c in ("paper", "door", "booth")}}


def work(box_id: int, count: int, turn: int) -> "Counter[str]":
    """One process: its attempts in turn over the channels, beginning at another one than its neighbour."""
    from ballots import start_django

    start_django()
    from yishi.decisions.models import BallotBox

    box = BallotBox.objects.select_related("roll", "item__meeting").get(pk=box_id)
    won: Counter[str] = Counter()
    tried = list(attempts(box).items())
    for channel, act in islice(cycle(tried[turn % len(tried) :] + tried[: turn % len(tried)]), count):
        with refused(won, channel):
            act()
    return won


def storm(box: int, processes: int, count: int) -> "Counter[str]":
    """So many attempts by one person; which channel won, and how many were refused.

    Raises:
        AssertionError: more or fewer than one ballot or mark, or more than one attempt told that it is the one.
    """
    from yishi.decisions.models import BallotBox

    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        found = pool.starmap(work, [(box, count // processes, turn) for turn in range(processes)], chunksize=1)
    told: Counter[str] = sum(found, Counter())
    row = BallotBox.objects.get(pk=box)
    taken = row.marked.count() if row.secret else row.signed.filter(revoked_at=None).count()
    assert taken == 1, taken
    assert told.total() - told["refused"] == 1, told
    return told
