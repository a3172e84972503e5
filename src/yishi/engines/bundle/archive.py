"""Bundles as zip archives, and the bounds of what is read: names, numbers and sizes."""

import re
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
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OSError,
    OverflowError,
)
_THEN = (1980, 1, 1, 0, 0, 0)


def make_zip(files: Mapping[str, bytes]) -> bytes:
    """A zip archive, the same bytes for the same files."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, _THEN)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, files[name])
    return out.getvalue()


def read_zip(source: IO[bytes]) -> dict[str, bytes]:
    """The files of a zip archive. Never reads more than the bounds, whatever the archive says of itself.

    Raises `BundleError`: no archive, too many or too large files, a name that is not allowed or twice.
    """
    try:
        with zipfile.ZipFile(source) as archive:
            infos = [info for info in archive.infolist() if not info.filename.endswith("/")]
            check_names([info.filename for info in infos])
            out: dict[str, bytes] = {}
            left = ALTOGETHER
            for info in infos:
                out[info.filename] = _bounded(archive, info, min(left, LARGEST))
                left -= len(out[info.filename])
            return out
    except BundleError:
        raise
    except _BROKEN as error:
        raise BundleError("zip", "压缩包损坏或不是 zip", f"the archive is damaged or no zip: {error}") from None


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


def _bounded(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    with archive.open(info) as stream:
        data = stream.read(most + 1)
    if len(data) > most:
        raise too_large(info.filename)
    return data
