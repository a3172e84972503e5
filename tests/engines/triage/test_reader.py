"""Tables from disk: real formats, faults named by row and column, hostile files refused."""

import gzip
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yishi.engines.rows import ReadError
from yishi.engines.triage import reader
from yishi.engines.triage.reader import Row, day_of, open_tables
from yishi.engines.triage.tables import history_of, messages_of, texts_of

GOOD = "编号,标题,内容,时间,点赞数\n1,路灯,三栋路灯不亮,2026/1/2 8:00:00,3\n2,公交,班次太少,2026-01-03 09:30,\n"


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def said(rows: list[Row]) -> list[tuple[int, str]]:
    return [(row.number, row.text) for row in rows]


def workbook(path: Path, sheets: dict[str, list[tuple[object, ...]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book["Sheet"])
    for title, lines in sheets.items():
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(line)
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", GOOD.encode()),
        ("bom.csv", b"\xef\xbb\xbf" + GOOD.encode()),
        ("gb.csv", GOOD.encode("gb18030")),
        ("tab.csv", GOOD.replace(",", "\t").encode()),
        ("semi.csv", GOOD.replace(",", ";").encode()),
        ("crlf.csv", GOOD.replace("\n", "\r\n").encode()),
        ("mac.csv", GOOD.replace("\n", "\r").encode()),
        ("mac-gb.csv", GOOD.replace("\n", "\r").encode("gb18030")),
        ("mac-tab.csv", GOOD.replace("\n", "\r").replace(",", "\t").encode()),
        ("mac.csv.gz", gzip.compress(GOOD.replace("\n", "\r").encode())),
        ("blank.csv", (GOOD + "\n,,,,\n\n").encode()),
        ("z.csv.gz", gzip.compress(GOOD.encode())),
    ],
)
def test_the_forms_in_which_tables_come(tmp_path: Path, name: str, content: bytes) -> None:
    messages, names = messages_of(write(tmp_path / name, content))
    assert [m.title for m in messages] == ["路灯", "公交"]
    assert [m.text for m in messages] == ["三栋路灯不亮", "班次太少"]
    assert [m.likes for m in messages] == [3, 0]
    assert names == [{"row": 2, "id": "1"}, {"row": 3, "id": "2"}]
    assert messages[1].day is not None
    assert messages[0].day is not None
    assert messages[1].day - messages[0].day == pytest.approx(1 + 1.5 / 24)


def test_excel_with_numbers_and_dates(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["编号", "内容", "时间", "点赞数"])
    sheet.append([10086, "三栋路灯不亮", datetime(2026, 1, 2, 8), 3])
    sheet.append(["A-2", "班次太少", "2026年1月3日", None])
    book.save(tmp_path / "a.xlsx")
    messages, names = messages_of(tmp_path / "a.xlsx")
    assert names == [{"row": 2, "id": "10086"}, {"row": 3, "id": "A-2"}]
    assert messages[0].day == day_of("2026-01-02 08:00:00")
    assert messages[1].day == day_of("2026/1/3")


def test_a_cell_may_hold_line_ends_and_quotes(tmp_path: Path) -> None:
    path = write(tmp_path / "q.csv", '内容\n"第一行\n第二行，说""好"""\n')
    assert said(texts_of(path)) == [(2, '第一行\n第二行，说"好"')]


def test_unknown_names_fall_back_to_the_longest_column(tmp_path: Path) -> None:
    path = write(tmp_path / "u.csv", "甲,乙\n1,路灯坏了很久没有人修\n2,公交车班次太少\n")
    assert open_tables(path)[0].text_column() == "乙"


