"""Tables as they come: CSV and Excel say the same, faults named by row and column, junk bounded."""

import io
import zipfile
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from yishi.engines import rows
from yishi.engines.pairing import Each, PairingError, solve, template
from yishi.engines.pairing.reader import HEADERS, KINDS, read_problem
from yishi.engines.rows import ReadError

HEAD = "类别,名称,所属,长处或需要,最少,最多,经度,纬度,对方,数值\n"
GOOD = HEAD + "支部,甲,机关/一科,法律:3；医疗,,,,,,\n社区,东,东片,法律,,,,,,\n"


def written(tmp_path, text, name="pairs.csv"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def workbook(tmp_path, sheets, name="pairs.xlsx"):
    book = Workbook()
    book.remove(book.active)
    for title, lines in sheets.items():
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(line)
    book.save(tmp_path / name)
    return tmp_path / name


def test_the_template_is_a_question_with_an_answer_in_csv_and_in_excel(tmp_path):
    plain = read_problem(written(tmp_path, template.as_csv()))
    excel = read_problem(workbook(tmp_path, {"结对": template.rows()}))
    assert plain == excel
    assert read_problem(written(tmp_path, template.as_csv().encode("gb18030"), "old.csv")) == plain
    plan = solve(plain)
    assert plan.certificate.proven
    assert ("卫生院支部", "西社区") in plan.pairs
    assert ("供电所支部", "东社区") not in plan.pairs
    assert plain.quotas[0].by_institution
    assert plain.quotas[0].each is Each.COMMUNITY


def test_a_sheet_named_after_its_kind_needs_no_column_for_it(tmp_path):
    path = workbook(
        tmp_path,
        {
            "支部": [("名称", "长处", "最多"), ("甲", "法律:3", 2), ("乙", None, None)],
            "社区": [("名称", "需要", "所属"), ("东", "法律", "东片")],
            "fixed": [("branch", "community"), ("乙", "东")],
        },
    )
    problem = read_problem(path)
    assert [b.id for b in problem.branches] == ["甲", "乙"]
    assert problem.branches[0].high == 2
    assert problem.fixed == {("乙", "东")}


def test_levels_places_and_defaults(tmp_path):
    problem = read_problem(
        written(tmp_path, GOOD + "支部,乙,,,0,,113.1,23.0,,\n社区,西,,,,,113.2,23.0,,\n以前结对,甲,,,,,,,东,\n")
    )
    first, second = problem.branches
    assert dict(first.brings) == {"法律": 3, "医疗": 1}
    assert first.institution == ("机关", "一科")
    assert (first.low, first.high, second.low, second.high) == (1, 1, 0, 1)
    assert problem.communities[0].high is None
    assert abs((problem.communities[1].place[0] - second.place[0]) - 10_235) < 5
    assert problem.ties[0].past == 1


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("别的,甲", "类别"),
        (",甲", "类别"),
        ("支部,", "名称"),
        ("支部,甲", "名称"),
        ("支部,乙,a/a", "所属"),
        ("支部,乙,,法律:0", "长处或需要"),
        ("支部,乙,,法律:x", "长处或需要"),
        ("支部,乙,,:3", "长处或需要"),
        ("支部,乙,,法律;法律", "长处或需要"),
        ("支部,乙,,,-1", "最少"),
        ("支部,乙,,,²", "最少"),
        ("支部,乙,,,2,1", "最多"),
        ("支部,乙,,,,,181,20", "经度"),
        ("支部,乙,,,,,nan,20", "经度"),
        ("支部,乙,,,,,113", "纬度"),
        ("指定,丙,,,,,,,东", "名称"),
        ("指定,甲,,,,,,,北", "对方"),
        ("指定,甲", "对方"),
        ("距离,甲,,,,,,,东,远", "数值"),
        ("距离,甲,,,,,,,东", "数值"),
        ("联系,甲,,,,,,,东,101", "数值"),
        ("名额,无此机构,,,,3", "名称"),
        ("名额,甲,,,,3,,,,每月", "数值"),
        ("名额,甲,,,3,2", "最多"),
        ("权重,美观,,,,,,,,3", "名称"),
        ("权重,契合,,,,,,,,1001", "数值"),
        ('支部,"乙', None),
        ("支部,乙,,,,,,,,,多", None),
        ("支部,乙\0", None),
        ("支部," + "长" * 5_000, None),
    ],
)
def test_faults_are_named_by_row_and_column_in_both_languages(tmp_path, line, column):
    with pytest.raises(ReadError) as fault:
        read_problem(written(tmp_path, GOOD + line + "\n"))
    assert fault.value.row == 4
    assert fault.value.column == (column or "")
    assert "第 4 行" in fault.value.zh
    assert "row 4" in fault.value.en


def test_places_are_read_with_all_the_decimals_of_a_double(tmp_path):
    place = 113.14000000000001, 23.0299999999999976
    header = ["类别", "名称", "经度", "纬度"]
    table = [["支部", "甲", *place], ["社区", "东", 113.15, 23.04]]
    text = "".join(",".join(map(str, row)) + "\n" for row in [header, *table])
    for path in (written(tmp_path, text), workbook(tmp_path, {"表": [header, *table]})):
        assert read_problem(path).branches[0].place is not None


