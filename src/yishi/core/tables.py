"""Rows of a CSV (plain or gzip, UTF-8 or GB18030) or an Excel file, with the numbers that a person sees."""

import csv
import datetime as dt
import gzip
import io
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

EXCEL_HEADS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
MOST_ROWS = 200_000
LOOKED_AT = 15  # a sheet may begin with a title and merged cells
_PAD = " \t\r\n\u3000\xa0\ufeff"


@dataclass(frozen=True, slots=True)
class Table:
    """``rows``: the number of the row in the file (the first row is 1) and its cells under the header's names."""

    header: tuple[str, ...]
    rows: list[tuple[int, dict[str, str]]]


def cell_text(value: Any) -> str:
    """A cell as text: padding gone, whole numbers without decimals, moments as ``2026-09-28 10:00:00``."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, dt.date):
        return value.isoformat()
    lines = (line.strip(_PAD) for line in str(value).replace("_x000D_", "\n").splitlines())
    return "\n".join(line for line in lines if line)


def column_name(value: Any) -> str:
    """A header cell in normal form: full-width folded, no blanks, no marks of duty (``*``) or hints in brackets."""
    text = unicodedata.normalize("NFKC", cell_text(value))
    return re.sub(r"\(.*?\)|[\s*:]", "", text)


def read(path: Path, known: Iterable[str]) -> Table:
    """The rows of a file. The header is the row (among the first 15) with most of the ``known`` names.

    Raises:
        ValidationError: no file that can be read, no header, or too many rows.
    """
    return read_bytes(path.read_bytes(), known)


def read_bytes(data: bytes, known: Iterable[str]) -> Table:
    """As :func:`read`, from bytes."""
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except (OSError, EOFError) as error:
            raise ValidationError(_("压缩文件不完整，请重新上传。")) from error
    lines = _sheet(data) if data.startswith(EXCEL_HEADS) else _csv(data)
    return _table(lines, frozenset(known))


def _sheet(data: bytes) -> list[list[Any]]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names]
    except (CalamineError, ValueError, OSError) as error:
        raise ValidationError(_("这个 Excel 文件打不开，可能没有传完；请另存为 .xlsx 再上传。")) from error
    return max(sheets, key=len, default=[])


def _csv(data: bytes) -> list[list[Any]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            break
        first = text.split("\n", 1)[0]
        delimiter = max(",\t;", key=first.count)
        try:
            return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        except csv.Error:  # a cell without end: a quotation mark that has no partner
            break
    raise ValidationError(_("无法识别这个文件，请上传 Excel（.xlsx、.xls）或 CSV。"))


def _table(lines: list[list[Any]], known: frozenset[str]) -> Table:
    scores = [(sum(column_name(c) in known for c in line), -i) for i, line in enumerate(lines[:LOOKED_AT])]
    best, at = max(scores, default=(0, 0))
    if not lines or best == 0:
        raise ValidationError(_("没有找到表头。第一行应写列名，例如：工单编号、标题、内容、受理时间。"))
    if len(lines) > MOST_ROWS:
        raise ValidationError(_("一次最多 %(most)s 行，请分成几个文件。") % {"most": MOST_ROWS})
    header = tuple(column_name(c) for c in lines[-at])
    rows = []
    for number, line in enumerate(lines[-at + 1 :], start=-at + 2):
        cells = {name: cell_text(value) for name, value in zip(header, line, strict=False) if name}
        if any(cells.values()):
            rows.append((number, cells))
    return Table(header, rows)
