"""Tables of messages from disk: CSV (also .gz; UTF-8 or GB 18030; comma, tab or semicolon) and Excel.

Rows come one by one with bounded lines, cells and columns; every fault is named by row (the header
is row 1) and column. Nothing of the file is trusted: an endless line, a cell of a gigabyte or a
spreadsheet that unpacks to terabytes is refused before it is held in memory.
"""

import gzip
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, cast

from yishi.engines.rows import EXCEL, ReadError, cell_text, packed, records, separator_of, text_lines, workbook

MAX_LINE, MAX_CELL, MAX_COLUMNS, MAX_ROWS = 1_000_000, 100_000, 500, 5_000_000
MAX_TOTAL = 4_000_000_000
MAX_WORKBOOK, MAX_UNPACKED = 200_000_000, 1_000_000_000
_SAMPLE = 65_536

KNOWN = {
    "text": ("留言详情", "诉求件内容", "诉求内容", "内容", "详情", "text", "content", "replyContentMain", "tokens", "description", "message"),
    "title": ("留言主题", "标题", "主题", "title", "subject"),
    "time": ("留言时间", "时间", "日期", "诉求时间", "time", "date", "dateline", "replyDate", "created_at"),
    "person": ("留言用户", "用户", "诉求人", "user", "person", "author"),
    "likes": ("点赞数", "赞成数", "likes", "upvotes"),
    "dislikes": ("反对数", "dislikes", "downvotes"),
    "place": ("地点", "地址", "区域", "所属区域", "place", "address", "district", "county"),
    "label": ("一级标签", "标签", "分类", "label", "category"),
    "id": ("留言编号", "编号", "工单号", "id", "replyID"),
}  # fmt: skip
"""Names by which a column is known, when the caller names none."""

Tick = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Row:
    """A row with its number in the file (the header is row 1) and the wanted cells as text."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The header and where it came from."""

    path: Path
    header: tuple[str, ...]

    def rows(self, columns: Sequence[str], tick: Tick = lambda n: None) -> Iterator[Row]:
        """The cells of these columns, row by row; blank rows are passed over.

        Raises ReadError for a missing column, a row of another width, a cell too long.
        """
        places = [self.place(c) for c in columns]
        broken: list[int] = []
        for number, cells in _records(self.path):
            if number == 1 or not any(c.strip() for c in cells):
                continue
            tick(1)
            if len(cells) != len(self.header):
                broken.append(number)
            elif not broken:
                yield Row(number, tuple(cells[p] for p in places))
        if broken:
            raise ReadError(
                self.path.name,
                f"这些行的列数与表头（{len(self.header)} 列）不同：检查多余的分隔符或没有配对的引号。",
                f"these rows do not have the header's {len(self.header)} columns: look for stray separators or "
                "quotation marks without a partner.",
                broken,
            )

    def place(self, column: str) -> int:
        """Where a column stands."""
        if column not in self.header:
            listed = "、".join(self.header[:30])
            raise ReadError(
                self.path.name,
                f"没有“{column}”这一列；有：{listed}。",
                f"there is no column “{column}”; there are: {listed}.",
            )
        return self.header.index(column)

    def known(self, role: str) -> str | None:
        """The column that plays a role by its name (see `KNOWN`), if there is one."""
        lower = {h.lower(): h for h in reversed(self.header)}
        return next((lower[n.lower()] for n in KNOWN[role] if n.lower() in lower), None)

    def text_column(self) -> str:
        """The column of the messages: known by name, else the one with the longest cells."""
        named = self.known("text")
        if named:
            return named
        total = [0] * len(self.header)
        for number, cells in _records(self.path):
            if number > 1 and len(cells) == len(total):
                total = [t + len(c) for t, c in zip(total, cells, strict=True)]
            if number > 50:
                break
        return self.header[total.index(max(total))]


