"""Who may do what with people's records. Every answer says why and what can be done."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from yishi.core.verdicts import YES, Verdict, hidden, no
from yishi.people.actors import Actor
from yishi.people.models import ApiToken, Capacity, Consent, Household, HouseholdMember, Person, VerificationRequest

COMMUNITY_KINDS = ("residents_committee", "villagers_committee")
ROLL_DUTIES = ("secretary", "deputy_secretary", "director", "committee_member", "officer", "grid_worker")
CONSENT_LAW = _("个人信息保护法第 13、14 条")
SIGN_IN = no(_("这一步需要先登录。"), what_now=_("请登录或注册。"))


def _shares_household(actor: Actor, person_id: int) -> bool:
    households = [s.household_id for s in actor.standings if s.household_id]
    return (
        bool(households)
        and HouseholdMember.objects.filter(household__in=households, person_id=person_id, until=None).exists()
    )


def _keeps_roll_of(actor: Actor, area_path: str) -> bool:
    """Whether the actor is an officer of the community (or of a community above) in which an area lies."""
    return any(office.covers(area_path) for office in actor.holding(ROLL_DUTIES, COMMUNITY_KINDS))


def roll_areas(actor: Actor) -> Sequence[Any]:
    """The offices by which the actor keeps household rolls."""
    return actor.holding(ROLL_DUTIES, COMMUNITY_KINDS)


def may_keep_roll(actor: Actor, at: dt.datetime) -> Verdict:
    """Officers of a community's committee keep its household roll and answer requests."""
    if roll_areas(actor):
        return YES
    return no(_("户口名册和核实申请由社区居委会的在任工作人员办理。"), what_now=_("请与您所在社区的居委会联系。"))


def may_record_consent(actor: Actor, person_id: int | None, manner: str, at: dt.datetime) -> Verdict:
    """One's own; an office holder's for someone who spoke or signed; a housemate's for a housemate."""
    if person_id is not None and person_id in (actor.person_id, actor.helping_id):
        return YES
    if actor.offices or (person_id is None and manner == Consent.Manner.ONLINE):
        return YES
    if person_id is not None and _shares_household(actor, person_id):
        return YES
    return no(
        _("只有本人、同户家人或在任工作人员可以登记同意。"), CONSENT_LAW, _("请本人登录，或请社区工作人员代为登记。")
    )


def may_withdraw_consent(actor: Actor, consent: Consent, at: dt.datetime) -> Verdict:
    """One's own, or that of the person one helps."""
    if consent.person_id is not None and consent.person_id in (actor.person_id, actor.helping_id):
        return YES
    return no(_("同意只能由本人撤回。"), _("个人信息保护法第 15 条"))


def may_add_person(actor: Actor, at: dt.datetime) -> Verdict:
    """Anyone in office may open a record for a caller or a new office holder."""
    if actor.offices:
        return YES
    return no(_("为别人建档需要在任职务。"), what_now=_("请社区工作人员代为登记。"))


def may_start_helping(actor: Actor, helped_id: int | None, at: dt.datetime) -> Verdict:
    """Anyone in office helps anyone; a resident helps those of the own household."""
    if actor.person_id is None:
        return SIGN_IN
    if helped_id == actor.person_id:
        return no(_("您不用为自己代办。"), what_now=_("直接办理即可。"))
    if helped_id is not None:
        helped = Person.objects.filter(pk=helped_id, town_id=actor.town_id, erased_at=None).first()
        if helped is None:
            return hidden()
    if actor.offices or (helped_id is not None and _shares_household(actor, helped_id)):
        return YES
    return no(
        _("可以为同户家人代办，也可以由在任的社区、议事厅或网格工作人员代办。"),
        what_now=_("请在核实住户后为家人代办，或请社区工作人员代办。"),
    )


def may_change_profile(actor: Actor, person: Person | None, name: str, at: dt.datetime) -> Verdict:
    """One's own; a name checked against the roll is mended by a community officer."""
    if person is None:
        return SIGN_IN
    verified = Capacity.objects.filter(person=person, verified_at__isnull=False).exists() or bool(actor.offices)
    if verified and " ".join(name.split()) != person.name:
        return no(_("您的姓名已经与名册核对过。"), what_now=_("名册有误时，请带证件到社区居委会更正。"))
    return YES


def may_ask_verification(actor: Actor, person: Person | None, at: dt.datetime) -> Verdict:
    """Anyone signed in as a person."""
    return YES if person is not None else SIGN_IN


def may_verify_resident(actor: Actor, request: VerificationRequest, at: dt.datetime) -> Verdict:
    """An officer of that community, about someone else, once."""
    if not _keeps_roll_of(actor, request.community.path):
        return hidden() if not roll_areas(actor) else no(_("这份申请属于别的社区。"))
    if request.person_id == actor.person_id:
        return no(_("不能核实自己。"), what_now=_("请同事核实。"))
    if request.state != VerificationRequest.State.OPEN:
        return no(_("这份申请已经答复过了。"), what_now=_("需要更正时，请当事人重新申请。"))
    return YES


def may_make_invitation(actor: Actor, household: Household, at: dt.datetime) -> Verdict:
    """An officer of the household's community."""
    if _keeps_roll_of(actor, household.area.path):
        return YES
    return no(_("住户邀请码由该户所在社区的工作人员开具。"), what_now=_("请与您所在社区的居委会联系。"))


def may_redeem_invitation(actor: Actor, at: dt.datetime) -> Verdict:
    """Anyone signed in as a person, for themself."""
    if actor.person_id is None:
        return SIGN_IN
    if actor.helping_id is not None:
        return no(_("邀请码要由本人的账号使用。"), what_now=_("请先结束代办。"))
    return YES


def may_issue_token(actor: Actor, at: dt.datetime) -> Verdict:
    """Any account, for itself; not while acting for someone else."""
    if actor.user_id is None:
        return SIGN_IN
    if actor.helping_id is not None:
        return no(_("代办期间不能开令牌。"), what_now=_("请先结束代办。"))
    return YES


def may_revoke_token(actor: Actor, token: ApiToken | None, at: dt.datetime) -> Verdict:
    """One's own."""
    return YES if token is not None and token.user_id == actor.user_id else hidden()


def may_take_own_data(actor: Actor, person: Person | None, at: dt.datetime) -> Verdict:
    """The person themself."""
    if person is None:
        return SIGN_IN
    return YES if actor.helping_id is None else no(_("个人信息副本只交给本人。"), _("个人信息保护法第 45 条"))


def may_erase_own_data(actor: Actor, person: Person | None, at: dt.datetime) -> Verdict:
    """The person themself, once out of office."""
    if person is None:
        return SIGN_IN
    if actor.helping_id is not None:
        return no(_("删除个人信息只能由本人提出。"), _("个人信息保护法第 47 条"))
    if actor.offices or getattr(actor, "offices_waiting", False):
        return no(
            _("您还有在任职务，任职期间的履职信息须保留。"),
            _("个人信息保护法第 47 条第二款"),
            _("请先办理离任，再提出删除。"),
        )
    return YES
