"""Characters and pairs of characters as features, counted for many texts at once.

A text's *body* is the whole text, its *head* its opening (a title, as a rule); both are counted
over one vocabulary but weigh separately, because the opening of a message says most about what it
is about. Counting is vectorised over the whole batch: code points → small ids by one table, pairs
of neighbours → features by one hash table, (text, feature) keys sorted once. Blanks are dropped, so
that segmented and plain text read alike; other marks, and whatever is not in the vocabulary,
separate. Weights: (1 + ln tf) · idf, each part scaled to length 1, the head times `HEAD_WEIGHT`
(sublinear TF-IDF, Salton & Buckley 1988).
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

HEAD_WEIGHT = 0.6
MAX_TEXT = 20_000
"""Characters of a text that are read; the rest of a longer text is ignored."""
SPACE, MARK = 0x110000, 0x110001
_BITS = 21
_BREAK = re.compile(r"[\n\r\t]|[ \u3000\xa0]{2,}")
_GREETING = re.compile(
    r"尊敬的|敬爱的|[您你]们?好|各位|(?:领导|书记|市长|局长)[,，:：]|厅长|我是|我们是|本人|我叫|[。！？!?]"
)
_HEAD_LIMIT, _HEAD_DEFAULT = 60, 26

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Codes = NDArray[np.int32]


@lru_cache(maxsize=2)
def folding(*, digits: bool = False) -> Codes:
    """Code point → code point after folding: width, case, marks to `MARK`, blanks to `SPACE`.

    Digits become 0 unless `digits` keeps them apart.
    """
    fold = np.full(0x110000, MARK, dtype=np.int32)
    for point in range(0x30000):
        char = unicodedata.normalize("NFKC", chr(point))[:1].lower()[:1]
        if not char or char.isspace() or char in "\u200b\ufeff":
            fold[point] = SPACE
        elif char.isdecimal():
            fold[point] = ord(char) if digits else ord("0")
        elif char.isalpha():
            fold[point] = ord(char)
    fold[0] = MARK
    return fold


def head_end(text: str) -> int:
    """Where the opening of a text ends: at a break, a greeting, a full stop, or 26 characters.

    >>> head_end("路灯不亮\\n三栋门口的路灯坏了")
    4
    """
    found = _BREAK.search(text, 4, _HEAD_LIMIT)
    if found:
        return found.start()
    found = _GREETING.search(text, 6, _HEAD_LIMIT)
    return found.start() if found else min(len(text), _HEAD_DEFAULT)


@dataclass(frozen=True, slots=True)
class Batch:
    """Texts as one run of folded code points, a mark after each; `head` marks opening positions.

    `codes`, `doc` and `head` have one entry per kept character; `at` is its place in its text.
    """

    size: int
    codes: Codes
    doc: Ints
    head: NDArray[np.bool_]
    at: Ints


def read(texts: Sequence[str]) -> Batch:
    """Fold a batch of texts into one run of code points."""
    cut = [t[:MAX_TEXT].lstrip() for t in texts]
    joined = "\0".join(cut) + "\0"
    raw = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    lengths = np.fromiter((len(t) + 1 for t in cut), np.int64, len(cut))
    ends = np.fromiter((head_end(t) for t in cut), np.int64, len(cut))
    doc = np.repeat(np.arange(len(cut)), lengths)
    at = np.arange(len(raw)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    codes = folding()[raw]
    keep = codes != SPACE
    codes, doc, at = codes[keep], doc[keep], at[keep]
    return Batch(len(cut), codes, doc, at < ends[doc], at)


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows of weighted features: row `i` holds `columns[starts[i]:starts[i+1]]` and `values`.

    `lengths` (rows × parts) are what the body and the head were divided by.
    """

    starts: Ints
    columns: Codes
    values: NDArray[np.float32]
    lengths: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.starts) - 1

    def matrix(self, width: int) -> csr_array:
        """The rows as a SciPy sparse array with `width` columns, sharing the memory."""
        return csr_array((self.values, self.columns, self.starts), shape=(len(self), width))


