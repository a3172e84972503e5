"""XML of any size, element by element, with bounded memory: no DTD, no entities, nothing from elsewhere."""

import bz2
import gzip
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, cast
from xml.parsers.expat import ExpatError, ParserCreate

from yishi.engines.rows import ReadError

MOST_UNPACKED = 8_000_000_000
LONGEST_TEXT = 4_000_000
DEEPEST = 32
MOST_ATTRIBUTES = 64
_PIECE = 1 << 20
Tick = Callable[[int], None]


class Document:
    """Calls `begin(name, attributes)` and `end(name, text)` for each element; names without prefix.

    `wanted`: elements whose text is kept. Raises ReadError with the line.
    """

    def __init__(self, path: Path, wanted: frozenset[str]) -> None:
        self.path, self.wanted = path, wanted
        self._text: list[str] | None = None
        self._held = self._deep = 0
        self._parser = ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str, text: str) -> None:
        """An element ends; `text` where it is wanted."""

    @property
    def line(self) -> int:
        """The line being read."""
        return self._parser.CurrentLineNumber

    def wrong(self, zh: str, en: str, column: str = "") -> ReadError:
        """A fault at this line; `column` is the attribute or key."""
        return ReadError(self.path.name, zh, en, self.line, column)

    def read(self, tick: Tick = lambda n: None) -> None:
        """Read to the end; `tick` gets the bytes of the file as they are taken."""
        taken, before = 0, 0
        with self.path.open("rb") as raw, _opened(self.path, raw) as file:
            try:
                while piece := file.read(_PIECE):
                    taken += len(piece)
                    if taken > MOST_UNPACKED:
                        raise ReadError(self.path.name, "解开后太大。", "it is too large when unpacked.")
                    self._parser.Parse(piece, False)
                    tick(raw.tell() - before)
                    before = raw.tell()
                self._parser.Parse(b"", True)
            except ExpatError as error:
                raise ReadError(
                    self.path.name, "不是完整的 XML。", f"no complete XML ({error}).", error.lineno
                ) from None
            except (EOFError, zlib.error, OSError) as error:
                if isinstance(error, OSError) and error.errno is not None:
                    raise
                raise ReadError(self.path.name, "压缩文件损坏。", "the compressed file is damaged.") from None
            except (ValueError, LookupError) as error:  # an encoding that expat does not know
                if isinstance(error, ReadError):
                    raise
                raise ReadError(self.path.name, "文字编码读不出。", f"its encoding cannot be read ({str(error)[:60]}).") from None  # fmt: skip

    def _doctype(self, *_: object) -> None:
        raise self.wrong("有 DOCTYPE，不读。", "it has a DOCTYPE and is not read.")

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        self._deep += 1
        if self._deep > DEEPEST or len(attributes) > MOST_ATTRIBUTES:
            raise self.wrong("XML 层级或属性太多。", "the XML is too deep or an element has too many attributes.")
        name = name.rpartition(":")[2]
        self._text, self._held = ([] if name in self.wanted else None), 0
        self.begin(name, attributes)

    def _end(self, name: str) -> None:
        self._deep -= 1
        self.end(name.rpartition(":")[2], "".join(self._text or ()))
        self._text = None

    def _characters(self, text: str) -> None:
        if self._text is None:
            return
        self._held += len(text)
        if self._held > LONGEST_TEXT:
            raise self.wrong("一段文字太长。", "a text is too long.")
        self._text.append(text)


def _opened(path: Path, raw: BinaryIO) -> BinaryIO:
    suffix = path.suffix.lower()
    if suffix == ".gz":
        return cast(BinaryIO, gzip.GzipFile(fileobj=raw))
    if suffix == ".bz2":
        return cast(BinaryIO, bz2.BZ2File(raw))
    return raw
