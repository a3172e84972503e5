"""Before and after a poll: who objects to the voters' roll, rules on it, mends it, annuls a result."""

import datetime as dt

from django.utils.translation import gettext as _

from yishi.core.verdicts import YES, Verdict, first_refusal, no
from yishi.decisions.models import Decision, RollObjection
from yishi.decisions.permissions.facts import belongs, of_the_town, seen, signed_in
from yishi.decisions.permissions.papers import may_take_papers
from yishi.decisions.permissions.voting import may_convene_meeting
from yishi.network import selectors as network
from yishi.network.viewers import Viewer


def may_object_to_roll(viewer: Viewer, decision: Decision, at: dt.datetime) -> Verdict:
    """Those of the place, or the person whom the viewer helps, while the roll hangs."""
    hangs = (decision.step, decision.phase) == ("roll", "posted")
    here = YES if hangs else no(_("现在没有正在公布的选民名单。"))
    by = YES if belongs(network.as_helped(viewer), decision.organisation, decision.area.path) else no(
        _("由本村（社区）的村（居）民对选民名单提出申诉。"), what_now=_("请先核实身份，或请工作人员代办。")
    )  # fmt: skip
    return seen(viewer, decision, first_refusal(signed_in(viewer), here, by))


def may_read_voter_roll(viewer: Viewer, decision: Decision, at: dt.datetime) -> Verdict:
    """The posted roll with its names: those of the place and those who run or watch the election; never everyone."""
    own = belongs(network.as_helped(viewer), decision.organisation, decision.area.path) or may_take_papers(
        viewer, decision, at
    )
    place = YES if own else no(
        _("选民名单给本村（社区）的村（居）民查对，不在网上公开。"),
        what_now=_("请先核实身份，或到张贴名单的地方扫码查看。"),
    )  # fmt: skip
    return seen(viewer, decision, first_refusal(signed_in(viewer), voter_roll_hangs(decision), place))


def voter_roll_hangs(decision: Decision) -> Verdict:
    """From the day on which the roll is posted until the poll is over."""
    steps = ("nominate", "vetting", "poll")
    hangs = decision.step in steps or (decision.step, decision.phase) == ("roll", "posted")
    if decision.procedure == "village_election" and decision.status == Decision.Status.RUNNING and hangs:
        return YES
    return no(_("现在没有公布的选民名单。"), what_now=_("公布以后在这里查对；选举结束以后不再显示。"))


def may_mend_roll(viewer: Viewer, decision: Decision, at: dt.datetime) -> Verdict:
    """Those who convene, themselves."""
    helping = no(_("这一步须本人操作，请先结束代办。")) if viewer.helping_id else YES
    return first_refusal(may_convene_meeting(viewer, decision, at), helping)


def may_rule_on_roll(viewer: Viewer, decision: Decision, objection: RollObjection, at: dt.datetime) -> Verdict:
    """Those who convene; never one's own, and once."""
    own = viewer.person_id == objection.by_id
    return first_refusal(
        may_mend_roll(viewer, decision, at), no(_("不能答复自己提的申诉。")) if own else YES,
        no(_("这件申诉已经答复过了。")) if objection.ruled_at else YES,
    )  # fmt: skip


def may_annul_decision(viewer: Viewer, decision: Decision, at: dt.datetime) -> Verdict:
    """The town enters what a court or it has ruled, of a result that was certified; never the proposer."""
    stands = decision.certified and decision.status in (Decision.Status.RUNNING, Decision.Status.SETTLED)
    own = decision.proposer_id == viewer.person_id
    return seen(viewer, decision, first_refusal(
        signed_in(viewer), YES if of_the_town(viewer, decision.organisation) else no(_("撤销由镇街登记。")),
        YES if stands else no(_("没有已确认的结果可撤销。")), no(_("提出人不能登记撤销。")) if own else YES,
        no(_("这一步须本人操作，请先结束代办。")) if viewer.helping_id else YES,
    ))  # fmt: skip