@pytest.mark.parametrize(
    ("content", "rows", "says"),
    [
        ("", (), "空"),
        ("内容,时间\n路灯,2026/1/1\n公交\n河,2026/1/1,多\n", (3, 4), "列数"),
        ("内容,内容\n路灯,公交\n", (1,), "同名"),
        ("内容,时间\n路灯,昨天\n", (2,), "时间"),
        ("内容,时间\n路灯,2026/13/45\n", (2,), "时间"),
        ("内容,点赞数\n路灯,很多\n", (2,), "数字"),
        ("内容,时间\n路灯,2026/1/1\n ,2026/1/1\n", (3,), "没有文字"),
        ('内容,时间\n路灯,2026/1/1\n"没有配对,2026/1/1\n公交,2026/1/1\n', (3,), "列数"),
    ],
)
def test_faults_are_named_by_row(tmp_path: Path, content: str, rows: tuple[int, ...], says: str) -> None:
    with pytest.raises(ReadError) as error:
        messages_of(write(tmp_path / "bad.csv", content))
    assert error.value.rows == rows
    assert says in error.value.text["zh"]
    assert all(str(r) in error.value.text["en"] for r in rows)


@pytest.mark.parametrize(("value", "says"), [("=A1", "还没有算出值的公式"), ("#N/A", "错误值 #N/A")])
def test_a_cell_that_only_looks_blank_is_named(tmp_path: Path, value: str, says: str) -> None:
    path = workbook(tmp_path / "a.xlsx", {"表": [("内容", "别的"), ("路灯", "=A1"), (value, "x")]})
    with pytest.raises(ReadError, match=f"A3 是{says}") as error:
        texts_of(path)
    assert (error.value.sheet, error.value.rows, error.value.column) == ("表", (3,), "内容")
    with pytest.raises(ReadError, match="B1"):
        texts_of(workbook(tmp_path / "a.xlsx", {"表": [("内容", value), ("路灯", "x")]}))


ONE: list[tuple[object, ...]] = [("内容", "时间"), ("路灯坏了", "2026-1-1")]
TWO: list[tuple[object, ...]] = [
    (None,),
    ("编号", "内容", "标题"),
    (7, "公交太少", "公交"),
    (None,),
    (8, "河水发臭", "河"),
]


def test_all_sheets_with_the_columns_are_read_and_the_others_are_named(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"说明": [("这是说明",)], "一月": ONE, "空": [], "二月": TWO})
    left_out: list[str] = []
    rows = texts_of(path, left_out=left_out)
    assert [(r.sheet, r.number, r.text) for r in rows] == [("一月", 2, "路灯坏了"), ("二月", 3, "公交太少"), ("二月", 5, "河水发臭")]  # fmt: skip
    assert left_out == ["说明"]
    messages, names = messages_of(path)
    assert names == [{"sheet": "一月", "row": 2}, {"sheet": "二月", "row": 3, "id": "7"}, {"sheet": "二月", "row": 5, "id": "8"}]  # fmt: skip
    assert [m.title for m in messages] == ["", "公交", "河"]
    left_out = []
    assert messages_of(path, {"title": "标题"}, left_out=left_out)[1] == [{"row": 3, "id": "7"}, {"row": 5, "id": "8"}]
    assert left_out == ["说明", "一月"]
    rows, columns = history_of(path, [], "标题", left_out=[])
    assert ([r.cells for r in rows], columns) == ([("公交太少", "公交"), ("河水发臭", "河")], ("内容",))


def test_a_fault_names_the_sheet(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"一月": ONE, "二月": [*TWO, (9, None, "空")]})
    with pytest.raises(ReadError) as error:
        messages_of(path, {"title": None})
        texts_of(path)
    assert (error.value.sheet, error.value.rows) == ("二月", (6,))


def test_where_no_sheet_has_the_columns_all_are_named(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"说明": [("这是说明",)], "数据": [("甲", "乙"), (1, 2)]})
    for read in (lambda: texts_of(path), lambda: texts_of(path, ["正文"]), lambda: messages_of(path)):
        with pytest.raises(ReadError, match="“数据”有：甲、乙") as error:
            read()
        assert "“说明” has: 这是说明" in error.value.en


