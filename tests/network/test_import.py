"""Importing from Excel: what people's files are like, every row accounted for, twice changes nothing."""

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook
from tests.people_fixtures import MOMENT, Town

from yishi.core import audit
from yishi.core.verdicts import Refusal
from yishi.network import importing, services
from yishi.network.models import Area, Edge, ImportRun, Organisation, Post, Term
from yishi.network.viewers import Viewer
from yishi.people import identity
from yishi.people.models import Capacity, Household, HouseholdMember, Person

# invented numbers of the area code 000000, which is nobody's
ID_18 = "00000019500307001" + identity.check_digit("00000019500307001")
ID_15 = "000000500307001"
WOMAN = "00000019620101002" + identity.check_digit("00000019620101002")


def book_of(**sheets: list[list[Any]]) -> bytes:
    """A workbook with these sheets."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    return saved(book)


def saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def run(content: bytes, town: Area | None, **options: Any) -> importing.Outcome:
    return importing.import_workbook(content, "名册.xlsx", MOMENT, town=town, **options)


def counts(outcome: importing.Outcome) -> dict[str, int]:
    return {what: outcome.total(what) for what in ("rows", "added", "changed", "unchanged", "refused")}


AREAS = [
    ["区域类别", "区域名称", "上级区域", "户数"],
    ["区", "某区", "", ""], ["镇街", "某镇", "某区", ""], ["社区", "东社区", "某镇", "1,200"], ["社区", "西社区", "", 900],
    ["经济社", "一社", "东社区", 60], ["经济社", "二社", "东社区", 70], ["经济社", "一社", "西社区", 80],
]  # fmt: skip
ORGANISATIONS = [
    ["组织类别", "组织名称", "所在区域", "隶属", "对应经济社", "成立日期"],
    ["党委", "东社区党委", "东社区", "", "", "2014年5月1日"],
    ["经济社", "东一社", "东社区/一社", "", "", ""], ["经济社", "东二社", "二社", "", "", ""],
    ["党支部", "东联合党支部", "东社区", "东社区党委", "东一社、东二社", "2014.5.1"],
]  # fmt: skip
TERMS = [
    ["任职组织", "职务", "姓名", "证件号码", "手机号", "任职日期", "离任日期"],
    ["东联合党支部", "书记", "陈 强", ID_18, "", "2021-04-10", ""],
    ["东一社", "社长", "陈强", ID_15, "", dt.datetime(2021, 4, 10), ""],
    ["东二社", "社长", "李玉", "", "１９９００００００２２", "2021/4/10", ""],
]  # fmt: skip


@pytest.fixture
def made(db: None, at: dt.datetime) -> Area:
    outcome = run(book_of(区域=AREAS, 组织=ORGANISATIONS, 任职=TERMS), None)
    assert not outcome.faults
    return Area.objects.get(kind="town")


def test_a_first_file_builds_the_town_with_its_joint_branch_and_one_person_in_two_posts(made: Area) -> None:
    assert Area.objects.filter(name="一社").count() == 2
    assert Area.objects.get(name="二社").path.startswith(Area.objects.get(name="东社区").path)
    branch = Organisation.objects.get(name="东联合党支部")
    joint = Edge.objects.filter(child=branch, kind="joint", since=dt.date(2014, 5, 1))
    assert {e.parent.name for e in joint} == {"东一社", "东二社"}
    chan = Person.objects.get(name="陈强")
    assert {t.post.duty for t in chan.terms.all()} == {"secretary", "president"}
    assert chan.id_last4 == ID_18[-4:] and Person.objects.get(name="李玉").phone == "+8619900000022"


def test_the_same_file_again_changes_nothing_and_records_nothing(made: Area) -> None:
    before = list(ImportRun.objects.values_list("pk", flat=True))
    outcome = run(book_of(区域=AREAS, 组织=ORGANISATIONS, 任职=TERMS), made)
    assert counts(outcome) == {"rows": 14, "added": 0, "changed": 0, "unchanged": 14, "refused": 0}
    assert list(ImportRun.objects.values_list("pk", flat=True)) == before
    assert audit.chain(ImportRun.objects.get())[0].data["added"] == 14


def test_a_preview_says_the_same_and_writes_nothing(db: None, at: dt.datetime) -> None:
    outcome = run(book_of(区域=AREAS, 组织=ORGANISATIONS, 任职=TERMS), None, dry_run=True)
    assert outcome.total("added") == 14
    assert not Area.objects.exists() and not Person.objects.exists()


def test_merged_cells_two_line_headings_titles_and_totals(made: Area) -> None:
    book = Workbook()
    sheet = book.active
    sheet.title = "东社区住户"
    for row in (
        ["东社区户口册", "", "", "", "", ""],
        ["户", "", "", "成员", "", ""],
        ["户号", "所在区域", "住址", "姓名", "与户主关系", "身份证号码(文本)"],
        ["001", "东社区", "东街 1 号", "何大", "户主", ID_18],
        ["", "", "", "何小", "子", ""],
        ["合计", "", "", "2", "", ""],
    ):
        sheet.append(row)
    for merged in ("A1:F1", "A2:C2", "D2:F2", "A4:A5", "B4:B5", "C4:C5"):
        sheet.merge_cells(merged)
    outcome = run(saved(book), made)
    assert "另一个姓名" in outcome.faults[0].words  # the number is 陈强's
    assert [m.person.name for m in HouseholdMember.objects.all()] == ["何小"]
    assert Household.objects.get().address == "东街 1 号"


def test_a_household_goes_on_in_another_sheet_and_one_address_is_enough(made: Area) -> None:
    head = ["户号", "所在区域", "住址", "姓名", "关系", "证件号", "资格"]
    content = book_of(
        住户一=[head, ["7", "二社", "南巷 2 号", "梁大", "户主", WOMAN, "成员、居民"]],
        住户二=[head, [7, "二社", "", "梁小", "女", "", ""], [7.0, "二社", "北巷 9 号", "梁三", "女", "", ""]],
    )
    outcome = run(content, made)
    assert counts(outcome)["refused"] == 1 and "同一户只能一个住址" in outcome.faults[0].words
    household = Household.objects.get(number="7")
    assert household.members.count() == 2
    member = Capacity.objects.get(kind="member")
    assert member.organisation is not None and member.organisation.name == "东二社" and member.verified_at == MOMENT
    assert counts(run(content, made))["unchanged"] == 2


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"证件号码": 440605195003070012.0}, "设为“文本”"),
        ({"证件号码": "4.40605E+17"}, "科学计数法"),
        ({"证件号码": "1234"}, "18 位"),
        ({"证件号码": ID_18[:17] + ("1" if ID_18[17] != "1" else "2")}, "最后一位"),
        ({"手机号": "12345"}, "11 位"),
        ({"任职组织": "没有的社"}, "没有“没有的社”"),
        ({"任职日期": ""}, "缺任职日期"),
        ({"任职日期": "农历三月初七"}, "公历"),
        ({"任职日期": "2021-02-30"}, "没有这一天"),
        ({"离任日期": "2020-01-01"}, "早于任职日期"),
        ({"职务": "大管家"}, "看不出职责"),
        ({"职务": ""}, "缺职务"),
        ({"姓名": " "}, "缺姓名"),
        ({"任职组织": "东一社", "职务": "社长", "手机号": "19900000033"}, "已由陈强担任"),
        ({"手机号": ""}, "已有 1 位“李玉”"),
    ],
)
def test_a_bad_row_says_what_to_mend_and_the_others_go_on(made: Area, cells: dict[str, Any], words: str) -> None:
    row: dict[str, Any] = dict(
        zip(TERMS[0], ["东社区党委", "书记", "李玉", "", "19900000022", "2021-04-10", ""], strict=True)
    )
    fine = ["东社区党委", "副书记", "黄新", "", "19900000044", "2021-04-10", ""]
    outcome = run(book_of(任职=[TERMS[0], list((row | cells).values()), fine]), made)
    assert [words in fault.words for fault in outcome.faults] == [True]
    assert Term.objects.filter(person__name="黄新").exists()


def test_namesakes_without_numbers_are_told_apart_by_the_town_not_by_guess(made: Area) -> None:
    head = ["任职组织", "职务", "姓名", "同名区分", "任职日期"]
    two = [["东社区党委", "书记", "王明", "", "2021-04-10"], ["东一社", "副社长", "王明", "", "2021-04-10"]]
    outcome = run(book_of(任职=[head, *two]), made)
    assert len(outcome.faults) == 2 and "出现多次" in outcome.faults[0].words
    two[0][3] = two[1][3] = "甲"
    assert not run(book_of(任职=[head, *two]), made).faults
    assert Person.objects.get(name="王明").terms.count() == 2
    again = run(book_of(任职=[head, *two]), made)
    assert again.total("unchanged") == 2
    other = [["东二社", "监事", "王明", "新", "2021-04-10"]]
    assert not run(book_of(任职=[head, *other]), made).faults
    assert Person.objects.filter(name="王明").count() == 2


def test_areas_of_one_name_must_be_written_in_full(made: Area) -> None:
    rows = [ORGANISATIONS[0], ["经济社", "西一社", "一社", "", "", ""], ["经济社", "西一社", "西社区/一社", "", "", ""]]
    outcome = run(book_of(组织=rows), made)
    assert outcome.total("added") == 1 and "写全" in outcome.faults[0].words


def test_the_error_file_says_what_to_mend_keeps_ids_as_text_and_imports_once_mended(made: Area) -> None:
    rows = [TERMS[0], ["东社区党委", "书记", "黄新", WOMAN, "12345", "2021-04-10", ""]]
    outcome = run(book_of(任职=rows), made)
    book = load_workbook(io.BytesIO(importing.error_file(outcome.faults)))
    sheet = book["任职"]
    head = [cell.value for cell in sheet[1]]
    line = dict(zip(head, [cell.value for cell in sheet[2]], strict=True))
    assert line["证件号码"] == WOMAN and line["原行号"] == "2" and "11 位" in str(line["要改什么"])
    sheet.cell(2, head.index("手机号") + 1).value = "19900000055"
    assert run(saved(book), made).total("added") == 1


def test_cells_cannot_smuggle_formulas_into_the_error_file(made: Area) -> None:
    outcome = run(book_of(任职=[TERMS[0], ["=HYPERLINK(1)", "书记", "黄新", "", "", "2021-04-10", ""]]), made)
    sheet = load_workbook(io.BytesIO(importing.error_file(outcome.faults)))["任职"]
    assert all(cell.data_type != "f" for line in sheet.iter_rows() for cell in line)


def test_the_template_is_understood_and_empty(made: Area) -> None:
    outcome = run(importing.template(), made)
    assert {tally.layout for tally in outcome.sheets} == {"areas", "organisations", "terms", "households"}
    assert outcome.total("rows") == 0 and not outcome.unknown


def test_what_is_not_excel_is_refused_and_unknown_sheets_are_named(made: Area) -> None:
    with pytest.raises(ValidationError, match="Excel"):
        run(b"not a workbook", made)
    assert run(book_of(花名册=[["甲", "乙"], [1, 2]]), made).unknown == ["花名册"]


def test_only_town_organisers_import(town: Town, town_officer: Viewer, officer: Viewer, keeper: Viewer) -> None:
    content = book_of(区域=[AREAS[0], ["社区", "新社区", "大沥镇", 5]])
    for viewer in (officer, keeper):
        with pytest.raises(Refusal):
            services.import_network(viewer, town.area, content, "x.xlsx", MOMENT, dry_run=True)
    outcome = services.import_network(town_officer, town.area, content, "x.xlsx", MOMENT, dry_run=False)
    assert outcome.total("added") == 1
    assert ImportRun.objects.get().by_id == town_officer.person_id


def test_the_whole_way_in_the_browser(town: Town, town_officer: Viewer, client_for: Callable[[Viewer], Client]) -> None:
    client = client_for(town_officer)
    rows = [AREAS[0], ["社区", "新社区", "大沥镇", 5], ["什么", "坏行", "大沥镇", 5]]
    upload = SimpleUploadedFile("名册.xlsx", book_of(区域=rows))
    page = client.post(reverse("network:import"), {"file": upload})
    assert not Area.objects.filter(name="新社区").exists()
    digest = page.context["outcome"].digest
    errors = client.get(reverse("network:import_errors", args=[digest]))
    assert load_workbook(io.BytesIO(errors.content))["区域"].cell(2, 2).value == "坏行"
    client.post(reverse("network:import_apply"), {"digest": digest, "name": "名册.xlsx"})
    assert Area.objects.filter(name="新社区").exists()
    assert client.post(reverse("network:import_apply"), {"digest": "../../etc"}).status_code == 404


def test_scenario_1_totals_reproduce_and_joint_branches_show(db: None, at: dt.datetime) -> None:
    """42 communities, 321 societies, 306 secretaries: 15 joint links, no invented secretary."""
    communities = [["社区", f"第{i}社区", "某镇", ""] for i in range(42)]
    where = [f"第{i % 27}社区" for i in range(321)]
    areas = [*AREAS[:3], *communities, *([["经济社", f"社{i}", where[i], ""] for i in range(321)])]
    societies = [["经济社", f"社{i}", f"{where[i]}/社{i}", "", "", ""] for i in range(321)]
    served = [[i] for i in range(27, 318)] + [[i, i + 303] for i in range(12, 15)] + [[i, i + 15] for i in range(12)]
    branches = [
        ["党支部", f"支部{n}", where[group[0]], "", "、".join(f"{where[i]}/社{i}" for i in group), ""]
        for n, group in enumerate(served)
    ]
    assert len(served) == 306
    terms = [[f"支部{n}", "书记", f"人{n}", "", f"199{n:08d}", "2021-04-10", ""] for n in range(306)]
    content = book_of(区域=areas, 组织=[ORGANISATIONS[0], *societies, *branches], 任职=[TERMS[0], *terms])
    outcome = run(content, None)
    assert not outcome.faults
    assert Area.objects.filter(kind="community").count() == 42
    assert Organisation.objects.filter(kind="economic_cooperative").count() == 321
    assert Term.objects.filter(post__duty="secretary").count() == 306 == Post.objects.count()
    assert Edge.objects.filter(kind="joint").values("child").distinct().count() == 15
    assert counts(run(content, Area.objects.get(kind="town")))["unchanged"] == outcome.total("rows")
