"""What the demo needs to know of the town: who works where, who lives where, which body leads what."""

import datetime as dt
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from yishi.matters.bulk.kept import Hand
from yishi.matters.demo.reading import Story, categories
from yishi.matters.models import Category
from yishi.matters.permissions import DESK_DUTIES, DOING_DUTIES
from yishi.network.models import Area, Organisation, Post, Term
from yishi.people.models import Capacity, Person

Kind = Organisation.Kind
WORKING = ("执法", "城建", "公共服务", "社会事务", "生态", "应急", "综合治理", "市场")


@dataclass
class Place:
    """A community with its estates, its cooperatives and the organisations seated in it."""

    area: Area
    estates: list[Area] = field(default_factory=list)
    cooperatives: list[Organisation] = field(default_factory=list)
    by_kind: dict[str, Organisation] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """大圩, without 社区."""
        return self.area.name.removesuffix("社区")


class Sheet:
    """Read once; everything else is looked up here."""

    def __init__(self, town: Area, chance: random.Random) -> None:
        self.town, self.chance = town, chance
        self.organisations = {
            o.pk: o for o in Organisation.objects.filter(town=town, closed_on=None).select_related("area")
        }
        self.places = self._places()
        self.departments = [o for o in self.organisations.values() if o.kind == Kind.DEPARTMENT]
        self.working_departments = [d for d in self.departments if any(w in d.name for w in WORKING)]
        self.hotline = next((o for o in self.organisations.values() if o.kind == Kind.HOTLINE_CENTRE), None)
        self.people = self._people()
        self.residents = self._residents()
        self.accounts = dict(Person.objects.filter(town=town, user__isnull=False).values_list("pk", "name"))
        self.categories = make_categories(town)
        self._estate_orgs = {
            (o.area_id, o.kind): o
            for o in self.organisations.values()
            if o.kind in (Kind.OWNERS_COMMITTEE, Kind.PROPERTY_COMPANY)
        }

    def _places(self) -> list[Place]:
        areas = list(Area.objects.filter(town=self.town, closed_on=None).order_by("pk"))
        places = {a.pk: Place(a) for a in areas if a.kind == Area.Kind.COMMUNITY}
        for area in areas:
            home = next((places[int(s)] for s in area.path.split("/") if s and int(s) in places), None)
            if home is not None and area.kind == Area.Kind.ESTATE:
                home.estates.append(area)
        for o in self.organisations.values():
            home = next((places[int(s)] for s in o.area.path.split("/") if s and int(s) in places), None)
            if home is None:
                continue
            if o.kind == Kind.ECONOMIC_COOPERATIVE:
                home.cooperatives.append(o)
            if o.area_id == home.area.pk:
                home.by_kind.setdefault(o.kind, o)
        return list(places.values())

    def _people(self) -> dict[int, list[tuple[int, str]]]:
        found: dict[int, list[tuple[int, str]]] = defaultdict(list)
        terms = Term.objects.filter(until=None, post__organisation__town=self.town).order_by("pk")
        for organisation, person, duty in terms.values_list("post__organisation_id", "person_id", "post__duty"):
            found[organisation].append((person, duty))
        return found

    def _residents(self) -> dict[int, list[int]]:
        """Grown residents by community."""
        paths = {p.area.path: p.area.pk for p in self.places}
        found: dict[int, list[int]] = defaultdict(list)
        capacities = Capacity.objects.filter(
            kind=Capacity.Kind.RESIDENT, area__town=self.town, verified_at__isnull=False,
            person__birth_date__lt=dt.date(2004, 1, 1),
        ).order_by("pk")  # fmt: skip
        for path, person in capacities.values_list("area__path", "person_id"):
            home = next((pk for prefix, pk in paths.items() if path.startswith(prefix)), None)
            if home is not None:
                found[home].append(person)
        return found

    # --- who acts ----------------------------------------------------------------------------

    def hand(
        self, organisation: Organisation, duties: frozenset[str] = DOING_DUTIES, but: Sequence[int] = ()
    ) -> Hand | None:
        """Someone of an organisation with one of these duties, other than ``but``."""
        able = [p for p, duty in self.people[organisation.pk] if duty in duties and p not in but]
        return Hand(self.chance.choice(able), organisation.pk) if able else None

    def desk(self, place: Place, channel: str, but: Sequence[int] = ()) -> Hand:
        """Who sorts: the hotline's dispatcher for its tickets, else the community's officer."""
        committee = place.by_kind.get(Kind.RESIDENTS_COMMITTEE)
        order = [self.hotline, committee] if channel in ("hotline", "message_board") else [committee, self.hotline]
        for organisation in order:
            found = self.hand(organisation, frozenset(DESK_DUTIES), but) if organisation else None
            if found:
                return found
        return Hand(None)

    def supervisor(self, place: Place) -> Hand | None:
        """Who accepts what the community itself has done."""
        found = place.by_kind.get(Kind.SUPERVISION_COMMITTEE)
        return self.hand(found, frozenset({Post.Duty.SUPERVISOR})) if found else None

    def lead(
        self, story: Story, place: Place, estate: Area | None, cooperative: Organisation | None
    ) -> Organisation | None:
        """Who may lead such a matter there."""
        if story.decider in ("department", "emergency"):
            parts = story.lead.split("|") if story.lead else ()
            return next((d for part in parts for d in self.departments if part in d.name), None) or (
                self.departments[0] if self.departments else None
            )
        if story.decider == "cooperative":
            return cooperative
        if story.decider == "party":
            return place.by_kind.get(Kind.PARTY_COMMITTEE) or place.by_kind.get(Kind.GENERAL_PARTY_BRANCH)
        if story.decider == "owners" and estate is not None:
            kinds = [Kind.PROPERTY_COMPANY, Kind.OWNERS_COMMITTEE]
            found = [o for k in kinds if (o := self._estate_orgs.get((estate.pk, k))) and self.hand(o)]
            if found:
                return found[0]
        return place.by_kind.get(Kind.RESIDENTS_COMMITTEE)


def make_categories(town: Area) -> dict[str, Category]:
    """The label tree, made where it is not there yet; kinds by name."""
    found: dict[str, Category] = {}
    for group in categories():
        parent, _ = Category.objects.get_or_create(
            town=town, key=group["key"], defaults={"name": group["name"], "name_en": group["name_en"]}
        )
        for key, name, english, words in group["kinds"]:
            found[name], _ = Category.objects.get_or_create(
                town=town, key=f"{group['key']}/{key}",
                defaults={"parent": parent, "name": name, "name_en": english, "words": words},
            )  # fmt: skip
    return found
