"""A voter is told what others did in their name: signed in, voted, took a ballot back. Never how."""

import datetime as dt

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from yishi.decisions.models import BallotBox, Meeting, RollEntry, SignedBallot
from yishi.inbox import services as inbox

SIGNED_IN = _("有人代您签到")
VOTED = _("有人代您投票")
REVOKED = _("您的票已登记撤回")


def _tell(people: set[int | None], key: str, title: str, meeting: Meeting, about: str, at: dt.datetime) -> None:
    wanted = [person for person in people if person is not None]
    if not wanted:
        return
    with translation.override("en"):
        english = gettext(title)
    url = reverse("decisions:attend", args=[meeting.sign_in_code])
    inbox.notify(wanted, key, meeting, title, english, about, about, url, at)


def _behind(entry: RollEntry) -> set[int | None]:
    return {entry.person_id, *entry.holders.values_list("person_id", flat=True)}


def tell_signed_in(helped_id: int, meeting: Meeting, at: dt.datetime) -> None:
    """Someone signed them in."""
    _tell({helped_id}, f"helped-in:{meeting.pk}", SIGNED_IN, meeting, meeting.title, at)


def tell_voted(helped_id: int, box: BallotBox, entry_id: int, at: dt.datetime) -> None:
    """Someone voted for them: the voter, and everyone who votes through the line."""
    entry = RollEntry.objects.get(pk=entry_id)
    key, about = f"helped-vote:{box.pk}:{entry_id}", box.item.decision.title
    _tell({helped_id, *_behind(entry)}, key, VOTED, box.item.meeting, about, at)


def tell_revoked(ballot: SignedBallot, at: dt.datetime) -> None:
    """A ballot was taken back in their name."""
    item = ballot.box.item
    _tell(_behind(ballot.entry), f"revoked:{ballot.pk}", REVOKED, item.meeting, item.decision.title, at)
