"""Proposing, changing, studying, reviewing, commenting: who may. The procedure itself is asked when it is done."""

import datetime as dt
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from yishi.core.verdicts import YES, Verdict, first_refusal, no
from yishi.decisions import rules
from yishi.decisions.models import Decision, MotionComment
from yishi.decisions.permissions.facts import (
    belongs,
    in_charge,
    is_comrade,
    is_concerned,
    leads_party,
    of_the_town,
    running,
    seen,
    signed_in,
    votes_in,
    works_on,
)  # fmt: skip
from yishi.decisions.routing.subjects import PARTIES
from yishi.network import selectors as network
from yishi.network.viewers import Viewer

if TYPE_CHECKING:
    from yishi.network.models import Organisation

PARTY_STEPS = frozenset({"study"})
DEFENCE = "defence"
ASSEMBLED = frozenset({"open", "voting", "closed", "counted", "failed", "runoff"})


def may_start_decision(viewer: Viewer, organisation: "Organisation", at: dt.datetime) -> Verdict:
    """Officers of the organisation, of the Party organisation beside it; others through a petition. What is inside a
    Party branch is brought by its own officers and members alone."""
    if not (known := signed_in(viewer)):
        return known
    if in_charge(viewer, organisation):
        return YES
    if organisation.kind in PARTIES:
        return no(_("党内事项由这个党组织的负责人或党员提出。"))
    if leads_party(viewer, organisation):
        return YES
    return no(
        _("由这个组织的负责人、工作人员，或同一地方的党组织提出。"),
        what_now=_("成员和居民可以发起联名，达到法定人数就应当召集。"),
    )


def may_start_petition(viewer: Viewer, organisation: "Organisation", at: dt.datetime) -> Verdict:
    """Those for whom its bodies decide, by a verified capacity."""
    known = signed_in(viewer)
    if not known or votes_in(viewer, organisation):
        return known
    if organisation.kind in PARTIES:
        return no(_("党内事项由这个党组织的负责人或党员提出。"))
    return no(_("联名由本组织、本地方的成员、居民或业主发起；请先核实身份。"))


def _worker(viewer: Viewer, decision: Decision) -> Verdict:
    by = YES if works_on(viewer, decision) else no(_("由提出人、召集的组织或同一地方的党组织来办。"))
    return seen(viewer, decision, first_refusal(signed_in(viewer), by))


def _signed_for(viewer: Viewer, decision: Decision) -> Verdict:
    """What people have signed, or are asked to sign, is not the body's to change: its proposer alone does that."""
    if decision.proposer_id == viewer.person_id or not works_on(viewer, decision) or not decision.petitions.exists():
        return YES
    return no(
        _("这件事有联名：只有提出人可以修改、撤回或重新拟订。"), what_now=_("有不同意见的，请提意见，或在会上表决。")
    )  # fmt: skip


def may_change_motion(viewer: Viewer, decision: Decision, at: dt.datetime) -> Verdict:
    """Whoever carries it along, until the vote begins."""
    voting = decision.phase in ASSEMBLED - {"open"}
    return first_refusal(
        _worker(viewer, decision), running(decision),
        no(_("表决已开始或已计票，不能修改方案。")) if voting else YES,
        no(_("结果已确认，修改须另行提出。")) if decision.certified else YES, _signed_for(viewer, decision),
    )  # fmt: skip


def may_declare_conflict(viewer: Viewer, decision: Decision, at: dt.datetime) -> Verdict:
    """Whoever handles it says for themself whether they have an interest in it."""
    return first_refusal(_worker(viewer, decision), running(decision))


