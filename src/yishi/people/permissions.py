"""Who may do what with people's records. Every answer says why and what can be done."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from yishi.core.verdicts import YES, Verdict, no
from yishi.people.actors import Actor
from yishi.people.models import Consent, HouseholdMember

PIPL_CONSENT = _("个人信息保护法第 13、14 条")


def _shares_household(actor: Actor, person_id: int) -> bool:
    households = [s.household_id for s in actor.standings if s.household_id]
    return (
        bool(households)
        and HouseholdMember.objects.filter(household__in=households, person_id=person_id, until=None).exists()
    )


def may_record_consent(actor: Actor, person_id: int | None, manner: str, at: dt.datetime) -> Verdict:
    """One's own; an office holder's for someone who spoke or signed; a housemate's for a housemate."""
    if person_id is not None and person_id in (actor.person_id, actor.helping_id):
        return YES
    if actor.offices:
        return YES
    if person_id is None and manner == Consent.Manner.ONLINE:
        return YES
    if person_id is not None and _shares_household(actor, person_id):
        return YES
    return no(
        _("只有本人、同户家人或在任工作人员可以登记同意。"), PIPL_CONSENT, _("请本人登录,或请社区工作人员代为登记。")
    )


def may_withdraw_consent(actor: Actor, consent: Consent, at: dt.datetime) -> Verdict:
    """One's own, or that of the person one helps."""
    if consent.person_id is not None and consent.person_id in (actor.person_id, actor.helping_id):
        return YES
    return no(_("同意只能由本人撤回。"), _("个人信息保护法第 15 条"))
