"""What is wrong with a budget file, said by section, line and column in both languages."""

from collections.abc import Sequence
from typing import NamedTuple

from yishi.engines.words import Text, say

MOST_NAMED = 20


class Fault(NamedTuple):
    """One thing wrong or worth knowing; `row` is the line in the file, 0 where there is none."""

    section: str
    row: int
    column: str
    zh: str
    en: str

    @property
    def text(self) -> Text:
        """Place and fault as one sentence."""
        zh = [self.section, f"第 {self.row} 行" if self.row else "", f"“{self.column}”列" if self.column else ""]
        en = [self.section, f"line {self.row}" if self.row else "", f"column “{self.column}”" if self.column else ""]
        there_zh, there_en = " ".join(filter(None, zh)), ", ".join(filter(None, en))
        if not there_en:
            return say(self.zh, self.en)
        return say(f"{there_zh}：{self.zh}", f"{there_en}: {self.en}")


class PabulibError(ValueError):
    """A file that cannot be counted: .faults, and .zh, .en with all of them."""

    def __init__(self, name: str, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        gap = "\n  " if len(faults) > 1 else " "
        self.zh = f"{name}：" + "".join(gap + f.text["zh"] for f in faults).lstrip(" ")
        self.en = f"{name}:" + "".join(gap + f.text["en"] for f in faults)
        super().__init__(f"{self.zh} · {self.en}")


class Enough(Exception):
    """Twenty faults are found, or one after which the rest cannot be understood."""


class Findings:
    """Faults and notes while a file is read."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self._notes: dict[str, tuple[str, str, str, list[int], list[int]]] = {}

    def fault(self, section: str, row: int, column: str, zh: str, en: str, *, last: bool = False) -> None:
        """Keep a fault. Raises `Enough` after the twentieth, or where the rest makes no sense."""
        self.faults.append(Fault(section, row, column, zh, en))
        if last or len(self.faults) >= MOST_NAMED:
            raise Enough

    def note(self, section: str, row: int, column: str, zh: str, en: str) -> None:
        """Keep something worth knowing; the same words of many lines become one note."""
        _, _, _, rows, count = self._notes.setdefault(zh, (section, column, en, [], [0]))
        count[0] += 1
        if len(rows) < MOST_NAMED:
            rows.append(row)

    def notes(self) -> tuple[Text, ...]:
        """The notes as sentences, each with its lines."""
        told = []
        for zh, (section, column, en, rows, (count,)) in self._notes.items():
            more = count > len(rows)
            listed = ", ".join(map(str, rows)) + (" …" if more else "")
            where_zh = f"{section} 第 {listed} 行" + (f"（共 {count} 行）" if more else "")
            where_en = f"{section}, line {listed}" + (f" ({count} lines)" if more else "")
            told.append(say(f"{where_zh} “{column}”列：{zh}", f"{where_en}, column “{column}”: {en}"))
        return tuple(told)