def may_do_step(viewer: Viewer, decision: Decision, at: dt.datetime) -> Verdict:
    """The deed that the decision stands at: the Party study by its Party organisation, others by who carries it."""
    step = rules.step_of(decision)
    if step is None or step.kind != "deed":
        return first_refusal(_worker(viewer, decision), running(decision), no(_("现在这一步不是提交材料的步骤。")))
    if step.id == DEFENCE and is_concerned(viewer, decision):
        return YES
    if step.id in PARTY_STEPS:
        by = YES if leads_party(viewer, decision.organisation) else no(
            _("这一步由党组织研究讨论，并提交意见。"), rules.spoken(rules.clause_of(decision, step.clause))
        )  # fmt: skip
        return seen(viewer, decision, first_refusal(signed_in(viewer), by))
    return _worker(viewer, decision)


def may_review_decision(viewer: Viewer, decision: Decision, at: dt.datetime) -> Verdict:
    """The town government reviews; never the one who proposed it."""
    step = rules.step_of(decision)
    by = YES if of_the_town(viewer, decision.organisation) else no(_("由镇街审查。"))
    here = YES if step is not None and step.kind == "review" else no(_("现在不在审查这一步。"))
    own = decision.proposer_id == viewer.person_id
    return seen(
        viewer, decision,
        first_refusal(signed_in(viewer), by, here, no(_("提出人不能审查自己提出的方案。")) if own else YES),
    )  # fmt: skip


def may_withdraw_decision(viewer: Viewer, decision: Decision, at: dt.datetime) -> Verdict:
    """Its proposer, or the organisation's own officers, before the vote begins."""
    mine = decision.proposer_id == viewer.person_id or in_charge(viewer, decision.organisation)
    voting = decision.phase in ASSEMBLED - {"open", "failed"}
    mine = mine and not is_concerned(viewer, decision)
    return seen(viewer, decision, first_refusal(
        signed_in(viewer), YES if mine else no(_("由提出人或召集的组织撤回。")), running(decision),
        no(_("结果已确认，不能撤回。")) if decision.certified else YES,
        no(_("表决已开始，须计票确认。")) if voting else YES,
        YES if decision.phase == "failed" else _signed_for(viewer, decision),
    ))  # fmt: skip


def may_redraft_motion(viewer: Viewer, decision: Decision, at: dt.datetime) -> Verdict:
    """Whoever carries it along, after a vote that did not pass."""
    failed = YES if decision.phase == "failed" else no(_("没有未通过的表决，不需要重新拟订；修改请用“修改方案”。"))
    return first_refusal(_worker(viewer, decision), running(decision), failed, _signed_for(viewer, decision))


# --- comments --------------------------------------------------------------------------------


def may_comment(viewer: Viewer, decision: Decision, at: dt.datetime) -> Verdict:
    """Those whose affair it is (or the person they help), until the meeting opens."""
    organisation = decision.organisation
    whose = network.as_helped(viewer)
    theirs = belongs(whose, organisation, decision.area.path) or is_comrade(whose, organisation)
    staff = not viewer.helping_id and (in_charge(viewer, organisation) or leads_party(viewer, organisation))
    by = YES if theirs or staff else no(
        _("由本组织、本地方的成员、居民或业主提意见。"), what_now=_("请先核实身份，或请社区工作人员代为登记。")
    )  # fmt: skip
    late = decision.phase in ASSEMBLED or decision.certified
    return seen(viewer, decision, first_refusal(
        signed_in(viewer), by, running(decision), no(_("会议已经开始，请在会上发言。")) if late else YES
    ))  # fmt: skip


def comments_are_over(decision: Decision) -> bool:
    """Whether nobody comments any more: the meeting has begun, or the decision is made or ended."""
    return decision.phase in ASSEMBLED or decision.certified or decision.status != Decision.Status.RUNNING


def may_answer_comment(viewer: Viewer, comment: MotionComment, at: dt.datetime) -> Verdict:
    """Whoever carries it along, never one's own; once."""
    own = comment.by_id == viewer.person_id
    return first_refusal(
        _worker(viewer, comment.decision), no(_("不能答复自己的意见。")) if own else YES,
        no(_("已经答复过。")) if comment.answer else YES,
    )  # fmt: skip
