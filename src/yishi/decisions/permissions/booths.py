"""Who sees the offline booths of a box, and who writes one off whose ballots will not come."""

import datetime as dt

from django.utils.translation import gettext as _

from yishi.core.verdicts import YES, Verdict, hidden, no
from yishi.decisions.models import BallotBox, Booth
from yishi.decisions.permissions.facts import supervises
from yishi.decisions.permissions.voting import may_run_meeting, may_see_meeting, runs
from yishi.network.viewers import Viewer


def may_see_booths(viewer: Viewer, box: BallotBox | None, at: dt.datetime) -> Verdict:
    """Those who run or supervise the vote."""
    if box is None:
        return hidden()
    if runs(viewer, box.item.meeting) or supervises(viewer, box.item.decision):
        return YES
    seen = may_see_meeting(viewer, box.item.meeting, at)
    return may_run_meeting(viewer, box.item.meeting, at) if seen else hidden()


def may_write_off_booth(viewer: Viewer, booth: Booth, at: dt.datetime) -> Verdict:
    """Those who run or supervise the vote, in their own name; never whom the tablet was given to."""
    seen = may_see_booths(viewer, booth.box, at)
    if not seen:
        return seen
    if viewer.helping_id:
        return no(_("核销离线票箱须本人操作，请先结束代办。"))
    if viewer.person_id == booth.given_to_id:
        return no(_("票箱交给了您：由另一位主持或监督的人核销。"))
    return YES