def open_table(path: Path) -> Table:
    """Read the header. Raises ReadError for a file that is no table, OSError for none at all."""
    first = next(_records(path), None)
    if first is None or not any(c.strip() for c in first[1]):
        raise ReadError(
            path.name, "文件是空的，第一行应为列名。", "the file is empty; its first row should name the columns."
        )
    header = tuple(c.strip() for c in first[1])
    while header and not header[-1]:
        header = header[:-1]
    named = [h for h in header if h]
    if len(named) != len(set(named)):
        raise ReadError(path.name, "有两列同名，请改名。", "two columns have the same name; rename one.", [1])
    return Table(path, tuple(header))


def day_of(cell: str) -> float | None:
    """Days since 0001-01-01 of a time as people write it; None for a blank cell.

    >>> day_of("2019/2/28 11:25:05") == day_of("2019-02-28 11:25:05")
    True

    Raises ValueError for anything else.
    """
    if not cell.strip():
        return None
    found = _TIME.fullmatch(cell.strip())
    if not found:
        raise ValueError(cell)
    a, b, c, hour, minute, second = (int(g) if g else 0 for g in found.groups())
    year, month, day = (a, b, c) if a > 31 else (c, a, b)
    moment = datetime(year, month, day, hour, minute, min(second, 59))  # noqa: DTZ001 - the clock on the wall
    return moment.toordinal() + (moment.hour * 3600 + moment.minute * 60 + moment.second) / 86_400


_TIME = re.compile(
    r"(\d{1,4})[-/.年](\d{1,2})[-/.月](\d{1,4})日?(?:[T\s]+(\d{1,2})[:：时](\d{1,2})(?:[:：分](\d{1,2})秒?)?(?:\.\d+)?Z?)?"
)


def _records(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Row number and cells of every row, header included."""
    source = _excel_rows(path) if path.suffix.lower() in EXCEL else _csv_rows(path)
    width = 0
    for number, cells in enumerate(source, 1):
        if number > MAX_ROWS:
            raise ReadError(
                path.name, f"超过 {MAX_ROWS} 行，请分成几个文件。", f"more than {MAX_ROWS} rows: split the file."
            )
        if len(cells) > MAX_COLUMNS:
            raise ReadError(path.name, f"超过 {MAX_COLUMNS} 列。", f"more than {MAX_COLUMNS} columns.", [number])
        if any(len(c) > MAX_CELL for c in cells):
            raise ReadError(
                path.name, f"有一格超过 {MAX_CELL} 字。", f"a cell has more than {MAX_CELL} characters.", [number]
            )
        if number == 1:
            width = len(cells)
            while width and not cells[width - 1].strip():
                width -= 1
        while len(cells) > width and not cells[-1].strip():
            cells.pop()
        yield number, cells


def _csv_rows(path: Path) -> Iterator[list[str]]:
    with packed(path.name), _opened(path) as file:
        sample = file.read(_SAMPLE)
    encoding = _encoding(sample)
    comma = separator_of(sample.split(b"\n", 1)[0].decode(encoding, "replace"))
    with _opened(path) as file:
        lines = (line.replace("\0", "") for line in text_lines(file, path.name, encoding, MAX_LINE, MAX_TOTAL))
        for _, cells in records(lines, path.name, comma):
            yield cells or [""]


def _opened(path: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(path, "rb")) if path.suffix.lower() == ".gz" else path.open("rb")


def _encoding(sample: bytes) -> str:
    try:
        sample.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(sample) - 4:
            return "gb18030"
    return "utf-8-sig"


def _excel_rows(path: Path) -> Iterator[list[str]]:
    if path.stat().st_size > MAX_WORKBOOK:
        raise ReadError(path.name, "表格太大：请存为 CSV 再试。", "the workbook is too large: save it as CSV.")
    with workbook(path, MAX_UNPACKED) as book:
        names = book.sheet_names
        sheet = book.get_sheet_by_name(names[0]) if names else None
        for _ in range(sheet.start[0] if sheet is not None and sheet.start else 0):
            yield [""]
        for cells in sheet.iter_rows() if sheet is not None else ():
            yield [cell_text(c) for c in cells]
