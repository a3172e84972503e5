"""Every row accounted for; a second time nothing changes; interrupted anywhere, it goes on."""

import datetime as dt
import io
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from openpyxl import load_workbook
from tests.matters.imports.files import TICKETS, comma, excel

from yishi.core import audit, search
from yishi.core.sheets import comma_separated
from yishi.core.verdicts import Refusal
from yishi.matters.imports import columns, reporting, services, taking
from yishi.matters.imports.columns import LAYOUTS
from yishi.matters.imports.taking import Course
from yishi.matters.models import HotlineBatch, Matter, Report, ReporterContact, Step
from yishi.network.viewers import Viewer


def take(
    viewer: Viewer | None, town: Any, data: bytes, at: dt.datetime, layout: str = "hotline", **more: Any
) -> Course:
    batch = services.begin_batch(viewer, town.area.pk, "工单.csv", data, LAYOUTS[layout], at)
    return services.run_batch(batch, data, at, **more)


def account(batch: HotlineBatch) -> tuple[int, int, int, int]:
    return batch.rows, batch.added, batch.unchanged, batch.refused


def test_every_row_is_accounted_for(dispatcher: Viewer, town: Any, at: dt.datetime) -> None:
    batch = take(dispatcher, town, comma(TICKETS), at).batch
    assert account(batch) == (6, 2, 0, 4)
    assert [r["row"] for r in batch.refusals] == [4, 5, 6, 7]
    assert Report.objects.count() == Matter.objects.count() == 2
    assert audit.chain(batch)[-1].data["refused"] == 4


def test_a_ticket_becomes_a_report_with_its_clock_and_contact(dispatcher: Viewer, town: Any, at: dt.datetime) -> None:
    take(dispatcher, town, comma(TICKETS), at)
    report = Report.objects.select_related("matter", "contact").get(external_number="GD001")
    assert (report.channel, report.nature, report.state) == ("hotline", "complaint", "open")
    assert report.due_on == dt.date(2026, 10, 16)  # 15 working days after Sunday 2026-09-20, which was worked
    assert report.matter.community_id == town.dawei.pk
    assert report.matter.visibility == "handlers"
    assert (report.contact.name, report.contact.phone, report.contact.shown_as) == ("陈女士", "12300000001", "陈女士")
    assert report.entered_by_id == dispatcher.person_id
    assert [s.kind for s in Step.objects.filter(matter=report.matter)] == ["raised"]
    audit.check_chain(audit.chain(report.matter))
    assert search.find("matters.matter", "路灯", town_id=town.area.pk, public_only=False) == [report.matter_id]
    assert search.find("matters.matter", "路灯", town_id=town.area.pk, public_only=True) == []


def test_the_second_time_nothing_changes(dispatcher: Viewer, town: Any, at: dt.datetime) -> None:
    take(dispatcher, town, comma(TICKETS), at)
    before = (list(Report.objects.values()), list(Matter.objects.values()), Step.objects.count())
    batch = take(dispatcher, town, excel(TICKETS), at).batch
    assert account(batch) == (6, 0, 2, 4)
    assert (list(Report.objects.values()), list(Matter.objects.values()), Step.objects.count()) == before


def test_an_answered_ticket_is_settled_with_its_history(dispatcher: Viewer, town: Any, at: dt.datetime) -> None:
    rows = [("工单编号", "内容", "受理时间", "类型", "渠道", "答复意见", "答复时间", "转办次数"),
            ("A1", "河涌黑臭", "2019-08-05", "投诉", "网站", "已清淤", "2019-08-09 16:00", "2")]  # fmt: skip
    take(dispatcher, town, comma(rows), at, public=True)
    report = Report.objects.select_related("matter").get()
    assert (report.state, report.told_how, report.transfers, report.reply) == ("closed", "hotline", 2, "已清淤")
    assert (report.matter.stage, report.matter.is_public) == ("settled", True)
    steps = list(Step.objects.filter(matter=report.matter).order_by("at", "pk").values_list("kind", "words"))
    assert steps[:2] == [("raised", "来源：网站"), ("assigned", "转办 2 次")]
    assert [k for k, _ in steps] == ["raised", "assigned", "replied", "told", "settled"]
    assert report.due_on == dt.date(2019, 8, 26)


def test_a_year_without_a_calendar_is_kept_without_a_clock_and_marked(
    dispatcher: Viewer, town: Any, at: dt.datetime
) -> None:
    rows = [("工单编号", "内容", "受理时间"), ("B1", "老问题", "2003-05-01"), ("B2", "新问题", "2026-09-01")]
    course = take(dispatcher, town, comma(rows), at)
    assert account(course.batch) == (2, 2, 0, 0)
    assert course.unclocked == [2]
    assert course.batch.refusals == [{"row": 2, "why": course.batch.refusals[0]["why"], "kept": True}]
    old = Report.objects.get(external_number="B1")
    assert old.due_on is None
    assert Step.objects.filter(matter=old.matter, kind="note", words__contains="不计算办理时限").exists()


