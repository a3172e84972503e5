"""Meetings: opening, presence, proxies, recusal, quorum, and signed votes."""

from collections.abc import Mapping

from yishi.engines.procedure.case import Case, Refused, Sitting, pack_for, refuse
from yishi.engines.procedure.checks import Check, check, rule_conditions
from yishi.engines.procedure.events import Event
from yishi.engines.procedure.notice import chosen_mode, competent, roll_complete
from yishi.engines.procedure.packs import quantities
from yishi.engines.tally.ballots import CHOICES, Ballot
from yishi.engines.tally.lines import Condition
from yishi.engines.words import say


def meeting_opened(case: Case, event: Event) -> None:
    """Open on the day of the notice; a meeting that needs no notice fixes pack and roll now."""
    if case.phase == "noticed":
        if event.on != case.sit().meeting_on:
            refuse(
                "wrong_day",
                f"通知的开会日期是 {case.sit().meeting_on}，改期须重新通知",
                f"the notice names {case.sit().meeting_on}; another day needs a new notice",
                case.sit().pack.clause,
            )
        if not case.sit().proof:
            refuse(
                "notice_unproved",
                "没有通知凭证（照片、送达清单），不能开会表决；请先登记凭证",
                "no proof that notice was given (photo, delivery list): record it first",
                case.sit().pack.clause,
            )
    else:
        pack = pack_for(case, event.on)
        competent(case, pack)
        mode = chosen_mode(pack, event.data.get("mode", ""))
        sitting = Sitting(pack, event.on, mode, event.on, dict(event.data.get("roll", {})))
        sitting.participating = CHOICES
        roll_complete(sitting)
        sitting.merged = event.data.get("merged", False)
        if sitting.merged and not (case.step.may_merge_with_next and case.decision.same_head):
            refuse(
                "no_merge",
                "只有书记、主任由一人担任时，提议和商议才可合并召开",
                "these steps may be merged only where one person heads both bodies",
            )
        case.sitting = sitting
    case.phase = "open"


def signed_in(case: Case, event: Event) -> None:
    """A person is there: in person, online, or represented by a recorded proxy."""
    sitting, person = case.sit(), event.data.get("person", "")
    channel = event.data.get("channel", "person")
    if not person or person in sitting.present:
        refuse("signed_already", "未写姓名或已签到", "no person named, or signed in already")
    if channel == "proxy" and person not in sitting.proxies:
        refuse("no_proxy", f"{person} 没有登记委托", f"no proxy of {person} is recorded")
    sitting.present[person] = channel


def left(case: Case, event: Event) -> None:
    """A person leaves before the item."""
    if case.sit().present.pop(event.data.get("person", ""), None) is None:
        refuse("not_here", "此人未签到", "this person has not signed in")


def proxy_given(case: Case, event: Event) -> None:
    """Check a proxy against the pack: form, kinship or household, charter."""
    sitting, data = case.sit(), event.data
    rule = sitting.pack.facts.get("proxy", {})
    principal, agent = data.get("principal", ""), data.get("agent", "")
    clause = sitting.pack.clause
    if not principal or not agent or principal == agent or principal in sitting.proxies:
        refuse("proxy_form", "委托人、受托人须写明且未重复委托", "name principal and agent, once")
    by_charter = case.decision.charter_allows_proxy
    if not by_charter and (not rule or rule.get("allowed") == "charter_only"):
        refuse(
            "proxy_not_allowed",
            "章程没有规定，不能委托他人表决",
            "a vote here cannot be delegated unless the charter allows it",
            clause,
        )
    same = data.get("same_household") and data.get("same_organisation")
    if rule.get("grantee") == "same_household_same_org_full_capacity" and not (same and data.get("full_capacity")):
        refuse(
            "proxy_grantee",
            "只能委托本组织同一户内具有完全民事行为能力的其他成员",
            "only a member of the same household and organisation with full capacity may act",
            clause,
        )
    if not data.get("written"):
        refuse("proxy_written", "须书面委托", "a proxy must be in writing", clause)
    sitting.proxies[principal] = agent


def proxy_revoked(case: Case, event: Event) -> None:
    """The principal takes the proxy back before the vote, and is represented no more."""
    sitting, principal = case.sit(), event.data.get("principal", "")
    if sitting.proxies.pop(principal, None) is None:
        refuse("no_proxy", f"{principal} 没有登记委托", f"no proxy of {principal} is recorded")
    if sitting.present.get(principal) == "proxy":
        del sitting.present[principal]


