"""Money of a decision and the work it pays for: who may record, who may accept."""

import datetime as dt

from django.utils.translation import gettext as _

from yishi.core.verdicts import YES, Verdict, first_refusal, no
from yishi.decisions import rules
from yishi.decisions.models import Decision
from yishi.decisions.permissions.facts import in_charge, oversees, running, seen, signed_in
from yishi.network.viewers import Viewer


def _at_work(decision: Decision) -> Verdict:
    step = rules.step_of(decision)
    if step is not None and step.kind == "work":
        return YES
    return no(
        _("现在不在实施这一步：合同、付款、验收、决算都在决议公开期满之后。"),
        what_now=_("决议公开期满、没有未答复的异议，就进入实施。"),
    )


def may_record_money(viewer: Viewer, decision: Decision, at: dt.datetime) -> Verdict:
    """The organisation's own officers, during the work."""
    by = YES if in_charge(viewer, decision.organisation) else no(_("由实施的组织登记。"))
    return seen(viewer, decision, first_refusal(signed_in(viewer), by, running(decision), _at_work(decision)))


def may_accept_work(viewer: Viewer, decision: Decision, at: dt.datetime) -> Verdict:
    """A supervisor, or the town; who did the work is asked when it is done."""
    by = YES if oversees(viewer, decision) else no(_("由监督委员会、监事或镇街验收，实施人不能验收自己办的事。"))
    own = no(_("提出人不能验收。")) if viewer.person_id == decision.proposer_id else YES
    return seen(viewer, decision, first_refusal(signed_in(viewer), by, own, running(decision), _at_work(decision)))


def may_supervise(viewer: Viewer, decision: Decision, at: dt.datetime) -> Verdict:
    """Those who accept what was promised on a decision: its supervisors and the town."""
    return seen(viewer, decision, YES if oversees(viewer, decision) else no(_("由监督委员会、监事或镇街验收。")))


def may_cancel_commitment(viewer: Viewer, decision: Decision, at: dt.datetime) -> Verdict:
    """The organisation that made it."""
    by = YES if in_charge(viewer, decision.organisation) else no(_("由立下责任事项的组织取消。"))
    return seen(viewer, decision, by)


def may_make_commitment(viewer: Viewer, decision: Decision, at: dt.datetime) -> Verdict:
    """Promises are born of a decision that stands."""
    by = YES if in_charge(viewer, decision.organisation) else no(_("由召集的组织立责任事项。"))
    stands = YES if decision.certified else no(_("结果确认以后才能立责任事项。"))
    ended = decision.status in (Decision.Status.WITHDRAWN, Decision.Status.ANNULLED)
    over = no(_("这件事已撤回或被撤销。")) if ended else YES
    return seen(viewer, decision, first_refusal(signed_in(viewer), by, stands, over))
