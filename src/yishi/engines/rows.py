"""Rows of a file: CSV (also .gz) in the encodings that are met, Excel through calamine; sizes are bounded
before anything is held in memory."""

import csv
import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from yishi.engines.words import Spoken

MOST_BYTES = 64_000_000
MOST_UNPACKED = 256_000_000
MOST_ROWS = 300_000
MOST_COLUMNS = 64
LONGEST_CELL = 4_000
_EXCEL = {".xlsx", ".xlsm", ".xls", ".ods"}
Row = tuple[str, int, list[str]]
"""Sheet (empty for CSV), row from 1, cells."""


class ReadError(Spoken):
    """What is wrong with a file: `sheet`, `row` and `column` where known."""

    def __init__(self, name: str, zh: str, en: str, row: int | None = None, column: str = "", sheet: str = "") -> None:
        self.row, self.column, self.sheet = row, column, sheet
        at = [name]
        at += [f"“{sheet}”表"] if sheet else []
        at += [f"第 {row} 行"] if row else []
        at += [f"“{column}”列"] if column else []
        at_en = [name]
        at_en += [f"sheet “{sheet}”"] if sheet else []
        at_en += [f"row {row}"] if row else []
        at_en += [f"column “{column}”"] if column else []
        super().__init__(f"{' '.join(at)}：{zh}", f"{', '.join(at_en)}: {en}")


def rows_of(path: Path, most_rows: int | None = None) -> Iterator[Row]:
    """Every row of a file with some text in it. Raises ReadError, or OSError where there is no file."""
    most = MOST_ROWS if most_rows is None else most_rows
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise ReadError(path.name, f"文件超过 {MOST_BYTES // 10**6} MB。", f"over {MOST_BYTES // 10**6} MB.")
    source = _excel(path) if path.suffix.lower() in _EXCEL else _csv(path)
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
    head = text[:4096].partition("\n")[0]
    comma = max(",\t;", key=head.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=comma, strict=True)
    try:
        for cells in lines:
            if any("\0" in cell for cell in cells):
                raise ReadError(path.name, "有看不见的字符（NUL）。", "there is a NUL character.", lines.line_num)
            yield "", lines.line_num, [cell.strip() for cell in cells]
    except csv.Error as error:
        raise ReadError(
            path.name,
            "引号没有配对，或这不是 CSV。",
            f"a quotation mark has no partner, or this is no CSV ({error}).",
            lines.line_num,
        ) from None


def unpacked(path: Path, most: int) -> bytes:
    """What a .gz holds, never more than `most` bytes. Raises ReadError."""
    try:
        with gzip.open(path) as packed:
            raw = packed.read(most + 1)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        raise ReadError(path.name, "压缩文件损坏。", "the compressed file is damaged.") from None
    if len(raw) > most:
        raise ReadError(path.name, "解开后太大。", "it is too large when unpacked.")
    return raw


def _decoded(name: str, raw: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ReadError(
        name, "文字编码读不出，请另存为 UTF-8 的 CSV。", "its encoding cannot be read: save it as CSV in UTF-8."
    )


def _excel(path: Path) -> Iterator[Row]:
    from python_calamine import CalamineError, CalamineWorkbook

    broken = (
        "打不开这个 Excel 文件：可能损坏或加了密码。",
        "this workbook cannot be opened: damaged, or with a password.",
    )
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as packed:
                if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
                    raise ReadError(path.name, "解开后太大。", "it is too large when unpacked.")
        book = CalamineWorkbook.from_path(str(path))
        for sheet in book.sheet_names:
            for number, cells in enumerate(book.get_sheet_by_name(sheet).to_python(skip_empty_area=False), 1):
                yield sheet, number, [_text(cell) for cell in cells]
    except ReadError:
        raise
    except (CalamineError, zipfile.BadZipFile, ValueError, NotImplementedError, RuntimeError) as error:
        raise ReadError(path.name, broken[0], f"{broken[1]} ({str(error)[:80]})") from None
    except BaseException as error:  # a panic of the Rust library is no Exception
        if type(error).__name__ != "PanicException":
            raise
        raise ReadError(path.name, *broken) from None


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
