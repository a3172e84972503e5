"""Who may see and change the network: the town's organisation officers; never for themselves."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from yishi.core.verdicts import YES, Verdict, hidden, no
from yishi.network.models import Organisation, Post, Term
from yishi.network.viewers import Duty, Kind, Office, Viewer

ORGANISERS = frozenset({Kind.TOWN_GOVERNMENT, Kind.PARTY_COMMITTEE})
DUTIES = frozenset({Duty.OFFICER, Duty.DIRECTOR, Duty.SECRETARY, Duty.DEPUTY_SECRETARY, Duty.COMMITTEE_MEMBER})
ASK_TOWN = _("请与镇组织办联系。")


def _of_the_town(office: Office, town_id: int) -> bool:
    """Seated in the town itself, not in one of its communities."""
    return office.town_id == town_id and office.area_id == town_id


def organises(viewer: Viewer, town_id: int) -> bool:
    """Whether the viewer holds an office that manages the town's network."""
    return any(_of_the_town(office, town_id) for office in viewer.holding(DUTIES, ORGANISERS))


def may_manage_network(viewer: Viewer, town_id: int, at: dt.datetime) -> Verdict:
    """Officers of the town government or the town Party committee."""
    if organises(viewer, town_id):
        return YES
    return no(_("组织和任职由镇组织办维护。"), what_now=ASK_TOWN)


def may_import_network(viewer: Viewer, town_id: int, at: dt.datetime) -> Verdict:
    """The same who manage it."""
    return may_manage_network(viewer, town_id, at)


def may_appoint(viewer: Viewer, post: Post, person_id: int | None, at: dt.datetime) -> Verdict:
    """Town organisers appoint others, to posts of organisations that exist."""
    verdict = may_manage_network(viewer, post.organisation.town_id, at)
    if not verdict:
        return verdict
    if person_id is not None and person_id == viewer.person_id:
        return no(_("不能给自己登记任职。"), what_now=_("请由同事登记。"))
    if post.closed_on or post.organisation.closed_on:
        return no(_("这个职务或组织已经撤销。"))
    return YES


def may_end_term(viewer: Viewer, term: Term, at: dt.datetime) -> Verdict:
    """Town organisers, for others, once."""
    verdict = may_manage_network(viewer, term.post.organisation.town_id, at)
    if not verdict:
        return verdict
    if term.person_id == viewer.person_id:
        return no(_("不能改自己的任期。"), what_now=_("请由同事登记。"))
    if term.until is not None:
        return no(_("这段任期已经结束。"), what_now=_("日期有误时，请重新登记任职并写明原因。"))
    return YES


def may_close_organisation(viewer: Viewer, organisation: Organisation, at: dt.datetime) -> Verdict:
    """Town organisers, once everyone has been let go."""
    verdict = may_manage_network(viewer, organisation.town_id, at)
    if not verdict:
        return verdict
    if organisation.closed_on:
        return no(_("这个组织已经撤销。"))
    held = Term.objects.filter(post__organisation=organisation, until=None).count()
    if held:
        return no(
            _("还有 %(count)d 人在任，不能撤销。") % {"count": held}, what_now=_("请先登记他们离任，再撤销组织。")
        )
    return YES


def may_see_history(viewer: Viewer, person_id: int, town_id: int | None, at: dt.datetime) -> Verdict:
    """A person's former posts: the person, town organisers, auditors and supervisors of the town."""
    if viewer.person_id == person_id:
        return YES
    if town_id is not None and organises(viewer, town_id):
        return YES
    if any(o.town_id == town_id for o in viewer.holding((Duty.AUDITOR, Duty.SUPERVISOR))):
        return YES
    return hidden()
