"""The town of the tests and its people: each fixture named after a person gives their Viewer.

``town`` holds the areas and organisations; ``client_for(viewer)`` gives a
signed-in client; the clock stands at :data:`MOMENT` wherever ``town`` is used.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.test import Client

from yishi.core import clock
from yishi.network import selectors
from yishi.network.models import Area, Edge, Organisation, Post, Term
from yishi.network.viewers import Viewer, nobody
from yishi.people.models import Capacity, Household, HouseholdMember, Person, User

MOMENT = dt.datetime(2026, 9, 28, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Monday, a working day
SINCE = dt.date(2024, 1, 1)
PASSWORD = "one-password-for-tests"
Kind = Organisation.Kind
Duty = Post.Duty

__all__ = [
    "alice", "anonymous", "at", "auditor", "bob", "branch_secretary", "client_for", "deliberator", "department_officer", "dispatcher",
    "hall_host", "keeper", "make_person", "officer", "other_officer", "owner", "president", "secretary", "stranger", "supervisor", "town",
    "town_officer", "viewer_of_person",
]  # fmt: skip


@dataclass(frozen=True)
class Town:
    """The areas and organisations that tests speak of."""

    area: Area
    dawei: Area
    taiping: Area
    huangqi: Area
    baijiexi: Area
    yushuian: Area
    grid: Area
    household: Household
    government: Organisation
    party_committee: Organisation
    urban_management: Organisation
    housing: Organisation
    hotline: Organisation
    dawei_committee: Organisation
    dawei_branch: Organisation
    taiping_committee: Organisation
    cooperative: Organisation
    cooperative_branch: Organisation
    owners: Organisation
    property_company: Organisation
    residents_hall: Organisation
    neighbours_hall: Organisation
    womens_hall: Organisation


def _area(kind: str, name: str, parent: Area | None, town: Area | None, **fields: object) -> Area:
    area = Area.objects.create(kind=kind, name=name, parent=parent, town=town, **fields)
    area.path = f"{parent.path if parent else '/'}{area.pk}/"
    if kind == Area.Kind.TOWN:
        area.town = area
    area.save()
    return area


def _areas() -> dict[str, Area]:
    kind = Area.Kind
    district = _area(kind.DISTRICT, "南海区", None, None, name_en="Nanhai District")
    area = _area(kind.TOWN, "大沥镇", district, None, name_en="Dali Town", slug="dali", household_count=9000)
    found = {"area": area}
    for key, name, name_en, latitude, longitude in (
        ("dawei", "大圩社区", "Dawei Community", 23.112, 113.121),
        ("taiping", "太平社区", "Taiping Community", 23.135, 113.098),
        ("huangqi", "黄岐社区", "Huangqi Community", 23.121, 113.178),
    ):
        found[key] = _area(
            kind.COMMUNITY, name, area, area, name_en=name_en, household_count=3000,
            latitude=latitude, longitude=longitude,
        )  # fmt: skip
    found["baijiexi"] = _area(kind.COOPERATIVE, "白界西经济社", found["taiping"], area, household_count=186)
    found["yushuian"] = _area(kind.ESTATE, "御水岸", found["dawei"], area, household_count=1246)
    found["grid"] = _area(kind.GRID, "大圩第一网格", found["dawei"], area, household_count=240)
    return found


ORGANISATIONS = (
    ("government", "area", Kind.TOWN_GOVERNMENT, "civil", "大沥镇人民政府"),
    ("party_committee", "area", Kind.PARTY_COMMITTEE, "party", "大沥镇党委"),
    ("urban_management", "area", Kind.DEPARTMENT, "civil", "综合行政执法办"),
    ("housing", "area", Kind.DEPARTMENT, "civil", "城建和水利办"),
    ("hotline", "area", Kind.HOTLINE_CENTRE, "civil", "大沥镇 12345 热线办"),
    ("dawei_committee", "dawei", Kind.RESIDENTS_COMMITTEE, "civil", "大圩社区居民委员会"),
    ("dawei_branch", "dawei", Kind.GENERAL_PARTY_BRANCH, "party", "大圩社区党总支"),
    ("taiping_committee", "taiping", Kind.RESIDENTS_COMMITTEE, "civil", "太平社区居民委员会"),
    ("cooperative", "baijiexi", Kind.ECONOMIC_COOPERATIVE, "civil", "白界西经济社"),
    ("cooperative_branch", "baijiexi", Kind.PARTY_BRANCH, "party", "白界西党支部"),
    ("owners", "yushuian", Kind.OWNERS_COMMITTEE, "civil", "御水岸业主委员会"),
    ("property_company", "yushuian", Kind.PROPERTY_COMPANY, "civil", "清荷物业"),
    ("residents_hall", "dawei", Kind.RESIDENTS_HALL, "civil", "大圩居民议事厅"),
    ("neighbours_hall", "dawei", Kind.NEIGHBOURS_HALL, "civil", "大圩近邻议事厅"),
    ("womens_hall", "dawei", Kind.WOMENS_HALL, "civil", "大圩芳华议事厅"),
)


@pytest.fixture
def at() -> Iterator[dt.datetime]:
    """The moment at which the clock stands."""
    with clock.standing_at(MOMENT):
        yield MOMENT


@pytest.fixture
def town(db: None, at: dt.datetime) -> Town:
    """A small town: three communities, a cooperative, an estate, departments, halls."""
    found: dict[str, object] = {}
    areas = _areas()
    for key, area, kind, tree, name in ORGANISATIONS:
        found[key] = Organisation.objects.create(
            town=areas["area"], area=areas[area], kind=kind, tree=tree, name=name, sensitive=kind == Kind.WOMENS_HALL
        )
    branch, cooperative = found["cooperative_branch"], found["cooperative"]
    assert isinstance(branch, Organisation) and isinstance(cooperative, Organisation)
    Edge.objects.create(child=branch, parent=cooperative, kind=Edge.Kind.SERVES, since=SINCE)
    household = Household.objects.create(
        town=areas["area"], area=areas["dawei"], number="DW-0001", address="大圩路 1 号"
    )
    return Town(**areas, **found, household=household)  # type: ignore[arg-type]


def _account(person: Person, number: int, **fields: object) -> User:
    return User.objects.create_user(
        phone=f"+86199000000{number:02d}", password=PASSWORD, person=person, created_at=MOMENT, **fields
    )


@pytest.fixture
def make_person(town: Town) -> Callable[..., Viewer]:
    """``make_person("何秀英", office=(organisation, duty, title), resident_of=area)`` gives a Viewer with an account."""
    count = iter(range(1, 100))

    def make(
        name: str,
        office: tuple[Organisation, str, str] | None = None,
        resident_of: Area | None = None,
        household: Household | None = None,
    ) -> Viewer:
        person = Person.objects.create(town=town.area, name=name, created_at=MOMENT)
        if resident_of:
            Capacity.objects.create(
                person=person, kind=Capacity.Kind.RESIDENT, area=resident_of, household=household,
                since=SINCE, verified_at=MOMENT,
            )  # fmt: skip
        if household:
            HouseholdMember.objects.create(household=household, person=person, since=SINCE)
        if office:
            post = Post.objects.get_or_create(organisation=office[0], title=office[2], defaults={"duty": office[1]})[0]
            Term.objects.create(post=post, person=person, since=SINCE)
        _account(person, next(count))
        return viewer_of_person(person.pk)

    return make


def viewer_of_person(person_id: int, moment: dt.datetime = MOMENT) -> Viewer:
    """The viewer that a signed-in person is at a moment: facts read afresh."""
    return selectors.viewer_of_account(User.objects.get(person_id=person_id), moment)


@pytest.fixture
def alice(town: Town, make_person: Callable[..., Viewer]) -> Viewer:
    """A verified resident of 大圩, of household DW-0001."""
    return make_person("何秀英", resident_of=town.dawei, household=town.household)


@pytest.fixture
def bob(town: Town, make_person: Callable[..., Viewer]) -> Viewer:
    """Another verified resident of 大圩."""
    return make_person("梁志强", resident_of=town.dawei)


@pytest.fixture
def officer(town: Town, make_person: Callable[..., Viewer]) -> Viewer:
    """A community officer of 大圩."""
    return make_person("陈晓岚", office=(town.dawei_committee, Duty.OFFICER, "社区工作人员"))


@pytest.fixture
def other_officer(town: Town, make_person: Callable[..., Viewer]) -> Viewer:
    """A community officer of 太平, with nothing to do in 大圩."""
    return make_person("罗建业", office=(town.taiping_committee, Duty.OFFICER, "社区工作人员"))


@pytest.fixture
def secretary(town: Town, make_person: Callable[..., Viewer]) -> Viewer:
    """Secretary of 大圩's general Party branch and director of its committee (一肩挑)."""
    viewer = make_person("黄国华", office=(town.dawei_branch, Duty.SECRETARY, "党总支书记"))
    post = Post.objects.create(organisation=town.dawei_committee, duty=Duty.DIRECTOR, title="居委会主任")
    Term.objects.create(post=post, person_id=viewer.person_id, since=SINCE)
    return viewer_of_person(viewer.person_id or 0)