def recused(case: Case, event: Event) -> None:
    """A person stands aside for this item: not present, no vote, still in the whole."""
    person = event.data.get("person", "")
    if not person or person in case.sit().recused:
        refuse("recused_already", "未写姓名或已回避", "no person named, or recused already")
    case.sit().recused.add(person)


def attendance_counted(case: Case, event: Event) -> None:
    """A count of everyone in the room for this item, those recused included."""
    counts = dict(event.data.get("counts", {}))
    if not counts:
        refuse("no_counts", "没有人数", "give the counts")
    case.sit().attendance = counts


def presence(case: Case) -> dict[str, int]:
    """Those present for the item by the pack's name, without the recused; nothing where
    taking part is reckoned from the count."""
    sitting = case.sit()
    if case.step.quorum_at == "count":
        return {}
    name = presence_name(sitting)
    if name in sitting.attendance:
        there = max(0, sitting.attendance[name] - len(sitting.recused))
        return {**sitting.attendance, name: there}
    return {**sitting.attendance, name: len(sitting.present.keys() - sitting.recused)}


def presence_name(sitting: Sitting) -> str:
    """What the pack calls those who are there."""
    rule = sitting.pack.rules.get("quorum")
    return rule_conditions(rule, sitting.mode)[0].have if rule else "present"


def checked(case: Case, counts: Mapping[str, int]) -> tuple[Check, dict[str, int]]:
    """The pack's verdicts on roll, presence and counts, and the numbers used. Refuses numbers
    that cannot be right."""
    sitting = case.sit()
    every = {**sitting.roll, **presence(case), **counts}
    values = {name: number for name, number in every.items() if name in quantities()}
    answer = check(sitting.pack, values, sitting.record_on, sitting.mode)
    wrong = [note for note in answer.refusals if note.code != "missing"]
    if wrong:
        raise Refused(wrong[0])
    return answer, values


def ballot_opened(case: Case, event: Event) -> None:
    """Open the vote, if the quorum is there; the line is never lowered."""
    sitting = case.sit()
    if case.step.quorum_at == "opening":
        answer = checked(case, {})[0]
        quorum = answer.verdicts.get("quorum")
        if not any(presence(case).values()) or (quorum is not None and not quorum.met):
            text = quorum.text if quorum else say("没有到会人数", "nobody has been counted")
            refuse(
                "no_quorum",
                f"{text['zh']}。可以：继续签到，或休会后重新通知；第二次开会不降低比例",
                f"{text['en']}. Sign in more people, or adjourn and give notice again;"
                " the line is not lowered the second time",
                sitting.pack.clause,
            )
    case.same_text(event.data.get("hash", ""))
    case.phase = "voting"


def cast(case: Case, event: Event) -> None:
    """One signed vote of a person who is there; one person once."""
    sitting, person = case.sit(), event.data.get("person", "")
    if case.step.secret:
        refuse(
            "secret",
            "本项无记名投票，不得记录谁投了什么票",
            "this vote is secret: who voted how is never recorded",
            sitting.pack.clause,
        )
    if any(c.have.startswith("area") for c in _conditions(sitting)):
        refuse(
            "needs_areas",
            "按面积和人数双重计算，请按汇总数计票",
            "areas and heads are both counted: give the totals when counting",
        )
    if case.step.quorum_at == "opening" and person not in sitting.present:
        refuse("not_here", f"{person} 未签到", f"{person} has not signed in")
    if person in sitting.recused:
        refuse("recused", f"{person} 已回避，不能表决", f"{person} is recused and cannot vote")
    if not person or person in sitting.ballots:
        refuse("voted_already", "一人一票，已投票", "one person once: voted already", sitting.pack.clause)
    marks = tuple(event.data.get("marks", ()))
    sitting.ballots[person] = Ballot(person, marks, len(sitting.ballots))


def _conditions(sitting: Sitting) -> list[Condition]:
    return [c for rule in sitting.pack.rules.values() for c in rule_conditions(rule, sitting.mode)]


def ballot_closed(case: Case, event: Event) -> None:
    """Close the vote."""
    case.phase = "closed"


def adjourned(case: Case, event: Event) -> None:
    """Break off before the vote; a new notice is needed."""
    case.phase, case.sitting = "start", None
