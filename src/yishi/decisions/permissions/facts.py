"""Facts from which rights on a decision follow: who is in charge, who convenes, who supervises, whose affair it is."""

import datetime as dt
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from yishi.core.verdicts import YES, Verdict, hidden, no
from yishi.decisions.models import Decision
from yishi.decisions.routing.subjects import COOPERATIVES, OWNERS, PARTIES
from yishi.network.viewers import COMMUNITY_KINDS, Duty, Kind, Office, Viewer

if TYPE_CHECKING:
    from yishi.network.models import Organisation

IN_CHARGE = frozenset(
    {Duty.SECRETARY, Duty.DEPUTY_SECRETARY, Duty.DIRECTOR, Duty.PRESIDENT, Duty.COMMITTEE_MEMBER, Duty.OFFICER}
)
LEADING = frozenset({Duty.SECRETARY, Duty.DEPUTY_SECRETARY, Duty.COMMITTEE_MEMBER, Duty.OFFICER})
TOWN = frozenset({Kind.TOWN_GOVERNMENT})
TOWN_DUTIES = frozenset({Duty.OFFICER, Duty.DIRECTOR, Duty.SECRETARY, Duty.DEPUTY_SECRETARY})
SEATED = frozenset(
    {
        Kind.PARTY_BRANCH, Kind.GENERAL_PARTY_BRANCH, Kind.ECONOMIC_COOPERATIVE, Kind.COOPERATIVE_UNION,
        Kind.OWNERS_COMMITTEE, *COMMUNITY_KINDS,
    }
)  # fmt: skip
# Whose body it is: those on the organisation's own register, or everyone of the place with such a capacity.
REGISTERED = ((PARTIES, "party_member"), (COOPERATIVES, "member"))
OF_THE_PLACE = ((OWNERS, frozenset({"owner"})), (COMMUNITY_KINDS, frozenset({"villager", "resident"})))


def in_charge(viewer: Viewer, organisation: "Organisation") -> bool:
    """Whether the viewer holds an office in the organisation that brings matters to its body and carries them out."""
    return any(o.organisation_id == organisation.pk for o in viewer.holding(IN_CHARGE))


def leads_party(viewer: Viewer, organisation: "Organisation") -> bool:
    """Whether the viewer is in office in the Party organisation of the same place, or is the organisation's own."""
    return any(
        o.area_id == organisation.area_id or o.organisation_id == organisation.pk
        for o in viewer.holding(LEADING, PARTIES)
    )


def guides(viewer: Viewer, organisation: "Organisation", area_path: str) -> bool:
    """Whether the viewer is in office in the community's committee or Party organisation around it."""
    kinds = COMMUNITY_KINDS | {Kind.PARTY_COMMITTEE, Kind.GENERAL_PARTY_BRANCH}
    return any(o.covers(area_path) for o in viewer.holding(IN_CHARGE, kinds))


def of_the_town(viewer: Viewer, organisation: "Organisation") -> bool:
    """Whether the viewer is an officer of the town government."""
    return any(o.town_id == organisation.town_id for o in viewer.holding(TOWN_DUTIES, TOWN))


def watches(viewer: Viewer, decision: Decision) -> bool:
    """Whether the viewer supervises the deciding organisation."""
    return viewer.supervises(decision.organisation_id, decision.area.path)


def oversees(viewer: Viewer, decision: Decision) -> bool:
    """Whether the viewer supervises the deciding organisation, or is the town's officer."""
    return watches(viewer, decision) or of_the_town(viewer, decision.organisation)


def is_concerned(viewer: Viewer, decision: Decision) -> bool:
    """Whether the decision is about the viewer, or the person they help: they then have no hand in it."""
    return decision.concerned_id is not None and decision.concerned_id in (viewer.person_id, viewer.helping_id)


def works_on(viewer: Viewer, decision: Decision) -> bool:
    """Whether the viewer carries the decision along: proposer, who is in charge, or the Party organisation beside it."""
    if viewer.person_id is None or is_concerned(viewer, decision):
        return False
    return (
        decision.proposer_id == viewer.person_id or in_charge(viewer, decision.organisation)
        or leads_party(viewer, decision.organisation)
    )  # fmt: skip


