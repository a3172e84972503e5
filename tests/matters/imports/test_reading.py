"""Files as people send them: titles above headers, padding, encodings, spellings of time."""

import datetime as dt
import gzip
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st
from tests.matters.imports.files import TICKETS, comma, excel

from yishi.core import tables
from yishi.matters.imports import columns
from yishi.matters.imports.tickets import BadRow, moment, read_row

ZONE = ZoneInfo("Asia/Shanghai")
NOW = dt.datetime(2026, 9, 28, 10, 0, tzinfo=ZONE)


@pytest.mark.parametrize(
    "data",
    [
        comma(TICKETS), comma(TICKETS, "gb18030"), comma(TICKETS, "utf-8-sig"), gzip.compress(comma(TICKETS)),
        excel(TICKETS), excel(TICKETS, "大沥镇 12345 工单汇总表"),
    ],
    ids=["utf-8", "gb18030", "with mark", "gzip", "excel", "excel with a merged title"],
)  # fmt: skip
def test_the_same_rows_whatever_the_file(data: bytes) -> None:
    table = tables.read_bytes(data, columns.KNOWN)
    assert table.header == TICKETS[0]
    assert [cells["工单编号"] for _, cells in table.rows] == [row[0] for row in TICKETS[1:]]


def test_rows_are_numbered_as_the_person_sees_them() -> None:
    plain = tables.read_bytes(excel(TICKETS), columns.KNOWN)
    titled = tables.read_bytes(excel(TICKETS, "汇总表"), columns.KNOWN)
    assert [n for n, _ in plain.rows] == [2, 3, 4, 5, 6, 7]
    assert [n for n, _ in titled.rows] == [3, 4, 5, 6, 7, 8]


@pytest.mark.parametrize(
    "data", [b"", b"\x00\x01\x02", b"PK\x03\x04 broken", b"\x1f\x8b broken", comma([("a", "b"), (1, 2)])]
)
def test_what_cannot_be_read_is_said_in_words(data: bytes) -> None:
    with pytest.raises(ValidationError) as found:
        tables.read_bytes(data, columns.KNOWN)
    assert found.value.messages[0].endswith("。")


def test_padding_is_taken_away() -> None:
    assert tables.cell_text("\n\t\t\u3000座落在\u3000A市\n\t\t\n\u3000还有一行 ") == "座落在\u3000A市\n还有一行"
    assert tables.cell_text(188006.0) == "188006"
    assert tables.column_name(" ＊工单编号（必填）: ") == "工单编号"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019/2/28 11:25:05", (2019, 2, 28, 11, 25, 5)), ("2019-12-08 09:01:02", (2019, 12, 8, 9, 1, 2)),
        ("2020-09-03", (2020, 9, 3, 9, 0, 0)), ("２０２６年９月２８日 １０:００", (2026, 9, 28, 10, 0, 0)),
        ("2026.9.1", (2026, 9, 1, 9, 0, 0)), ("2023-01-16 19:26", (2023, 1, 16, 19, 26, 0)),
    ],
)  # fmt: skip
def test_times_in_every_spelling(text: str, expected: tuple[int, ...]) -> None:
    assert moment(text) == dt.datetime(*expected, tzinfo=ZONE)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize("text", ["", "昨天", "2026-13-01", "2026-02-30", "99/99/99"])
def test_what_is_no_time_is_none(text: str) -> None:
    assert moment(text) is None


@given(st.datetimes(dt.datetime(2004, 1, 1), dt.datetime(2026, 12, 31)).map(lambda d: d.replace(microsecond=0)))
def test_any_moment_written_is_read_back(when: dt.datetime) -> None:
    for pattern in ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y年%m月%d日 %H:%M:%S"):
        assert moment(when.strftime(pattern)) == when.replace(tzinfo=ZONE)


def _row(**cells: str) -> object:
    mapping = {"text": "内容", "received": "时间", "nature": "类型", "reply": "答复", "days": "天", "name": "姓名"}
    named = {mapping[k]: v for k, v in cells.items()}
    return read_row(2, named, mapping, columns.LAYOUTS["hotline"], NOW)


def test_a_row_without_words_or_with_an_impossible_time_is_refused_with_what_to_do() -> None:
    for cells in (
        {"received": "2026-09-20"}, {"text": "灯不亮"}, {"text": "灯不亮", "received": "昨天"},
        {"text": "灯不亮", "received": "2027-01-01"}, {"text": "灯不亮", "received": "2026-09-20", "nature": "胡写"},
        {"text": "长" * 20_001, "received": "2026-09-20"},
    ):  # fmt: skip
        with pytest.raises(BadRow) as why:
            _row(**cells)
        assert str(why.value).endswith("。")


def test_a_nature_that_names_two_is_decided_by_the_words() -> None:
    complaint = _row(text="工地半夜施工，噪音扰民，投诉", received="2026-09-20", nature="投诉/求助")
    unknown = _row(text="今天天气真好", received="2026-09-20", nature="投诉/求助")
    assert complaint.nature == "complaint"  # type: ignore[attr-defined]
    assert unknown.nature in ("complaint", "help")  # type: ignore[attr-defined]


def test_the_answer_comes_as_many_days_later_as_the_list_says() -> None:
    ticket = _row(text="灯不亮", received="2026-09-20", reply="已修好", days="3")
    assert ticket.replied_at == dt.datetime(2026, 9, 23, 17, 0, tzinfo=ZONE)  # type: ignore[attr-defined]


def test_only_a_masked_name_is_shown() -> None:
    shown = {
        name: _row(text="灯不亮", received="2026-09-20", name=name).contact.shown_as
        for name in ("陈先生", "陈大文", "1")
    }  # type: ignore[attr-defined]
    assert shown == {"陈先生": "陈先生", "陈大文": "来电人", "1": "来电人"}


def test_layouts_are_recognised() -> None:
    known = {
        "hot": ("留言编号", "留言用户", "留言主题", "留言时间", "留言详情", "反对数", "点赞数"),
        "published": ("id", "river", "nature", "channel", "title", "date", "n_transfers", "days_to_final_reply"),
        "liuyan": ("replyID", "replyDate", "typeNameD", "title", "replyContentMain"),
        "paper": ("登记编号", "登记时间", "标题", "反映内容", "经手人"), "hotline": TICKETS[0],
    }  # fmt: skip
    assert {key: columns.layout_of(header).key for key, header in known.items()} == {key: key for key in known}
    assert columns.guess(known["hot"])["likes"] == "点赞数"
    assert columns.guess(known["hot"])["dislikes"] == "反对数"
