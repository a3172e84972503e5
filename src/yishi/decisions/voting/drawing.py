"""The lines of a roll, from the facts of a day: capacities, terms, units. Nobody is left out in silence."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yishi.decisions.models import Decision, Roll, Unit, UnitOwner
from yishi.engines.procedure import Pack
from yishi.engines.tally import Person, RollError, full_capacity, owners_roll
from yishi.engines.tally import Unit as Part
from yishi.network import selectors as network
from yishi.network.viewers import Duty, Kind
from yishi.people import selectors as people

PARTY = (Kind.PARTY_BRANCH, Kind.GENERAL_PARTY_BRANCH, Kind.PARTY_COMMITTEE)
COMMITTEE_DUTIES = frozenset(
    {Duty.SECRETARY, Duty.DEPUTY_SECRETARY, Duty.DIRECTOR, Duty.PRESIDENT, Duty.COMMITTEE_MEMBER}
)
DEVELOPER = "developer"
MOST_UNITS_NAMED = 3
RESIDING = ("resident", "villager")


@dataclass(frozen=True, slots=True)
class Line:
    """One voter: the person or the several through whom they vote, as posted, with their weight."""

    person_id: int | None
    label: str
    household: str = ""
    heads: int = 1
    area: int = 0
    shares: int = 0
    holders: tuple[int, ...] = ()


@dataclass
class Drawn:
    """Lines in order; ``parts`` by the pack's names; ``faults`` say what must be mended before it may be used."""

    lines: list[Line] = field(default_factory=list)
    parts: dict[str, int] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    left_out: int = 0
    ageless: int = 0


def draw(decision: Decision, kind: str, pack: Pack, on: dt.date) -> Drawn:
    """The roll of this kind for a decision on a day."""
    return DRAWERS[kind](decision, pack, on)


def _of_age(holders: Iterable[people.RightHolder], on: dt.date) -> Drawn:
    drawn, ageless = Drawn(), 0
    for h in holders:
        if h.born is None:
            ageless += 1
            continue
        person = Person(str(h.person_id), h.born, h.basis == "own_labour", h.basis == "court_limited")
        if full_capacity(person, on):
            drawn.lines.append(Line(h.person_id, h.name, h.household))
        else:
            drawn.left_out += 1
    drawn.ageless = ageless
    if ageless:
        drawn.faults.append(
            ngettext(
                "%(n)s 人缺出生日期，不能判断有没有表决资格：请先在名册中补上。",
                "%(n)s 人缺出生日期，不能判断有没有表决资格：请先在名册中补上。",
                ageless,
            ) % {"n": ageless}
        )  # fmt: skip
    return drawn


def members(decision: Decision, pack: Pack, on: dt.date) -> Drawn:
    """Members of full civil capacity of the organisation."""
    return _of_age(people.right_holders(["member"], on, organisation_id=decision.organisation_id), on)


def adults(decision: Decision, pack: Pack, on: dt.date) -> Drawn:
    """Villagers and residents of 18 and over in the area."""
    return _of_age(people.right_holders(RESIDING, on, area_path=decision.area.path), on)


def households(decision: Decision, pack: Pack, on: dt.date) -> Drawn:
    """One line a household, which votes through any of its adults."""
    grown, by_household = adults(decision, pack, on), dict[str, list[Line]]()
    for line in grown.lines:
        if line.household:
            by_household.setdefault(line.household, []).append(line)
    drawn = Drawn(faults=grown.faults, left_out=grown.left_out)
    for number, lines in by_household.items():
        holders = tuple(one.person_id for one in lines if one.person_id)
        drawn.lines.append(Line(None, _("%(name)s 户") % {"name": lines[0].label}, number, holders=holders))
    return drawn


def _terms(organisation_ids: Iterable[int], duties: frozenset[str], on: dt.date) -> dict[int, str]:
    """Who holds such a post on the day → name, each once."""
    found: dict[int, str] = {}
    for pk in organisation_ids:
        for term in network.holders_of(pk, on):
            if term.post.duty in duties:
                found.setdefault(term.person_id, term.person.name)
    return found


def _body(found: dict[int, str]) -> Drawn:
    numbers = people.households_of(found)
    lines = [Line(pk, name, numbers.get(pk, "")) for pk, name in found.items()]
    return Drawn(sorted(lines, key=lambda line: (line.household, line.label, line.person_id or 0)))


def representatives(decision: Decision, pack: Pack, on: dt.date) -> Drawn:
    """Representatives; of a villagers' representatives' assembly its committee belongs to the body too."""
    reps = elected(decision, on)
    both = pack.family == "VRA"
    drawn = _body(reps | _terms([decision.organisation_id], COMMITTEE_DUTIES, on) if both else reps)
    drawn.parts["reps"] = len(reps)
    return drawn


