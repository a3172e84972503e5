"""Fill an empty installation with so many matters, and print who may look: ``python benchmarks/fill.py 2000``."""

import datetime as dt
import json
import os
import random
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yishi.config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.cached_db import SessionStore  # noqa: E402
from django.db import connection  # noqa: E402

from yishi.core import clock, search  # noqa: E402
from yishi.matters.models import Category, Matter, Report, Step  # noqa: E402
from yishi.network.models import Area, Organisation, Post, Term  # noqa: E402
from yishi.people.models import Person, User  # noqa: E402

WORDS = (
    "小区门口的路灯坏了好几天,晚上老人走路看不清", "加装电梯的方案什么时候公示,楼上楼下意见不一", "下水道堵塞,污水漫到巷子里",
    "市场后面乱停车,消防通道被占", "榕树下的垃圾桶满了没有人清", "楼道里有人给电动车充电,担心起火", "雨后路面积水,孩子上学不方便",
    "工地夜里施工,噪音影响休息", "健身器材松动,怕伤到小孩", "宠物粪便没人管,想在公园旁设一个点",
)  # fmt: skip
CHUNK = 2000


def make_town() -> tuple[Area, list[Area], list[Category], Organisation]:
    """A town with its communities, categories and a committee."""
    town = Area.objects.create(kind="town", name="大沥镇", slug="dali", household_count=90_000)
    Area.objects.filter(pk=town.pk).update(town=town, path=f"/{town.pk}/")
    communities = []
    for n in range(42):
        area = Area.objects.create(
            kind="community", name=f"第{n + 1}社区", town=town, parent=town, household_count=2000,
            latitude=23.08 + n % 7 * 0.01, longitude=113.05 + n // 7 * 0.02,
        )  # fmt: skip
        Area.objects.filter(pk=area.pk).update(path=f"/{town.pk}/{area.pk}/")
        communities.append(area)
    categories = [Category.objects.create(town=town, name=f"类别{n}", key=f"c{n}") for n in range(15)]
    committee = Organisation.objects.create(
        town=town, area=communities[0], kind="residents_committee", tree="civil", name="第1社区居民委员会"
    )
    return town, communities, categories, committee


def make_officer(town: Area, committee: Organisation) -> str:
    """An officer who is signed in; the session cookie."""
    at = clock.now()
    person = Person.objects.create(town=town, name="陈晓岚", created_at=at)
    user = User.objects.create_user(phone="+8619900000001", password=None, person=person)
    post = Post.objects.create(organisation=committee, duty="officer", title="工作人员")
    Term.objects.create(post=post, person=person, since=dt.date(2024, 1, 1))
    session = SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def main() -> None:
    """Make everything and print what a benchmark needs to know."""
    count = int(sys.argv[1])
    chance = random.Random(7)
    town, communities, categories, committee = make_town()
    cookie = make_officer(town, committee)
    now = clock.now()
    stages = ["settled"] * 12 + ["doing"] * 4 + ["assigned", "accepted", "answered", "answered"]
    for start in range(0, count, CHUNK):
        matters = []
        for n in range(start, min(count, start + CHUNK)):
            raised = now - dt.timedelta(minutes=(count - n) * 500_000 // count)
            community, text = chance.choice(communities), chance.choice(WORDS)
            matters.append(
                Matter(
                    town=town, reference=f"{raised:%y%m%d}-{n:06d}"[:16], title=f"{text[:22]}({n})", text=text * 3,
                    category=chance.choice(categories), community=community, place=f"{community.name}{n % 90 + 1}号",
                    latitude=(community.latitude or 0) + chance.uniform(-0.005, 0.005),
                    longitude=(community.longitude or 0) + chance.uniform(-0.01, 0.01),
                    stage=chance.choice(stages), size="everyday", decider="community", visibility="public",
                    lead=committee if n % 5 == 0 else None, raised_at=raised, changed_at=raised,
                    due_on=raised.date() + dt.timedelta(days=20),
                )
            )  # fmt: skip
        made = Matter.objects.bulk_create(matters)
        Report.objects.bulk_create(
            Report(
                town=town, matter=m, first_matter=m, key=clock.new_key(), channel="web", nature="complaint",
                text=m.text, received_at=m.raised_at, clock_pack="HOT-GD", clock_rule="complaint", due_on=m.due_on,
            )
            for m in made
        )  # fmt: skip
        Step.objects.bulk_create(Step(matter=m, kind=k, at=m.raised_at) for m in made for k in ("raised", "accepted"))
        search.index_many("matters.matter", town.pk, [(m.pk, f"{m.title} {m.text} {m.place}", True) for m in made])
    if connection.vendor == "postgresql":  # what its autovacuum does by itself within a minute, and not where it is off
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
    print(json.dumps({"cookie": cookie, "reference": matters[-1].reference, "town": town.pk}))


if __name__ == "__main__":
    main()