@pytest.mark.parametrize("more", [{}, {"一月": ONE}])
def test_names_of_columns_below_a_title_are_pointed_at(
    tmp_path: Path, more: dict[str, list[tuple[object, ...]]]
) -> None:
    path = workbook(tmp_path / "a.xlsx", {**more, "二月": [("大沥镇留言汇总",), *ONE]})
    with pytest.raises(ReadError, match="列名好像在这一行") as error:
        texts_of(path)
    assert (error.value.sheet, error.value.rows) == ("二月", (2,))


@pytest.mark.parametrize("content", ["a,b\n1,2\n3,4\n", "a,b\n", "编号,时间\nA-1,2026-01-02\n"])
def test_a_table_without_a_column_of_text_names_its_columns(tmp_path: Path, content: str) -> None:
    header = content.split("\n", maxsplit=1)[0].replace(",", "、")
    with pytest.raises(ReadError, match=f"--text 指明；有：{header}"):
        messages_of(write(tmp_path / "a.csv", content))


def test_a_row_that_is_no_csv_is_refused_in_plain_words(tmp_path: Path) -> None:
    with pytest.raises(ReadError) as error:
        texts_of(write(tmp_path / "a.csv", "内容,甲\n路灯\r坏了,乙\n"))
    assert "new-line character" not in error.value.en
    assert "换行符" in error.value.zh


def test_a_missing_column_is_answered_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="编号、标题、内容"):
        texts_of(write(tmp_path / "a.csv", GOOD), ["正文"])


def _bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for k in range(12):
            file.writestr(f"xl/{k}.xml", b"0" * 1_000_000)


@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("long.csv", lambda p: write(p, b"x" * (reader.MAX_LINE + 2))),
        ("cell.csv", lambda p: write(p, "内容\n" + "字" * (reader.MAX_CELL + 1) + "\n")),
        ("wide.csv", lambda p: write(p, ",".join(map(str, range(600))) + "\n")),
        ("quote.csv", lambda p: write(p, '内容\n"' + "字\n" * 200_000)),
        ("cut.csv.gz", lambda p: write(p, gzip.compress(GOOD.encode() * 50)[:-20])),
        ("not.csv.gz", lambda p: write(p, GOOD)),
        ("not.xlsx", lambda p: write(p, GOOD)),
        ("empty.xlsx", lambda p: write(p, b"")),
        ("mixed.csv", lambda p: write(p, b"a,b\n" * 30_000 + b"\xff\xfe\x00\xd8,1\n")),
        ("bomb.xlsx", _bomb),
    ],
)
def test_hostile_files_are_refused_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, make: Callable[[Path], object]
) -> None:
    monkeypatch.setattr(reader, "MAX_UNPACKED", 10_000_000)
    make(tmp_path / name)
    with pytest.raises(ReadError) as error:
        texts_of(tmp_path / name)
    assert error.value.text["zh"].startswith(name)


@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(st.binary(max_size=400), st.text(alphabet='内容a,"\n\r\t;0', max_size=200).map(str.encode)),
    st.sampled_from(("f.csv", "f.csv.gz", "f.xlsx")),
)
def test_any_bytes_are_read_or_refused(tmp_path: Path, content: bytes, name: str) -> None:
    path = write(tmp_path / name, content)
    with suppress(ReadError):
        rows = texts_of(path)
        assert all(number >= 2 and text.strip() for number, text in said(rows))


@given(st.datetimes(min_value=datetime(1000, 1, 1)).map(lambda d: d.replace(microsecond=0)))
def test_times_in_their_usual_forms_are_the_same_moment(moment: datetime) -> None:
    plain = day_of(moment.strftime("%Y-%m-%d %H:%M:%S"))
    assert plain == day_of(
        f"{moment.year}/{moment.month}/{moment.day} {moment.hour}:{moment.minute:02}:{moment.second}"
    )
    assert plain == day_of(
        f"{moment.year}年{moment.month}月{moment.day}日 {moment.hour}时{moment.minute}分{moment.second}秒"
    )
    assert plain == day_of(moment.isoformat())
