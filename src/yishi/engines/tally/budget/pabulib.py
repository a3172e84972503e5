"""Pabulib files (.pb; also .gz, .xz): META, PROJECTS and VOTES, cells parted by `;`.

Format: Faliszewski and others, Participatory Budgeting: Data, Tools, and Analysis, IJCAI 2023.
Read row by row with bounds on everything that is kept; nothing is guessed.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

from yishi.engines.tally.budget.faults import Enough, Fault, Findings, PabulibError
from yishi.engines.tally.budget.files import Unreadable, lines
from yishi.engines.tally.budget.instance import Instance
from yishi.engines.tally.budget.sections import SECTIONS, Parts

MOST_LINES = 50
"""Lines that one row may fill, by line ends within quotation marks."""

Row = tuple[int, list[str]]


def read_pabulib(path: Path) -> Instance:
    """The instance in a Pabulib file of approval ballots, with notes on what does not agree in it.

    Raises `PabulibError` naming section, line and column of the faults, twenty at most; `OSError`.
    """
    found = Findings()
    parts = Parts(found)
    try:
        _read(_rows(path, found), parts, found)
        parts.check()
    except Unreadable as error:
        found.faults.append(Fault("", error.line, "", error.zh, error.en))
    except Enough:
        pass
    if found.faults:
        raise PabulibError(path.name, found.faults)
    return parts.instance()


def _read(rows: Iterator[Row], parts: Parts, found: Findings) -> None:
    take = None
    for line, cells in rows:
        word = cells[0].strip().upper()
        if word in SECTIONS and not any(cells[1:]):
            take = parts.open(word, line, *next(rows, (line + 1, [])))
        elif take is None:
            zh, en = "文件应以 META 开头", "a file begins with META"
            found.fault("", line, "", zh, en, last=True)
        else:
            take(line, cells)


def _rows(path: Path, found: Findings) -> Iterator[Row]:
    """Rows that are not blank, with the line each begins on."""
    rows = csv.reader((line + "\n" for line in lines(path)), delimiter=";")
    before = 0
    try:
        for cells in rows:
            if rows.line_num - before > MOST_LINES:
                raise csv.Error
            if any(cell.strip() for cell in cells):
                yield before + 1, cells
            before = rows.line_num
    except csv.Error:
        zh = "从这里读不下去：引号没有闭合，或单元格太长"
        en = "cannot be read from here on: a quotation mark is not closed, or a cell is too long"
        found.fault("", before + 1, "", zh, en, last=True)
