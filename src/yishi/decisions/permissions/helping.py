"""Who may sign in or vote for someone whom they help: nobody with a hand in the vote, and nobody who must come in person."""

from django.utils.translation import gettext as _

from yishi.core.verdicts import YES, Verdict, no
from yishi.decisions import rules
from yishi.decisions.models import AgendaItem, BallotBox, Meeting
from yishi.decisions.permissions.facts import is_concerned
from yishi.decisions.permissions.voting import agenda_of, runs
from yishi.decisions.rules import ref
from yishi.network.viewers import Viewer


def _in_person() -> Verdict:
    return no(
        _("提议人、候选人、主持和办理这次表决的人不能代办签到或代投。"),
        what_now=_("请换一位与这次表决无关的人代办，或送纸质票上门。"),
    )


def may_help_vote(viewer: Viewer, box: BallotBox) -> Verdict:
    """Neither proposer nor candidate, nor who runs the meeting, nor who has counted the box."""
    decision = box.item.decision
    hand = viewer.person_id == decision.proposer_id or ref(viewer.person_id) in box.choices
    hand = hand or is_concerned(viewer, decision) or runs(viewer, box.item.meeting)
    return _in_person() if hand or box.paper_counts.filter(by_id=viewer.person_id).exists() else YES


def may_help_sign_in(viewer: Viewer, meeting: Meeting) -> Verdict:
    """As for voting; and where presence counts it is the desk that sees who is there."""
    items = agenda_of(meeting)
    if any(by_presence(item) for item in items):
        return no(_("这次会议按到会人数计算，不能代办签到。"), what_now=_("请本人到会，由签到处登记。"))
    hand = any(viewer.person_id == i.decision.proposer_id or is_concerned(viewer, i.decision) for i in items)
    return _in_person() if hand or runs(viewer, meeting) else YES


def by_presence(item: AgendaItem) -> bool:
    """Whether those who are there when the vote opens are counted."""
    steps = rules.case_of(item.decision).procedure.steps
    step = next((s for s in steps if s.id == item.step), None)
    return step is not None and step.kind == "meeting" and step.quorum_at == "opening"
