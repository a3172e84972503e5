"""OpenStreetMap extracts as `.osm.pbf`, what Geofabrik gives out (wiki.openstreetmap.org/wiki/PBF_Format).

Read twice: first the ways that one may walk, then only the nodes that they use, so that a whole province fits.
Nothing is trusted: a block unpacks to at most 32 MB (the format's own bound), its texts, nodes and numbers are
bounded in count; whatever does not fit together is a fault named by its block.
"""

import zlib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

import numpy as np

from yishi.engines.reach import osm
from yishi.engines.reach.markup import MOST_UNPACKED, Tick
from yishi.engines.reach.osm import LONGEST_WAY, TAGS, Found, walked
from yishi.engines.reach.protobuf import Damaged, Span, fields, number_at, numbers, sign_of, signed
from yishi.engines.reach.streets import Floats, Ints
from yishi.engines.rows import ReadError

MOST_HEAD, MOST_BLOCK = 64 * 1024, 32 * 1024 * 1024
MOST_TEXTS = MOST_SINGLE = MOST_GROUPS = MOST_HEADER = 1_000_000
KNOWN = frozenset({b"OsmSchema-V0.6", b"DenseNodes"})
_HEADER, _DATA = b"OSMHeader", b"OSMData"
_BILLION = 10**9


@dataclass
class _Block:
    """A block of data: its groups, and how its places are written."""

    data: bytes
    table: Span = (0, 0)
    groups: list[Span] = field(default_factory=list)
    step: int = 100
    north: int = 0
    east: int = 0

    @classmethod
    def of(cls, data: bytes) -> "_Block":
        found = cls(data)
        for name, value, span in fields(data, (0, len(data))):
            if name == 1:
                found.table = span
            elif name == 2:
                found.groups.append(span)
                if len(found.groups) > MOST_GROUPS:
                    raise Damaged
            elif name in {17, 19, 20}:
                setattr(found, {17: "step", 19: "north", 20: "east"}[name], sign_of(value))
        if not 0 < found.step <= _BILLION or max(abs(found.north), abs(found.east)) > 1_000 * _BILLION:
            raise Damaged
        return found

    @cached_property
    def texts(self) -> list[Span]:
        found = []
        for name, _, span in fields(self.data, self.table):
            if name == 1:
                found.append(span)
            if len(found) > MOST_TEXTS:
                raise Damaged("一块里的文字太多", "a block holds too many texts")
        return found

    def text(self, number: int) -> bytes:
        if number >= len(self.texts):
            raise Damaged
        low, high = self.texts[number]
        return self.data[low:high]

    def tags(self, keys: Span, values: Span) -> dict[str, str]:
        """Those that say whether one walks; keys and values are numbers of texts, side by side."""
        found = {}
        at, other = keys[0], values[0]
        while at < keys[1] and other < values[1]:
            key, at = number_at(self.data, at)
            value, other = number_at(self.data, other)
            name = self.text(key).decode("utf-8", "replace")
            if name in TAGS:
                found[name] = self.text(value).decode("utf-8", "replace")
        return found

    def degrees(self, values: Ints, offset: int, most: int) -> Floats:
        """Places in billionths of a degree, divided once: the double nearest to the decimal."""
        within = (most * _BILLION + abs(offset)) // self.step
        if len(values) and not -within <= int(values.min()) <= int(values.max()) <= within:
            raise Damaged("有坐标超出范围", "a coordinate is out of range")
        found: Floats = (values * self.step + offset) / 1e9
        if (np.abs(found) > most).any():
            raise Damaged("有坐标超出范围", "a coordinate is out of range")
        return found


