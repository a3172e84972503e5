"""The demo town: the shape of Dali, with invented people; seeded and reproducible.

42 communities, 321 cooperatives, 493 Party branches, 306 secretaries of
cooperatives' branches and 321 presidents (15 branches joint to two
cooperatives, three persons holding both posts), departments, halls, estates,
households. Accounts of the personas are in :data:`PERSONAS`, all with
:data:`PASSWORD`.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction

from yishi.core import audit, search
from yishi.core.demo import DemoSize, Tick
from yishi.network.demo_households import build_households
from yishi.network.demo_organisations import Organisations, build_organisations
from yishi.network.demo_people import People
from yishi.network.demo_places import Places, build_places
from yishi.network.demo_posts import Posts, fill_posts
from yishi.network.findable import KIND, text_of
from yishi.network.models import Area, Organisation, Post, Term
from yishi.people.models import Household, HouseholdMember, Person, User

PASSWORD = "yishi-demo-2026"  # noqa: S105 printed for everyone; the demo town holds nobody's data


@dataclass(frozen=True, slots=True)
class Persona:
    """Someone to sign in as: the account's e-mail address and what they are."""

    email: str
    zh: str
    en: str


PERSONAS = (
    Persona("resident@dali.example", "居民，大圩社区住户", "Resident of Dawei"),
    Persona("owner@dali.example", "业主，御水岸", "Owner in Yushui'an"),
    Persona("newcomer@dali.example", "刚注册，未核实", "Just signed up, not verified"),
    Persona("deliberator@dali.example", "议事员，大圩近邻议事厅", "Deliberator, Dawei Neighbours' Hall"),
    Persona("host@dali.example", "创熟专干，大圩居民议事厅", "Host of Dawei Residents' Hall"),
    Persona("officer@dali.example", "大圩社区工作人员", "Community officer, Dawei"),
    Persona("secretary@dali.example", "大圩社区党委书记、居委会主任", "Secretary and director, Dawei"),
    Persona("grid@dali.example", "大圩社区网格员", "Grid worker, Dawei"),
    Persona("branch@dali.example", "白界西经济社党支部书记", "Branch secretary, Baijiexi"),
    Persona("president@dali.example", "白界西经济社社长", "President, Baijiexi cooperative"),
    Persona("supervisor@dali.example", "大圩居务监督委员会主任", "Head of supervision, Dawei"),
    Persona("dispatcher@dali.example", "12345 热线办派单员", "Hotline dispatcher"),
    Persona("enforcement@dali.example", "综合行政执法办科员", "Officer, urban management"),
    Persona("works@dali.example", "城建和水利办科员", "Officer, construction and water"),
    Persona("town@dali.example", "镇组织办干部", "Town organisation officer"),
    Persona("auditor@dali.example", "镇审计员", "Town auditor"),
    Persona("keeper@dali.example", "系统管理员（不办事）", "Keeper of the installation"),
)


def _holder(organisation: Organisation, duty: str) -> Person:
    return Term.objects.filter(post__organisation=organisation, post__duty=duty, until=None).order_by("pk")[0].person


def _member(household: Household) -> Person:
    return HouseholdMember.objects.filter(household=household).order_by("pk")[0].person


def _who(
    made: Organisations, households: dict[int, list[Household]], places: Places, people: People
) -> dict[str, Person | None]:
    """Which person each persona is."""
    duty = Post.Duty
    newcomer = people.draw(youngest=28, oldest=36)
    people.store(lambda n: None)
    departments = {o.name: o for o in made.departments}
    return {
        "resident": _member(households[places.communities[0].pk][0]),
        "owner": _member(households[places.estates[0].pk][0]),
        "newcomer": newcomer,
        "deliberator": _holder(made.neighbours_halls[0], duty.DELIBERATOR),
        "host": _holder(made.residents_halls[0], duty.HOST),
        "officer": _holder(made.committees[0], duty.OFFICER),
        "secretary": _holder(made.community_parties[0], duty.SECRETARY),
        "grid": _holder(made.committees[0], duty.GRID_WORKER),
        "branch": _holder(made.society_branches[0], duty.SECRETARY),
        "president": _holder(made.cooperatives[0], duty.PRESIDENT),
        "supervisor": _holder(made.supervision[0], duty.SUPERVISOR),
        "dispatcher": _holder(made.hotline, duty.DISPATCHER),
        "enforcement": _holder(departments["综合行政执法办公室"], duty.OFFICER),
        "works": _holder(departments["城建和水利办公室"], duty.OFFICER),
        "town": _holder(made.government, duty.OFFICER),
        "auditor": _holder(made.government, duty.AUDITOR),
        "keeper": None,
    }


def _accounts(who: dict[str, Person | None], size: DemoSize) -> None:
    kept = make_password(PASSWORD)
    for persona in PERSONAS:
        key = persona.email.partition("@")[0]
        user = User.objects.create(
            email=persona.email, password=kept, person=who[key], is_keeper=key == "keeper", created_at=size.now
        )
        EmailAddress.objects.create(user=user, email=persona.email, verified=True, primary=True)


@transaction.atomic
def build(size: DemoSize, tick: Tick) -> Area:
    """Build the town of the demo; returns it. Refuses nothing: the caller makes sure that there is none yet."""
    chance = random.Random(size.seed)
    places = build_places(chance)
    tick(len(places.cooperatives) + len(places.communities))
    made = build_organisations(places)
    people = People(places.town.pk, size.seed, size.now)
    posts = Posts(people, chance)
    fill_posts(posts, made)
    posts.store(tick)
    households = build_households(places, people, size.households, size.now, tick)
    _accounts(_who(made, households, places, people), size)
    rows = Organisation.objects.filter(town=places.town).select_related("area")
    tick(search.index_many(KIND, places.town.pk, [(o.pk, text_of(o), True) for o in rows]))
    audit.record("network.demo_built", places.town, at=size.now, actor_id=None, people=people.count)
    return places.town


def build_step(size: DemoSize, tick: Callable[[int], None]) -> None:
    """The step that the registry runs."""
    build(size, tick)
