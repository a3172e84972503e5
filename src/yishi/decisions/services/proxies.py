"""Proxies: written, checked by the procedure against the pack (form, kinship or household, limits, candidates)."""

import datetime as dt
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from yishi.core import audit, clock
from yishi.core.verdicts import Refusal, no, require
from yishi.decisions import rules
from yishi.decisions.models import AgendaItem, Decision, Meeting, Proxy, RollEntry
from yishi.decisions.permissions.voting import may_run_meeting
from yishi.decisions.services._acts import append, held
from yishi.decisions.services.attendance import same_people
from yishi.decisions.services.meetings import State, held_meeting
from yishi.decisions.voting.agenda import items_of
from yishi.engines.tally import Person, full_capacity
from yishi.network.viewers import Viewer, actor_of
from yishi.people import selectors as people

OPEN_PHASES = ("noticed", "open", "posted")


@dataclass(frozen=True, slots=True)
class ProxyInput:
    """Who authorises whom, by the lines of the roll; the written form is kept on paper."""

    principal: RollEntry
    agent: RollEntry
    relation: str = ""
    scope: str = ""
    written: bool = True


def reference(entry: RollEntry) -> str:
    """How a line stands in events about proxies: the person's reference, so that a candidate is known; else its code."""
    return rules.ref(entry.person_id) or entry.code


def record_proxy(viewer: Viewer, meeting: Meeting, given: ProxyInput, at: dt.datetime) -> Proxy:
    """Record a written proxy for the items still to be voted on whose rules allow it; it is kept which these are.

    Raises:
        Refusal: who may not run the meeting; the engine's reason with its clause; a proxy is there already.
        ValidationError: lines of other rolls, or the same person twice.
    """
    if given.principal.pk == given.agent.pk:
        raise ValidationError({"agent": _("不能委托给自己。")})
    with held_meeting(meeting) as found:
        require(may_run_meeting(viewer, found, at))
        if found.state not in (State.NOTICED, State.OPEN):
            raise Refusal(no(_("委托在发出通知以后、会议结束以前登记。")))
        principals = same_people(given.principal, found)
        if not principals or found.proxies.filter(principal__in=principals, revoked_at=None).exists():
            raise Refusal(no(_("这个人已经委托，或已不在名册上；每人只能委托一人。")))
        told = _told(viewer, found, given, at)
        proxy = Proxy.objects.create(
            meeting=found, principal=given.principal, agent=given.agent, agent_person_id=given.agent.person_id,
            relation=given.relation.strip()[:40], scope=given.scope.strip()[:200], written=given.written, given_at=at,
            recorded_by_id=actor_of(viewer),
        )  # fmt: skip
        proxy.items.set(told)
    return proxy


def _told(viewer: Viewer, meeting: Meeting, given: ProxyInput, at: dt.datetime) -> list[AgendaItem]:
    """The items whose rules accept the proxy; it is good for no other.

    Raises:
        Refusal: none does; with the reason of the first that refuses.
    """
    told, refusals = [], []
    for item in items_of(meeting):
        try:
            if _tell(viewer, item, given, at):
                told.append(item)
        except Refusal as refusal:
            refusals.append(refusal)
    if not told:
        raise refusals[0] if refusals else Refusal(no(_("表决已经开始，不能再登记委托。")))
    return told


def _tell(viewer: Viewer, item: AgendaItem, given: ProxyInput, at: dt.datetime) -> int:
    with held(item.decision) as decision:
        if decision.step != item.step or rules.case_of(decision).phase not in OPEN_PHASES:
            return 0
        append(viewer, decision, "proxy_given", at, _facts(decision, item, given, at))
        return 1


def _facts(decision: Decision, item: AgendaItem, given: ProxyInput, at: dt.datetime) -> dict[str, str | bool]:
    """What the pack asks of a proxy, from the record, never from a clerk's tick."""
    agent, principal = given.agent, given.principal
    on_roll = RollEntry.objects.filter(roll__items=item, struck=False)
    has_vote = on_roll.filter(pk__in=[e.pk for e in same_people(agent, item.meeting)]).exists()
    born = people.person(agent.person_id).birth_date if agent.person_id else None
    capable = has_vote or (born is not None and full_capacity(Person("agent", born), clock.local_day(at)))
    facts: dict[str, str | bool] = {
        "principal": reference(principal), "agent": reference(agent), "written": given.written,
        "full_capacity": capable, "has_vote": has_vote, "same_organisation": has_vote,
        "same_household": bool(agent.household) and agent.household == principal.household,
    }  # fmt: skip
    return facts


def revoke_proxy(viewer: Viewer, proxy: Proxy, at: dt.datetime) -> Proxy:
    """Take a proxy back before the vote: the principal comes in person.

    Raises:
        Refusal: who may not run the meeting; a ballot has been cast under it.
    """
    with held_meeting(proxy.meeting) as found:
        require(may_run_meeting(viewer, found, at))
        row = found.proxies.select_for_update().get(pk=proxy.pk)
        if row.revoked_at is not None:
            return row
        if row.items.filter(state__in=[AgendaItem.State.VOTING, AgendaItem.State.CLOSED]).exists():
            raise Refusal(no(_("表决已经开始，不能撤回委托。")))
        for item in row.items.select_related("decision").order_by("number"):
            _untell(viewer, item, row.principal, at)
        row.revoked_at = at
        row.save(update_fields=["revoked_at"])
        found.attendance.filter(entry__in=same_people(row.principal, found), channel="proxy", left_at=None).update(
            left_at=at
        )
        audit.record("decisions.proxy_revoked", row, at=at, actor_id=actor_of(viewer), town_id=found.town_id)
    return row


def _untell(viewer: Viewer, item: AgendaItem, principal: RollEntry, at: dt.datetime) -> None:
    with held(item.decision) as decision:
        if decision.step == item.step and rules.case_of(decision).phase in OPEN_PHASES:
            append(viewer, decision, "proxy_revoked", at, {"principal": reference(principal)})
