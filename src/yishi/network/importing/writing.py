"""Writing workbooks: the empty template, and the rows that came back with what to mend."""

from collections.abc import Iterable
from io import BytesIO
from typing import TYPE_CHECKING, Any

from yishi.network.importing.cells import BadCell, text
from yishi.network.importing.columns import LAYOUTS, ORGANISATION_KINDS, Column, Layout
from yishi.network.importing.state import Fault

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

MEND = "要改什么"
TEXT = "@"


def template() -> bytes:
    """An empty workbook with every sheet and heading, text columns set as text, and a page of notes."""
    book = _empty()
    for layout in LAYOUTS:
        sheet = book.create_sheet(layout.title)
        _head(sheet, layout, [f"*{c.heading}" if c.needed else c.heading for c in layout.columns])
        for x in range(1, len(layout.columns) + 1):
            for y in range(2, 400):
                sheet.cell(y, x).number_format = TEXT
    _notes(book.create_sheet("说明"))
    return _bytes(book)


def error_file(faults: Iterable[Fault]) -> bytes:
    """The rows that were not taken, each with what to mend; mended, the file can be imported as it is."""
    book = _empty()
    by_key = {layout.key: layout for layout in LAYOUTS}
    for fault in faults:
        layout = by_key[fault.layout]
        if fault.row.sheet not in book.sheetnames:
            _head(book.create_sheet(fault.row.sheet), layout, [*(c.heading for c in layout.columns), "原行号", MEND])
        sheet = book[fault.row.sheet]
        _row(sheet, layout, fault)
    if not book.sheetnames:
        book.create_sheet("没有退回的行")
    return _bytes(book)


def _empty() -> "Workbook":
    from openpyxl import Workbook  # loaded when first needed

    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    return book


def _head(sheet: "Worksheet", layout: Layout, headings: list[str]) -> None:
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter

    sheet.append(headings)
    for x, _heading in enumerate(headings, start=1):
        cell = sheet.cell(1, x)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="EFE6D2")
        sheet.column_dimensions[get_column_letter(x)].width = 60 if _heading == MEND else 18
    sheet.freeze_panes = "A2"


def _row(sheet: "Worksheet", layout: Layout, fault: Fault) -> None:
    from openpyxl.styles import Alignment, Font

    y = sheet.max_row + 1
    values = [_shown(fault.row.cells.get(column.key)) for column in layout.columns]
    for x, value in enumerate([*values, str(fault.row.number), fault.words], start=1):
        cell = sheet.cell(y, x, safe(value))
        cell.number_format = TEXT
    sheet.cell(y, len(values) + 2).font = Font(color="A61B1B")
    sheet.cell(y, len(values) + 2).alignment = Alignment(wrap_text=True)


def _shown(value: Any) -> str:
    try:
        return text(value)
    except BadCell:
        return str(value)


def safe(value: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t") and not value[1:].isdigit() else value


def _notes(sheet: "Worksheet") -> None:
    lines: list[tuple[str, str, str]] = [("表", "列", "怎么填")]
    for layout in LAYOUTS:
        lines += [(layout.title, c.heading, _hint(c)) for c in layout.columns]
    lines.append(("组织", "组织类别", "可填：" + "、".join(ORGANISATION_KINDS)))
    lines.append(
        ("", "", "可以有合并单元格和多行表头；号码列请设为文本；同一户可以分在几张表；同一文件导入两次不会重复。")
    )
    for line in lines:
        sheet.append(line)
    for letter, width in (("A", 10), ("B", 16), ("C", 80)):
        sheet.column_dimensions[letter].width = width


def _hint(column: Column) -> str:
    needed = "必填" if column.needed else "可不填"
    also = f"；也认：{'、'.join(column.also)}" if column.also else ""
    return f"{needed}{f'。{column.hint}' if column.hint else ''}{also}"


def _bytes(book: "Workbook") -> bytes:
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()
