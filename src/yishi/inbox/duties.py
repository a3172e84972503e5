"""Deliveries that were left behind: a worker ended, or a queue was lost. Tried again, sent once."""

import datetime as dt

from yishi.core import duties
from yishi.inbox import tasks
from yishi.inbox.models import Delivery

UNTRIED = dt.timedelta(minutes=15)
TRIED = dt.timedelta(hours=2)  # longer than the longest pause between tries
MOST = 200


def retry_deliveries(at: dt.datetime) -> int:
    """Queue again what has waited too long; returns how many deliveries."""
    waiting = Delivery.objects.filter(state=Delivery.State.WAITING, tries__lt=tasks.MOST_TRIES)
    untried = waiting.filter(at=None, notification__at__lt=at - UNTRIED)
    tried = waiting.filter(at__lt=at - TRIED)
    left = sorted(
        {
            *untried.values_list("notification_id", flat=True)[:MOST],
            *tried.values_list("notification_id", flat=True)[:MOST],
        }
    )
    if left:
        tasks.deliver.enqueue(left)
    return len(left)


def register() -> None:
    """Hand it to the background worker."""
    duties.register("inbox.deliveries", retry_deliveries, minutes=30)
