"""What an agenda says: its items, what is left on it, whether its people were told, whether its hour has come."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from yishi.core import clock
from yishi.core.verdicts import Refusal, no
from yishi.decisions.models import AgendaItem, Meeting, NoticeDelivery, RollEntry

Item = AgendaItem.State


def items_of(meeting: Meeting) -> list[AgendaItem]:
    """The agenda in order, with decisions and rolls."""
    return list(meeting.items.select_related("decision__area", "decision__organisation", "roll").order_by("number"))


def left_on(meeting: Meeting) -> list[AgendaItem]:
    """The items that are still to be dealt with: a decision taken back or changed has left the agenda.

    Raises:
        Refusal: there is none.
    """
    found = [item for item in items_of(meeting) if item.state != Item.DONE]
    if not found:
        raise Refusal(no(_("议程上已经没有可以表决的事项，请取消这次会议。")))
    return found


def merged_with_the_one_before(item: AgendaItem, step: str) -> bool:
    """Whether its decision is still at the item before it, of the same meeting."""
    earlier = AgendaItem.objects.filter(meeting_id=item.meeting_id, number__lt=item.number)
    return (
        earlier.filter(decision_id=item.decision_id, step=step)
        .exclude(state=Item.DONE)
        .exclude(step=item.step)
        .exists()
    )


def told_to_all(delivery: NoticeDelivery) -> bool:
    """Whether a delivery proves the notice for everyone: to all, and with a photo or words."""
    return delivery.entry_id is None and bool(delivery.digest or delivery.words)


def everyone_told(meeting: Meeting, item: AgendaItem) -> bool:
    """Whether every line of an item's roll was reached one by one; a voter on several rolls is reached once."""
    told = RollEntry.objects.filter(deliveries__meeting=meeting)
    persons = set(told.values_list("person_id", flat=True)) - {None}
    names = set(told.filter(person=None).values_list("label", "household"))
    lines = RollEntry.objects.filter(roll_id=item.roll_id or 0, struck=False)
    rows = lines.values_list("person_id", "label", "household")
    return all(p in persons if p else (label, house) in names for p, label, house in rows)


def at_its_hour(meeting: Meeting, at: dt.datetime) -> None:
    """A meeting begins on its day, not before its hour.

    Raises:
        Refusal: earlier, or on another day.
    """
    if at < meeting.meets_at:
        when = f"{clock.local_day(meeting.meets_at).isoformat()} {timezone.localtime(meeting.meets_at):%H:%M}"
        raise Refusal(no(_("通知的开会时间是 %(when)s，还没有到。") % {"when": when}))
    if clock.local_day(at) != clock.local_day(meeting.meets_at):
        day = clock.local_day(meeting.meets_at).isoformat()
        raise Refusal(no(_("开会日期是 %(day)s；改期须取消后重新通知。") % {"day": day}))