def test_rows_without_a_number_are_known_by_what_they_say(dispatcher: Viewer, town: Any, at: dt.datetime) -> None:
    rows = [("内容", "受理时间"), ("灯不亮", "2026-09-01"), ("灯不亮", "2026-09-01"), ("灯不亮", "2026-09-02")]
    assert account(take(dispatcher, town, comma(rows), at).batch) == (3, 2, 1, 0)
    assert account(take(dispatcher, town, comma(rows), at).batch) == (3, 0, 3, 0)


def test_interrupted_in_the_middle_the_same_import_goes_on(
    dispatcher: Viewer, town: Any, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "CHUNK", 3)
    rows = [("工单编号", "内容", "受理时间"), *((f"N{i}", f"第 {i} 件", "2026-09-01") for i in range(10))]
    data = comma(rows)
    batch = services.begin_batch(dispatcher, town.area.pk, "工单.csv", data, LAYOUTS["hotline"], at)
    seen: list[int] = []

    def stop_after_two(n: int) -> None:
        seen.append(n)
        if len(seen) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        services.run_batch(batch, data, at, tick=stop_after_two)
    assert Report.objects.count() == 6
    again = HotlineBatch.objects.get(pk=batch.pk)
    assert account(services.run_batch(again, data, at).batch) == (10, 10, 0, 0)
    assert Report.objects.count() == Matter.objects.count() == 10


def test_columns_can_be_named(dispatcher: Viewer, town: Any, at: dt.datetime) -> None:
    data = comma([("序号", "投诉描述", "派单时间"), ("1", "灯不亮", "2026-09-01")])
    with pytest.raises(ValidationError, match="没有找到表头"):
        take(dispatcher, town, data, at)
    course = take(dispatcher, town, data, at, mapping={"text": "投诉描述", "received": "派单时间"})
    assert account(course.batch) == (1, 1, 0, 0)
    with pytest.raises(ValidationError, match="没有“别的”这一列"):
        take(dispatcher, town, comma(TICKETS), at, mapping={"text": "别的"})


@pytest.mark.parametrize(
    "who", ["alice", "officer", "department_officer", "president", "auditor", "stranger", "keeper"]
)
def test_only_the_towns_desk_imports(who: str, town: Any, at: dt.datetime, request: pytest.FixtureRequest) -> None:
    viewer: Viewer = request.getfixturevalue(who)
    with pytest.raises(Refusal):
        services.begin_batch(viewer, town.area.pk, "x.csv", b"", LAYOUTS["hotline"], at)
    assert not HotlineBatch.objects.exists()


def test_refused_rows_come_back_as_excel_and_can_be_taken_in_when_mended(
    dispatcher: Viewer, town: Any, at: dt.datetime
) -> None:
    data = comma(TICKETS)
    batch = take(dispatcher, town, data, at).batch
    sheet = load_workbook(io.BytesIO(reporting.refused_rows(batch, data))).active
    assert sheet is not None
    lines = list(sheet.iter_rows(values_only=True))
    assert lines[0][:3] == ("原行号", "要修改什么", "工单编号")
    assert [line[0] for line in lines[1:]] == [4, 5, 6, 7]
    mended = [list(lines[0]), *(list(line) for line in lines[1:2])]
    mended[1][mended[0].index("受理时间")] = "2026-09-22 08:00"
    assert account(take(dispatcher, town, excel(mended), at).batch) == (1, 1, 0, 0)


def test_what_goes_back_says_what_was_done(dispatcher: Viewer, town: Any, at: dt.datetime) -> None:
    rows = [("工单编号", "标题", "内容", "受理时间", "答复意见", "答复时间"),
            ("A1", "河涌", "=黑臭", "2026-08-03", "=cmd", "2026-08-31"), ("A2", "灯", "不亮", "2026-09-20", "", "")]  # fmt: skip
    batch = take(dispatcher, town, comma(rows), at).batch
    lines = list(reporting.results(reporting.to_return(town.area.pk, batch.pk), "https://x"))
    assert [line[0] for line in lines] == ["A1", "A2"]
    assert lines[0][reporting.RESULT_HEADER.index("是否逾期")] == "是"
    text = comma_separated(reporting.RESULT_HEADER, lines).decode("utf-8-sig")
    assert "'=cmd" in text and "2026-08-31 17:00" in text
    period = reporting.to_return(town.area.pk, since=dt.date(2026, 9, 1), until=dt.date(2026, 9, 30))
    assert list(period) == []


def test_the_paper_form_is_one_that_the_import_reads(dispatcher: Viewer, town: Any, at: dt.datetime) -> None:
    header = list(reporting.PAPER)
    line = [
        "Z1",
        "2026-09-20",
        "灯",
        "灯不亮",
        "求助",
        "永东街",
        "大圩",
        "何婆婆",
        "12300000002",
        "大圩路 1 号",
        "小陈",
    ]
    data = excel([header, line])
    assert columns.layout_of(tuple(header)).key == "paper"
    assert account(take(dispatcher, town, data, at, "paper").batch) == (1, 1, 0, 0)
    assert Report.objects.get().channel == "paper"
    assert ReporterContact.objects.get().address == "大圩路 1 号"