@pytest.fixture
def dispatcher(town: Town, make_person: Callable[..., Viewer]) -> Viewer:
    """Dispatcher of the town's hotline centre."""
    return make_person("周敏仪", office=(town.hotline, Duty.DISPATCHER, "派单员"))


@pytest.fixture
def department_officer(town: Town, make_person: Callable[..., Viewer]) -> Viewer:
    """Officer of the urban management department."""
    return make_person("邓卫东", office=(town.urban_management, Duty.OFFICER, "执法办科员"))


@pytest.fixture
def president(town: Town, make_person: Callable[..., Viewer]) -> Viewer:
    """President of the cooperative 白界西."""
    return make_person("谢锦波", office=(town.cooperative, Duty.PRESIDENT, "社长"))


@pytest.fixture
def branch_secretary(town: Town, make_person: Callable[..., Viewer]) -> Viewer:
    """Secretary of the Party branch of the cooperative 白界西."""
    return make_person("卢永健", office=(town.cooperative_branch, Duty.SECRETARY, "支部书记"))


@pytest.fixture
def supervisor(town: Town, make_person: Callable[..., Viewer]) -> Viewer:
    """The cooperative's own supervisor."""
    return make_person("冯素贞", office=(town.cooperative, Duty.SUPERVISOR, "监事"))