def belongs(viewer: Viewer, organisation: "Organisation", area_path: str) -> bool:
    """Whether the viewer is one of those whose affair it is: a verified capacity in the organisation or its place."""
    return any(
        s.organisation_id == organisation.pk or (s.area_path and s.area_path.startswith(area_path))
        for s in viewer.standings
    )


def votes_in(viewer: Viewer, organisation: "Organisation") -> bool:
    """Whether the viewer is one of those for whom the organisation's bodies decide: a Party member of this branch, a
    member of this cooperative, an owner, villager or resident of the place."""
    for kinds, kind in REGISTERED:
        if organisation.kind in kinds:
            return any(s.kind == kind and s.organisation_id == organisation.pk for s in viewer.standings)
    wanted = next((of for kinds, of in OF_THE_PLACE if organisation.kind in kinds), frozenset[str]())
    return any(
        s.kind in wanted
        and (s.organisation_id == organisation.pk or (s.area_path and s.area_path.startswith(organisation.area.path)))
        for s in viewer.standings
    )


def is_comrade(viewer: Viewer, organisation: "Organisation") -> bool:
    """Whether the viewer is a Party member of that organisation."""
    return any(s.kind == "party_member" and s.organisation_id == organisation.pk for s in viewer.standings)


def may_see_decision(viewer: Viewer, decision: Decision, at: dt.datetime | None = None) -> Verdict:
    """Public ones: everyone. Those inside an organisation: its members and offices; to all others, 404."""
    if decision.is_public:
        return YES
    inside = viewer.serves(decision.organisation_id) or is_comrade(viewer, decision.organisation)
    own = viewer.person_id is not None and viewer.person_id == decision.proposer_id
    return YES if inside or own else hidden()


def seen(viewer: Viewer, decision: Decision, verdict: Verdict) -> Verdict:
    """A verdict that never tells of what the viewer may not see."""
    return verdict if may_see_decision(viewer, decision) else hidden()


def supervises(viewer: Viewer, decision: Decision) -> bool:
    """Whether the viewer oversees a decision that they may see; never one that is about them."""
    return (
        oversees(viewer, decision) and not is_concerned(viewer, decision) and bool(may_see_decision(viewer, decision))
    )


def convening_office(viewer: Viewer, decision: Decision) -> Office | None:
    """The office by which the viewer convenes for a decision that they may see and that is not about them, that of its
    own organisation first.

    Officers of the deciding organisation, of the Party organisation and committees seated in its area, and of the
    community convene; the town's once a petition that binds was put before it because nobody did.
    """
    if is_concerned(viewer, decision) or not may_see_decision(viewer, decision):
        return None
    found = [o for o in viewer.holding(IN_CHARGE) if _convenes(o, decision)] or _of_town_asked(viewer, decision)
    return min(found, key=lambda o: o.organisation_id != decision.organisation_id, default=None)


def _convenes(office: Office, decision: Decision) -> bool:
    if office.organisation_id == decision.organisation_id:
        return True
    kind = office.organisation_kind
    return (kind in SEATED and office.area_id == decision.area_id) or (
        kind in COMMUNITY_KINDS and office.covers(decision.area.path)
    )


def _of_town_asked(viewer: Viewer, decision: Decision) -> list[Office]:
    town = [o for o in viewer.holding(IN_CHARGE, TOWN) if o.town_id == decision.town_id]
    return town if town and decision.petitions.exclude(escalated_at=None).exists() else []


def signed_in(viewer: Viewer) -> Verdict:
    """Someone must act."""
    return YES if viewer.person_id is not None else no(_("请先登录。"))


def running(decision: Decision) -> Verdict:
    """Nothing is added to what has ended."""
    ended = decision.status != Decision.Status.RUNNING
    return no(_("这件事已经终结：%(status)s。") % {"status": decision.get_status_display()}) if ended else YES
