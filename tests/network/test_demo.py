"""The demo town has the shape of Dali and is the same each time."""

import pytest
from django.db.models import Count
from tests.people_fixtures import MOMENT

from yishi.core.demo import DemoSize
from yishi.network import demo
from yishi.network.demo_people import People
from yishi.network.models import Area, Edge, Organisation, Post, Term
from yishi.people import identity
from yishi.people.models import Household, User

Kind, Duty = Organisation.Kind, Post.Duty


@pytest.fixture
def built(db: None) -> Area:
    return demo.build(DemoSize(now=MOMENT, households=60), lambda n: None)


def test_the_numbers_are_those_of_dali(built: Area) -> None:
    kinds = dict(Organisation.objects.values_list("kind").annotate(n=Count("pk")))
    areas = dict(Area.objects.values_list("kind").annotate(n=Count("pk")))
    assert (areas["community"], areas["cooperative"]) == (42, 321)
    assert (kinds[Kind.ECONOMIC_COOPERATIVE], kinds[Kind.PARTY_BRANCH]) == (321, 493)
    now = Term.objects.filter(until=None)
    secretaries = now.filter(post__duty=Duty.SECRETARY, post__organisation__edges_up__kind__in=["serves", "joint"])
    presidents = now.filter(post__duty=Duty.PRESIDENT)
    assert (secretaries.distinct().count(), presidents.count()) == (306, 321)
    joint = Edge.objects.filter(kind="joint").values("child").annotate(n=Count("pk"))
    assert [row["n"] for row in joint] == [2] * 15
    assert presidents.filter(person__in=secretaries.values("person")).values("person").distinct().count() == 3
    assert Household.objects.count() == 60
    assert User.objects.count() == len(demo.PERSONAS)
    assert all(user.check_password(demo.PASSWORD) for user in User.objects.all())


def test_the_same_seed_draws_the_same_people_whom_no_telephone_reaches() -> None:
    first, second = (People(1, DemoSize(now=MOMENT).seed, MOMENT) for _twice in (1, 2))
    drawn = [first.draw() for _ in range(50)]
    assert [p.name for p in drawn] == [second.draw().name for _ in range(50)]
    for person in drawn:
        with pytest.raises(identity.BadNumber):
            identity.read_phone(person.phone.removeprefix("+86"))
