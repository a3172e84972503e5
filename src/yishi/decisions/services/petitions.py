"""Joint requests to convene: signatures online and on paper, checked by the pack, escalated where nobody convenes."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from yishi.core import audit, clock, events
from yishi.core.verdicts import require
from yishi.decisions import permissions
from yishi.decisions.events import MotionDiscussed
from yishi.decisions.models import Decision, Petition, PetitionSignature
from yishi.decisions.selectors.petitions import ways_of
from yishi.decisions.services._acts import actor_of, append, held
from yishi.engines.procedure import Case
from yishi.network.viewers import Viewer

MOST_PEOPLE = 10_000_000


def open_petition(viewer: Viewer, decision: Decision, quantity: str, whole_number: int, at: dt.datetime) -> Petition:
    """Begin to gather signatures; whoever begins does not sign by it.

    Raises:
        ValidationError: no such way in the pack, or a whole that cannot be.
        Refusal: no petition is taken here, or one is open.
    """
    with held(decision) as fresh:
        require(permissions.may_open_petition(viewer, fresh, at))
        way = next((c for c in ways_of(fresh, clock.local_day(at)) if c.have == quantity), None)
        if way is None:
            raise ValidationError({"quantity": _("适用的规则没有（或尚未核定）这种联名。")})
        if not 0 < whole_number <= MOST_PEOPLE:
            raise ValidationError({"whole_number": _("请写全体人数，例如名册上的总数。")})
        if fresh.petitions.filter(received_at=None).exists():
            raise ValidationError({"quantity": _("已有一份联名正在进行，请在那一份上签名。")})
        made = Petition.objects.create(
            town_id=fresh.town_id, decision=fresh, quantity=quantity, whole=way.base, whole_number=whole_number,
            opened_at=at,
        )  # fmt: skip
        _tell(viewer, fresh, "petition_opened", at, petition=made.pk)
        return made


def sign_petition(viewer: Viewer, petition: Petition, at: dt.datetime) -> PetitionSignature:
    """Sign online; signed twice is once, and a withdrawn signature may be given again."""
    with held(petition.decision) as fresh:
        petition = _fresh(petition, fresh)
        require(permissions.may_sign_petition(viewer, petition, at))
        return _signed(viewer, petition, actor_of(viewer), at, paper=False)


def enter_signature(viewer: Viewer, petition: Petition, person_id: int, at: dt.datetime) -> PetitionSignature:
    """Write down a signature given on paper, by someone of the town.

    Raises:
        ValidationError: no such person here, or they signed already.
    """
    from yishi.people import selectors as people

    with held(petition.decision) as fresh:
        petition = _fresh(petition, fresh)
        require(permissions.may_enter_signature(viewer, petition, at))
        if not people.is_of_town(person_id, fresh.town_id):
            raise ValidationError({"person_id": _("没有找到这个人。")})
        if petition.signatures.filter(person_id=person_id, withdrawn_at=None).exists():
            raise ValidationError({"person_id": _("这个人已经签过名，一人只算一次。")})
        return _signed(viewer, petition, person_id, at, paper=True)


def _fresh(petition: Petition, decision: Decision) -> Petition:
    found = Petition.objects.get(pk=petition.pk)
    found.decision = decision
    return found


def _signed(viewer: Viewer, petition: Petition, person_id: int, at: dt.datetime, *, paper: bool) -> PetitionSignature:
    found = petition.signatures.filter(person_id=person_id).first()
    if found is not None and found.withdrawn_at is None:
        return found
    made = found or PetitionSignature(petition=petition, person_id=person_id)
    made.paper, made.at, made.withdrawn_at = paper, at, None
    made.entered_by_id = viewer.person_id if paper else None
    made.save()
    _tell(viewer, petition.decision, "petition_signed", at, petition=petition.pk, paper=paper)
    return made


def withdraw_signature(viewer: Viewer, petition: Petition, at: dt.datetime) -> None:
    """Take one's own signature back; allowed also after handing in, until the vote begins."""
    with held(petition.decision) as fresh:
        require(permissions.may_withdraw_signature(viewer, _fresh(petition, fresh), at))
        found = petition.signatures.filter(person_id=actor_of(viewer), withdrawn_at=None).first()
        if found is None:
            raise ValidationError(_("您没有在这份联名上签名。"))
        found.withdrawn_at = at
        found.save()
        _tell(viewer, fresh, "petition_unsigned", at, petition=petition.pk)


def hand_in_petition(viewer: Viewer, petition: Petition, at: dt.datetime) -> Case:
    """Hand it in: with enough signatures the body is obliged to convene.

    Raises:
        Refusal: too few; with the number, the arithmetic and the clause.
    """
    with held(petition.decision) as fresh:
        petition = _fresh(petition, fresh)
        require(permissions.may_hand_in_petition(viewer, petition, at))
        signed = petition.signatures.filter(withdrawn_at=None).count()
        case = append(viewer, fresh, "petition_received", at, {
            "supporters": {petition.quantity: signed, petition.whole: petition.whole_number}
        }, petition=petition.pk)  # fmt: skip
        petition.received_at = at
        petition.save(update_fields=["received_at"])
        return case


def escalate_petition(viewer: Viewer, petition: Petition, at: dt.datetime) -> Case:
    """The body did not convene: the town is asked to see to it."""
    with held(petition.decision) as fresh:
        petition = _fresh(petition, fresh)
        require(permissions.may_escalate_petition(viewer, petition, at))
        case = append(viewer, fresh, "escalated", at, {"to": "town_government"}, petition=petition.pk)
        petition.escalated_at = at
        petition.save(update_fields=["escalated_at"])
        return case


def _tell(viewer: Viewer, decision: Decision, verb: str, at: dt.datetime, **refs: Any) -> None:
    decision.changed_at = max(at, decision.changed_at)
    decision.save(update_fields=["changed_at"])
    audit.record(f"decisions.{verb}", decision, at=at, actor_id=viewer.person_id, on_behalf_of_id=viewer.helping_id, **refs)  # fmt: skip
    events.publish(MotionDiscussed(decision.pk, verb, at, viewer.person_id, None))
