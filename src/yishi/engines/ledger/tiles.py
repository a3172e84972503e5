"""Paths, tiles and entry bundles of C2SP tlog-tiles (c2sp.org/tlog-tiles), height 8."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from yishi.engines.ledger.errors import TileError
from yishi.engines.ledger.hashing import SIZE

HEIGHT = 8
WIDTH = 1 << HEIGHT
TILE = WIDTH * SIZE
"""Bytes of a full tile as it is served."""
NODES = TILE * 2 - 2 * SIZE
"""Bytes of a full tile with its inner levels, as a store keeps it."""
LONGEST = 0xFFFF
"""Bytes of the longest entry: its length is written in two bytes."""
LEVELS = 64
_PATH = re.compile(r"tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Tile:
    """A tile (`level` 0…63) or an entry bundle (`level` -1), its index and how many it holds."""

    level: int
    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """As in `tile/0/x001/x234/067` or `tile/entries/273.p/112`."""
        where = "entries" if self.level < 0 else str(self.level)
        digits = f"{self.index:03d}"
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        parts = [digits[i : i + 3] for i in range(0, len(digits), 3)]
        name = "/".join([*("x" + part for part in parts[:-1]), parts[-1]])
        return f"tile/{where}/{name}" + ("" if self.width == WIDTH else f".p/{self.width}")


def read_path(path: str) -> Tile:
    """The tile that a path names. Raises `TileError` for any other spelling of it."""
    found = _PATH.fullmatch(path)
    if not found:
        raise _no_path()
    level = -1 if found[1] == "entries" else int(found[1])
    tile = Tile(level, int(found[2].replace("x", "").replace("/", "")), int(found[3] or WIDTH))
    if level >= LEVELS or (found[3] and tile.width >= WIDTH) or tile.path != path:
        raise _no_path()
    return tile


def tiles_of(size: int, since: int = 0) -> Iterator[Tile]:
    """Every tile and bundle of a log of `size` entries that a log of `since` entries had not."""
    level = -1
    while True:
        unit = max(level, 0) * HEIGHT
        full, rest = divmod(size >> unit, WIDTH)
        before, had = divmod(since >> unit, WIDTH)
        yield from (Tile(level, index) for index in range(before, full))
        if rest and (before, had) != (full, rest):
            yield Tile(level, full, rest)
        if level >= 0 and not full and not rest:
            return
        level += 1


def pack_entries(entries: Iterable[bytes]) -> bytes:
    """An entry bundle: each entry behind its length in two bytes, the greater first."""
    return b"".join([len(entry).to_bytes(2, "big") + entry for entry in entries])


def unpack_entries(bundle: bytes) -> Sequence[bytes]:
    """The entries of a bundle. Raises `TileError` when it is cut short or holds more than 256."""
    out: list[bytes] = []
    at = 0
    while at < len(bundle):
        end = at + 2 + int.from_bytes(bundle[at : at + 2], "big")
        if end > len(bundle) or len(out) == WIDTH:
            raise TileError(
                "bundle_broken", "条目包不完整或多于 256 条", "the bundle is cut short or holds over 256 entries"
            )
        out.append(bundle[at + 2 : end])
        at = end
    return out


def check_entry(entry: bytes) -> None:
    """Raises `TileError` for an entry that a bundle cannot hold."""
    if len(entry) > LONGEST:
        raise TileError("entry_too_long", f"一条不得超过 {LONGEST} 字节", f"an entry has at most {LONGEST} bytes")


def _no_path() -> TileError:
    return TileError("path", "不是 tlog-tiles 的路径", "not a path of tlog-tiles")
