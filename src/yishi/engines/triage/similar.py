"""Which messages tell of the same cause: an index that grows as messages arrive.

A message is two rows of pairs of characters, what it is called (title and place, or its opening)
and how it begins (150 characters), each weighted by sublinear TF-IDF and of length 1. Likeness is
the sum of the two cosines, 0 to 2. Pairs are hashed into `BUCKETS`, so an unseen pair needs no
dictionary. Document frequencies are counted as messages arrive; the weights are renewed whenever
the index has grown by half, and by `refresh`, after which it equals an index built in one go.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from yishi.engines.triage.features import MARK, MAX_TEXT, SPACE, Codes, Ints, folding, head_end

BUCKETS = 1 << 20
BODY = 150
_BLOCK, _GROWTH, _FIRST, _PIECES = 512, 1.5, 64, 32

Values = NDArray[np.float32]


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
    """Hashed pairs of each message with their damped counts; the head's come after `BUCKETS`."""

    starts: Ints
    buckets: Codes
    counts: Values

    def __len__(self) -> int:
        return len(self.starts) - 1


def _fold(text: str) -> Codes:
    raw = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    codes: Codes = folding(digits=True)[raw]
    return codes


def hashed(texts: Sequence[str], limit: int | None = None) -> Rows:
    """Pairs of neighbouring characters of each text, `limit` characters read."""
    codes = [_fold(t) for t in texts]
    codes = [c[c != SPACE][:limit] for c in codes]
    lengths = np.fromiter((len(c) + 1 for c in codes), np.int64, len(codes))
    run = np.full(int(lengths.sum()), MARK, dtype=np.int64)
    doc = np.repeat(np.arange(len(codes)), lengths)
    inside = np.ones(len(run), dtype=bool)
    inside[np.cumsum(lengths) - 1] = False
    run[inside] = np.concatenate(codes) if codes else run[inside]
    real = run < MARK
    whole = real[:-1] & real[1:]
    mixed = (run[:-1] * np.int64(0x9E3779B1) + run[1:] * np.int64(0x85EBCA77)) & np.int64(2**40 - 1)
    keys = ((mixed >> 13) % BUCKETS).astype(np.int32)[whole]
    doc = doc[:-1][whole]
    edges = np.searchsorted(doc, np.arange(len(codes) + 1))
    for start, end in pairwise(edges.tolist()):
        keys[start:end].sort()
    new = np.flatnonzero((np.diff(keys, prepend=-1) != 0) | (np.diff(doc, prepend=-1) != 0))
    times = np.diff(new, append=len(keys))
    starts = np.searchsorted(doc[new], np.arange(len(codes) + 1))
    return Rows(starts, keys[new], (1 + np.log(times)).astype(np.float32))


def _together(head: Rows, body: Rows) -> Rows:
    """Head and body of each message as one row, body first."""
    starts = head.starts + body.starts
    at_body = np.arange(len(body.buckets)) + np.repeat(head.starts[:-1], np.diff(body.starts))
    at_head = np.arange(len(head.buckets)) + np.repeat(body.starts[1:], np.diff(head.starts))
    buckets = np.empty(starts[-1], dtype=np.int32)
    counts = np.empty(starts[-1], dtype=np.float32)
    buckets[at_body], buckets[at_head] = body.buckets, head.buckets + BUCKETS
    counts[at_body], counts[at_head] = body.counts, head.counts
    return Rows(starts, buckets, counts)


def rows_of(messages: Sequence[Message]) -> Rows:
    """Hashed rows of a batch of messages."""
    parts = [m.parts() for m in messages]
    return _together(hashed([p[0] for p in parts]), hashed([p[1] for p in parts], BODY))


def stacked(parts: Sequence[Rows]) -> Rows:
    """Batches of rows one after the other."""
    offsets = np.cumsum([0, *(p.starts[-1] for p in parts)])
    starts = [p.starts[:-1] + o for p, o in zip(parts, offsets, strict=False)]
    return Rows(
        np.concatenate((*starts, offsets[-1:])).astype(np.int64),
        np.concatenate([p.buckets for p in parts]) if parts else np.empty(0, np.int32),
        np.concatenate([p.counts for p in parts]) if parts else np.empty(0, np.float32),
    )


def frequencies(rows: Rows) -> Ints:
    """In how many of the messages each bucket occurs (2 × `BUCKETS`)."""
    return np.bincount(rows.buckets, minlength=2 * BUCKETS)


def idf_of(frequency: Ints, messages: int) -> Values:
    """Weight of each bucket: ln((1 + messages) / (1 + frequency)) + 1."""
    return (np.log((1 + messages) / (1 + frequency)) + 1).astype(np.float32)


def weighted(rows: Rows, idf: Values) -> csr_array:
    """Rows × idf, each part of length 1; `idf` is of the whole collection."""
    values = rows.counts * idf[rows.buckets]
    part = 2 * np.repeat(np.arange(len(rows)), np.diff(rows.starts)) + (rows.buckets >= BUCKETS)
    length = np.sqrt(np.bincount(part, values * values, 2 * len(rows)))
    values /= np.maximum(length, 1e-9)[part].astype(np.float32)
    return csr_array((values, rows.buckets, rows.starts), shape=(len(rows), 2 * BUCKETS))


