"""The real messages and tickets, taken into the small town: every row accounted for, and the pages answer."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.matters.imports.files import DATA, HOT, RIVERS, real

from yishi.core import audit, search, tables
from yishi.core.models import SearchEntry
from yishi.matters import selectors
from yishi.matters import services as matters
from yishi.matters.imports import columns, services
from yishi.matters.imports.tickets import moment
from yishi.matters.models import HotlineBatch, Matter, Merge, Report, Step
from yishi.matters.rules import clocks
from yishi.network.viewers import Viewer

pytestmark = [real, pytest.mark.real, pytest.mark.slow]
NOW = dt.datetime(2026, 9, 28, 2, 0, tzinfo=dt.UTC)


def take(name: str, town: Any, viewer: Viewer) -> HotlineBatch:
    data = (DATA / name).read_bytes()
    header = tables.read_bytes(data, columns.KNOWN).header
    batch = services.begin_batch(viewer, town.area.pk, name, data, columns.layout_of(header), NOW)
    return services.run_batch(batch, data, NOW).batch


def test_all_messages_and_tickets(
    town: Any, dispatcher: Viewer, anonymous: Viewer, client_for: Callable[[Viewer], Client]
) -> None:
    hot, rivers = take(HOT, town, dispatcher), take(RIVERS, town, dispatcher)
    assert (hot.rows, hot.added, hot.unchanged, hot.refused) == (4326, 4326, 0, 0)
    assert (rivers.rows, rivers.added, rivers.unchanged, rivers.refused) == (1464, 1464, 0, 0)
    again = take(HOT, town, dispatcher)
    assert (again.rows, again.added, again.unchanged, again.refused) == (4326, 0, 4326, 0)
    _check_rows(rivers)
    _check_clocks()
    _check_found(town)
    _check_pages(client_for(anonymous), client_for(dispatcher))
    _check_rates(town, client_for(anonymous))
    _check_duplicates(dispatcher, town)
    for matter in Matter.objects.order_by("pk")[::500]:
        assert audit.check_chain(audit.chain(matter)) == 1


def _check_rows(rivers: HotlineBatch) -> None:
    """Natures, dates, answers, transfers of the tickets are those of the file, row for row."""
    table = tables.read(DATA / RIVERS, columns.KNOWN)
    known = {r.external_number: r for r in Report.objects.filter(batch=rivers).select_related("matter")}
    assert len(known) == 1464
    for _, cells in table.rows:
        report = known[cells["id"]]
        assert report.nature == columns.NATURES[cells["nature"]]
        assert report.received_at == moment(cells["date"])
        assert report.transfers == int(cells["n_transfers"])
        assert report.text == cells["content"] and report.reply == cells["reply"]
        assert (report.replied_at.date() - report.received_at.date()).days == int(cells["days_to_final_reply"])
    natures = Counter(known[c["id"]].nature for _, c in table.rows)
    assert natures == {"complaint": 1185, "consult": 167, "suggest": 62, "report": 46, "help": 4}
    origins = Step.objects.filter(report__batch=rivers, kind="raised").values_list("words", flat=True)
    assert Counter(origins)["来源：网站"] == 764


def _check_clocks() -> None:
    """Every report has the due day of its nature; messages nobody answered are overdue, answered ones are not."""
    for report in Report.objects.order_by("pk")[::97]:
        expected = clocks.due(report.clock_pack, report.clock_rule, report.received_at.astimezone().date())
        assert report.due_on == expected.due
    assert Matter.objects.filter(stage="raised", due_on__lt=NOW.date()).count() == 4326
    assert Matter.objects.filter(stage="settled").count() == 1464


def _check_found(town: Any) -> None:
    """Everything is in the index; what independent teams found to be hot is found, and is similar to itself."""
    assert SearchEntry.objects.filter(kind="matters.matter").count() == 5790
    for words, least in (("搅拌站", 20), ("捆绑销售车位", 5), ("人才购房补贴", 1), ("梅峰河", 3), ("电梯", 50)):
        found = search.find("matters.matter", words, town_id=town.area.pk, public_only=True, limit=500)
        assert len(found) >= least, words
    like = selectors.similar_to("丽发新城小区附近搅拌站扰民", "", town.area.pk, _nobody())
    assert like and any("搅拌站" in m.title + m.text for m in like[:3])


def _nobody() -> Viewer:
    from yishi.network.viewers import nobody

    return nobody(NOW)


def _check_pages(reader: Client, desk: Client) -> None:
    page = reader.get("/matters/", {"q": "搅拌站"}).content.decode()
    assert page.count("搅拌站") >= 10
    assert reader.get("/matters/", {"channel": "hotline", "stage": "settled"}).status_code == 200
    late = desk.get("/matters/", {"stage": "open", "sort": "due"}).content.decode()
    assert "逾期" in late
    settled = Matter.objects.filter(stage="settled").order_by("pk")[0]
    page = reader.get(f"/matters/{settled.reference}").content.decode()
    assert settled.title in page and "转办" in page


def _check_rates(town: Any, reader: Client) -> None:
    """The volume of the file's years, hotline beside all channels; no rate is claimed where nobody was asked."""
    found = selectors.rates(town.area.pk, dt.date(2000, 1, 1), dt.date(2026, 9, 28))
    assert (found.volume.hotline, found.volume.all_channels) == (1464, 5790)
    assert (found.response.denominator, found.resolution.denominator, found.satisfaction.denominator) == (0, 0, 0)
    assert found.backlog == 4326
    page = reader.get("/town/").content.decode()
    assert "三率" in page and "4326" in page.replace(",", "")


def _check_duplicates(desk: Viewer, town: Any) -> None:
    """Messages of one cause are offered to the desk, merged with each its own clock, and split again."""
    one = Matter.objects.filter(text__contains="丽发新城", text__icontains="搅拌").order_by("pk")[0]
    offered = [
        m for m in selectors.similar_to(f"{one.title}\n{one.text}", one.place, town.area.pk, desk) if m.pk != one.pk
    ]
    assert any("搅拌" in m.title + m.text for m in offered[:3])
    other = next(m for m in offered if "搅拌" in m.title + m.text)
    sorting = ("everyday", "一处搅拌站", "department", "污染由生态环境部门依法查处。", "public")
    for matter in (one, other):
        matters.accept_matter(desk, Matter.objects.get(pk=matter.pk), None, *sorting, NOW)
    days = list(Report.objects.filter(matter__in=[one, other]).order_by("pk").values_list("pk", "due_on"))
    matters.merge_matter(desk, Matter.objects.get(pk=other.pk), Matter.objects.get(pk=one.pk), "同一处搅拌站", NOW)
    assert list(Report.objects.filter(matter=one).order_by("pk").values_list("pk", "due_on")) == days
    merge = Merge.objects.get(matter=other)
    matters.split_matter(desk, merge, "不是同一处", NOW)
    assert Report.objects.filter(matter=one).count() == Report.objects.filter(matter=other).count() == 1
