"""The few words of Protocol Buffers that an extract is written in: fields of a message, and rows of numbers.

A message lies in bytes that are held already, so what is read of it is bounded by them; rows of numbers are decoded
together and bounded in count.
"""

from collections.abc import Iterator

import numpy as np

from yishi.engines.reach.streets import Ints

MOST_NUMBERS = 4_000_000
Span = tuple[int, int]
"""Where bytes lie: from, up to."""


class Damaged(Exception):
    """Bytes that do not fit together; `zh` and `en` say more where more is known."""

    def __init__(self, zh: str = "内容已损坏", en: str = "its content is damaged") -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


def number_at(data: bytes, at: int) -> Span:
    """The number written at a place (7 bits a byte, lowest first), and where it ends. Raises Damaged."""
    value = shift = 0
    while at < len(data) and shift < 70:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
    raise Damaged


def fields(data: bytes, span: Span) -> Iterator[tuple[int, int, Span]]:
    """The fields of a message that lies in `data`: number, value where it is one, where its bytes lie where it has some.

    Raises Damaged.
    """
    at, end = span
    while at < end:
        key, at = number_at(data, at)
        kind, value, inside = key & 7, 0, (0, 0)
        if kind == 0:
            value, at = number_at(data, at)
        elif kind == 2:
            length, at = number_at(data, at)
            inside = at, at + length
            at += length
        elif kind in {1, 5}:
            at += 8 if kind == 1 else 4
        else:
            raise Damaged
        if at > end:
            raise Damaged
        yield key >> 3, value, inside


def numbers(packed: bytes) -> Ints:
    """Numbers one after the other, decoded together. Raises Damaged."""
    raw = np.frombuffer(packed, np.uint8)
    last = raw < 0x80
    if np.count_nonzero(last) > MOST_NUMBERS:
        raise Damaged("一块里的数太多", "a block holds too many numbers")
    ends = np.flatnonzero(last)
    if len(raw) and (not len(ends) or ends[-1] != len(raw) - 1):
        raise Damaged
    starts = np.concatenate([[0], ends[:-1] + 1])[: len(ends)]
    longest = int((ends - starts).max(initial=0))
    if longest > 9:
        raise Damaged
    value = (raw[starts] & 0x7F).astype(np.uint64)
    for place in range(1, longest + 1):
        more = np.flatnonzero(ends - starts >= place)
        value[more] |= (raw[starts[more] + place] & np.uint8(0x7F)).astype(np.uint64) << np.uint64(7 * place)
    found: Ints = value.view(np.int64)
    return found


def signed(values: Ints) -> Ints:
    """Numbers written in zigzag: 0, -1, 1, -2, …"""
    bits = values.view(np.uint64)
    found: Ints = (bits >> np.uint64(1)).view(np.int64) ^ -(bits & np.uint64(1)).view(np.int64)
    return found


def sign_of(value: int) -> int:
    """A whole number that may be negative, written in two's complement of 64 bits."""
    value &= (1 << 64) - 1
    return value - (1 << 64) if value >> 63 else value
