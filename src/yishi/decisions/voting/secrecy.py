"""Closing a secret box: what lay there in the order of voting is written anew in an order that tells nothing.

docs/decisions/0012-secret-ballots.md says what this protects against, and what it cannot.
"""

from django.db import connection, transaction

from yishi.core import clock
from yishi.decisions.models import BallotBox, BoxReceipt, MarkedVoter, SecretBallot

BATCH = 2_000


def shuffle_box(box: BallotBox) -> None:
    """Part receipts from marks, and write both and the marked roll anew, sorted. Inside the closing transaction.

    Afterwards the rows of all three tables carry the closing's own transaction and lie in the order
    of receipts, of fresh random keys, and of the roll: no place, key or transaction pairs them.
    """
    ballots = SecretBallot.objects.filter(box=box)
    receipts = list(ballots.order_by("receipt").values_list("receipt", flat=True))
    marks = sorted(ballots.values_list("marks", flat=True))
    marked = list(MarkedVoter.objects.filter(box=box).order_by("entry_id").values_list("entry_id", "channel"))
    keys = sorted({clock.new_key().int % 2**62 for _ in marks})
    assert len(keys) == len(marks) == len(receipts)
    with _overwriting():
        ballots.delete()
        MarkedVoter.objects.filter(box=box).delete()
    BoxReceipt.objects.bulk_create([BoxReceipt(box=box, receipt=r) for r in receipts], batch_size=BATCH)
    places = sorted(range(len(marks)), key=lambda i: (clock.new_key().int, i))
    SecretBallot.objects.bulk_create(
        [SecretBallot(id=keys[i], box=box, receipt=f"{i + 1:08d}", marks=marks[j]) for i, j in enumerate(places)],
        batch_size=BATCH,
    )  # fmt: skip
    MarkedVoter.objects.bulk_create([MarkedVoter(box=box, entry_id=e, channel=c) for e, c in marked], batch_size=BATCH)
    transaction.on_commit(_sweep)


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
            cursor.execute("VACUUM decisions_secretballot, decisions_markedvoter")
        else:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
