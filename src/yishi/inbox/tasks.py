"""Deliveries outside, in the background: tried again with growing pauses, sent once."""

import datetime as dt
import logging

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django_tasks import task

from yishi.core import clock
from yishi.inbox import sms
from yishi.inbox.models import Delivery, Preference
from yishi.people import selectors as people

logger = logging.getLogger(__name__)
MOST_TRIES = 5
PAUSE = dt.timedelta(minutes=2)


@task()
def deliver(notification_ids: list[int]) -> int:
    """Send what waits for these notifications; what fails waits for the next try. Returns how many went out."""
    waiting = Delivery.objects.filter(notification_id__in=notification_ids, state=Delivery.State.WAITING)
    sent = sum(_try_one(pk) for pk in waiting.order_by("pk").values_list("pk", flat=True))
    left = waiting.order_by("-tries").values_list("tries", flat=True).first()
    if left:
        deliver.using(run_after=clock.now() + PAUSE * 2**left).enqueue(notification_ids)
    return sent


@transaction.atomic
def _try_one(delivery_id: int) -> bool:
    """Send one delivery under its lock, so that two workers never send it twice."""
    delivery = Delivery.objects.select_for_update().select_related("notification").get(pk=delivery_id)
    if delivery.state != Delivery.State.WAITING:
        return False
    delivery.tries += 1
    delivery.at = clock.now()
    try:
        _send(delivery)
        delivery.state = Delivery.State.SENT
    except Exception as error:
        logger.warning("delivery %d, try %d: %s", delivery.pk, delivery.tries, type(error).__name__)
        if delivery.tries >= MOST_TRIES:
            delivery.state = Delivery.State.FAILED
    delivery.save(update_fields=["tries", "at", "state"])
    return delivery.state == Delivery.State.SENT


def _send(delivery: Delivery) -> None:
    note = delivery.notification
    preference = Preference.objects.filter(person_id=note.person_id).first()
    english = preference is not None and preference.language == "en"
    title, body = (note.title_en, note.body_en) if english else (note.title, note.body)
    link = f"{settings.SITE_URL}{note.url}"
    contact = people.contacts_of([note.person_id])[0]
    if delivery.channel == Delivery.Channel.EMAIL:
        send_mail(title, "\n\n".join(filter(None, [body, link])), None, [contact.email])
    else:
        sms.backend().send(contact.phone, f"{title} {link}")
