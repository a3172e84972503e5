"""Which messages tell of the same cause: an index that grows as messages arrive.

A message is two rows of pairs of characters, what it is called (title and place, or its opening)
and how it begins (150 characters), each weighted by sublinear TF-IDF and of length 1. Likeness is
the sum of the two cosines, 0 to 2. Pairs are hashed into `BUCKETS`, so an unseen pair needs no
dictionary. Document frequencies are counted as messages arrive; the weights are renewed whenever
the index has grown by half, and by `refresh`, after which it equals an index built in one go.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from yishi.engines.triage.candidates import (
    PHRASES,
    SMALL,
    Phrases,
    likeness_of,
    marks,
    proposed,
    telling,
    usage,
)
from yishi.engines.triage.features import MARK, MAX_TEXT, SPACE, Codes, Ints, folding, head_end

BUCKETS = 1 << 20
BODY = 150
_BLOCK, _CHUNK, _GROWTH, _FIRST = 512, 20_000, 1.5, 64
_FEW, _CLOSE = 2_000, 500

Values = NDArray[np.float32]
Numbers = NDArray[np.int32]
Times = NDArray[np.uint8]
_DAMPED = np.concatenate(([0], 1 + np.log(np.arange(1, 256)))).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Message:
    """What the index reads of a message; only `text` is needed.

    `day` counts days from any fixed day, fractions allowed. `person` keeps one person's many
    messages from counting as many people; nothing is ever ranked by it. `likes` and `dislikes`
    are what others said to it.
    """

    text: str
    title: str = ""
    place: str = ""
    day: float | None = None
    person: str = ""
    likes: int = 0
    dislikes: int = 0

    def parts(self) -> tuple[str, str]:
        """What it is called, and how it begins."""
        text = self.text[:MAX_TEXT].strip()
        if self.title.strip():
            name, body = self.title, text
        else:
            end = head_end(text)
            name, body = text[:end], text[end:].strip()
        name = f"{name.strip()} {self.place.strip()}".strip()
        return name, (body or name)[: 2 * BODY]


@dataclass(frozen=True, slots=True)
class Rows:
    """Hashed pairs of each message and how often each occurs (at most 255); the head's come after `BUCKETS`.

    `phrases` are its runs of four characters, by which `candidates` proposes what to compare.
    """

    starts: Ints
    buckets: Codes
    times: Times
    phrases: Phrases

    def __len__(self) -> int:
        return len(self.starts) - 1


def _fold(text: str) -> Codes:
    raw = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    codes: Codes = folding(digits=True)[raw]
    return codes


@dataclass(frozen=True, slots=True)
class _Run:
    """Folded characters of many texts one after the other, a mark after each text."""

    size: int
    codes: Ints
    doc: Ints


def _run(texts: Sequence[str], limit: int | None = None) -> _Run:
    codes = [_fold(t) for t in texts]
    codes = [c[c != SPACE][:limit] for c in codes]
    lengths = np.fromiter((len(c) + 1 for c in codes), np.int64, len(codes))
    run = np.full(int(lengths.sum()), MARK, dtype=np.int64)
    inside = np.ones(len(run), dtype=bool)
    inside[np.cumsum(lengths) - 1] = False
    if codes:
        run[inside] = np.concatenate(codes)
    return _Run(len(codes), run, np.repeat(np.arange(len(codes)), lengths))


_FACTORS = (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F)


def _hashed(run: _Run, length: int, buckets: int) -> tuple[Codes, Ints]:
    """Hash of every run of `length` characters without a mark, and its text."""
    ends = len(run.codes) - length + 1
    if ends <= 0:
        return np.empty(0, np.int32), np.empty(0, np.int64)
    mixed = np.zeros(ends, dtype=np.int64)
    whole = np.ones(ends, dtype=bool)
    for k in range(length):
        part = run.codes[k : k + ends]
        mixed += part * np.int64(_FACTORS[k])
        whole &= part < MARK
    mixed = (mixed ^ (mixed >> 17)) & np.int64(2**40 - 1)
    return ((mixed >> 3) % buckets).astype(np.int32)[whole], run.doc[:ends][whole]


def _distinct(keys: Codes, doc: Ints, size: int) -> tuple[Ints, Codes, Ints]:
    """Starts of rows, distinct keys of each row ascending, and how often each occurs."""
    edges = np.searchsorted(doc, np.arange(size + 1))
    for start, end in pairwise(edges.tolist()):
        keys[start:end].sort()
    new = np.flatnonzero((np.diff(keys, prepend=-1) != 0) | (np.diff(doc, prepend=-1) != 0))
    return np.searchsorted(doc[new], np.arange(size + 1)), keys[new], np.diff(new, append=len(keys))


def _part(run: _Run) -> tuple[Ints, Codes, Times]:
    starts, buckets, times = _distinct(*_hashed(run, 2, BUCKETS), run.size)
    return starts, buckets, np.minimum(times, 255).astype(np.uint8)


def _phrases(texts: Sequence[str]) -> Phrases:
    run = _run(texts)
    starts, hashes, _ = _distinct(*_hashed(run, 4, PHRASES), run.size)
    return Phrases(starts, hashes)


def rows_of(messages: Sequence[Message]) -> Rows:
    """Hashed rows of a batch of messages, body first, then head."""
    parts = [m.parts() for m in messages]
    head = _part(_run([p[0] for p in parts]))
    body = _part(_run([p[1] for p in parts], BODY))
    starts = head[0] + body[0]
    at_body = np.arange(len(body[1])) + np.repeat(head[0][:-1], np.diff(body[0]))
    at_head = np.arange(len(head[1])) + np.repeat(body[0][1:], np.diff(head[0]))
    buckets = np.empty(starts[-1], dtype=np.int32)
    times = np.empty(starts[-1], dtype=np.uint8)
    buckets[at_body], buckets[at_head] = body[1], head[1] + BUCKETS
    times[at_body], times[at_head] = body[2], head[2]
    return Rows(starts, buckets, times, _phrases([f"{p[0]}\n{p[1][:BODY]}" for p in parts]))


def _chained(starts: Sequence[Ints]) -> Ints:
    """Starts of rows put one after the other."""
    offsets = np.cumsum([0, *(s[-1] for s in starts)])
    return np.concatenate([*(s[:-1] + o for s, o in zip(starts, offsets, strict=False)), offsets[-1:]]).astype(np.int64)


def stacked(parts: Sequence[Rows]) -> Rows:
    """Batches of rows one after the other."""
    if len(parts) == 1:
        return parts[0]
    none = np.empty(0, np.int32)
    phrases = [p.phrases for p in parts]
    return Rows(
        _chained([p.starts for p in parts]),
        np.concatenate([none, *(p.buckets for p in parts)]),
        np.concatenate([np.empty(0, np.uint8), *(p.times for p in parts)]),
        Phrases(_chained([p.starts for p in phrases]), np.concatenate([none, *(p.hashes for p in phrases)])),
    )


def frequencies(rows: Rows) -> Ints:
    """In how many of the messages each bucket occurs (2 × `BUCKETS`)."""
    return np.bincount(rows.buckets, minlength=2 * BUCKETS)


def idf_of(frequency: Ints, messages: int) -> Values:
    """Weight of each bucket: ln((1 + messages) / (1 + frequency)) + 1."""
    return (np.log((1 + messages) / (1 + frequency)) + 1).astype(np.float32)


def weighted(rows: Rows, idf: Values) -> csr_array:
    """Rows × idf, each part of length 1; `idf` is of the whole collection."""
    values = np.empty(len(rows.buckets), dtype=np.float32)
    for low in range(0, len(rows), _CHUNK):
        high = min(low + _CHUNK, len(rows))
        run = slice(rows.starts[low], rows.starts[high])
        part = _DAMPED[rows.times[run]] * idf[rows.buckets[run]]
        place = 2 * np.repeat(np.arange(high - low), np.diff(rows.starts[low : high + 1]))
        place += rows.buckets[run] >= BUCKETS
        length = np.sqrt(np.bincount(place, part * part, 2 * (high - low)))
        values[run] = part / np.maximum(length, 1e-9)[place].astype(np.float32)
    return csr_array((values, rows.buckets, rows.starts), shape=(len(rows), 2 * BUCKETS))


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs `first[k] < second[k]` of like messages with their likeness."""

    first: Numbers
    second: Numbers
    likeness: Values


