"""What happens to postings when their subject moves on: withdrawn, changed, recounted, they are superseded."""

import datetime as dt

from yishi.core import clock
from yishi.publication.models import Posting
from yishi.publication.rules import rules_of
from yishi.publication.services._acts import finish, held

State = Posting.State
ALIVE = (State.PLANNED, State.UP, State.SUSPENDED)


def stands(posting: Posting) -> bool:
    """Whether it still belongs where its subject is; what makes no subject known always does."""
    rules = rules_of(posting.subject_kind)
    if rules is None or posting.subject_id is None:
        return True
    subject = rules.load(posting.subject_id)
    return subject is not None and rules.stands(subject, posting)


def supersede(posting: Posting, at: dt.datetime) -> None:
    """Take a posting (held) out of force; it stays readable where it hung, its paper is to come down."""
    posting.state = State.SUPERSEDED
    if posting.posted_on is not None:
        posting.ended_on = clock.local_day(at)
    finish(None, posting, "superseded", at)


def supersede_moved(kind: str, subject_id: int, at: dt.datetime) -> int:
    """Supersede the postings that no longer stand after something happened to their subject; returns how many."""
    count = 0
    for posting in Posting.objects.filter(subject_kind=kind, subject_id=subject_id, state__in=ALIVE).order_by("pk"):
        with held(posting) as fresh:
            if fresh.state in ALIVE and not stands(fresh):
                supersede(fresh, at)
                count += 1
    return count