def elected(decision: Decision, on: dt.date) -> dict[int, str]:
    """The elected representatives → name."""
    return _terms([decision.organisation_id], frozenset({Duty.REPRESENTATIVE}), on)


def party_of(decision: Decision) -> list[int]:
    """The Party organisation that goes with the deciding one: tied to it, else seated in its area."""
    tied = network.organisations_tied(decision.organisation_id, PARTY)
    return tied or [o.pk for o in network.organisations(decision.town_id, PARTY) if o.area_id == decision.area_id]


def leading_party_of(decision: Decision) -> list[int]:
    """Of several Party organisations of a place, its committee before the branches that sit there too."""
    found = party_of(decision)
    kinds = {o.pk: PARTY.index(Kind(o.kind)) for o in network.organisations(decision.town_id, PARTY) if o.pk in found}
    return [pk for pk in found if kinds[pk] == max(kinds.values())] if len(found) > 1 else found


def council(decision: Decision, pack: Pack, on: dt.date) -> Drawn:
    """The council's directors, or the committee of the Party branch."""
    of_party = pack.family == "PARTY-CM"
    return _body(_terms(leading_party_of(decision) if of_party else [decision.organisation_id], COMMITTEE_DUTIES, on))


def committees(decision: Decision, pack: Pack, on: dt.date) -> Drawn:
    """Both committees, each person once."""
    return _body(_terms([*leading_party_of(decision), decision.organisation_id], COMMITTEE_DUTIES, on))


def party_members(decision: Decision, pack: Pack, on: dt.date) -> Drawn:
    """Members of the branch who may vote; probationary members may not."""
    found: dict[int, people.RightHolder] = {}
    for pk in party_of(decision):
        found |= {h.person_id: h for h in people.right_holders(["party_member"], on, organisation_id=pk)}
    voting = [h for h in found.values() if h.basis != "probationary"]
    lines = [Line(h.person_id, h.name, h.household) for h in voting]
    return Drawn(lines, left_out=len(found) - len(voting))


def owners(decision: Decision, pack: Pack, on: dt.date) -> Drawn:
    """Owners of an estate: one head each however many units, joint owners one voter, the developer one head."""
    chosen = Unit.objects.filter(estate__path__startswith=decision.area.path)
    if pack.family == "OWN-279" and decision.settings.get("building"):
        chosen = chosen.filter(building=decision.settings["building"])
    units = list(chosen.order_by("building", "number"))
    held: dict[int, list[int]] = {}
    for row in UnitOwner.objects.filter(network.held_on(on), unit__in=units).order_by("person_id"):
        held.setdefault(row.unit_id, []).append(row.person_id)
    parts = [
        Part(
            u.number, u.area_hundredths, tuple(str(p) for p in held.get(u.pk, ())), u.kind != Unit.Kind.COMMON,
            u.delivered,
        )
        for u in units
    ]  # fmt: skip
    try:
        roll = owners_roll(parts, DEVELOPER)
    except RollError as error:
        return Drawn(faults=[str(error)])
    by_voter: dict[str, list[str]] = {}
    for part in parts:
        if part.exclusive:
            sold = part.owners and part.delivered
            by_voter.setdefault("+".join(sorted(set(part.owners))) if sold else DEVELOPER, []).append(part.id)
    names = people.names_of({p for persons in held.values() for p in persons})
    lines = [_owner(voter, by_voter[voter], weight.area, names) for voter, weight in roll.weights.items()]
    return Drawn(lines, left_out=len(roll.left_out))


def _owner(voter: str, units: list[str], area: int, names: dict[int, str]) -> Line:
    shown = "、".join(units[:MOST_UNITS_NAMED])
    if len(units) > MOST_UNITS_NAMED:
        shown = _("%(some)s 等 %(n)s 处") % {"some": shown, "n": len(units)}
    if voter == DEVELOPER:
        return Line(None, _("建设单位（未售、未交付）"), shown[:40], area=area)
    people_ids = tuple(int(p) for p in voter.split("+"))
    label = "、".join(names[p] for p in people_ids)[:60]
    if len(people_ids) == 1:
        return Line(people_ids[0], label, shown[:40], area=area)
    return Line(None, label, shown[:40], area=area, holders=people_ids)


DRAWERS: dict[str, Callable[[Decision, Pack, dt.date], Drawn]] = {
    Roll.Kind.MEMBERS: members, Roll.Kind.REPRESENTATIVES: representatives, Roll.Kind.COUNCIL: council,
    Roll.Kind.COMMITTEES: committees, Roll.Kind.PARTY_MEMBERS: party_members, Roll.Kind.OWNERS: owners,
    Roll.Kind.AFFECTED_OWNERS: owners, Roll.Kind.ADULTS: adults, Roll.Kind.HOUSEHOLDS: households,
    Roll.Kind.VOTERS: adults,
}  # fmt: skip