@pytest.fixture
def owner(town: Town, make_person: Callable[..., Viewer]) -> Viewer:
    """An owner in the estate 御水岸."""
    viewer = make_person("甘雨晴")
    Capacity.objects.create(
        person_id=viewer.person_id, kind=Capacity.Kind.OWNER, area=town.yushuian, since=SINCE, verified_at=MOMENT
    )
    return viewer_of_person(viewer.person_id or 0)


@pytest.fixture
def deliberator(town: Town, make_person: Callable[..., Viewer]) -> Viewer:
    """A resident of 大圩 who deliberates and patrols for its neighbours' hall."""
    return make_person("关玉珍", office=(town.neighbours_hall, Duty.DELIBERATOR, "议事员"), resident_of=town.dawei)


@pytest.fixture
def hall_host(town: Town, make_person: Callable[..., Viewer]) -> Viewer:
    """Host of 大圩's residents' hall."""
    return make_person("区慧敏", office=(town.residents_hall, Duty.HOST, "主持人"))


@pytest.fixture
def town_officer(town: Town, make_person: Callable[..., Viewer]) -> Viewer:
    """Officer of the town government."""
    return make_person("麦启明", office=(town.government, Duty.OFFICER, "组织办干部"))


@pytest.fixture
def auditor(town: Town, make_person: Callable[..., Viewer]) -> Viewer:
    """Auditor of the town government: reads, decides nothing."""
    return make_person("冼文静", office=(town.government, Duty.AUDITOR, "审计员"))


@pytest.fixture
def stranger(town: Town, make_person: Callable[..., Viewer]) -> Viewer:
    """Someone with an account whom nobody has verified."""
    return make_person("石小川")


@pytest.fixture
def keeper(town: Town) -> Viewer:
    """Keeps the installation; is no person of the town and decides nothing."""
    user = User.objects.create_user(email="keeper@example.org", password=PASSWORD, is_keeper=True, created_at=MOMENT)
    return selectors.viewer_of_account(user, MOMENT)


@pytest.fixture
def anonymous(at: dt.datetime) -> Viewer:
    """Nobody signed in."""
    return nobody(at)


@pytest.fixture
def client_for(db: None) -> Callable[[Viewer], Client]:
    """``client_for(viewer)``: a test client signed in as that viewer (or not, for ``anonymous``)."""

    def make(viewer: Viewer) -> Client:
        client = Client()
        if viewer.user_id is not None:
            client.force_login(User.objects.get(pk=viewer.user_id))
            session = client.session
            assert {SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY} <= set(session.keys())
        return client

    return make
