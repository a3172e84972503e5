"""Bundles as zip archives, and the bounds of what is read: names, numbers and sizes."""

import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO
from typing import IO

from yishi.engines.bundle.model import BundleError

MOST_FILES = 2_000
LARGEST = 64 * 1024 * 1024
"""Bytes of the largest file."""
ALTOGETHER = 200 * 1024 * 1024
"""Bytes of all files."""
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}(?:/[A-Za-z0-9_-][A-Za-z0-9_.-]{0,79}){0,2}", re.ASCII)
_BROKEN = (
    zipfile.BadZipFile,
    EOFError,
    RuntimeError,
    ValueError,
    OSError,
    OverflowError,
)
_THEN = (1980, 1, 1, 0, 0, 0)
_UNIX, _MODE = 3, 0o600 << 16


def make_zip(files: Mapping[str, bytes]) -> bytes:
    """A zip archive, the same bytes for the same files."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, _THEN)
            info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, _UNIX, _MODE
            archive.writestr(info, files[name])
    return out.getvalue()


def read_zip(source: IO[bytes]) -> dict[str, bytes]:
    """The files of a zip archive. Never reads more than the bounds, whatever the archive says of itself.

    Raises `BundleError`: no archive, too many or too large files, a name that is not allowed or twice, a
    byte outside the files that is not as `make_zip` wrote it.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            infos = archive.infolist()
    except _BROKEN as error:
        raise BundleError("zip", "压缩包损坏或不是 zip", f"the archive is damaged or no zip: {error}") from None
    check_names([info.filename for info in infos])
    out: dict[str, bytes] = {}
    left = ALTOGETHER
    for info, place in _as_written(source, infos):
        out[info.filename] = _file(source, place, info, min(left, LARGEST))
        left -= len(out[info.filename])
    return out


def check_names(names: list[str]) -> None:
    """Raises `BundleError` for too many names, one twice, or one that is not allowed."""
    if len(names) > MOST_FILES:
        raise BundleError("zip", f"文件多于 {MOST_FILES} 个", f"more than {MOST_FILES} files")
    for name in names:
        if not NAME.fullmatch(name) or ".." in name:
            raise BundleError(name[:80], "文件名不合规", "the name of the file is not allowed")
    if len(set(names)) < len(names):
        raise BundleError("zip", "同名文件出现两次", "a file stands twice in the archive")


def too_large(name: str) -> BundleError:
    """The error for a file beyond the bounds."""
    return BundleError(name, "文件过大", f"larger than allowed ({LARGEST:,} bytes, {ALTOGETHER:,} altogether)")


def _as_written(source: IO[bytes], infos: list[zipfile.ZipInfo]) -> list[tuple[zipfile.ZipInfo, int]]:
    """Where the compressed files begin. Every byte around them is the one that `make_zip` writes (PKWARE
    APPNOTE 4.3): a header before each, the list of all at the end, and nothing else. Raises `BundleError`."""
    place, found, listed = 0, [], []
    for info in infos:
        if max(info.file_size, info.compress_size, place) > 2 * ALTOGETHER:  # beyond what the headers of a zip can say
            raise too_large(info.filename)
        name = info.filename.encode("ascii")
        sizes = (info.CRC, info.compress_size, info.file_size)
        about = struct.pack("<2BHHHHLLLHH", 20, 0, 0, 8, 0, 33, *sizes, len(name), 0)
        _same(source, place, b"PK\3\4" + about + name, info.filename)
        listed.append(
            b"PK\1\2" + struct.pack("<2B", 20, _UNIX) + about + struct.pack("<HHHLL", 0, 0, 0, _MODE, place) + name
        )
        found.append((info, place + 30 + len(name)))
        place += 30 + len(name) + info.compress_size
    start = place
    for (info, _), entry in zip(found, listed, strict=True):
        _same(source, place, entry, info.filename)
        place += len(entry)
    end = struct.pack("<HHHHLLH", 0, 0, len(infos), len(infos), place - start, start, 0)
    _same(source, place, b"PK\5\6" + end, "zip")
    source.seek(0, 2)
    if source.tell() != place + 22:
        raise _changed("zip")
    return found


def _same(source: IO[bytes], place: int, wanted: bytes, where: str) -> None:
    source.seek(place)
    if source.read(len(wanted)) != wanted:
        raise _changed(where)


def _changed(where: str) -> BundleError:
    return BundleError(
        where,
        "压缩包在文件内容之外有改动，或用别的软件重新打包过：请用原件核对，或解压成文件夹后核对文件夹",
        "bytes of the archive around the files were changed, or it was packed anew by another program: check the "
        "original, or unpack it and check the folder",
    )


def _file(source: IO[bytes], place: int, info: zipfile.ZipInfo, most: int) -> bytes:
    """One file: as large as it says, its checksum right, and no bit of the deflated stream left over (RFC 1951)."""
    if info.compress_size > most + most // 1_000 + 1_000 or info.file_size > most:
        raise too_large(info.filename)
    source.seek(place)
    raw = source.read(info.compress_size)
    try:
        data, whole = _inflated(raw, info.file_size)
    except zlib.error as error:
        raise BundleError(info.filename, "这个文件的压缩数据损坏", f"the compressed file is damaged: {error}") from None
    if not whole or len(data) != info.file_size or zlib.crc32(data) != info.CRC:
        raise BundleError(info.filename, "这个文件的压缩数据损坏", "the compressed file is damaged")
    return data


def _inflated(raw: bytes, size: int) -> tuple[bytes, bool]:
    """At most one byte more than `size`, and whether the stream ends in its last byte with nothing but zeros after."""
    unpack = zlib.decompressobj(-zlib.MAX_WBITS)
    data = unpack.decompress(raw[:-1], size + 1)
    if unpack.eof or unpack.unconsumed_tail or not raw:
        return data, False
    end = unpack.copy()
    rest = end.decompress(raw[-1:], size + 1)
    if not end.eof:
        return data, False
    for bits in range(8):
        last = unpack.copy()
        if last.decompress(bytes([raw[-1] & ((1 << bits) - 1)]), size + 1) == rest and last.eof:
            return data + rest, raw[-1] >> bits == 0
    return data + rest, True