class _Pbf:
    """The file, block after block; `found` is what the reader of `.osm` finds."""

    def __init__(self, path: Path, tick: Tick) -> None:
        self.path, self.tick = path, tick
        self.found = Found()
        self.with_nodes: list[tuple[int, int]] = []
        self.unpacked = self.block = self.told = self.before = 0

    def read(self) -> Found:
        """Ways of the whole file, then the nodes that they use."""
        with self.path.open("rb") as file:
            try:
                self._all_ways(file)
                wanted = (
                    np.unique(np.frombuffer(self.found.refs, np.int64)) if self.found.refs else np.empty(0, np.int64)
                )
                self.unpacked, self.before = 0, self.path.stat().st_size
                for number, start in self.with_nodes:
                    self.block = number
                    file.seek(start)
                    read = self._next(file)
                    self._nodes(_Block.of(read[1] if read else b""), wanted)
            except (Damaged, zlib.error) as error:
                fault = error if isinstance(error, Damaged) else Damaged()
                raise ReadError(self.path.name, f"第 {self.block} 块：{fault.zh}。", f"block {self.block}: {fault.en}.") from None  # fmt: skip
        return self.found

    def _all_ways(self, file: BinaryIO) -> None:
        while True:
            start, self.block = file.tell(), self.block + 1
            read = self._next(file)
            if read is None and self.block > 1:
                return
            kind, data = read or (b"", b"")
            if self.block == 1 and kind != _HEADER:
                raise Damaged("这不是 .osm.pbf", "this is no .osm.pbf")
            if kind == _HEADER:
                _check(data)
            elif kind == _DATA and self._ways(_Block.of(data)):
                self.with_nodes.append((self.block, start))

    def _next(self, file: BinaryIO) -> tuple[bytes, bytes] | None:
        """Kind and content of the next block; None at the end."""
        size = file.read(4)
        if not size:
            return None
        length = int.from_bytes(size, "big")
        if len(size) < 4 or length > MOST_HEAD:
            raise Damaged("这不是 .osm.pbf，或没有下载完", "this is no .osm.pbf, or not the whole of it")
        head = _exactly(file, length)
        kind, length = b"", 0
        for name, value, (low, high) in fields(head, (0, len(head))):
            kind = head[low:high] if name == 1 else kind
            length = value if name == 3 else length
        if length > MOST_BLOCK:
            raise Damaged("这一块太大", "this block is too large")
        packed = _exactly(file, length)
        place = (self.before + file.tell()) // 2  # the bar moves once for both readings
        self.tick(max(place - self.told, 0))
        self.told = max(place, self.told)
        return kind, self._unpacked(packed) if kind in {_HEADER, _DATA} else b""

    def _unpacked(self, packed: bytes) -> bytes:
        data, size, kinds = b"", 0, set()
        for name, value, (low, high) in fields(packed, (0, len(packed))):
            kinds.add(name)
            if name == 1:
                data, size = packed[low:high], high - low
            elif name == 2:
                size = value
            elif name == 3:
                data = zlib.decompressobj().decompress(packed[low:high], MOST_BLOCK + 1)
        if not kinds & {1, 3}:
            raise Damaged("压缩方式不是 zlib，请另存：osmium cat 文件.osm.pbf -o 新文件.osm.pbf", "packed by something other than zlib; save it anew: osmium cat FILE.osm.pbf -o NEW.osm.pbf")  # fmt: skip
        self.unpacked += len(data)
        if max(size, len(data)) > MOST_BLOCK or self.unpacked > MOST_UNPACKED:
            raise Damaged("解开后太大", "it is too large when unpacked")
        if len(data) != size:
            raise Damaged
        return data

    def _ways(self, block: _Block) -> bool:
        """Keep the walked ways of a block. Whether it has nodes, too."""
        has_nodes, kept = False, []
        for group in block.groups:
            for name, _, span in fields(block.data, group):
                has_nodes |= name in {1, 2}
                if name == 3 and (refs := _walked(block, span)):
                    kept.append(block.data[refs[0] : refs[1]])
        if kept:
            self._keep(kept)
        return has_nodes

    def _keep(self, kept: list[bytes]) -> None:
        """References are written as steps from one to the next, anew in each way."""
        packed = b"".join(kept)
        steps = signed(numbers(packed))
        ends = np.cumsum([len(k) for k in kept])
        last = np.frombuffer(packed, np.uint8) < 0x80
        if not last[ends - 1].all():
            raise Damaged
        sizes = np.diff(np.cumsum(last)[ends - 1], prepend=0)
        if sizes.max() > LONGEST_WAY:
            raise Damaged("一条路的点太多", "a way has too many nodes")
        total, starts = np.cumsum(steps), np.cumsum(sizes) - sizes
        refs = (total - np.repeat(total[starts] - steps[starts], sizes))[np.repeat(sizes > 1, sizes)]
        before = len(self.found.refs)
        self.found.refs.frombytes(refs.tobytes())
        self.found.ways.frombytes((before + np.cumsum(sizes[sizes > 1])).astype(np.int64).tobytes())
        if len(self.found.refs) > osm.MOST_CORNERS:
            raise Damaged(f"路上的点超过 {osm.MOST_CORNERS} 个", f"more than {osm.MOST_CORNERS} nodes on ways")

    def _nodes(self, block: _Block, wanted: Ints) -> None:
        for group in block.groups:
            single: list[list[int]] = []
            for name, _, span in fields(block.data, group):
                if name == 2:
                    self._dense(block, span, wanted)
                elif name == 1:
                    given = {n: v for n, v, _ in fields(block.data, span) if n in {1, 8, 9}}
                    single.append([sign_of(given.get(n, 0)) for n in (1, 8, 9)])
                if len(single) > MOST_SINGLE:
                    raise Damaged("一块里的点太多", "a block holds too many nodes")
            if single:
                self._some(block, signed(np.array(single, np.int64)).T, wanted)

    def _dense(self, block: _Block, dense: Span, wanted: Ints) -> None:
        rows = {}
        for name, _, (low, high) in fields(block.data, dense):
            if name in {1, 8, 9}:
                rows[name] = np.cumsum(signed(numbers(block.data[low:high])))
        if rows and len({len(rows.get(name, ())) for name in (1, 8, 9)}) > 1:
            raise Damaged
        if rows:
            self._some(block, np.stack([rows[name] for name in (1, 8, 9)]), wanted)

    def _some(self, block: _Block, nodes: Ints, wanted: Ints) -> None:
        """Keep those that a way uses: ids, then north and east as written."""
        ids, found = nodes[0], self.found
        north, east = block.degrees(nodes[1], block.north, 90), block.degrees(nodes[2], block.east, 180)
        place = np.searchsorted(wanted, ids)
        used = place < len(wanted)
        used[used] = wanted[place[used]] == ids[used]
        for values, into in ((ids, found.id), (east, found.lon), (north, found.lat)):
            into.frombytes(values[used].tobytes())
        if len(found.id) > osm.MOST_NODES:
            raise Damaged(f"点超过 {osm.MOST_NODES} 个", f"more than {osm.MOST_NODES} nodes")


