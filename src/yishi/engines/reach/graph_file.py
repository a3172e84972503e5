"""A street graph from disk, whatever its form."""

from pathlib import Path

from yishi.engines.reach.graphml import read_graphml
from yishi.engines.reach.markup import Tick
from yishi.engines.reach.osm import read_osm, streets_of
from yishi.engines.reach.pbf import read_pbf
from yishi.engines.reach.streets import Streets
from yishi.engines.rows import ReadError

_PACKED = {".gz", ".bz2"}


def read_streets(path: Path, tick: Tick = lambda n: None) -> Streets:
    """Streets out of .graphml, .xml (GraphML) or .osm, each also .gz or .bz2, and .osm.pbf.

    Raises ReadError with the line (of .osm.pbf, the block), OSError.
    """
    suffixes = [s.lower() for s in path.suffixes]
    kind = suffixes[-2] if len(suffixes) > 1 and suffixes[-1] in _PACKED else (suffixes or [""])[-1]
    if kind == ".pbf":
        return streets_of(path.name, read_pbf(path, tick))
    if kind == ".osm":
        return read_osm(path, tick)
    if kind in {".graphml", ".xml"}:
        return read_graphml(path, tick)
    raise ReadError(path.name, "街道图应为 .graphml、.osm（也可 .gz、.bz2）或 .osm.pbf。", "a street graph is .graphml or .osm (also .gz, .bz2), or .osm.pbf.")  # fmt: skip
