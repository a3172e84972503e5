"""Rows of a file: CSV (also .gz) in the encodings that are met, Excel through calamine; sizes are bounded
before anything is held in memory. Small tables come whole (`rows_of`, `lines_of`); large ones are streamed by
their own readers out of the same parts (`text_lines`, `records`, `workbook`)."""

import csv
import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import chain, groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar, cast
from xml.parsers.expat import ExpatError

from yishi.engines.cells import Ill, NoValue, ill_cells, reference
from yishi.engines.words import Spoken, say

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

MOST_BYTES = 64_000_000
MOST_UNPACKED = 256_000_000
MOST_ROWS = 300_000
MOST_COLUMNS = 64
LONGEST_CELL = 4_000
LOOKED_AT = 15
"""Rows of a sheet that are looked at to tell whether it is data or notes."""
EXCEL = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
_NAMED = 20
Row = tuple[str, int, list[str]]
"""Sheet (empty for CSV), row from 1, cells."""


class ReadError(Spoken):
    """What is wrong with a file: `sheet`, `row` (or all the `rows`) and `column` where known."""

    def __init__(
        self, name: str, zh: str, en: str, row: int | Sequence[int] | None = None, column: str = "", sheet: str = ""
    ) -> None:
        self.rows = (row,) if isinstance(row, int) else tuple(row or ())
        self.row = self.rows[0] if self.rows else None
        self.column, self.sheet = column, sheet
        listed = [str(r) for r in self.rows[:_NAMED]]
        more = len(self.rows) > _NAMED
        at = [name]
        at += [f"“{sheet}”表"] if sheet else []
        at += [f"第 {'、'.join(listed)}{f' 等 {len(self.rows)}' if more else ''} 行"] if listed else []
        at += [f"“{column}”列"] if column else []
        at_en = [name]
        at_en += [f"sheet “{sheet}”"] if sheet else []
        at_en += [f"row {', '.join(listed)}{f' … ({len(self.rows)} rows)' if more else ''}"] if listed else []
        at_en += [f"column “{column}”"] if column else []
        super().__init__(f"{' '.join(at)}：{zh}", f"{', '.join(at_en)}: {en}")
        self.text = say(self.zh, self.en)


@dataclass(slots=True)
class Line:
    """A row with its cells by role; `titles` is what the file calls each role."""

    file: str
    sheet: str
    row: int
    cells: dict[str, str]
    titles: Mapping[str, str]

    def get(self, role: str) -> str:
        """The cell of a role, empty where there is none."""
        return self.cells.get(role, "")

    def wrong(self, role: str, zh: str, en: str) -> ReadError:
        """What is wrong with the cell of a role."""
        return ReadError(self.file, zh, en, self.row, self.titles.get(role, role), self.sheet)


L = TypeVar("L", bound=Line)


def lines_of(
    path: Path, headers: Mapping[str, Sequence[str]], roles_of: Callable[[str, int, list[str]], list[str]],
    most_rows: int | None = None, *, make: type[L], is_other: Callable[[str, list[Row]], bool] = lambda sheet, head: False,
    left_out: list[str] | None = None,
) -> Iterator[L]:  # fmt: skip
    """Every row below a header, sheet after sheet. `roles_of` reads the roles out of a sheet's name, row and cells;
    `headers` has the names of each role, the first of which stands for a column that is not there; `make` is the
    kind of line that the caller wants. A sheet of which `is_other` says so, seeing its first rows, is passed over and
    named in `left_out`.

    Raises ReadError, also for a row that is longer than its header and for a cell without a value.
    """
    for sheet, rows in groupby(rows_of(path, most_rows), itemgetter(0)):
        head = list(islice(rows, LOOKED_AT))
        if is_other(sheet, head):
            if left_out is not None:
                left_out.append(sheet)
            continue
        _, number, cells = head[0]
        _refuse_no_value(path.name, sheet, number, cells, dict.fromkeys(range(len(cells)), ""))
        roles = roles_of(sheet, number, cells)
        own = {role: cell for role, cell in zip(roles, cells, strict=True) if role}
        titles = {role: names[0] for role, names in headers.items()} | own
        known = {place: titles[role] for place, role in enumerate(roles) if role}
        for _, number, cells in chain(head[1:], rows):
            _refuse_no_value(path.name, sheet, number, cells, known)
            if len(cells) > len(roles):
                raise ReadError(path.name, "这一行的列比表头多。", "this row has more columns than the header.", number, "", sheet)  # fmt: skip
            yield make(path.name, sheet, number, {r: c for r, c in zip(roles, cells, strict=False) if r}, titles)


def _refuse_no_value(name: str, sheet: str, row: int, cells: list[str], read: Mapping[int, str]) -> None:
    """Raises ReadError for a cell without a value in a column that is read; `read` has their titles by place."""
    if NoValue in map(type, cells):
        for place, cell in enumerate(cells):
            if isinstance(cell, NoValue) and place in read:
                raise no_value(name, sheet, row, place, cell, read[place])


