"""A posting as lists and pages show it."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yishi.publication.models import Posting
from yishi.publication.rules import item_of, said

State = Posting.State
SOON_DAYS = 2
TONES = {
    State.PLANNED: "plain", State.SUSPENDED: "overdue", State.ENDED: "settled", State.CORRECTED: "soon",
    State.SUPERSEDED: "plain",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the board; ``left`` says how long it still hangs."""

    posting: Posting
    tone: str
    label: str
    left: str
    item: str


def row_of(posting: Posting, today: dt.date) -> Row:
    """A posting for a list."""
    tone = TONES.get(State(posting.state)) or ("soon" if _days_left(posting, today) <= SOON_DAYS else "act")
    item = item_of(posting.item)
    return Row(posting, tone, posting.get_state_display(), left_of(posting, today), said(item.title) if item else "")


def _days_left(posting: Posting, today: dt.date) -> int:
    return (posting.ends_on - today).days if posting.ends_on else 0


def left_of(posting: Posting, today: dt.date) -> str:
    """How long it still hangs, in words."""
    if posting.state != State.UP or posting.ends_on is None:
        return ""
    left = _days_left(posting, today)
    if left <= 0:
        return _("已满期，可以撤下")
    return ngettext("还要张贴 %(n)s 日", "还要张贴 %(n)s 日", left) % {"n": left}
