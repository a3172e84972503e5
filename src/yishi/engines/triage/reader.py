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
from itertools import islice
from pathlib import Path
from typing import BinaryIO, cast

from yishi.engines.cells import NoValue
from yishi.engines.rows import (
    EXCEL,
    LOOKED_AT,
    ReadError,
    no_value,
    packed,
    records,
    separator_of,
    sheet_names,
    sheet_rows,
    text_lines,
)

MAX_LINE, MAX_CELL, MAX_COLUMNS, MAX_ROWS = 1_000_000, 100_000, 500, 5_000_000
MAX_TOTAL = 4_000_000_000
MAX_WORKBOOK, MAX_UNPACKED = 200_000_000, 1_000_000_000
_SAMPLE, _LEAST_LETTERS = 65_536, 4

KNOWN = {
    "text": ("留言详情", "留言内容", "诉求件内容", "诉求内容", "内容", "详情", "text", "content", "replyContentMain", "tokens", "description", "message"),
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
    """A row with its number in the file (the first is 1), the wanted cells as text and, in a workbook, its sheet."""

    number: int
    cells: tuple[str, ...]
    sheet: str = ""

    @property
    def text(self) -> str:
        """The cells one under the other."""
        return "\n".join(self.cells)


@dataclass(frozen=True, slots=True)
class Table:
    """A file, or a sheet of a workbook: the header and the row in which it stands."""

    path: Path
    header: tuple[str, ...]
    sheet: str = ""
    first: int = 1

    def rows(self, columns: Sequence[str], tick: Tick = lambda n: None) -> Iterator[Row]:
        """The cells of these columns, row by row; blank rows are passed over.

        Raises ReadError for a missing column, a row of another width, a cell too long or without a value.
        """
        self._check_header()
        places = [self.place(c) for c in columns]
        broken: list[int] = []
        for number, cells in _records(self.path, self.sheet):
            if number <= self.first or not any(c.strip() for c in cells):
                continue
            tick(1)
            if len(cells) != len(self.header):
                broken.append(number)
            elif not broken:
                self._check_values(number, cells, places)
                yield Row(number, tuple(cells[p] for p in places), self.sheet)
        if broken:
            raise self.wrong(
                f"这些行的列数与表头（{len(self.header)} 列）不同：检查多余的分隔符或没有配对的引号。",
                f"these rows do not have the header's {len(self.header)} columns: look for stray separators or "
                "quotation marks without a partner.",
                broken,
            )

    def wrong(self, zh: str, en: str, rows: Sequence[int] | int = (), column: str = "") -> ReadError:
        """A fault of this table."""
        return ReadError(self.path.name, zh, en, rows, column, self.sheet)

    def _check_header(self) -> None:
        named = [h for h in self.header if h]
        if len(named) != len(set(named)):
            raise self.wrong("有两列同名，请改名。", "two columns have the same name; rename one.", [self.first])
        self._check_values(self.first, self.header, range(len(self.header)))

    def _check_values(self, number: int, cells: Sequence[str], places: Sequence[int]) -> None:
        if NoValue in map(type, cells):
            for p in places:
                if isinstance(cell := cells[p], NoValue):
                    title = self.header[p] if number > self.first else ""
                    raise no_value(self.path.name, self.sheet, number, p, cell, title)

    def place(self, column: str) -> int:
        """Where a column stands."""
        if column not in self.header:
            listed = self.listed()
            raise self.wrong(f"没有“{column}”这一列；有：{listed}。", f"there is no column “{column}”; there are: {listed}.")  # fmt: skip
        return self.header.index(column)

    def listed(self) -> str:
        """The names of the columns, not all where there are very many."""
        return "、".join(h[:30] for h in self.header[:30])

    def known(self, role: str) -> str | None:
        """The column that plays a role by its name (see `KNOWN`), if there is one."""
        lower = {h.lower(): h for h in reversed(self.header)}
        return next((lower[n.lower()] for n in KNOWN[role] if n.lower() in lower), None)

    def text_column(self) -> str:
        """The column of the messages: known by name, else the one with the most letters, four a row at least.

        Raises ReadError where none is.
        """
        named = self.known("text")
        if named:
            return named
        self.refuse_lower_header()
        letters, count = [0] * len(self.header), 0
        for number, cells in _records(self.path, self.sheet):
            if number > self.first and len(cells) == len(letters):
                letters = [t + sum(map(str.isalpha, c)) for t, c in zip(letters, cells, strict=True)]
                count += 1
            if number > self.first + 50:
                break
        if max(letters) < max(_LEAST_LETTERS * count, 1):
            raise self.wrong(
                f"认不出哪一列是留言的文字，请用 --text 指明；有：{self.listed()}。",
                f"no column is known as the text of the messages, name it with --text; there are: {self.listed()}.",
            )
        return self.header[letters.index(max(letters))]

    def refuse_lower_header(self) -> None:
        """Raise ReadError where the names of columns stand below the first row, under a title."""
        names = {n.lower() for names in KNOWN.values() for n in names}
        for number, cells in islice(_records(self.path, self.sheet), LOOKED_AT):
            if number > self.first and sum(c.strip().lower() in names for c in cells) > 1:
                raise self.wrong(
                    "列名好像在这一行：请删去上面的行。",
                    "the names of the columns seem to stand in this row: delete the rows above it.",
                    number,
                )


def open_tables(path: Path) -> list[Table]:
    """The file, or every sheet of a workbook that has a row with text in it.

    Raises ReadError for a file that is no table, OSError for none at all.
    """
    found = []
    for sheet in sheet_names(path, MAX_UNPACKED) if path.suffix.lower() in EXCEL else [""]:
        number, cells = next((r for r in _records(path, sheet) if any(c.strip() for c in r[1])), (0, [""]))
        header = [c if type(c) is NoValue else c.strip() for c in cells]
        while header and not header[-1]:
            header.pop()
        if header:
            found.append(Table(path, tuple(header), sheet, number))
    if not found:
        raise ReadError(
            path.name, "文件是空的，第一行应为列名。", "the file is empty; its first row should name the columns."
        )
    return found


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


def _records(path: Path, only: str) -> Iterator[tuple[int, list[str]]]:
    """Row number and cells of every row, header included; `only` names the sheet of a workbook."""
    width = 0
    for number, cells in _excel_rows(path, only) if path.suffix.lower() in EXCEL else enumerate(_csv_rows(path), 1):
        if number > MAX_ROWS:
            raise ReadError(
                path.name, f"超过 {MAX_ROWS} 行，请分成几个文件。", f"more than {MAX_ROWS} rows: split the file."
            )
        if len(cells) > MAX_COLUMNS:
            raise ReadError(
                path.name, f"超过 {MAX_COLUMNS} 列。", f"more than {MAX_COLUMNS} columns.", [number], "", only
            )
        if any(len(c) > MAX_CELL for c in cells):
            zh, en = f"有一格超过 {MAX_CELL} 字。", f"a cell has more than {MAX_CELL} characters."
            raise ReadError(path.name, zh, en, [number], "", only)
        if not width:
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
    comma = separator_of(re.split(rb"[\r\n]", sample, maxsplit=1)[0].decode(encoding, "replace"))
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


def _excel_rows(path: Path, only: str) -> Iterator[tuple[int, list[str]]]:
    if path.stat().st_size > MAX_WORKBOOK:
        raise ReadError(path.name, "表格太大：请存为 CSV 再试。", "the workbook is too large: save it as CSV.")
    for _, number, cells in sheet_rows(path, MAX_UNPACKED, only):
        yield number, cells
