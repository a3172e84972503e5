"""Cutting Chinese text into overlapping character bigrams, and queries into phrases of them.

A word segmenter misses 电梯 inside 加装电梯; overlapping bigrams do not: a query of
two Han characters or more is a phrase of its own bigrams, so it is found exactly
where it stands as a substring. The last character of every run is kept alone,
so that a single character is found by prefix. Initials (加装电梯 → jzdt) are cut
the same way.
"""

import os
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from yishi.core import readings

LONGEST = 6000
_HAN_FIRST, _HAN_LAST = 0x3400, 0x9FFF
_RUNS = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+|[^\W_\u3400-\u9fff\uf900-\ufaff]+")
_LETTERS = re.compile(r"[a-z]{2,12}")


def normal(text: str) -> str:
    """Full-width forms become plain ones, letters small."""
    return unicodedata.normalize("NFKC", text).casefold()


def runs(text: str) -> Iterator[tuple[bool, str]]:
    """The runs of a text: (is it Han, the run)."""
    for found in _RUNS.finditer(normal(text)[:LONGEST]):
        run = found.group()
        yield "\u3400" <= run[0] <= "\u9fff" or run[0] >= "\uf900", run


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)] + [run[-1]]


def positioned(text: str) -> list[tuple[int, str]]:
    """Terms of a text with their positions; between two runs a position stays empty."""
    found: list[tuple[int, str]] = []
    at = 0
    for han, run in runs(text):
        for term in _pairs(run) if han else [run]:
            at += 1
            found.append((at, term))
        at += 1
    return found


def positioned_initials(text: str) -> list[tuple[int, str]]:
    """Bigrams of the pinyin initials of every Han run, with positions."""
    found: list[tuple[int, str]] = []
    at = 0
    for han, run in runs(text):
        letters = initials_of(run) if han else ""
        for term in _pairs(letters) if letters else []:
            at += 1
            found.append((at, term))
        at += 1
    return found


def _readings() -> dict[int, str]:
    """pypinyin's readings of single characters; its phrases, which take 40 MB, are left unread."""
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "true")
    from pypinyin.pinyin_dict import pinyin_dict

    found: dict[int, str] = pinyin_dict
    return found


def reading_of(text: str) -> str:
    """The usual reading without tones, for a surname: 欧阳 → ``ouyang``; other letters stay."""
    known = _readings()
    first = "".join(known.get(ord(c), c).split(",")[0] for c in text)
    plain = (c for c in unicodedata.normalize("NFD", first) if not unicodedata.combining(c))
    return "".join(plain)


@lru_cache(maxsize=1)
def _table() -> bytes:
    """One initial letter for each Han character, read once from pypinyin's dictionary."""
    table = bytearray(b"?" * (_HAN_LAST - _HAN_FIRST + 1))
    for code, spoken in _readings().items():
        if _HAN_FIRST <= code <= _HAN_LAST:
            letter = unicodedata.normalize("NFD", spoken)[:1]
            table[code - _HAN_FIRST] = ord(letter) if "a" <= letter <= "z" else ord("?")
    return bytes(table)


def initials_of(text: str) -> str:
    """加装电梯 → ``jzdt``, 空调 → ``kt``; characters without a reading are left out."""
    table = _table()
    letters = [chr(table[ord(c) - _HAN_FIRST]) if _HAN_FIRST <= ord(c) <= _HAN_LAST else "?" for c in text]
    for found in readings.FOUND.finditer(text):
        letters[found.start() : found.end()] = readings.WORDS[found.group()]
    return "".join(c for c in letters if c != "?")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Terms that must stand side by side; ``open_end`` lets the last be the start of a longer one."""

    terms: tuple[str, ...]
    open_end: bool = False
    initials: bool = False


def phrases(query: str) -> list[list[Phrase]]:
    """What a query asks for: all of the groups, any phrase within a group."""
    groups: list[list[Phrase]] = []
    for han, run in runs(query[:80]):
        if not han:
            group = [Phrase((run,), open_end=True)]
            if _LETTERS.fullmatch(run):
                group.append(Phrase(tuple(_pairs(run)[:-1]), initials=True))
            groups.append(group)
        elif len(run) == 1:
            groups.append([Phrase((run,), open_end=True)])
        else:
            groups.append([Phrase(tuple(_pairs(run)[:-1]))])
    return groups