def common_limit(messages: int) -> int:
    """Buckets in more messages than this propose no pairs: they only add to likeness found."""
    return max(300, min(messages // 10, 200_000_000 // max(messages, 1)))


@dataclass(frozen=True, slots=True)
class Pairs:
    """Pairs `first[k] < second[k]` of like messages with their likeness."""

    first: Ints
    second: Ints
    likeness: Values


def block_pairs(left: csr_array, right: csr_array, frequency: Ints, messages: int, least: float, offset: int) -> Pairs:
    """Pairs of a row of `left` with a row of `right`, in order.

    `offset` 0: both are the same rows, a row pairs with later ones only; -1: all of left's come
    before right's. `frequency` and `messages` are of the whole collection.
    """
    limit = common_limit(messages)
    rare = frequency <= limit
    pruned = bool((~rare).any())
    source, target = left, right
    if pruned:
        source = _only(left, rare)
        target = _only(right, rare)
    turned = csr_array(target.T)
    found = []
    for start in range(0, left.shape[0], _BLOCK):
        near = (source[start : start + _BLOCK] @ turned).tocoo()
        row, column, value = near.row.astype(np.int64) + start, near.col, near.data
        keep = value >= (least / 2 if pruned else least)
        if offset >= 0:
            keep &= column > row
        row, column, value = row[keep], column[keep].astype(np.int64), value[keep]
        if pruned and len(row):
            value = np.asarray((left[row] * right[column]).sum(axis=1), dtype=np.float32).ravel()
            row, column, value = (a[value >= least] for a in (row, column, value))
        found.append((row, column, value))
    if not found:
        return Pairs(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float32))
    first, second, likeness = (np.concatenate(side) for side in zip(*found, strict=True))
    return in_order(Pairs(first, second, likeness.astype(np.float32)))


def in_order(pairs: Pairs) -> Pairs:
    """The same pairs, ascending by first, then second."""
    order = np.lexsort((pairs.second, pairs.first))
    return Pairs(pairs.first[order], pairs.second[order], pairs.likeness[order])


def _only(matrix: csr_array, wanted: NDArray[np.bool_]) -> csr_array:
    keep = wanted[matrix.indices]
    starts = np.concatenate(([0], np.cumsum(keep)))[matrix.indptr]
    return csr_array((matrix.data[keep], matrix.indices[keep], starts), shape=matrix.shape)


@dataclass(frozen=True, slots=True)
class _Settled:
    """Weights as of the last renewal: rows, their columns, idf."""

    rows: csr_array
    columns: csr_array
    idf: Values


def _settle(rows: Rows, frequency: Ints) -> _Settled:
    idf = idf_of(frequency, len(rows))
    matrix = weighted(rows, idf)
    return _Settled(matrix, csr_array(matrix.T), idf)


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
        start = len(self.messages)
        for chunk in _chunks(messages):
            rows = rows_of(chunk)
            self.messages.extend(chunk)
            self._rows.append(rows)
            np.add.at(self._frequency, rows.buckets, 1)
            self._recent.append(weighted(rows, self._settled.idf))
        if len(self.messages) >= max(_FIRST, _GROWTH * self._settled.rows.shape[0]):
            self.refresh()
        return range(start, len(self.messages))

    def refresh(self) -> None:
        """Renew all weights from the frequencies of now."""
        self._rows = [stacked(self._rows)]
        self._settled = _settle(self._rows[0], self._frequency)
        self._recent = []

    def matrix(self) -> csr_array:
        """Weighted rows of all messages, renewed if any came since."""
        if self._recent:
            self.refresh()
        return self._settled.rows

    def pairs(self, least: float) -> Pairs:
        """All pairs at least so alike, over weights renewed now."""
        matrix = self.matrix()
        return block_pairs(matrix, matrix, self._frequency, len(self.messages), least, 0)

    def likeness(self, message: Message) -> Values:
        """Likeness of a message to every message in the index, in order of arrival."""
        settled = self._settled
        row = weighted(rows_of([message]), settled.idf)
        near = np.zeros(len(self.messages), dtype=np.float32)
        starts, at, data = settled.columns.indptr, settled.columns.indices, settled.columns.data
        picks = [slice(starts[b], starts[b + 1]) for b in row.indices.tolist()]
        place = settled.rows.shape[0]
        if picks and place:
            sizes = [p.stop - p.start for p in picks]
            who = np.concatenate([at[p] for p in picks])
            what = np.concatenate([data[p] for p in picks]) * np.repeat(row.data, sizes)
            near[:place] = np.bincount(who, what, place)
        for recent in self._joined_recent():
            size = recent.shape[0]
            near[place : place + size] = _dots(recent, row)
            place += size
        return near

    def _joined_recent(self) -> list[csr_array]:
        """The rows that came since the last renewal, as few arrays."""
        if len(self._recent) > _PIECES:
            self._recent = [vstack(self._recent, format="csr")]
        return self._recent


def _dots(rows: csr_array, row: csr_array) -> Values:
    """Product of each of `rows` with one sorted row."""
    at = np.searchsorted(row.indices, rows.indices)
    at[at == len(row.indices)] = 0
    hit = row.indices[at] == rows.indices if len(row.indices) else np.zeros(len(at), bool)
    value = np.where(hit, rows.data * row.data[at], 0.0) if len(row.indices) else np.zeros(len(at))
    total = np.concatenate(([0.0], np.cumsum(value, dtype=np.float64)))
    found: Values = (total[rows.indptr[1:]] - total[rows.indptr[:-1]]).astype(np.float32)
    return found


def _chunks(messages: Sequence[Message], size: int = 20_000) -> Iterator[Sequence[Message]]:
    for start in range(0, len(messages), size):
        yield messages[start : start + size]
