"""Cells of a workbook that show as blank but are not: errors and formulas never calculated are named, never guessed."""

import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from yishi.engines.cells import NoValue, ill_cells, reference
from yishi.engines.rows import Line, ReadError, lines_of, sheet_rows

HEAD = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'


def book(path: Path, *cells: tuple[str, object]) -> Path:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    for place, value in cells:
        sheet[place] = value
    made.save(path)
    return path


def with_sheet(path: Path, rows: str, encoding: str = "utf-8") -> Path:
    """A workbook whose sheet is written by hand, as another program would."""
    book(path, ("A1", "x"))
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    text = f'<?xml version="1.0" encoding="{encoding}"?>{HEAD}{rows}</sheetData></worksheet>'
    with zipfile.ZipFile(path, "w") as new:
        for name, data in parts.items():
            new.writestr(name, text.encode(encoding) if name.endswith("sheet1.xml") else data)
    return path


def test_errors_and_formulas_without_a_value_are_found_where_they_stand(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", ("C3", "名称"), ("D4", "=1+1"), ("C5", "#N/A"), ("AB9", "=A1"))
    assert ill_cells(path) == {"Sheet": {4: {4: "="}, 5: {3: "#N/A"}, 9: {28: "="}}}
    rows = {number: cells for _, number, cells in sheet_rows(path, 10**8)}
    assert rows[3] == ["", "", "名称"]
    assert (rows[4][3], rows[5][2], rows[9][27]) == ("=", "#N/A", "=")
    assert isinstance(rows[9][27], NoValue)
    assert reference(9, 28) == "AB9"


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ('<c r="A1"><f>2</f><v></v></c>', "="),
        ('<c r="A1"><f>2</f></c>', "="),
        ('<c><f t="shared" si="0"/></c>', "="),
        ("<c r='A1' t='e'><f>1/0</f><v>#DIV/0!</v></c>", "#DIV/0!"),
        ('<c r="A1" t = "e"><v/></c>', "#ERROR"),
        ('<c r="A1"><f>2</f><v>2</v></c>', None),
        ('<c r="A1" t="str"><f>""</f><v></v></c>', None),
        ('<c r="A1" t="b"><f>1=1</f><v>1</v></c>', None),
        ('<c r="A1"><v></v></c>', None),
        ('<c r="A1" t="inlineStr"><is><t>t="e" =1</t></is></c>', None),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_what_programs_write_into_a_cell(tmp_path: Path, cell: str, shown: str | None, encoding: str) -> None:
    path = with_sheet(tmp_path / "a.xlsx", f'<row r="1">{cell}</row>', encoding)
    assert ill_cells(path).get("Sheet", {}) == ({1: {1: shown}} if shown else {})


def test_names_with_a_prefix_are_read_alike(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with_sheet(path, "")
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    parts["xl/worksheets/sheet1.xml"] = (
        b'<x:worksheet xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><x:sheetData>'
        b'<x:row r="2"><x:c r="B2"><x:f>2</x:f></x:c></x:row></x:sheetData></x:worksheet>'
    )
    with zipfile.ZipFile(path, "w") as new:
        for name, data in parts.items():
            new.writestr(name, data)
    assert ill_cells(path) == {"Sheet": {2: {2: "="}}}


def test_only_a_column_that_is_read_is_refused(tmp_path: Path) -> None:
    def roles_of(sheet: str, number: int, cells: list[str]) -> list[str]:
        return ["name" if cell == "名称" else "" for cell in cells]

    def read(*cells: tuple[str, object]) -> list[str]:
        path = book(tmp_path / "a.xlsx", ("A1", "名称"), ("B1", "合计"), ("A2", "甲"), *cells)
        return [line.get("name") for line in lines_of(path, {"name": ("名称",)}, roles_of, make=Line)]

    assert read(("B2", "=1+1")) == ["甲"]
    with pytest.raises(ReadError) as fault:
        read(("A3", "=1+1"))
    assert (fault.value.sheet, fault.value.row, fault.value.column) == ("Sheet", 3, "名称")
    assert "A3 是还没有算出值的公式" in fault.value.zh
    assert "A3 holds a formula without a calculated value" in fault.value.en
    with pytest.raises(ReadError, match="B1"):
        read(("B1", "=1+1"))


@pytest.mark.parametrize("rows", ['<row r="1"><c r="A1" t="e"><v>', "<!DOCTYPE x>", '<row r="x"><c t="e"/></row>'])
def test_a_sheet_that_is_no_xml_is_refused_in_words(tmp_path: Path, rows: str) -> None:
    path = with_sheet(tmp_path / "a.xlsx", rows + '<row><c t="e"/></row>')
    with pytest.raises(ReadError) as fault:
        list(sheet_rows(path, 10**8))
    assert fault.value.zh
