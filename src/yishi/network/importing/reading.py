"""Reading a workbook: merged cells filled, the heading row found, rows by column key."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from python_calamine import CalamineError, CalamineWorkbook

from yishi.network.importing.cells import BadCell, text
from yishi.network.importing.columns import LAYOUTS, Layout

HEADING_ROWS = 12
MOST_ROWS = 100_000


@dataclass(frozen=True, slots=True)
class Row:
    """A row of data: where it stands and its cells by column key."""

    sheet: str
    number: int
    cells: dict[str, Any]


@dataclass(slots=True)
class Sheet:
    """A sheet that was understood."""

    title: str
    layout: Layout
    rows: list[Row] = field(default_factory=list)


def read_workbook(content: bytes) -> tuple[list[Sheet], list[str]]:
    """The sheets that are understood, and the titles of those that are not (empty ones aside).

    Raises:
        ValidationError: not an Excel file, or far too long.
    """
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        grids = [(title, _grid(book, title)) for title in book.sheet_names]
    except (CalamineError, OSError, ValueError) as error:
        raise ValidationError("打不开：请上传 Excel 文件（.xlsx、.xls 或 .ods）。") from error
    if sum(len(grid) for _title, grid in grids) > MOST_ROWS:
        raise ValidationError(f"行数超过 {MOST_ROWS}，请分成几个文件导入。")
    found, unknown = [], []
    for title, grid in grids:
        sheet = _understand(title, grid)
        if sheet is not None:
            found.append(sheet)
        elif any(any(_plain(c) for c in line) for line in grid) and not title.startswith("说明"):
            unknown.append(title)
    order = {layout.key: i for i, layout in enumerate(LAYOUTS)}
    return sorted(found, key=lambda s: order[s.layout.key]), unknown


def _grid(book: CalamineWorkbook, title: str) -> list[list[Any]]:
    """All cells from A1 on, every merged cell with the value of its corner."""
    sheet = book.get_sheet_by_name(title)
    grid = sheet.to_python(skip_empty_area=False)
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if top >= len(grid):
            continue
        corner = grid[top][left] if left < len(grid[top]) else ""
        for y in range(top, min(bottom, len(grid) - 1) + 1):
            for x in range(left, min(right, len(grid[y]) - 1) + 1):
                grid[y][x] = corner
    return grid


def _plain(value: Any) -> str:
    try:
        return text(value)
    except BadCell:
        return "?"


def _heading(value: Any) -> str:
    """A heading without stars, remarks in brackets and blanks: ``*姓名 (必填)`` is 姓名."""
    return re.sub(r"[\s*:]|\(.*?\)", "", _plain(value))


def _columns(layout: Layout, line: list[Any]) -> dict[int, str]:
    """Which column of a heading row is which."""
    wanted = {heading: column.key for column in layout.columns for heading in column.headings}
    found: dict[int, str] = {}
    for x, value in enumerate(line):
        key = wanted.get(_heading(value))
        if key and key not in found.values():
            found[x] = key
    return found


def _understand(title: str, grid: list[list[Any]]) -> Sheet | None:
    """The layout and heading row that fit best: every needed column, then the most columns, then the lowest row."""
    best: tuple[int, int, Layout, dict[int, str]] | None = None
    for y, line in enumerate(grid[:HEADING_ROWS]):
        for layout in LAYOUTS:
            columns = _columns(layout, line)
            needed = {c.key for c in layout.columns if c.needed}
            score = len(columns) + (3 if layout.title in title else 0)
            if needed <= set(columns.values()) and (best is None or score >= best[0]):
                best = (score, y, layout, columns)
    if best is None:
        return None
    _score, y, layout, columns = best
    return Sheet(title, layout, list(_rows(title, grid, y, columns)))


def _rows(title: str, grid: list[list[Any]], heading: int, columns: dict[int, str]) -> Iterator[Row]:
    for y, line in enumerate(grid[heading + 1 :], start=heading + 1):
        cells = {key: line[x] if x < len(line) else "" for x, key in columns.items()}
        written = [_plain(value) for value in cells.values()]
        if any(written) and not _is_sum(written):
            yield Row(title, y + 1, cells)


def _is_sum(written: list[str]) -> bool:
    """A line of totals or a signature under the table, not data."""
    first = next((w for w in written if w), "")
    return first.startswith(("合计", "总计", "小计", "填表人", "制表", "备注:", "注:"))
