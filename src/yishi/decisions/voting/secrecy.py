"""Closing a secret box: what lay there in the order of voting is written anew in an order that tells nothing.

docs/decisions/0012-secret-ballots.md says what this protects against, and what it cannot.
"""

from django.db import connection, transaction

from yishi.core import clock
from yishi.decisions.models import BallotBox, BoxReceipt, MarkedVoter, SecretBallot

BATCH = 2_000


def shuffle_box(box: BallotBox) -> None:
    """Write receipts, marks and the marked roll anew, sorted. Inside the closing transaction.

    Afterwards the rows of all three tables carry the closing's own transaction and lie in the order
    of receipts, of fresh random keys, and of the roll: no place, key or transaction pairs them.
    """
    ballots = SecretBallot.objects.filter(box=box)
    given = BoxReceipt.objects.filter(box=box)
    receipts = list(given.order_by("receipt").values_list("receipt", flat=True))
    marks = sorted(ballots.values_list("marks", flat=True))
    marked = list(MarkedVoter.objects.filter(box=box).order_by("entry_id").values_list("entry_id", flat=True))
    assert len(marks) == len(receipts)
    with _overwriting():
        ballots.delete()
        given.delete()
        MarkedVoter.objects.filter(box=box).delete()
    BoxReceipt.objects.bulk_create(
        [BoxReceipt(id=k, box=box, receipt=r) for k, r in zip(_keys(len(receipts)), receipts, strict=True)],
        batch_size=BATCH,
    )
    places = sorted(range(len(marks)), key=lambda i: (clock.new_key().int, i))
    SecretBallot.objects.bulk_create(
        [SecretBallot(id=k, box=box, marks=marks[i]) for k, i in zip(_keys(len(marks)), places, strict=True)],
        batch_size=BATCH,
    )
    MarkedVoter.objects.bulk_create([MarkedVoter(box=box, entry_id=e) for e in marked], batch_size=BATCH)
    transaction.on_commit(_sweep)


def _keys(count: int) -> list[int]:
    """So many random keys, in order."""
    keys: set[int] = set()
    while len(keys) < count:
        keys.add(clock.new_key().int % 2**62)
    return sorted(keys)


class _overwriting:
    """SQLite fills what it deletes with zeros; PostgreSQL is swept after the commit."""

    def __enter__(self) -> None:
        self._set("ON")

    def __exit__(self, *error: object) -> None:
        self._set("OFF")

    def _set(self, value: str) -> None:
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute(f"PRAGMA secure_delete={value}").fetchall()


def _sweep() -> None:
    """Let the database give up the rows as they lay before: vacuum, or empty the write-ahead log."""
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM decisions_secretballot, decisions_boxreceipt, decisions_markedvoter")
        else:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
