"""Lists, queue, map, similar: what is shown to whom, in a fixed number of queries, and found by its words."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.matters.stages import Desk, told

from yishi.core import clock
from yishi.core.verdicts import Refusal
from yishi.matters import selectors, services
from yishi.matters.models import Category, Matter, SavedView
from yishi.matters.selectors.similar import shared_words
from yishi.network.viewers import Viewer

pytestmark = pytest.mark.django_db
MatterFilter = selectors.MatterFilter


def queries(act: Callable[[], Any]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        act()
    return len(seen)


def listed(viewer: Viewer, **given: Any) -> list[int]:
    return [m.pk for m in selectors.list_matters(viewer, MatterFilter(**given)).items]


def test_filters(alice: Viewer, bob: Viewer, desk: Desk, town: Any, at: dt.datetime) -> None:
    lamp = services.raise_matter(alice, told(title="路灯不亮", text="路灯不亮", nature="help"), at).matter
    drain = services.raise_matter(bob, told(), at + dt.timedelta(minutes=1)).matter
    far = services.raise_matter(bob, told(community_id=town.taiping.pk), at).matter
    category = Category.objects.create(town=town.area, name="排水", key="drain")
    desk.doing(drain)
    services.correct_matter(desk.officer, drain, "分类", at, category_id=category.pk)
    desk.accepted(lamp)
    assert listed(alice) == [drain.pk, lamp.pk]
    for given, expected in (
        ({"stages": ("doing",)}, [drain]), ({"category": category.pk}, [drain]), ({"community": town.taiping.pk}, []),
        ({"channel": "web"}, [drain, lamp]), ({"channel": "phone"}, []), ({"size": "everyday"}, [drain, lamp]),
        ({"nature": "help"}, [lamp]), ({"decider": "community"}, [drain, lamp]), ({"lead": town.dawei_committee.pk}, [drain]),
        ({"mine": True}, [lamp]), ({"sort": "oldest"}, [lamp, drain]), ({"sort": "due"}, [lamp, drain]),
        ({"q": "下水道"}, [drain]), ({"q": "xsd"}, [drain]), ({"q": drain.reference.lower()}, [drain]), ({"q": "电梯"}, []),
    ):  # fmt: skip
        assert listed(alice, **given) == [m.pk for m in expected], given
    assert set(listed(desk.officer)) == {drain.pk, lamp.pk}
    assert far.pk not in listed(desk.officer) and listed(bob, mine=True) == [drain.pk, far.pk]
    with clock.standing_at(dt.datetime(2026, 10, 15, 9, tzinfo=at.tzinfo)):
        assert listed(desk.officer, due_soon=True) == [lamp.pk]
        assert listed(desk.officer, overdue=True) == []


def test_pages(alice: Viewer, desk: Desk, at: dt.datetime) -> None:
    for n in range(7):
        desk.accepted(services.raise_matter(alice, told(), at + dt.timedelta(minutes=n)).matter)
    first = selectors.list_matters(alice, MatterFilter(), 1, size=3)
    last = selectors.list_matters(alice, MatterFilter(), 3, size=3)
    assert (len(first.items), first.total, first.capped, first.has_next, first.has_previous) == (
        3,
        7,
        False,
        True,
        False,
    )
    assert (len(last.items), last.total, last.has_next) == (1, 7, False)
    assert selectors.list_matters(alice, MatterFilter(), 99, size=3).items == []
    assert selectors.list_matters(alice, MatterFilter(), -5, size=3).number == 1


def test_queries_do_not_grow_with_rows(
    alice: Viewer, bob: Viewer, desk: Desk, dispatcher: Viewer, anonymous: Viewer, town: Any, at: dt.datetime
) -> None:
    def page(viewer: Viewer, reference: str) -> None:
        matter = selectors.get_matter_for(viewer, reference)
        selectors.timeline(viewer, matter)

    reads: dict[str, Callable[[], Any]] = {
        "list": lambda: selectors.list_matters(anonymous, MatterFilter(town_id=town.area.pk)),
        "desk list": lambda: selectors.list_matters(dispatcher, MatterFilter()),
        "search": lambda: selectors.list_matters(anonymous, MatterFilter(q="下水道", town_id=town.area.pk)),
        "queue": lambda: selectors.queue_for(desk.officer),
        "map": lambda: selectors.matters_on_map(anonymous, (113.0, 23.0, 113.3, 23.3), 12, MatterFilter(town_id=town.area.pk)),
        "page": lambda: page(anonymous, first.reference),
        "officer's page": lambda: page(desk.officer, first.reference),
        "rates": lambda: selectors.rates(town.area.pk, at.date(), at.date()),
    }  # fmt: skip
    where = {"latitude": 23.11, "longitude": 113.12}
    first = services.raise_matter(alice, told(**where), at).matter
    desk.doing(first)
    few = {name: queries(read) for name, read in reads.items()}
    for _n in range(3):
        services.raise_matter(bob, told(join_reference=first.reference), at)
        services.add_note(desk.officer, first, "到场核查。", True, [], at)
        other = services.raise_matter(bob, told(**where), at).matter
        desk.doing(other)
        services.raise_matter(alice, told(**where), at)
    many = {name: queries(read) for name, read in reads.items()}
    assert all(many[name] <= few[name] for name in reads), (few, many)
    most = {"list": 2, "desk list": 2, "search": 3, "queue": 3, "map": 2, "page": 6, "officer's page": 7, "rates": 6}
    assert all(few[name] <= most[name] for name in few), few


def test_queue_holds_what_waits_for_each(
    alice: Viewer, desk: Desk, dispatcher: Viewer, department_officer: Viewer, bob: Viewer, town: Any, at: dt.datetime
) -> None:
    def acts(viewer: Viewer) -> list[str]:
        return [i.act for i in selectors.queue_for(viewer)]

    report = services.raise_matter(alice, told(), at)
    matter = report.matter
    assert selectors.queue_for(desk.officer)[0].due_on == dt.date(2026, 10, 10)  # accepted within 5 working days
    assert acts(desk.officer) == acts(dispatcher) == ["accept"] and acts(department_officer) == acts(bob) == []
    desk.accepted(matter, decider="department")
    assert acts(desk.officer) == ["assign"]
    given = services.assign_matter(desk.officer, matter, town.urban_management.pk, "lead", "", at)
    assert selectors.queue_for(department_officer)[0].due_on == dt.date(2026, 9, 29)
    assert acts(department_officer) == ["sign"] and acts(desk.officer) == []
    services.sign_assignment(department_officer, given, at)
    assert acts(department_officer) == ["reply"]
    services.ask_return(department_officer, given, "不归我们管", "职责清单", at)
    assert acts(dispatcher) == ["rule"]
    services.rule_on_return(dispatcher, given, False, "归贵办。", None, at)
    services.reply_to_report(department_officer, report, "经核查，已办。", at)
    assert acts(department_officer) == ["tell"] and acts(dispatcher) == []
    services.tell_reporter(department_officer, report, "in_app", at)
    assert acts(dispatcher) == ["visit_back"] and acts(department_officer) == []
    services.judge_report(alice, report, True, "satisfied", "", at)
    assert acts(dispatcher) == ["settle"]
    assert selectors.queue_for(dispatcher)[0].matter.pk == matter.pk


def test_map_clusters_when_far_and_singles_when_near(
    alice: Viewer, desk: Desk, anonymous: Viewer, town: Any, at: dt.datetime
) -> None:
    for n in range(6):
        where = {"latitude": 23.11 + n * 0.0002, "longitude": 113.12}
        desk.accepted(services.raise_matter(alice, told(**where), at).matter)
    services.raise_matter(alice, told(latitude=23.2, longitude=113.2), at)  # not accepted: nobody's business yet
    wanted = MatterFilter(town_id=town.area.pk)
    far = selectors.matters_on_map(anonymous, (113.0, 23.0, 113.3, 23.3), 9, wanted)
    assert [p.count for p in far] == [6] and far[0].reference == ""
    near = selectors.matters_on_map(anonymous, (113.0, 23.0, 113.3, 23.3), 17, wanted)
    assert len(near) == 6 and all(p.reference and p.title for p in near)
    assert selectors.matters_on_map(anonymous, (0, 0, 1, 1), 12, wanted) == []
    for box in ((2, 0, 1, 1), (0, 0, 1, 91)):
        with pytest.raises(ValueError, match="bbox"):
            selectors.matters_on_map(anonymous, box, 12, wanted)


def test_similar_gives_the_likely_ones_with_their_words(
    alice: Viewer, bob: Viewer, desk: Desk, anonymous: Viewer, town: Any, at: dt.datetime
) -> None:
    texts = (
        "永东街 18 号门前下水道堵了，污水漫到路上", "向东街路灯不亮已经一周", "大圩市场门口停车难",
        "百年古榕下的宠物粪便没人清理", "小区充电桩装在我们楼边",
    )  # fmt: skip
    matters = [services.raise_matter(alice, told(title=t[:20], text=t), at).matter for t in texts]
    for matter in matters:
        desk.accepted(matter)
    found = selectors.similar_to("永东街下水道又堵了，污水横流", "永东街", town.area.pk, anonymous)
    assert found[0].pk == matters[0].pk
    assert "下水道" in "".join(found[0].shared) and 0 < found[0].likeness <= 1
    assert selectors.similar_to("请问社保怎么办理", "", town.area.pk, anonymous) == []
    assert selectors.similar_to("", "", town.area.pk, anonymous) == []
    private = services.raise_matter(bob, told(text="永东街下水道堵了"), at).matter
    assert private.pk not in {m.pk for m in selectors.similar_to("永东街下水道堵了", "", town.area.pk, anonymous)}
    assert private.pk in {m.pk for m in selectors.similar_to("永东街下水道堵了", "", town.area.pk, desk.officer)}
    services.merge_matter(desk.officer, private, matters[0], "同一处", at)
    assert private.pk not in {m.pk for m in selectors.similar_to("永东街下水道堵了", "", town.area.pk, desk.officer)}


def test_nearness_decides_between_like_words(
    alice: Viewer, desk: Desk, anonymous: Viewer, town: Any, at: dt.datetime
) -> None:
    places = ((23.1120, 113.1210), (23.1350, 113.0980))
    here, there = (
        services.raise_matter(
            alice, told(text="巷口路灯不亮，晚上看不见", latitude=a, longitude=o, community_id=town.dawei.pk), at
        ).matter
        for a, o in places
    )
    for matter in (here, there):
        desk.accepted(matter)
    for place, first in zip(places, (here, there), strict=True):
        assert selectors.similar_to("巷口路灯不亮", "", town.area.pk, anonymous, at=place)[0].pk == first.pk


def test_shared_words_are_the_longest_stretches() -> None:
    assert shared_words("永东街下水道堵了", "永东街门前的下水道堵塞")[0] == "下水道堵"
    assert shared_words("甲乙", "丙丁") == ()


def test_views_are_saved_by_name(alice: Viewer, anonymous: Viewer, at: dt.datetime) -> None:
    services.save_view(alice, "我的街", "community=3", at)
    assert services.save_view(alice, "我的街", "community=4", at).query == "community=4"
    assert alice.person_id and Matter.objects.count() == 0
    with pytest.raises(Refusal):
        services.save_view(anonymous, "x", "", at)


def test_a_saved_view_is_dropped_by_its_owner_alone(alice: Viewer, bob: Viewer, at: dt.datetime) -> None:
    view = services.save_view(alice, "我的街", "community=3", at)
    with pytest.raises(Refusal) as refused:
        services.drop_view(bob, view.pk, at)
    assert refused.value.verdict.hidden
    services.drop_view(alice, view.pk, at)
    assert not SavedView.objects.exists()


PLANNED = (
    ("anonymous", {}, "matter_town_raised"),
    ("dispatcher", {}, "matter_desk_raised"),
    ("officer", {}, "matter_desk_raised"),
    ("anonymous", {"sort": "changed"}, "matter_town_changed"),
    ("dispatcher", {"sort": "due"}, "matter_town_due"),
    ("dispatcher", {"stages": ("doing",)}, "matter_stage_raised"),
    ("anonymous", {"channel": "phone"}, "matter_channel_raised"),
    ("dispatcher", {"nature": "help"}, "matter_nature_raised"),
)


@pytest.mark.parametrize(("who", "given", "index"), PLANNED)
def test_lists_walk_their_index_in_order(
    who: str, given: dict[str, Any], index: str, request: pytest.FixtureRequest, town: Any, at: dt.datetime
) -> None:
    """The database reads a page's rows in the order of an index: it neither scans the table nor sorts it."""
    viewer: Viewer = request.getfixturevalue(who)
    wanted = MatterFilter(town_id=town.area.pk, **given)
    rows = selectors.matching(viewer, wanted).order_by(*selectors.lists.SORTS[wanted.sort])[:21]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off"
            )
        assert " on matters_matter" in rows.explain() and "Seq Scan on matters_matter" not in rows.explain()
        return
    plan = rows.explain()
    assert f"INDEX {index} " in plan, plan
    assert "SCAN matters_matter" not in plan and "B-TREE FOR ORDER BY" not in plan, plan


def test_a_suspended_matter_comes_back_on_its_review_day(alice: Viewer, desk: Desk, at: dt.datetime) -> None:
    matter = services.raise_matter(alice, told(), at).matter
    desk.doing(matter)
    services.suspend_matter(desk.officer, matter, "等雨季过", "每周巡查", dt.date(2026, 11, 2), at)
    assert selectors.queue_for(desk.officer) == []
    with clock.standing_at(dt.datetime(2026, 11, 2, 9, tzinfo=at.tzinfo)):
        found = selectors.queue_for(desk.officer)
    assert [(i.act, i.due_on) for i in found] == [("resume", dt.date(2026, 11, 2))]
