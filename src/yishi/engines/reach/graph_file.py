"""A street graph from disk, whatever its form."""

from pathlib import Path

from yishi.engines.reach.graphml import read_graphml
from yishi.engines.reach.markup import Tick
from yishi.engines.reach.osm import read_osm
from yishi.engines.reach.streets import Streets
from yishi.engines.rows import ReadError

_PACKED = {".gz", ".bz2"}


def read_streets(path: Path, tick: Tick = lambda n: None) -> Streets:
    """Streets out of .graphml, .xml (GraphML) or .osm, each also .gz or .bz2.

    Raises ReadError with the line, OSError.
    """
    suffixes = [s.lower() for s in path.suffixes]
    kind = suffixes[-2] if len(suffixes) > 1 and suffixes[-1] in _PACKED else (suffixes or [""])[-1]
    if kind == ".pbf":
        raise ReadError(path.name, "请先转成 XML：osmium cat 文件.osm.pbf -o 文件.osm.gz", "turn it into XML first: osmium cat FILE.osm.pbf -o FILE.osm.gz")  # fmt: skip
    if kind == ".osm":
        return read_osm(path, tick)
    if kind in {".graphml", ".xml"}:
        return read_graphml(path, tick)
    raise ReadError(path.name, "街道图应为 .graphml 或 .osm（也可 .gz、.bz2）。", "a street graph is .graphml or .osm (also .gz, .bz2).")  # fmt: skip
