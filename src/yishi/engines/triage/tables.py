"""Messages out of a table: which column is which, and refusals by row and column."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from yishi.engines.rows import ReadError
from yishi.engines.triage.reader import Row, Table, Tick, day_of, open_tables
from yishi.engines.triage.similar import Message

_ROLES = ("text", "title", "time", "place", "person", "likes", "dislikes", "id")


T = TypeVar("T")


def _nothing(done: int) -> None:
    """No one watches."""


def refuse_empty(name: str, rows: Sequence[int], sheet: str = "") -> None:
    """Raise ReadError if there are rows without text."""
    if rows:
        zh, en = "这些行没有文字：删去或补上。", "these rows have no text: delete or fill them."
        raise ReadError(name, zh, en, rows, "", sheet)


def fitting(
    path: Path, columns_of: Callable[[Table, bool], T | None], wanted: Sequence[str], left_out: list[str] | None = None
) -> list[tuple[Table, T]]:
    """The file, or the sheets of a workbook, in which `columns_of` finds the columns that are needed.

    It is told whether the table is the only one, and then raises where it would else answer None. `left_out` gets the
    names of the other sheets. Raises ReadError, where no sheet fits with the columns of each.
    """
    tables = open_tables(path)
    answers = [(table, columns_of(table, len(tables) == 1)) for table in tables]
    found = [(table, columns) for table, columns in answers if columns is not None]
    others = [table for table, columns in answers if columns is None]
    for table in others:
        table.refuse_lower_header()
    if not found:
        have = [(t.sheet, t.listed()) for t in others[:10]]
        zh, en = "；".join(f"“{s}”有：{c}" for s, c in have), "; ".join(f"“{s}” has: {c}" for s, c in have)
        need = "、".join(wanted)
        raise ReadError(
            path.name, f"没有一张工作表有需要的列（{need}），请用选项指明；{zh}。",
            f"no sheet has the columns that are needed ({need}), name them with options; {en}.",
        )  # fmt: skip
    if left_out is not None:
        left_out += [table.sheet for table in others]
    return found


def named_columns(table: Table, alone: bool, named: Sequence[str]) -> list[str] | None:
    """These columns, else the one known as text; None where the table, one of several, has them not."""
    if alone:
        return [table.header[table.place(c)] for c in named] or [table.text_column()]
    if named:
        return list(named) if set(named) <= set(table.header) else None
    text = table.known("text")
    return [text] if text else None


def texts_of(
    path: Path, columns: Sequence[str] = (), tick: Tick = _nothing, left_out: list[str] | None = None
) -> list[Row]:
    """The text of every row (`Row.text`), several columns joined by line ends.

    Without `columns`, the column known as text. Of a workbook all sheets that have the columns are read; `left_out`
    gets the names of the others. Rows without text are refused by number.
    """
    rows = []
    for table, chosen in fitting(
        path, lambda t, alone: named_columns(t, alone, columns), columns or ["--text"], left_out
    ):
        mine = list(table.rows(chosen, tick))
        refuse_empty(path.name, [r.number for r in mine if not r.text.strip()], table.sheet)
        rows += mine
    return rows


def history_of(
    path: Path, text: Sequence[str], label: str | None, tick: Tick = _nothing, left_out: list[str] | None = None
) -> tuple[list[Row], tuple[str, ...]]:
    """Rows of texts, the label their last cell, and which columns the texts are; sheets as in `texts_of`."""

    def columns_of(table: Table, alone: bool) -> list[str] | None:
        named = label or table.known("label")
        texts = named_columns(table, alone, text)
        if named is None and alone:
            zh, en = (
                f"请用 --label 指明分类所在的列；有：{table.listed()}。",
                f"name the column of the label with --label; there are: {table.listed()}.",
            )
            raise table.wrong(zh, en)
        if named is None or texts is None or (named not in table.header and not alone):
            return None
        return [*texts, named]

    found = fitting(path, columns_of, [*(text or ["--text"]), label or "--label"], left_out)
    rows = [row for table, columns in found for row in table.rows(columns, tick)]
    return rows, tuple(found[0][1][:-1])


def place_of(row: Row, several: bool) -> dict[str, Any]:
    """What a row is called: its number, and its sheet where several are read."""
    return {"sheet": row.sheet, "row": row.number} if several else {"row": row.number}


def messages_of(
    path: Path, named: dict[str, str | None] | None = None, tick: Tick = _nothing, left_out: list[str] | None = None
) -> tuple[list[Message], list[dict[str, Any]]]:
    """Messages with what is known of each, and what each is called: its row, its sheet where several are read, its id.

    `named` gives columns by role (text, title, time, place, person, likes, dislikes, id); the
    others are known by their names (`reader.KNOWN`). Sheets as in `texts_of`.
    """
    given = {role: column for role, column in (named or {}).items() if column}

    def columns_of(table: Table, alone: bool) -> dict[str, str] | None:
        if not alone and not (set(given.values()) <= set(table.header) and ("text" in given or table.known("text"))):
            return None
        known = {r: given.get(r) or (table.text_column() if r == "text" else table.known(r)) for r in _ROLES}
        return {role: column for role, column in known.items() if column}

    found = fitting(path, columns_of, list(given.values()) or ["--text"], left_out)
    messages: list[Message] = []
    names: list[dict[str, Any]] = []
    for table, column in found:
        empty = []
        for row in table.rows(list(column.values()), tick):
            cells = dict(zip(column, row.cells, strict=True))
            if not (cells["text"].strip() or cells.get("title", "").strip()):
                empty.append(row.number)
            messages.append(_message(table, row.number, cells, column))
            names.append(place_of(row, len(found) > 1) | ({"id": cells["id"].strip()} if "id" in cells else {}))
        refuse_empty(path.name, empty, table.sheet)
    return messages, names


def _message(table: Table, number: int, cells: dict[str, str], column: dict[str, str]) -> Message:
    try:
        day = day_of(cells.get("time", ""))
    except ValueError:
        raise table.wrong(
            f"读不出时间：{cells['time'][:30]}",
            f"no time can be read: {cells['time'][:30]}",
            number,
            column["time"],
        ) from None
    return Message(
        text=cells["text"],
        title=cells.get("title", ""),
        place=cells.get("place", ""),
        day=day,
        person=cells.get("person", "").strip(),
        likes=_number(table, number, cells, column, "likes"),
        dislikes=_number(table, number, cells, column, "dislikes"),
    )


def _number(table: Table, row: int, cells: dict[str, str], column: dict[str, str], role: str) -> int:
    value = cells.get(role, "").strip() or "0"
    if value.isascii() and value.isdecimal() and len(value) <= 12:
        return int(value)
    raise table.wrong(f"应为数字：{value[:30]}", f"a number is needed: {value[:30]}", row, column[role])
