"""Joint requests to convene: signatures online and on paper, checked by the pack, escalated where nobody convenes."""

import datetime as dt
from dataclasses import replace

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from yishi.core import clock
from yishi.core.verdicts import Refusal, no, require
from yishi.decisions import permissions, rules
from yishi.decisions.models import Decision, Petition, PetitionSignature
from yishi.decisions.selectors.petitions import digests_of
from yishi.decisions.services._acts import append, discussed, held
from yishi.decisions.voting.petitioning import Circle, circle_of, pack_of, ways_of
from yishi.engines.procedure import Case
from yishi.network.viewers import Viewer, actor_of
from yishi.people import selectors as people


def open_petition(viewer: Viewer, decision: Decision, quantity: str, at: dt.datetime) -> Petition:
    """Begin to gather signatures; whoever begins does not sign by it. Of how many is told by the register of the day.

    Raises:
        ValidationError: no such way in the pack, or a register that cannot tell the whole.
        Refusal: no petition is taken here, or one is open.
    """
    with held(decision) as fresh:
        require(permissions.may_open_petition(viewer, fresh, at))
        way = next((c for c in ways_of(fresh, clock.local_day(at)) if c.have == quantity), None)
        if way is None:
            raise ValidationError(
                {
                    "quantity": _("不能按%(who)s计算：规则里没有这种联名，或名册里没有登记。")
                    % {"who": rules.quantity_words(quantity)}
                }
            )
        whole = _circle(fresh, quantity, at).whole
        if fresh.petitions.filter(received_at=None).exists():
            raise ValidationError({"quantity": _("已有一份联名正在进行，请在那一份上签名。")})
        made = Petition.objects.create(
            town_id=fresh.town_id, decision=fresh, quantity=quantity, whole=way.base, whole_number=whole,
            opened_at=at,
        )  # fmt: skip
        discussed(viewer, fresh, "petition_opened", at, petition=made.pk)
        return made


def _circle(decision: Decision, quantity: str, at: dt.datetime) -> Circle:
    """Who may sign today, and of how many."""
    on = clock.local_day(at)
    pack = pack_of(decision, on)
    circle = circle_of(decision, quantity, pack, on) if pack else None
    if circle is None:
        raise ValidationError(_("适用的规则没有（或尚未核定）这种联名。"))
    if circle.faults or not circle.whole:
        faults = circle.faults or (_("名册里还没有%(who)s。") % {"who": rules.quantity_words(quantity)},)
        asked = _("联名的法定人数按名册计算：请先由社区（村）或业主委员会登记名册。")
        raise ValidationError([*faults, asked])
    return circle


def sign_petition(viewer: Viewer, petition: Petition, at: dt.datetime, digest: str = "") -> PetitionSignature:
    """Sign online; signed twice is once, and a withdrawn signature may be given again. ``digest`` is of the text read.

    Raises:
        ValidationError: the text has changed since, or a joint owner (someone of the household) has signed.
        Refusal: not one of those whose signatures count.
    """
    with held(petition.decision) as fresh:
        petition = _fresh(petition, fresh)
        require(permissions.may_sign_petition(viewer, petition, at))
        if digest and digest not in digests_of(fresh):
            raise ValidationError(_("方案刚刚改过，请看过新的一版再签名。"))
        person = actor_of(viewer)
        if person not in _circle(fresh, petition.quantity, at).lines:
            raise Refusal(no(
                _("您的签名不能计入：名册里没有您（%(who)s）。") % {"who": rules.quantity_words(petition.quantity)},
                what_now=_("如果您就是，请先请社区（村）更正名册。"),
            ))  # fmt: skip
        return _signed(viewer, petition, person, at, paper=False)


def enter_signature(viewer: Viewer, petition: Petition, person_id: int, at: dt.datetime) -> PetitionSignature:
    """Write down a signature given on paper, by someone of the town.

    Raises:
        ValidationError: no such person here, one whose signature does not count, or they signed already.
        Refusal: who may not enter it, or the petition is handed in.
    """
    with held(petition.decision) as fresh:
        petition = _fresh(petition, fresh)
        require(permissions.may_enter_signature(viewer, petition, at))
        if not people.is_of_town(person_id, fresh.town_id):
            raise ValidationError({"person_id": _("没有找到这个人。")})
        if person_id not in _circle(fresh, petition.quantity, at).lines:
            words = _("这个人不在可以联名的人员里（%(who)s），不能登记。")
            raise ValidationError({"person_id": words % {"who": rules.quantity_words(petition.quantity)}})
        if person_id in _signers(petition):
            raise ValidationError({"person_id": _("这个人已经签过名，一人只算一次。")})
        return _signed(viewer, petition, person_id, at, paper=True)