def _exactly(file: BinaryIO, size: int) -> bytes:
    found = file.read(size)
    if len(found) < size:
        raise Damaged("文件不完整，请重新下载", "the file is cut short; download it again")
    return found


def _check(header: bytes) -> None:
    """Refuse a file whose writer says that it needs what is not read here, as the history of each node."""
    if len(header) > MOST_HEADER:
        raise Damaged
    needed = {header[low:high] for name, _, (low, high) in fields(header, (0, len(header))) if name == 4} - KNOWN
    if needed:
        named = ", ".join(sorted(n.decode("utf-8", "replace")[:30] for n in needed))[:90]
        raise Damaged(f"文件要用到这里不认识的写法：{named}", f"the file needs what is not known here: {named}")


def _walked(block: _Block, way: Span) -> Span | None:
    """Where the references of a way lie, if one walks it."""
    lies = {name: span for name, _, span in fields(block.data, way) if name in {2, 3, 8}}
    keys, values, refs = (lies.get(name, (0, 0)) for name in (2, 3, 8))
    return refs if refs[1] > refs[0] and walked(block.tags(keys, values)) else None


def read_pbf(path: Path, tick: Tick = lambda n: None) -> Found:
    """Walked ways and the nodes on them. Raises ReadError with the block; OSError."""
    return _Pbf(path, tick).read()
