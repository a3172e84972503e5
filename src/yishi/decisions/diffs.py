"""What a version of a motion changed, sentence by sentence, and within a changed sentence character by character."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

Piece = tuple[str, str]  # "same", "added" or "removed", and the words
_SENTENCE = re.compile(r"[^。；！？\n]*[。；！？\n]?")
LONGEST_BY_CHARACTER = 2000


def difference(old: str, new: str) -> list[Piece]:
    """The pieces by which ``old`` becomes ``new``; the same and the added ones together are ``new``.

    Sentences are compared first, so that a long motion costs no more than its number of sentences squared.
    """
    before, after = _sentences(old), _sentences(new)
    return list(_joined(_pieces(before, after)))


def _sentences(text: str) -> list[str]:
    return [s for s in _SENTENCE.findall(text.replace("\r\n", "\n")) if s]


def _pieces(before: list[str], after: list[str]) -> Iterator[Piece]:
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        old, new = "".join(before[i1:i2]), "".join(after[j1:j2])
        if tag == "equal":
            yield "same", new
        elif tag == "replace" and len(old) + len(new) <= LONGEST_BY_CHARACTER:
            yield from _by_character(old, new)
        else:
            yield "removed", old
            yield "added", new


def _by_character(old: str, new: str) -> Iterator[Piece]:
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield "same", new[j1:j2]
        else:
            yield "removed", old[i1:i2]
            yield "added", new[j1:j2]


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    last: list[str] = ["", ""]
    for kind, words in pieces:
        if not words:
            continue
        if kind == last[0]:
            last[1] += words
            continue
        if last[1]:
            yield last[0], last[1]
        last = [kind, words]
    if last[1]:
        yield last[0], last[1]