@dataclass(frozen=True)
class Vocabulary:
    """Characters (sorted) and pairs (sorted keys `first * (K + 1) + second`, ids from 1), with idf.

    Features: K characters, then the pairs, then both again for the head: `2 * width` columns.
    """

    characters: Codes
    pairs: Ints
    idf: NDArray[np.float32]
    _ids: Codes = field(init=False, repr=False)
    _slots: Ints = field(init=False, repr=False)
    _found: Codes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        ids = np.zeros(MARK + 1, dtype=np.int32)
        ids[self.characters] = np.arange(1, len(self.characters) + 1)
        slots, found = _hash_table(self.pairs)
        object.__setattr__(self, "_ids", ids)
        object.__setattr__(self, "_slots", slots)
        object.__setattr__(self, "_found", found)

    @property
    def width(self) -> int:
        """Number of features of one part."""
        return len(self.characters) + len(self.pairs)

    def positions(self, batch: Batch) -> tuple[Codes, Codes]:
        """For each position its character's feature and that of the pair it begins; -1 if none."""
        ids = self._ids[batch.codes]
        first, second = ids[:-1].astype(np.int64), ids[1:]
        pair = _look_up(self._slots, self._found, first * (len(self.characters) + 1) + second)
        pair[(first == 0) | (second == 0)] = -1
        pairs = np.append(np.where(pair >= 0, pair + len(self.characters), -1), -1)
        return ids - 1, pairs.astype(np.int32)

    def count(self, batch: Batch) -> Counts:
        """Weighted rows of a batch: body columns first, then the head's, ascending."""
        return self.count_at(batch, *self.positions(batch))

    def count_at(self, batch: Batch, single: Codes, pairs: Codes) -> Counts:
        """`count`, from the features already looked up by `positions`."""
        body = self._part(np.stack((single, pairs), axis=1).ravel(), batch.doc, batch.size)
        top = batch.head
        head = self._part(np.stack((single[top], pairs[top]), axis=1).ravel(), batch.doc[top], batch.size)
        return _beside(body, head, self.width)

    def _part(self, features: Codes, doc: Ints, size: int) -> Counts:
        """Rows of length 1 from features in text order; -1 is no feature."""
        known = features >= 0
        sorted_, row = _sorted_rows(features[known], np.repeat(doc, 2)[known], size)
        new = np.flatnonzero((np.diff(sorted_, prepend=-1) != 0) | (np.diff(row, prepend=-1) != 0))
        times = np.diff(new, append=len(sorted_))
        row, columns = row[new], sorted_[new]
        values = _damped(times) * self.idf[columns]
        length = np.sqrt(np.bincount(row, values * values, size))
        values /= length[row]
        starts = np.searchsorted(row, np.arange(size + 1))
        return Counts(starts, columns, values, length.astype(np.float32)[:, None])


def _damped(times: Ints) -> NDArray[np.float32]:
    table = 1 + np.log(np.arange(1, max(int(times.max(initial=1)), 1) + 1))
    return table.astype(np.float32)[times - 1]


def _sorted_rows(keys: NDArray[Any], row: Ints, size: int) -> tuple[NDArray[Any], Ints]:
    """Sort the keys of each row in place; rows are contiguous and short, so this stays in cache."""
    edges = np.searchsorted(row, np.arange(size + 1)).tolist()
    for start, end in pairwise(edges):
        keys[start:end].sort()
    return keys, row


def _beside(body: Counts, head: Counts, width: int) -> Counts:
    """The head's columns after the body's, row by row, the head at its own weight."""
    body_n, head_n = np.diff(body.starts), np.diff(head.starts)
    starts = body.starts + head.starts
    at_body = np.arange(len(body.columns)) + np.repeat(head.starts[:-1], body_n)
    at_head = np.arange(len(head.columns)) + np.repeat(body.starts[1:], head_n)
    columns = np.empty(starts[-1], dtype=np.int32)
    values = np.empty(starts[-1], dtype=np.float32)
    columns[at_body], columns[at_head] = body.columns, head.columns + width
    values[at_body], values[at_head] = body.values, head.values * np.float32(HEAD_WEIGHT)
    return Counts(starts, columns, values, np.hstack((body.lengths, head.lengths)))


_EMPTY = -1


def _slot_of(keys: Ints, bits: int) -> Ints:
    mixed = keys.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return (mixed >> np.uint64(64 - bits)).astype(np.int64)


