"""Where an export is written to or read from: a zip file, or a folder."""

import hashlib
import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Protocol

CHUNK = 1024 * 1024


class DamagedExport(Exception):
    """An entry of the export is missing, changed or unreadable; ``entry`` names it."""

    def __init__(self, entry: str, why_zh: str, why_en: str) -> None:
        self.entry, self.zh, self.en = entry, f"{entry}：{why_zh}", f"{entry}: {why_en}"
        super().__init__(self.en)


class Target(Protocol):
    """Takes entries one after another."""

    def entry(self, name: str) -> "Iterator[Hashed]": ...


class Hashed:
    """Counts and digests what is written through it."""

    def __init__(self, inner: IO[bytes]) -> None:
        self.inner, self.size, self._sha = inner, 0, hashlib.sha256()

    def write(self, data: bytes) -> None:
        """Write on."""
        self.inner.write(data)
        self._sha.update(data)
        self.size += len(data)

    @property
    def digest(self) -> str:
        """SHA-256 of everything written."""
        return self._sha.hexdigest()


class ZipTarget:
    """Writes a zip beside its place and moves it there when it is whole."""

    def __init__(self, path: Path) -> None:
        self.path, self.fresh = path, path.with_name(path.name + ".part")

    def __enter__(self) -> "ZipTarget":
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.fresh, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        self.file = os.fdopen(handle, "w+b")
        self.zip = zipfile.ZipFile(self.file, "w", zipfile.ZIP_DEFLATED, compresslevel=4)
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        self.zip.close()
        self.file.close()
        if kind is None:
            self.fresh.replace(self.path)
        else:
            self.fresh.unlink()

    @contextmanager
    def entry(self, name: str) -> Iterator[Hashed]:
        """An entry to write to."""
        with self.zip.open(zipfile.ZipInfo(name, (2000, 1, 1, 0, 0, 0)), "w", force_zip64=True) as inner:
            inner._compresslevel = 4  # type: ignore[attr-defined]
            yield Hashed(inner)


class FolderTarget:
    """Writes each entry as a file of a folder that must be new or empty."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> "FolderTarget":
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        if any(self.path.iterdir()):
            raise FileExistsError(17, "the folder is not empty; choose a new one", str(self.path))
        return self

    def __exit__(self, *rest: object) -> None:
        return None

    @contextmanager
    def entry(self, name: str) -> Iterator[Hashed]:
        """An entry to write to."""
        place = self.path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("wb") as inner:
            yield Hashed(inner)


def target_for(path: Path) -> ZipTarget | FolderTarget:
    """A zip where the name ends in .zip, else a folder."""
    return ZipTarget(path) if path.suffix.lower() == ".zip" else FolderTarget(path)


class Source:
    """An export to read from."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.zip: zipfile.ZipFile | None = None
        if path.is_dir():
            return
        try:
            self.zip = zipfile.ZipFile(path)
        except zipfile.BadZipFile:
            raise DamagedExport(
                path.name, "不是完整的压缩包，可能没有传完", "not a whole zip; it may be cut short"
            ) from None

    def names(self) -> set[str]:
        """The names of all entries."""
        if self.zip:
            return {i.filename for i in self.zip.infolist() if not i.is_dir()}
        return {p.relative_to(self.path).as_posix() for p in self.path.rglob("*") if p.is_file()}

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """An entry to read.

        Raises:
            DamagedExport: it is not there, or its bytes do not fit together.
        """
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts:
            raise DamagedExport(name, "路径不安全", "an unsafe path")
        try:
            with self.zip.open(name) if self.zip else (self.path / name).open("rb") as inner:
                yield inner
        except (KeyError, FileNotFoundError):
            raise DamagedExport(name, "缺失", "missing") from None
        except (zipfile.BadZipFile, zlib.error, EOFError):
            raise DamagedExport(name, "内容损坏", "its content is damaged") from None

    def digest(self, name: str) -> str:
        """SHA-256 of an entry, read in pieces."""
        sha = hashlib.sha256()
        with self.open(name) as inner:
            while piece := inner.read(CHUNK):
                sha.update(piece)
        return sha.hexdigest()

    def close(self) -> None:
        """Let the file go."""
        if self.zip:
            self.zip.close()


@contextmanager
def open_source(path: Path) -> Iterator[Source]:
    """An export to read from.

    Raises:
        DamagedExport: it is no zip and no folder, or cut short.
    """
    source = Source(path)
    try:
        yield source
    finally:
        source.close()