def left_out_words(sheets: Sequence[str]) -> tuple[str, str]:
    """Which sheets were not read, in Chinese and in English; empty where there is none."""
    if not sheets:
        return "", ""
    names, more = [f"“{name}”" for name in sheets[:_NAMED]], len(sheets) > _NAMED
    zh = f"没有读的工作表：{'、'.join(names)}{f' 等 {len(sheets)} 张' if more else ''}。"
    return zh, f"Sheets left out: {', '.join(names)}{f' … ({len(sheets)})' if more else ''}."


def rows_of(path: Path, most_rows: int | None = None) -> Iterator[Row]:
    """Every row of a file with some text in it. Raises ReadError, or OSError where there is no file."""
    most = MOST_ROWS if most_rows is None else most_rows
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise ReadError(path.name, f"文件超过 {MOST_BYTES // 10**6} MB。", f"over {MOST_BYTES // 10**6} MB.")
    source = _excel(path) if path.suffix.lower() in EXCEL else _csv(path)
    for count, (sheet, number, cells) in enumerate(source, 1):
        if count > most:
            raise ReadError(path.name, f"超过 {most} 行。", f"more than {most} rows.", number, "", sheet)
        while cells and not cells[-1]:
            cells.pop()
        if len(cells) > MOST_COLUMNS:
            raise ReadError(path.name, f"超过 {MOST_COLUMNS} 列。", f"more than {MOST_COLUMNS} columns.", number, "", sheet)  # fmt: skip
        if any(len(cell) > LONGEST_CELL for cell in cells):
            raise ReadError(path.name, f"有一格超过 {LONGEST_CELL} 字。", f"a cell has more than {LONGEST_CELL} characters.", number, "", sheet)  # fmt: skip
        if cells:
            yield sheet, number, cells


def _csv(path: Path) -> Iterator[Row]:
    raw = unpacked(path, MOST_UNPACKED) if path.suffix.lower() == ".gz" else path.read_bytes()
    text = _decoded(path.name, raw)
    del raw
    comma = separator_of(re.split(r"[\r\n]", text[:4096], maxsplit=1)[0])
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=comma, strict=True)
    try:
        for cells in lines:
            if any("\0" in cell for cell in cells):
                raise ReadError(path.name, "有看不见的字符（NUL）。", "there is a NUL character.", lines.line_num)
            yield "", lines.line_num, [cell.strip() for cell in cells]
    except csv.Error:
        raise ReadError(
            path.name,
            "引号没有配对，或这不是 CSV。",
            "a quotation mark has no partner, or this is no CSV.",
            lines.line_num,
        ) from None


def separator_of(head: str) -> str:
    """What parts the columns of a first line: comma, tab or semicolon."""
    return max(",\t;", key=head.count)


def unpacked(path: Path, most: int) -> bytes:
    """What a .gz holds, never more than `most` bytes. Raises ReadError."""
    with packed(path.name), gzip.open(path) as file:
        raw = file.read(most + 1)
    if len(raw) > most:
        raise ReadError(path.name, "解开后太大。", "it is too large when unpacked.")
    return raw


@contextmanager
def packed(name: str) -> Iterator[None]:
    """Raises ReadError where a compressed file is cut short or none at all."""
    try:
        yield
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise ReadError(name, "压缩文件不完整或已损坏。", "the compressed file is damaged or cut short.") from error


