"""Lines of a text file that may be packed (.gz, .xz), with bounds on memory whatever the file holds."""

import codecs
import gzip
import lzma
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

CHUNK = 1 << 16
LONGEST_LINE = 1_000_000
MOST_TEXT = 1 << 30
MOST_WINDOW = 1 << 28
"""Memory an .xz file may ask for before it is unpacked."""


class Unreadable(ValueError):
    """A file that cannot be unpacked or read as text; .line is where, 0 for the whole file."""

    def __init__(self, zh: str, en: str, line: int = 0) -> None:
        self.zh, self.en, self.line = zh, en, line
        super().__init__(f"{zh} · {en}")


def lines(path: Path) -> Iterator[str]:
    """Lines as UTF-8 text without their ends. Raises `OSError`, `Unreadable`."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    number, waiting, total = 0, "", 0
    with path.open("rb") as file:
        for chunk in _chunks(file):
            total += len(chunk)
            if total > MOST_TEXT:
                raise Unreadable("展开后超过 1 GB，不是正常的预算文件", "unpacks to more than 1 GB: not a budget file")
            *whole, waiting = (waiting + _decoded(decoder, chunk, number)).split("\n")
            for line in whole:
                number += 1
                yield _bounded(line, number)
            _bounded(waiting, number + 1)
    waiting += _decoded(decoder, b"", number, final=True)
    if waiting:
        yield waiting.removesuffix("\r")


def _bounded(line: str, number: int) -> str:
    if len(line) > LONGEST_LINE:
        raise Unreadable(f"一行超过 {LONGEST_LINE} 个字符", f"a line of more than {LONGEST_LINE} characters", number)
    return line.removesuffix("\r")


def _decoded(decoder: codecs.IncrementalDecoder, chunk: bytes, number: int, *, final: bool = False) -> str:
    try:
        return decoder.decode(chunk, final)
    except UnicodeDecodeError as error:
        line = number + 1 + error.object[: error.start].count(b"\n")
        raise Unreadable("不是 UTF-8 文字，请另存为 UTF-8", "not UTF-8 text: save it as UTF-8", line) from None


def _chunks(file: BinaryIO) -> Iterator[bytes]:
    """Pieces of the file, unpacked as its first bytes ask."""
    first = file.read(6)
    file.seek(0)
    source: BinaryIO | gzip.GzipFile = gzip.GzipFile(fileobj=file) if first.startswith(b"\x1f\x8b") else file
    try:
        if first == b"\xfd7zXZ\x00":
            yield from _unpacked(file)
        while piece := source.read(CHUNK):
            yield piece
    except EOFError:
        raise Unreadable("压缩文件不完整，请重新下载", "the packed file is cut short: fetch it again") from None
    except (zlib.error, lzma.LZMAError, gzip.BadGzipFile) as error:
        raise Unreadable(f"压缩文件已损坏（{error}）", f"the packed file is damaged ({error})") from None


def _unpacked(file: BinaryIO) -> Iterator[bytes]:
    """The pieces of an .xz file."""
    packed = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=MOST_WINDOW)
    while not packed.eof:
        data = file.read(CHUNK) if packed.needs_input else b""
        if packed.needs_input and not data:
            raise EOFError
        yield packed.decompress(data, CHUNK)
    if packed.unused_data or file.read(1):
        raise Unreadable("压缩内容之后还有别的内容", "something follows the packed content")
