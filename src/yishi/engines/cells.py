"""Cells of a workbook that hold no value though something stands in them: errors (`#N/A`) and formulas that were never
calculated. The reader of the values shows both as blank, so they are looked for in the sheets' own XML.

Known of .xlsx and .xlsm; the older .xls and .xlsb and .ods tell an error from a blank only to Excel.
"""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from xml.parsers.expat import ParserCreate

MOST = 1_000_000
"""Such cells in a workbook; with more it is refused as damaged."""
_BOOK, _LINKS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
_PIECE = 1 << 20
_SIGN = re.compile(rb"""<(?:\w+:)?f[\s/>]|\st\s*=\s*["']e["']""")
_PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})")


class NoValue(str):
    """What stands in a cell without a value: `=` for a formula never calculated, else the error such as `#N/A`."""

    __slots__ = ()


Ill = dict[int, dict[int, NoValue]]
"""Cells without a value by row and column, both from 1."""


def reference(row: int, column: int) -> str:
    """A cell as Excel names it.

    >>> reference(5, 28)
    'AB5'
    """
    letters = ""
    while column:
        column, place = divmod(column - 1, 26)
        letters = chr(65 + place) + letters
    return f"{letters}{row}"


def ill_cells(path: Path, only: str | None = None) -> dict[str, Ill]:
    """By name of the sheet (of all, or the one named), the cells without a value. Raises what zipfile and expat raise, and ValueError."""
    if not zipfile.is_zipfile(path):
        return {}
    found: dict[str, Ill] = {}
    with zipfile.ZipFile(path) as book:
        names = set(book.namelist())
        if not {_BOOK, _LINKS} <= names:
            return {}
        for sheet, part in _parts(book):
            if only in (None, sheet) and part in names and _signs(book, part):
                with book.open(part) as file:
                    found[sheet] = _ill(file)
    return found


def _parts(book: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Each sheet's name and the file that holds it."""
    sheets, targets = _Elements("sheet"), _Elements("Relationship")
    for name, elements in ((_BOOK, sheets), (_LINKS, targets)):
        with book.open(name) as file:
            elements.read(file)
    where = {link.get("Id"): link.get("Target", "") for link in targets.found}
    for sheet in sheets.found:
        target = where.get(sheet.get("id"), "")
        yield sheet.get("name", ""), posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")


def _signs(book: zipfile.ZipFile, part: str) -> bool:
    """Whether a sheet may have a formula or an error at all, seen without parsing it."""
    with book.open(part) as file:
        before = b""
        while piece := file.read(_PIECE):
            if b"\0" in piece or _SIGN.search(before + piece):  # a NUL: in UTF-16, where the signs look otherwise
                return True
            before = piece[-64:]
    return False


class _Xml:
    """Elements one by one, names without prefix; no DTD."""

    def read(self, file: IO[bytes]) -> None:
        parser = ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = lambda name, facts: self.begin(name.rpartition(":")[2], facts)
        parser.EndElementHandler = lambda name: self.end(name.rpartition(":")[2])
        parser.CharacterDataHandler = self.text
        while piece := file.read(_PIECE):
            parser.Parse(piece, False)
        parser.Parse(b"", True)

    def _doctype(self, *_: object) -> None:
        raise ValueError("a DOCTYPE")

    def begin(self, name: str, facts: dict[str, str]) -> None: ...
    def end(self, name: str) -> None: ...
    def text(self, text: str) -> None: ...


class _Elements(_Xml):
    """The attributes of every element of a name."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.found: list[dict[str, str]] = []

    def begin(self, name: str, facts: dict[str, str]) -> None:
        if name == self.name:
            self.found.append({key.rpartition(":")[2]: value for key, value in facts.items()})


class _Sheet(_Xml):
    """The cells without a value of one sheet."""

    def __init__(self) -> None:
        self.found: Ill = {}
        self._row = self._column = self._count = 0
        self._kind, self._formula, self._in_value, self._value = "", False, False, ""

    def begin(self, name: str, facts: dict[str, str]) -> None:
        if name == "row":
            self._row = int(facts["r"]) if "r" in facts else self._row + 1
            self._column = 0
        elif name == "c":
            self._begin_cell(facts)
        elif name == "f":
            self._formula = True
        elif name == "v":
            self._in_value = True

    def _begin_cell(self, facts: dict[str, str]) -> None:
        self._column += 1
        if place := _PLACE.fullmatch(facts.get("r", "")):
            self._row, self._column = int(place[2]), _number(place[1])
        self._kind, self._formula, self._value = facts.get("t", ""), False, ""

    def text(self, text: str) -> None:
        if self._in_value and len(self._value) < 64:
            self._value += text

    def end(self, name: str) -> None:
        if name == "v":
            self._in_value = False
        elif name == "c" and (self._kind == "e" or (self._formula and self._kind != "str" and not self._value.strip())):
            self._count += 1
            if self._count > MOST:
                raise ValueError("too many cells without a value")
            ill = NoValue((self._value.strip() or "#ERROR")[:20] if self._kind == "e" else "=")
            self.found.setdefault(self._row, {})[self._column] = ill


def _ill(file: IO[bytes]) -> Ill:
    sheet = _Sheet()
    sheet.read(file)
    return sheet.found


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