def _fresh(petition: Petition, decision: Decision) -> Petition:
    found = Petition.objects.get(pk=petition.pk)
    found.decision = decision
    return found


def _signers(petition: Petition) -> list[int]:
    """Who has signed the text as it stands and not taken it back."""
    found = petition.signatures.filter(withdrawn_at=None, digest__in=digests_of(petition.decision))
    return list(found.values_list("person_id", flat=True))


def _signed(viewer: Viewer, petition: Petition, person_id: int, at: dt.datetime, *, paper: bool) -> PetitionSignature:
    found = petition.signatures.filter(person_id=person_id).first()
    signers = _signers(petition)
    if found is not None and person_id in signers:
        return found
    circle = _circle(petition.decision, petition.quantity, at)
    if circle.counted([*signers, person_id]) == circle.counted(signers):
        raise ValidationError(_("共有人（同一户的人）已经签过名，只算一次。"))
    made = found or PetitionSignature(petition=petition, person_id=person_id)
    made.paper, made.at, made.withdrawn_at = paper, at, None
    made.digest = digests_of(petition.decision)[0]
    made.entered_by_id = viewer.person_id if paper else None
    made.save()
    discussed(viewer, petition.decision, "petition_signed", at, petition=petition.pk, paper=paper)
    return made


def withdraw_signature(viewer: Viewer, petition: Petition, at: dt.datetime) -> None:
    """Take one's own signature back; allowed also after handing in, until the vote begins.

    Raises:
        ValidationError: not signed.
        Refusal: for someone else, or too late.
    """
    with held(petition.decision) as fresh:
        require(permissions.may_withdraw_signature(viewer, _fresh(petition, fresh), at))
        found = petition.signatures.filter(person_id=actor_of(viewer), withdrawn_at=None).first()
        if found is None:
            raise ValidationError(_("您没有在这份联名上签名。"))
        found.withdrawn_at = at
        found.save()
        discussed(viewer, fresh, "petition_unsigned", at, petition=petition.pk)


def hand_in_petition(viewer: Viewer, petition: Petition, at: dt.datetime) -> Case:
    """Hand it in: with enough signatures, each checked against the register of the day, the body is obliged to convene.

    Raises:
        Refusal: too few; with the number, the arithmetic and the clause.
        ValidationError: a register that cannot tell the whole any more.
    """
    with held(petition.decision) as fresh:
        petition = _fresh(petition, fresh)
        require(permissions.may_hand_in_petition(viewer, petition, at))
        circle = _circle(fresh, petition.quantity, at)
        signed, petition.whole_number = circle.counted(_signers(petition)), circle.whole
        told = {"supporters": {petition.quantity: signed, petition.whole: petition.whole_number}}
        try:
            case = append(viewer, fresh, "petition_received", at, told, petition=petition.pk)
        except Refusal as refusal:
            now = refusal.verdict.what_now or _("请再收集签名；不会上网的，请工作人员登记纸质签名。")
            raise Refusal(replace(refusal.verdict, what_now=now)) from refusal
        petition.received_at = at
        petition.save(update_fields=["received_at", "whole_number"])
        return case


def escalate_petition(viewer: Viewer, petition: Petition, at: dt.datetime) -> Case:
    """The body did not convene: the town is asked to see to it.

    Raises:
        Refusal: who may not ask; not handed in; the engine's reason (the days to convene run still).
    """
    with held(petition.decision) as fresh:
        petition = _fresh(petition, fresh)
        require(permissions.may_escalate_petition(viewer, petition, at))
        case = append(viewer, fresh, "escalated", at, {"to": "town_government"}, petition=petition.pk)
        petition.escalated_at = at
        petition.save(update_fields=["escalated_at"])
        return case
