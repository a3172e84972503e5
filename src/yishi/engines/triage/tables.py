"""Messages out of a table: which column is which, and refusals by row and column."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from yishi.engines.rows import ReadError
from yishi.engines.triage.reader import Table, Tick, day_of, open_table
from yishi.engines.triage.similar import Message

_ROLES = ("text", "title", "time", "place", "person", "likes", "dislikes", "id")


def _nothing(done: int) -> None:
    """No one watches."""


def refuse_empty(name: str, rows: Sequence[int]) -> None:
    """Raise ReadError if there are rows without text."""
    if rows:
        raise ReadError(name, "这些行没有文字：删去或补上。", "these rows have no text: delete or fill them.", rows)


def texts_of(path: Path, columns: Sequence[str] = (), tick: Tick = _nothing) -> list[tuple[int, str]]:
    """Row number and text of every row, several columns joined by line ends.

    Without `columns`, the column known as text. Rows without text are refused by number.
    """
    table = open_table(path)
    rows = [(r.number, "\n".join(r.cells)) for r in table.rows(list(columns) or [table.text_column()], tick)]
    refuse_empty(path.name, [number for number, text in rows if not text.strip()])
    return rows


def messages_of(
    path: Path, named: dict[str, str | None] | None = None, tick: Tick = _nothing
) -> tuple[list[Message], list[dict[str, Any]]]:
    """Messages with what is known of each, and what each is called: its row and its id, if any.

    `named` gives columns by role (text, title, time, place, person, likes, dislikes, id); the
    others are known by their names (`reader.KNOWN`).
    """
    table = open_table(path)
    given = named or {}
    column = {r: given.get(r) or (table.text_column() if r == "text" else table.known(r)) for r in _ROLES}
    used = [r for r in _ROLES if column[r]]
    messages: list[Message] = []
    names: list[dict[str, Any]] = []
    empty = []
    for row in table.rows([str(column[r]) for r in used], tick):
        cells = dict(zip(used, row.cells, strict=True))
        if not (cells["text"].strip() or cells.get("title", "").strip()):
            empty.append(row.number)
        messages.append(_message(table, row.number, cells, column))
        names.append({"row": row.number} | ({"id": cells["id"].strip()} if "id" in cells else {}))
    refuse_empty(path.name, empty)
    return messages, names


def _message(table: Table, number: int, cells: dict[str, str], column: dict[str, str | None]) -> Message:
    try:
        day = day_of(cells.get("time", ""))
    except ValueError:
        raise ReadError(
            table.path.name,
            f"读不出时间：{cells['time'][:30]}",
            f"no time can be read: {cells['time'][:30]}",
            number,
            str(column["time"]),
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


def _number(table: Table, row: int, cells: dict[str, str], column: dict[str, str | None], role: str) -> int:
    value = cells.get(role, "").strip() or "0"
    if value.isascii() and value.isdecimal() and len(value) <= 12:
        return int(value)
    raise ReadError(
        table.path.name,
        f"应为数字：{value[:30]}",
        f"a number is needed: {value[:30]}",
        row,
        str(column[role]),
    )
