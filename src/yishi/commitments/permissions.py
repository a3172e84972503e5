"""Who may do what to a commitment. The doer, and the doer's organisation, never accept their own work."""

import datetime as dt

from django.utils.translation import gettext as _

from yishi.commitments.models import Commitment
from yishi.commitments.rules import rules_of
from yishi.core.verdicts import YES, Verdict, first_refusal, hidden, no
from yishi.network.viewers import Viewer

State = Commitment.State
RUNNING = (State.OPEN, State.DOING)


def _subject(commitment: Commitment, name: str, viewer: Viewer, at: dt.datetime) -> Verdict:
    rules = rules_of(commitment.subject_kind)
    subject = rules.load(commitment.subject_id) if rules else None
    if rules is None or subject is None:
        return hidden()
    found: Verdict = getattr(rules, name)(viewer, subject, at)
    return found


def is_doer(viewer: Viewer, commitment: Commitment) -> bool:
    """Whether the viewer does it: named for it, or in office at the organisation that promised."""
    if viewer.person_id is None:
        return False
    return viewer.person_id == commitment.doer_id or viewer.serves(commitment.organisation_id)


def may_see_commitment(viewer: Viewer, commitment: Commitment, at: dt.datetime) -> Verdict:
    """As public as its subject; its doers see it always."""
    return YES if is_doer(viewer, commitment) else _subject(commitment, "may_see", viewer, at)


def _state(commitment: Commitment, states: tuple[State, ...]) -> Verdict:
    if commitment.state in states:
        return YES
    return no(_("这项责任事项现在是“%(state)s”，不能这样办。") % {"state": commitment.get_state_display()})


def _by_doer(viewer: Viewer, commitment: Commitment, at: dt.datetime) -> Verdict:
    if not (seen := may_see_commitment(viewer, commitment, at)):
        return seen
    return YES if is_doer(viewer, commitment) else no(_("这一步由承办人来做。"))


def may_report_progress(viewer: Viewer, commitment: Commitment, at: dt.datetime) -> Verdict:
    return first_refusal(_by_doer(viewer, commitment, at), _state(commitment, RUNNING))


def may_delay_commitment(viewer: Viewer, commitment: Commitment, at: dt.datetime) -> Verdict:
    return first_refusal(_by_doer(viewer, commitment, at), _state(commitment, RUNNING))


def may_report_done(viewer: Viewer, commitment: Commitment, at: dt.datetime) -> Verdict:
    return first_refusal(_by_doer(viewer, commitment, at), _state(commitment, RUNNING))


def _by_acceptor(viewer: Viewer, commitment: Commitment, at: dt.datetime) -> Verdict:
    if not (seen := may_see_commitment(viewer, commitment, at)):
        return seen
    if is_doer(viewer, commitment) or viewer.person_id == commitment.reported_by_id:
        return no(
            _("做的人不能验收自己做的事，承办单位也不能验收本单位的事。"),
            what_now=_("请由镇、热线办、监督委员会或其他单位的工作人员验收。"),
        )
    return _subject(commitment, "may_accept", viewer, at)


def may_accept_commitment(viewer: Viewer, commitment: Commitment, at: dt.datetime) -> Verdict:
    return first_refusal(_by_acceptor(viewer, commitment, at), _state(commitment, (State.REPORTED,)))


def may_return_commitment(viewer: Viewer, commitment: Commitment, at: dt.datetime) -> Verdict:
    return may_accept_commitment(viewer, commitment, at)


def may_cancel_commitment(viewer: Viewer, commitment: Commitment, at: dt.datetime) -> Verdict:
    """Those who could have made it; not the doer alone, so that nobody drops their own promise."""
    if not (seen := may_see_commitment(viewer, commitment, at)):
        return seen
    by = _subject(commitment, "may_cancel", viewer, at)
    if by and viewer.person_id == commitment.doer_id:
        by = no(_("承办人不能取消自己的责任事项。"), what_now=_("请由交办的人取消，或说明理由后延期。"))
    return first_refusal(by, _state(commitment, (State.OPEN, State.DOING, State.REPORTED)))
