"""The town's page: what is late first, every rate with its parts, the hotline never alone, nobody ranked."""

import csv
import datetime as dt
import io
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.matters.stages import Desk, told

from yishi.core import clock
from yishi.dashboard.charts import Pair, paired_bars, tenths
from yishi.dashboard.figures import per_thousand
from yishi.matters import services
from yishi.network.viewers import Viewer


@pytest.fixture
def busy(desk: Desk, alice: Viewer, bob: Viewer) -> Desk:
    """Two answered, one of them well; one that will be late with the committee, one at the desk."""
    for viewer, said in ((alice, "satisfied"), (bob, "unsatisfied")):
        report = services.raise_matter(viewer, told(), desk.at)
        desk.answered(report)
        services.judge_report(viewer, report, said == "satisfied", said, "", desk.at)
    desk.assigned(services.raise_matter(alice, told(nature="consult"), desk.at).matter)
    services.raise_matter(bob, told(nature="consult"), desk.at)
    return desk


def page(query: str = "", language: str = "zh-hans") -> str:
    cache.clear()
    client = Client()
    client.cookies["django_language"] = language
    answer = client.get(f"/town/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_starts_with_what_is_late_and_whose(busy: Desk) -> None:
    assert "现在没有逾期的事" in page()
    with clock.standing_at(busy.at + dt.timedelta(days=12)):
        shown = page()
    assert shown.index("先看逾期的") < shown.index("三率")
    assert "大圩社区居民委员会" in shown
    assert "还没有派单：在受理人手里" in shown
    assert "overdue=on" in shown


def test_rates_show_numerator_denominator_and_what_was_left_out(busy: Desk) -> None:
    shown = page()
    assert "1 / 2" in shown
    assert "50.0%" in shown
    assert "怎么算的，哪些没有算进去" in shown


def test_the_hotline_stands_beside_all_channels(busy: Desk, town: Any) -> None:
    shown = page(f"?community={town.dawei.pk}")
    assert "其中 12345 热线" in shown
    assert "1.3" in shown  # 4 reports of 3,000 households


def test_communities_stand_by_name_and_every_figure_opens_its_list(busy: Desk, town: Any) -> None:
    shown = page()
    table = shown.split("各社区")[1]
    order = [table.index(name) for name in ("大圩社区", "黄岐社区", "太平社区")]
    assert order == sorted(order)
    assert f"/matters/?stage=open&amp;community={town.dawei.pk}" in table
    assert "不排名次" in table


@pytest.mark.parametrize(
    "query", ["?since=nonsense&until=x", "?since=2027-01-01&until=2026-01-01", "?community=99999", "?since=1900-01-01"]
)
def test_a_period_that_makes_no_sense_is_no_error(busy: Desk, query: str) -> None:
    assert "三率" in page(query)


def test_in_english(busy: Desk) -> None:
    shown = page(language="en")
    assert "What is late, and whose it is" in shown
    assert "Huangqi Community" in shown


def test_csv_carries_the_same_figures(busy: Desk) -> None:
    rows = list(csv.reader(io.StringIO(Client().get("/town/export.csv").content.decode("utf-8-sig"))))
    assert ["满意率", "1", "2"] in [r[:3] for r in rows]
    assert "大圩社区" in {r[0] for r in rows if r}


def test_few_questions_and_fewer_the_second_time(busy: Desk, django_assert_max_num_queries: Any) -> None:
    cache.clear()
    counts = []
    for _ in range(4):
        with CaptureQueriesContext(connection) as asked:
            Client().get("/town/")
        counts.append(len(asked))
    assert max(counts) <= 12
    assert min(counts[1:]) <= 8  # what is kept goes with any act, also the last of a test before this one


def test_tenths_are_exact() -> None:
    assert [per_thousand(n, 3000) for n in (0, 1, 4, 3000)] == [0, 3, 13, 10_000]
    assert per_thousand(5, 0) == 0
    assert tenths(13) == "1.3"
    assert "1.3" in paired_bars([Pair("9 月", 13, 3)], "每月")