def _hash_table(keys: Ints) -> tuple[Ints, Codes]:
    """Open addressing, linear probing, load at most a quarter: key per slot, and its position."""
    bits = max(4, int(len(keys) * 4).bit_length())
    slots = np.full((1 << bits) + 64, _EMPTY, dtype=np.int64)
    found = np.full(len(slots), -1, dtype=np.int32)
    waiting = np.arange(len(keys))
    at = _slot_of(keys, bits)
    while len(waiting):
        free = slots[at] == _EMPTY
        _, winner = np.unique(np.where(free, at, -1 - np.arange(len(at))), return_index=True)
        winner = winner[free[winner]]
        slots[at[winner]] = keys[waiting[winner]]
        found[at[winner]] = waiting[winner]
        left = np.ones(len(waiting), dtype=bool)
        left[winner] = False
        waiting, at = waiting[left], at[left] + 1
    return slots, found


def _look_up(slots: Ints, found: Codes, keys: Ints) -> Ints:
    """Position of each key among the stored keys, -1 where absent."""
    bits = (len(slots) - 64).bit_length() - 1
    at = _slot_of(keys, bits)
    there = slots[at]
    result = np.where(there == keys, found[at], -1).astype(np.int64)
    open_ = np.flatnonzero((there != keys) & (there != _EMPTY))
    at = at[open_]
    while len(open_):
        at = at + 1
        there = slots[at]
        hit = there == keys[open_]
        result[open_[hit]] = found[at[hit]]
        more = ~hit & (there != _EMPTY)
        open_, at = open_[more], at[more]
    return result


@dataclass
class Gathering:
    """Document frequencies gathered over batches, in memory bounded by the distinct pairs."""

    texts: int = 0
    characters: dict[int, int] = field(default_factory=dict)
    keys: Ints = field(default_factory=lambda: np.empty(0, np.int64))
    frequency: Ints = field(default_factory=lambda: np.empty(0, np.int64))

    def add(self, batch: Batch) -> None:
        """Count each character and pair once per text that holds it."""
        self.texts += batch.size
        codes = batch.codes.astype(np.int64)
        real = codes < 0x110000
        single = np.where(real, codes << _BITS, 0)
        pair = np.where(real & np.append(real[1:], False), single + np.append(codes[1:], 0), 0)
        keys, doc = np.stack((single, pair), axis=1).ravel(), np.repeat(batch.doc, 2)
        keys, doc = _sorted_rows(keys, doc, batch.size)
        once = (keys != 0) & ((np.diff(keys, prepend=-1) != 0) | (np.diff(doc, prepend=-1) != 0))
        names = np.sort(keys[once])
        new = np.flatnonzero(np.diff(names, prepend=-1))
        self._merge(names[new], np.diff(new, append=len(names)))

    def _merge(self, names: Ints, times: Ints) -> None:
        keys = np.concatenate((self.keys, names))
        frequency = np.concatenate((self.frequency, times))
        self.keys, inverse = np.unique(keys, return_inverse=True)
        self.frequency = np.bincount(inverse, frequency, len(self.keys)).astype(np.int64)

    def vocabulary(
        self, at_least: int = 2, at_most: int = 400_000, known_from: "Gathering | None" = None
    ) -> Vocabulary:
        """Characters and pairs found in `at_least` texts; the most frequent `at_most` of them.

        With `known_from`, only what was also found there; frequencies stay those gathered here.
        """
        enough = self.frequency >= at_least
        if known_from is not None:
            enough &= np.isin(self.keys, known_from.keys)
        if enough.sum() > at_most:
            rank = np.argsort(np.where(enough, -self.frequency, 1), kind="stable")
            enough[rank[at_most:]] = False
        keys, frequency = self.keys[enough], self.frequency[enough]
        first, second = keys >> _BITS, keys & ((1 << _BITS) - 1)
        alone = second == 0
        characters = first[alone]
        whole = ~alone & np.isin(first, characters) & np.isin(second, characters)
        a, b = np.searchsorted(characters, first), np.searchsorted(characters, second)
        pairs = (a[whole] + 1) * (len(characters) + 1) + b[whole] + 1
        times = np.concatenate((frequency[alone], frequency[whole]))
        idf = np.log((1 + self.texts) / (1 + times)) + 1
        return Vocabulary(characters.astype(np.int32), pairs, idf.astype(np.float32))


def gather(batches: Iterable[Batch]) -> Gathering:
    """Document frequencies of all batches."""
    found = Gathering()
    for batch in batches:
        found.add(batch)
    return found