def all_pairs(matrix: csr_array, frequency: Ints, least: float) -> Pairs:
    """Pairs of rows at least so alike, in order; pairs of characters that a tenth use propose none."""
    return compared(matrix, matrix, _near(_only(matrix, frequency <= max(300, matrix.shape[0] // 10)), least), least)


def _near(source: csr_array, least: float) -> Iterator[tuple[Ints, Ints]]:
    turned = csr_array(source.T)
    for start in range(0, source.shape[0], _BLOCK):
        near = (source[start : start + _BLOCK] @ turned).tocoo()
        row, column = near.row.astype(np.int64) + start, near.col.astype(np.int64)
        keep = (near.data >= least / 2) & (column > row)
        yield row[keep], column[keep]


def compared(left: csr_array, right: csr_array, proposals: Iterable[tuple[Ints, Ints]], least: float) -> Pairs:
    """Those of the proposed pairs that are at least so alike, in order; only these are kept in memory.

    `proposals` come in blocks of ascending rows of left: a block put in order needs no other.
    """
    kept = []
    for first, second in proposals:
        likeness = likeness_of(left, right, first, second)
        keep = likeness >= least
        kept.append(in_order(Pairs(first[keep].astype(np.int32), second[keep].astype(np.int32), likeness[keep])))
    return chained(kept)


def chained(parts: list[Pairs]) -> Pairs:
    """The pairs of all parts, one part after the other; `parts` is emptied, so that nothing is held twice."""
    size = sum(len(p.first) for p in parts)
    made = Pairs(np.empty(size, np.int32), np.empty(size, np.int32), np.empty(size, np.float32))
    while parts:
        part = parts.pop()
        at = slice(size - len(part.first), size)
        made.first[at], made.second[at], made.likeness[at] = part.first, part.second, part.likeness
        size = at.start
    return made


def in_order(pairs: Pairs) -> Pairs:
    """The same pairs, ascending by first, then second."""
    order = np.lexsort((pairs.second, pairs.first))
    return Pairs(pairs.first[order], pairs.second[order], pairs.likeness[order])


def _only(matrix: csr_array, wanted: NDArray[np.bool_]) -> csr_array:
    keep = wanted[matrix.indices]
    starts = np.concatenate(([0], np.cumsum(keep)))[matrix.indptr]
    return csr_array((matrix.data[keep], matrix.indices[keep], starts), shape=matrix.shape)


@dataclass
class _Settled:
    """Weights as of the last renewal: rows, idf, and the columns that a query reads."""

    rows: csr_array
    idf: Values
    _columns: csr_array | None = None

    def columns(self) -> csr_array:
        """Messages by bucket; above `SMALL` messages, of buckets that at most `_FEW` use."""
        if self._columns is None:
            rows = self.rows
            if rows.shape[0] > SMALL:
                rows = _only(rows, np.bincount(rows.indices, minlength=2 * BUCKETS) <= _FEW)
            self._columns = csr_array(rows.T)
        return self._columns


def _settle(rows: Rows, frequency: Ints) -> _Settled:
    idf = idf_of(frequency, len(rows))
    return _Settled(weighted(rows, idf), idf)


@dataclass
class SimilarIndex:
    """Messages with their rows; `add` them as they come, ask what is near with `likeness`."""

    messages: list[Message] = field(default_factory=list)
    _rows: list[Rows] = field(default_factory=list)
    _frequency: Ints = field(default_factory=lambda: np.zeros(2 * BUCKETS, np.int64))
    _settled: _Settled = field(default_factory=lambda: _settle(stacked([]), np.zeros(2 * BUCKETS, np.int64)))
    _recent: list[csr_array] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.messages)

    def add(self, messages: Sequence[Message]) -> range:
        """Take messages in; returns their positions. A batch costs what its own messages cost."""
        start, before = len(self.messages), len(self._rows)
        for chunk in _chunks(messages):
            rows = rows_of(chunk)
            self.messages.extend(chunk)
            self._rows.append(rows)
            np.add.at(self._frequency, rows.buckets, 1)
        if len(self.messages) >= max(_FIRST, _GROWTH * self._settled.rows.shape[0]):
            self.refresh()
        else:
            for rows in self._rows[before:]:
                self._take(weighted(rows, self._settled.idf))
        return range(start, len(self.messages))

    def refresh(self) -> None:
        """Renew all weights from the frequencies of now."""
        self._recent = []
        self._settled = _settle(rows_of([]), self._frequency)  # lets go of the old weights first
        self._rows = [stacked(self._rows)]
        self._settled = _settle(self._rows[0], self._frequency)

    def matrix(self) -> csr_array:
        """Weighted rows of all messages, renewed if any came since."""
        if self._recent:
            self.refresh()
        return self._settled.rows

    def pairs(self, least: float) -> Pairs:
        """All pairs at least so alike, over weights renewed now."""
        matrix = self.matrix()
        if len(self.messages) <= SMALL:
            return all_pairs(matrix, self._frequency, least)
        phrases = self._rows[0].phrases
        shared = marks(phrases, telling(usage(phrases)))
        return compared(matrix, matrix, proposed(shared, shared, same=True), least)

    def likeness(self, message: Message) -> Values:
        """Likeness of a message to every message in the index, in order of arrival.

        Above `SMALL` messages, to the `_CLOSE` that share most with it; 0 to the others.
        """
        settled = self._settled
        row = weighted(rows_of([message]), settled.idf)
        near = np.zeros(len(self.messages), dtype=np.float32)
        columns = settled.columns()
        starts, at, data = columns.indptr, columns.indices, columns.data
        place = settled.rows.shape[0]
        sizes = starts[row.indices + 1] - starts[row.indices]
        wanted = np.flatnonzero(sizes).tolist()
        if wanted:
            picks = [slice(starts[b], starts[b + 1]) for b in row.indices[wanted].tolist()]
            who = np.concatenate([at[p] for p in picks])
            what = np.concatenate([data[p] for p in picks]) * np.repeat(row.data[wanted], sizes[wanted])
            near[:place] = np.bincount(who, what, place)
            if place > SMALL:
                close = np.sort(np.argpartition(-near[:place], _CLOSE)[:_CLOSE]).astype(np.int64)
                near[:place] = 0
                near[close] = likeness_of(settled.rows, row, close, np.zeros(len(close), np.int64))
        for recent in self._recent:
            size = recent.shape[0]
            near[place : place + size] = _dots(recent, row)
            place += size
        return near

    def _take(self, rows: csr_array) -> None:
        """Keep rows since the last renewal as few arrays, each larger than the next."""
        self._recent.append(rows)
        while len(self._recent) > 1 and self._recent[-1].shape[0] >= self._recent[-2].shape[0]:
            self._recent[-2:] = [vstack(self._recent[-2:], format="csr")]


def _dots(rows: csr_array, row: csr_array) -> Values:
    """Product of each of `rows` with one sorted row."""
    at = np.searchsorted(row.indices, rows.indices)
    at[at == len(row.indices)] = 0
    hit = row.indices[at] == rows.indices if len(row.indices) else np.zeros(len(at), bool)
    value = np.where(hit, rows.data * row.data[at], 0.0) if len(row.indices) else np.zeros(len(at))
    total = np.concatenate(([0.0], np.cumsum(value, dtype=np.float64)))
    found: Values = (total[rows.indptr[1:]] - total[rows.indptr[:-1]]).astype(np.float32)
    return found


def _chunks(messages: Sequence[Message], size: int = _CHUNK) -> Iterator[Sequence[Message]]:
    for start in range(0, len(messages), size):
        yield messages[start : start + size]
