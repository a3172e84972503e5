"""The salts of signed ballots: drawn as a ballot is cast, so that what is published of it shows nothing without one."""

from yishi.core import clock
from yishi.decisions.models import BallotBox, SignedBallot

BATCH = 2_000


def fill_salts(box: BallotBox) -> None:
    """Give a salt to every ballot of a signed box that has none. Part of closing it."""
    rows = list(SignedBallot.objects.filter(box=box, salt=""))
    for row in rows:
        row.salt = clock.new_salt()
    SignedBallot.objects.bulk_update(rows, ["salt"], batch_size=BATCH)