def _decoded(name: str, raw: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ReadError(
        name, "文字编码读不出，请另存为 UTF-8 的 CSV。", "its encoding cannot be read: save it as CSV in UTF-8."
    )


def text_lines(file: BinaryIO, name: str, encoding: str, longest: int, most: int | None = None) -> Iterator[str]:
    """The lines of a text one by one, each of at most `longest` bytes, at most `most` in all.

    Raises ReadError, and UnicodeDecodeError, which `records` says in words.
    """
    total = 0
    for number, raw in enumerate(_ended(file, longest + 1), 1):
        total += len(raw)
        if len(raw) > longest:
            raise ReadError(name, f"有一行超过 {longest} 字节。", f"a line is longer than {longest} bytes.", number)
        if most is not None and total > most:
            raise ReadError(name, "文件太大，请分成几个。", "the file is too large: split it.", number)
        yield raw.decode(encoding if number == 1 else encoding.removesuffix("-sig"))


def _ended(file: BinaryIO, most: int) -> Iterator[bytes]:
    """The lines of a file, each cut at `most` bytes; those of old Macs end with CR alone."""
    first = file.readline(most)
    if b"\r" in first.rstrip(b"\r\n") and not first.endswith(b"\n"):
        file = cast(BinaryIO, io.BufferedReader(_Mac(file, first)))
        first = file.readline(most)
    while first:
        yield first
        first = file.readline(most)


class _Mac(io.RawIOBase):
    """A file whose lines end with CR, read as if they ended with LF; `first` was read already."""

    def __init__(self, file: BinaryIO, first: bytes) -> None:
        self._file, self._first = file, first

    def readable(self) -> bool:
        return True

    def readinto(self, room: Any) -> int:
        piece = self._first[: len(room)] or self._file.read(len(room))
        self._first = self._first[len(piece) :]
        room[: len(piece)] = piece.replace(b"\r", b"\n")
        return len(piece)


def records(lines: Iterable[str], name: str, separator: str = ",") -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV whose lines are given, numbered from 1 (the header); blank ones are empty.

    Raises ReadError for what is no CSV, no text in the encoding, or a compressed file cut short.
    """
    number = 0
    try:
        with packed(name):
            for number, cells in enumerate(csv.reader(lines, delimiter=separator), 1):
                yield number, cells
    except csv.Error as error:
        raise ReadError(
            name, "这一行读不了：检查没有配对的引号、换行符和过长的格。",
            "this row cannot be read: look for a quotation mark without a partner, odd line ends or a cell too long.",
            number + 1,
        ) from error  # fmt: skip
    except UnicodeDecodeError as error:
        raise ReadError(
            name, "文字编码读不出，请另存为 UTF-8 的 CSV。", "its encoding cannot be read: save it as CSV in UTF-8.",
            number + 1,
        ) from error  # fmt: skip


@contextmanager
def workbook(path: Path, most: int) -> Iterator["CalamineWorkbook"]:
    """An Excel file, refused when it unpacks to more than `most` bytes.

    Raises ReadError for that, and for whatever its reader stumbles over meanwhile.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    broken = (
        "打不开这个 Excel 文件：可能损坏或加了密码。",
        "this workbook cannot be opened: damaged, or with a password.",
    )
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as parts:
                if sum(part.file_size for part in parts.infolist()) > most:
                    raise ReadError(path.name, "解开后太大，请存为 CSV 再试。", "it is too large when unpacked: save it as CSV.")  # fmt: skip
        yield CalamineWorkbook.from_path(str(path))
    except ReadError:
        raise
    except (
        CalamineError, zipfile.BadZipFile, ExpatError, EOFError, zlib.error, ValueError, RuntimeError,
    ) as error:  # fmt: skip
        raise ReadError(path.name, broken[0], f"{broken[1]} ({str(error)[:80]})") from None
    except BaseException as error:  # a panic of the Rust library is no Exception
        if type(error).__name__ != "PanicException":
            raise
        raise ReadError(path.name, *broken) from None


def _excel(path: Path) -> Iterator[Row]:
    for sheet, number, cells in sheet_rows(path, MOST_UNPACKED):
        yield sheet, number, [cell if type(cell) is NoValue else cell.strip() for cell in cells]


def sheet_names(path: Path, most: int) -> list[str]:
    """The names of a workbook's sheets. Raises ReadError as `workbook` does."""
    with workbook(path, most) as book:
        return list(book.sheet_names)


def sheet_rows(path: Path, most: int, only: str | None = None) -> Iterator[Row]:
    """Every row of every sheet, or of the one named; a cell with an error or a formula never calculated is a `NoValue`.

    Raises ReadError as `workbook` does.
    """
    with workbook(path, most) as book:
        ill = ill_cells(path, only)
        for sheet in book.sheet_names if only is None else [only]:
            page = book.get_sheet_by_name(sheet)
            left = [""] * (
                page.start[1] if page.start else 0
            )  # the reader fills up above the first cell, not beside it
            rows = ([*left, *map(cell_text, cells)] for cells in page.iter_rows())
            for number, cells in _marked(rows, ill.get(sheet, {})):
                yield sheet, number, cells


def _marked(rows: Iterable[list[str]], ill: Ill) -> Iterator[tuple[int, list[str]]]:
    """The rows, numbered, with the cells that have no value set into them; below the last row, too."""
    number = 0
    for number, cells in enumerate(rows, 1):
        yield number, _with(cells, ill[number]) if number in ill else cells
    for below in sorted(row for row in ill if row > number):
        yield below, _with([], ill[below])


def _with(cells: list[str], ill: Mapping[int, NoValue]) -> list[str]:
    wide = cells + [""] * (min(max(ill), 1 << 14) - len(cells))
    return [ill.get(place, cell) for place, cell in enumerate(wide, 1)]


def no_value(name: str, sheet: str, row: int, place: int, cell: NoValue, title: str = "") -> ReadError:
    """What is wrong with a cell that has no value; `place` is its column from 0."""
    where = reference(row, place + 1)
    if cell == "=":
        zh = f"{where} 是还没有算出值的公式：请用 Excel 打开文件，保存后再试。"
        en = f"{where} holds a formula without a calculated value: open the file in Excel, save it and try again."
    else:
        zh, en = f"{where} 是错误值 {cell}：请改正后再试。", f"{where} holds the error {cell}: mend it and try again."
    return ReadError(name, zh, en, row, title, sheet)


def cell_text(cell: object) -> str:
    """A cell of a workbook as it would stand in a CSV."""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.isoformat(" ", "seconds")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)
