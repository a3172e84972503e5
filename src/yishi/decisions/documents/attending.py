"""How to take part, as the notice says it: where one votes, whether one may send another, as the rules of the body have it."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from yishi.decisions import rules
from yishi.decisions.documents.facts import Facts, when
from yishi.decisions.models import Roll


def how(facts: Facts) -> Iterator[str]:
    """Where to be and how to vote, then whom one may send."""
    meeting = facts.meeting
    ways = _("可以登录本平台投票，也可以交纸质票。") if meeting and meeting.votes_until and facts.votes_online else ""
    yield rules.sentences([_where(facts), ways])
    if rule := proxy_rule(facts):
        yield rules.sentences([rule, _("每人只能委托一人；委托书随本通知附送。")])


def _where(facts: Facts) -> str:
    if facts.step_kind == "poll":
        return _("请本人到投票地点核对选民名单、签名领取选票，在秘密写票处写票后投入票箱。选举不在网上进行。")
    if facts.quorum_at == "count":
        return _("填写表决票即为参加，不必到会。")
    if facts.pack and facts.pack.facts.get("online_im"):
        return _("请本人到会签到；不能到现场的，可以按会议通知在线签到参加。")
    return _("请本人到会签到。")


def proxy_rule(facts: Facts) -> str:
    """Whether and whom one may authorise, with the article; empty where the rules allow none."""
    pack, by_charter = facts.pack, facts.case.decision.charter_allows_proxy
    rule = dict(pack.facts.get("proxy", {})) if pack else {}
    if pack is None or not (by_charter or (rule and rule.get("allowed") != "charter_only")):
        return ""
    clause = pack.rules["quorum"].clause if "quorum" in pack.rules else pack.clause
    told = [_grantee(rule.get("grantee", "")) % {"clause": rules.spoken(clause)}]
    if most := rule.get("max_held"):
        told.append(_("每人最多接受 %(n)s 人的委托。") % {"n": most})
    if rule.get("candidate_may_hold") is False:
        told.append(_("候选人不得接受委托。"))
    if rule.get("list_posted"):
        told.append(_("委托投票的名单张榜公布。"))
    return rules.sentences(told)


def _grantee(kind: str) -> str:
    if kind == "same_household_same_org_full_capacity":
        return _("不能到会的，可以书面委托本组织同一户内具有完全民事行为能力的其他成员代为参加（%(clause)s）。")
    if kind == "any_villager_with_vote":
        return _("不能到场投票的，可以书面委托本村有选举权的村民代为投票（%(clause)s）。")
    return _("章程允许委托：不能到会的，可以按章程书面委托他人代为参加（%(clause)s）。")


def roll_words(facts: Facts) -> str:
    """The roll and how many it counts: households by the household, everyone else by the head."""
    roll = facts.item.roll if facts.item else None
    if roll is None:
        return ""
    given = {"kind": roll.get_kind_display(), "n": len(facts.lines())}
    if roll.kind == Roll.Kind.HOUSEHOLDS:
        return _("%(kind)s，%(n)s 户") % given
    if roll.kind in (Roll.Kind.OWNERS, Roll.Kind.AFFECTED_OWNERS):
        return _("%(kind)s，业主 %(n)s 人（共有的合计一人）") % given
    return _("%(kind)s，%(n)s 人") % given


def until_when(facts: Facts) -> str:
    """When the vote ends: a set time, or when whoever presides says so."""
    meeting = facts.meeting
    ends = (facts.box.closes_at if facts.box else None) or (meeting.votes_until if meeting else None)
    if ends:
        return when(ends)
    if facts.step_kind == "poll":
        return _("选举当天宣布停止投票时")
    return _("会上宣布停止表决时")