def test_a_fault_in_a_workbook_names_its_sheet(tmp_path):
    path = workbook(tmp_path, {"支部": [("名称", "最多"), ("甲", "很多")]})
    with pytest.raises(ReadError) as fault:
        read_problem(path)
    assert (fault.value.sheet, fault.value.row, fault.value.column) == ("支部", 2, "最多")


TABLE = [("类别", "名称", "最少"), ("支部", "甲", "1"), ("社区", "东", "1")]


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        ("=2", "C3 是还没有算出值的公式", "C3 holds a formula without a calculated value"),
        ("#N/A", "C3 是错误值 #N/A", "C3 holds the error #N/A"),
    ],
)
def test_a_cell_that_only_looks_blank_is_refused(tmp_path, value, zh, en):
    with pytest.raises(ReadError) as fault:
        read_problem(workbook(tmp_path, {"结对": [*TABLE[:2], ("社区", "东", value)]}))
    assert (fault.value.sheet, fault.value.row, fault.value.column) == ("结对", 3, "最少")
    assert zh in fault.value.zh
    assert en in fault.value.en


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize(
    "notes",
    [
        [("填表人：小王",), ("周五前交",)],
        [("联系人", "电话"), ("小王", 13800)],
        [("=1+1", "#N/A")],
        [("说明",), ("支部",), ("社区",)],
    ],
)
def test_a_sheet_of_notes_is_passed_over_and_named(tmp_path, notes, before):
    sheets = {"备注": notes, "数据": TABLE} if before else {"数据": TABLE, "备注": notes}
    left_out = []
    problem = read_problem(workbook(tmp_path, sheets), left_out=left_out)
    assert problem == read_problem(workbook(tmp_path, {"数据": TABLE}))
    assert left_out == ["备注"]


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("支部", [("负责人", "电话"), ("小王", 138)]),
        ("二片", [("类别", "简称"), ("支部", "乙")]),
        ("二片", [("大沥镇结对表",), ("类别", "名称"), ("支部", "乙")]),
        ("二片", [("支部", "乙", "1"), ("社区", "西", "1")]),
        ("二片", [("名称", "名称"), ("支部", "乙")]),
    ],
)
def test_a_sheet_that_looks_like_data_still_stops_the_run(tmp_path, title, lines):
    with pytest.raises(ReadError) as fault:
        read_problem(workbook(tmp_path, {"数据": TABLE, title: lines}))
    assert fault.value.sheet == title


def test_a_workbook_of_notes_alone_says_what_was_left_out(tmp_path):
    with pytest.raises(ReadError) as fault:
        read_problem(workbook(tmp_path, {"备注": [("填表人：小王",)]}))
    assert "没有读的工作表：“备注”" in fault.value.zh
    assert "Sheets left out: “备注”" in fault.value.en


@pytest.mark.parametrize("text", ["", "\n", "a,b\n", "名称,名称\n", HEAD, HEAD + "支部,甲\n", b"\xff\xfe\xff"])
def test_files_that_are_no_question(tmp_path, text):
    with pytest.raises(ReadError):
        read_problem(written(tmp_path, text))


def test_a_missing_file_and_one_too_large(tmp_path, monkeypatch):
    with pytest.raises(OSError):
        read_problem(tmp_path / "none.csv")
    monkeypatch.setattr(rows, "MOST_ROWS", 2)
    with pytest.raises(ReadError, match="more than 2 rows"):
        read_problem(written(tmp_path, GOOD))
    monkeypatch.setattr(rows, "MOST_BYTES", 10)
    with pytest.raises(ReadError):
        read_problem(written(tmp_path, GOOD))


def test_a_packed_bomb_is_not_opened(tmp_path, monkeypatch):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", b" " * 3_000_000)
    monkeypatch.setattr(rows, "MOST_UNPACKED", 1_000_000)
    with pytest.raises(ReadError, match="too large"):
        read_problem(written(tmp_path, packed.getvalue(), "bomb.xlsx"))


CELLS = st.sampled_from(
    ["", *(names[0] for names in KINDS.values()), "甲", "东", "法律:3", "1", "0", "-1", "113.1", "每社区", "*", "契合"]
) | st.text(max_size=6)  # fmt: skip


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.binary(max_size=300),
        st.lists(st.lists(CELLS, max_size=len(HEADERS)), max_size=6).map(
            lambda lines: (GOOD + "\n".join(",".join(line) for line in lines)).encode("utf-8", "ignore")
        ),
    )
)
def test_whatever_the_bytes_the_answer_is_a_question_or_a_named_fault(tmp_path, junk):
    faults = []
    for name in ("junk.csv", "junk.xlsx", "junk.xls"):
        try:
            problem = read_problem(written(tmp_path, junk, name))
        except (PairingError, ReadError) as fault:
            faults.append(fault)
            continue
        assert problem.branches
    assert all(fault.zh and fault.en for fault in faults)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 6_000), st.integers(0, 255))
def test_a_damaged_workbook_is_a_named_fault_or_a_question(tmp_path, place, value):
    good = tmp_path / "good.xlsx"
    if not good.exists():
        workbook(tmp_path, {"结对": template.rows()}, "good.xlsx")
    data = bytearray(good.read_bytes())
    data[place % len(data)] = value
    with suppress(PairingError, ReadError):
        assert read_problem(written(tmp_path, bytes(data), "damaged.xlsx")).branches
