"""Petitions that oblige convening: who may open, sign, hand in, escalate."""

import datetime as dt

from django.utils.translation import gettext as _

from yishi.core import clock
from yishi.core.verdicts import YES, Verdict, first_refusal, no
from yishi.decisions import rules
from yishi.decisions.models import Decision, Petition, UnitOwner
from yishi.decisions.permissions.facts import (
    belongs,
    in_charge,
    is_concerned,
    of_the_town,
    running,
    seen,
    signed_in,
    works_on,
)
from yishi.decisions.voting.petitioning import takes_petition
from yishi.network import selectors as network
from yishi.network.viewers import Duty, Viewer

# Whose signatures a quantity of the packs counts.
SIGNERS: dict[str, frozenset[str]] = {
    "villagers": frozenset({"villager", "resident"}),
    "voters": frozenset({"villager", "resident"}),
    "adults": frozenset({"villager", "resident"}),
    "households_signed": frozenset({"villager", "resident"}),
}


def may_open_petition(viewer: Viewer, decision: Decision, at: dt.datetime) -> Verdict:
    """Those whose affair it is, while the procedure takes one and its rules say how many; one at a time."""
    step = rules.step_of(decision)
    here = YES if step is not None and step.petition else no(_("这一步不收联名；联名在动议阶段提出。"))
    by = YES if belongs(viewer, decision.organisation, decision.area.path) or works_on(viewer, decision) else no(
        _("联名由本组织、本地方的成员、居民或业主发起。")
    )  # fmt: skip
    counted = takes_petition(decision, clock.local_day(at)) if here else YES
    return seen(viewer, decision, first_refusal(signed_in(viewer), by, running(decision), here, counted))


def counts_for(viewer: Viewer, petition: Petition) -> bool:
    """Whether the viewer's own signature counts in this petition, as far as their capacities tell; signing asks the
    register."""
    decision = petition.decision
    if petition.quantity == "owners":
        held = UnitOwner.objects.filter(network.held_on(clock.local_day(viewer.at)), person_id=viewer.person_id or 0)
        return held.filter(unit__estate__path__startswith=decision.area.path).exists()
    if petition.quantity == "reps":
        return any(
            o.organisation_id == decision.organisation_id or o.covers(decision.area.path)
            for o in viewer.holding({Duty.REPRESENTATIVE})
        )
    kinds = SIGNERS.get(petition.quantity, frozenset())
    return any(
        s.kind in kinds
        and (s.organisation_id == decision.organisation_id or s.area_path.startswith(decision.area.path))
        for s in viewer.standings
        if s.area_path
    )


def _open(petition: Petition) -> Verdict:
    ended = petition.received_at is not None
    return first_refusal(
        running(petition.decision), no(_("联名已经达到法定人数并递交。")) if ended else YES
    )  # fmt: skip


def may_sign_petition(viewer: Viewer, petition: Petition, at: dt.datetime) -> Verdict:
    """Only those whose signature the law counts."""
    by = YES if counts_for(viewer, petition) else no(
        _("您的签名不能计入：这份联名只算%(who)s。") % {"who": rules.quantity_words(petition.quantity)},
        what_now=_("如果您就是，请先请社区核实身份。"),
    )  # fmt: skip
    own = no(
        _("签名须本人来签，请先结束代办。"), what_now=_("不会上网的，请在纸上签名，由工作人员登记。")
    ) if viewer.helping_id else YES  # fmt: skip
    return seen(viewer, petition.decision, first_refusal(signed_in(viewer), own, _open(petition), by))


def may_enter_signature(viewer: Viewer, petition: Petition, at: dt.datetime) -> Verdict:
    """An officer writes down a signature given on paper."""
    by = YES if in_charge(viewer, petition.decision.organisation) or any(
        o.covers(petition.decision.area.path) for o in viewer.holding({Duty.OFFICER, Duty.DIRECTOR, Duty.SUPERVISOR})
    ) else no(_("纸质签名由工作人员登记。"))  # fmt: skip
    by = no(_("这件事关系到您本人，您不能经办。")) if is_concerned(viewer, petition.decision) else by
    return seen(viewer, petition.decision, first_refusal(signed_in(viewer), by, _open(petition)))


def may_withdraw_signature(viewer: Viewer, petition: Petition, at: dt.datetime) -> Verdict:
    """One's own, until the decision has ended."""
    return seen(viewer, petition.decision, first_refusal(signed_in(viewer), running(petition.decision)))


def may_hand_in_petition(viewer: Viewer, petition: Petition, at: dt.datetime) -> Verdict:
    """Who opened it, anyone who may sign it, or an officer: the number counts, not who hands it in."""
    by = counts_for(viewer, petition) or works_on(viewer, petition.decision)
    return seen(viewer, petition.decision, first_refusal(
        signed_in(viewer), YES if by else no(_("由联名人或工作人员递交。")), _open(petition)
    ))  # fmt: skip


def may_escalate_petition(viewer: Viewer, petition: Petition, at: dt.datetime) -> Verdict:
    """Its signers, the supervisors and the town, once it binds and nobody has convened."""
    decision = petition.decision
    by = counts_for(viewer, petition) or works_on(viewer, decision) or of_the_town(viewer, decision.organisation)
    bound = YES if petition.received_at else no(_("联名还没有达到法定人数，尚无召集义务。"))
    once = no(_("已经报请镇街督促召集。")) if petition.escalated_at else YES
    return seen(viewer, decision, first_refusal(
        signed_in(viewer), YES if by else no(_("由联名人报请。")), running(decision), bound, once
    ))  # fmt: skip
