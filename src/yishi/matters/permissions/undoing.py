"""Taking back a slip of the hand: one's own last step, at once, while nobody has built on it."""

import datetime as dt

from django.utils.translation import gettext as _

from yishi.core import audit
from yishi.core.models import AuditEntry
from yishi.core.verdicts import YES, Verdict, no
from yishi.matters.models import Matter
from yishi.network.viewers import Viewer

MINUTES = 10


def may_undo_act(viewer: Viewer, matter: Matter, verb: str, at: dt.datetime) -> Verdict:
    """Whether the matter's last act was this one, the viewer's own, and done within ten minutes."""
    last = (
        AuditEntry.objects.filter(subject_kind=audit.kind_of(matter), subject_id=matter.pk).order_by("-number").first()
    )
    if last is None or last.verb != verb or last.actor_id != viewer.person_id or viewer.person_id is None:
        return no(_("这件事之后已经有了新的一步，不能撤回。"), what_now=_("请用更正、改派或退单来处理。"))
    if at - last.at > dt.timedelta(minutes=MINUTES):
        return no(_("已经过了 %(n)s 分钟，不能撤回。") % {"n": MINUTES}, what_now=_("请用更正、改派或退单来处理。"))
    return YES
