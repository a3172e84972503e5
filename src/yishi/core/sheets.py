"""Tables that leave as CSV or Excel: safe to open, wide enough to read. openpyxl is loaded when first needed."""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpResponse
from django.utils import timezone

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
Lines = Iterable[Sequence[Any]]


def plain(value: Any) -> Any:
    """A cell that a spreadsheet shows and never computes; moments in local time."""
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, str) and value.startswith(_FORMULA) and not value[1:].isdigit():
        return "'" + value
    return "" if value is None else value


def excel(header: Sequence[str], lines: Lines, name: str, widths: Sequence[int] = ()) -> bytes:
    """An Excel file of one sheet: bold frozen header, filters, wrapped text."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet(name[:31])
    sheet.freeze_panes = "A2"
    bold, tint, wrapped = Font(bold=True), PatternFill("solid", fgColor="F3E9D7"), Alignment(wrap_text=True)
    for at in range(len(header)):
        sheet.column_dimensions[get_column_letter(at + 1)].width = widths[at] if at < len(widths) else 18
    head = [WriteOnlyCell(sheet, value=str(h)) for h in header]
    for cell in head:
        cell.font, cell.fill = bold, tint
    sheet.append(head)
    count = 1
    for line in lines:
        cells = [WriteOnlyCell(sheet, value=plain(v)) for v in line]
        for cell in cells:
            cell.alignment = wrapped
        sheet.append(cells)
        count += 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(header))}{count}"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def comma_separated(header: Sequence[str], lines: Lines) -> bytes:
    """A CSV that Excel opens in Chinese (UTF-8 with a mark)."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows([plain(v) for v in line] for line in lines)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def download(data: bytes, name: str) -> HttpResponse:
    """A file to save, its kind known from its name's end."""
    response = HttpResponse(data, content_type=EXCEL if name.endswith(".xlsx") else CSV)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
