"""The demo town's organisations: Party and civil trees side by side, with dated ties."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field

from yishi.network.demo_places import Places
from yishi.network.demo_words import DEPARTMENTS, FIRMS, OTHER_DEPARTMENT_BRANCHES, PROPERTY_COMPANIES, RURAL
from yishi.network.models import Area, Edge, Organisation

BRANCHES = 493
JOINT = 15  # branches that serve two cooperatives: 321 cooperatives have 306 branches
KIND = Organisation.Kind
PARTY, CIVIL = Organisation.Tree.PARTY, Organisation.Tree.CIVIL
FOUNDED = dt.date(2014, 5, 1)


@dataclass
class Organisations:
    """The organisations by what they are; lists run beside the areas they belong to."""

    government: Organisation
    party_committee: Organisation
    hotline: Organisation
    departments: list[Organisation]
    committees: list[Organisation]
    community_parties: list[Organisation]
    supervision: list[Organisation]
    cooperatives: list[Organisation]
    unions: list[Organisation]
    society_branches: list[Organisation]
    other_branches: list[Organisation]
    owners: list[Organisation]
    companies: list[Organisation]
    residents_halls: list[Organisation]
    neighbours_halls: list[Organisation]
    womens_halls: list[Organisation]
    served: list[list[Organisation]] = field(default_factory=list)


def _make(area: Area, kind: str, name: str, english: str = "", tree: str = CIVIL, **fields: object) -> Organisation:
    return Organisation(
        town=area.town, area=area, kind=kind, name=name, name_en=english, tree=tree, opened_on=FOUNDED, **fields
    )


def _store(rows: list[Organisation]) -> list[Organisation]:
    return Organisation.objects.bulk_create(rows, batch_size=500)


def _short(area: Area) -> str:
    return area.name.removesuffix("社区")


def build_organisations(places: Places) -> Organisations:
    """Everything that sits somewhere; ties come after."""
    town, communities = places.town, places.communities
    government, party_committee, hotline = _store(
        [
            _make(town, KIND.TOWN_GOVERNMENT, "大沥镇人民政府", "Dali Town Government"),
            _make(town, KIND.PARTY_COMMITTEE, "大沥镇党委", "Dali Town Party Committee", PARTY),
            _make(town, KIND.HOTLINE_CENTRE, "大沥镇 12345 热线办", "Dali 12345 Hotline Office"),
        ]
    )
    made = Organisations(
        government=government,
        party_committee=party_committee,
        hotline=hotline,
        departments=_store([_make(town, KIND.DEPARTMENT, name, english) for name, english in DEPARTMENTS]),
        committees=_store([_make(c, KIND.RESIDENTS_COMMITTEE, f"{c.name}居民委员会", f"{c.name_en} Residents' Committee") for c in communities]),
        community_parties=_store([_make(c, KIND.PARTY_COMMITTEE, f"{c.name}党委", f"{c.name_en} Party Committee", PARTY) for c in communities]),
        supervision=_store([_make(c, KIND.SUPERVISION_COMMITTEE, f"{c.name}居务监督委员会", f"{c.name_en} Supervision Committee") for c in communities]),
        cooperatives=_store([_make(a, KIND.ECONOMIC_COOPERATIVE, a.name) for a in places.cooperatives]),
        unions=_store([_make(c, KIND.COOPERATIVE_UNION, f"{_short(c)}经济联合社") for c in communities[:RURAL]]),
        society_branches=[], other_branches=[],
        owners=_store([_make(e, KIND.OWNERS_COMMITTEE, f"{e.name}业主委员会") for e in places.estates[:22]]),
        companies=_store([_make(e, KIND.PROPERTY_COMPANY, PROPERTY_COMPANIES[i % len(PROPERTY_COMPANIES)]) for i, e in enumerate(places.estates)]),
        residents_halls=_store([_make(c, KIND.RESIDENTS_HALL, f"{_short(c)}居民议事厅", f"{c.name_en} Residents' Hall") for c in communities]),
        neighbours_halls=_store([_make(c, KIND.NEIGHBOURS_HALL, f"{_short(c)}近邻议事厅", f"{c.name_en} Neighbours' Hall") for c in communities[:30]]),
        womens_halls=_store([_make(c, KIND.WOMENS_HALL, f"{_short(c)}芳华议事厅", f"{c.name_en} Fanghua Women's Hall", sensitive=True) for c in communities[:12]]),
    )  # fmt: skip
    _store([_make(c, KIND.NEIGHBOURHOOD_ASSOCIATION, f"{_short(c)}街坊会") for c in communities[:20]])
    _branches(made, places)
    _ties(made)
    return made


def _branches(made: Organisations, places: Places) -> None:
    """306 branches for 321 cooperatives, 15 of them joint to two; the rest in organs, estates and firms."""
    societies: dict[int | None, list[Organisation]] = defaultdict(list)
    for society in made.cooperatives:
        societies[society.area.parent_id].append(society)
    for i, own in enumerate(societies.values()):
        joint = [own[-2:]] if i < JOINT else []
        made.served += [[o] for o in own[: len(own) - 2 * len(joint)]] + joint
    made.society_branches = _store([_branch(societies[0].area, _branch_name(societies)) for societies in made.served])
    others = [_branch(places.town, f"机关第{i + 1}党支部") for i in range(OTHER_DEPARTMENT_BRANCHES)]
    others += [_branch(e, f"{e.name}党支部") for e in places.estates]
    left = BRANCHES - len(made.society_branches) - len(others)
    for i in range(left):
        community = places.communities[i % len(places.communities)]
        others.append(_branch(community, f"{_short(community)}{FIRMS[i // len(places.communities)]}企业联合党支部"))
    made.other_branches = _store(others)


def _branch_name(societies: list[Organisation]) -> str:
    stems = "、".join(s.name.removesuffix("经济社") for s in societies)
    return f"{stems}联合党支部" if len(societies) > 1 else f"{stems}党支部"


def _branch(area: Area, name: str) -> Organisation:
    return _make(area, KIND.PARTY_BRANCH, name, tree=PARTY)


def _ties(made: Organisations) -> None:
    """Who is under whom, whom a branch serves, and which branch is joint."""
    by_path = {o.area.path: o for o in made.community_parties}
    unions = {o.area.path: o for o in made.unions}

    def above(area: Area, table: dict[str, Organisation]) -> Organisation | None:
        return next((o for path, o in table.items() if area.path.startswith(path)), None)

    edges = [_tie(o, made.party_committee) for o in made.community_parties]
    edges += [_tie(o, made.government) for o in (*made.departments, made.hotline)]
    edges += [
        _tie(b, above(b.area, by_path) or made.party_committee) for b in (*made.society_branches, *made.other_branches)
    ]
    edges += [_tie(o, union) for o in made.cooperatives if (union := above(o.area, unions))]
    for branch, societies in zip(made.society_branches, made.served, strict=True):
        kind = Edge.Kind.JOINT if len(societies) > 1 else Edge.Kind.SERVES
        edges += [Edge(child=branch, parent=society, kind=kind, since=FOUNDED) for society in societies]
    Edge.objects.bulk_create(edges, batch_size=500)


def _tie(child: Organisation, parent: Organisation) -> Edge:
    return Edge(child=child, parent=parent, kind=Edge.Kind.UNDER, since=FOUNDED)
