"""Photos are made anew; what is not a photo, or too much, is refused in words."""

import datetime as dt
import io
import struct

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from PIL import Image

from yishi.core import files
from yishi.core.models import SearchEntry, StoredFile

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 9, 28, 9, tzinfo=dt.UTC)


@pytest.fixture
def subject() -> SearchEntry:
    return SearchEntry.objects.create(kind="x", object_id=1, town_id=1, text="")


def photo(size: tuple[int, int] = (60, 40), kind: str = "JPEG", exif: bool = True) -> io.BytesIO:
    out = io.BytesIO()
    image = Image.new("RGB", size, (180, 40, 40))
    meta = Image.Exif()
    meta[0x010F] = "SecretCamera"
    meta.get_ifd(0x8825)[1] = "N"
    image.save(out, kind, exif=meta if exif else b"")
    return io.BytesIO(out.getvalue())


def keep(subject: SearchEntry, upload: io.BytesIO, public: bool = True) -> StoredFile:
    return files.store_photo(subject, upload, at=AT, public=public, town_id=1)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_nothing_hidden_is_kept(subject: SearchEntry, kind: str) -> None:
    kept = keep(subject, photo(kind=kind))
    data = files.path_of(kept).read_bytes()
    assert b"SecretCamera" not in data
    with Image.open(io.BytesIO(data)) as image:
        assert (image.format, dict(image.getexif())) == ("JPEG", {})
    assert files.files_of(subject) == [kept]


def test_large_photos_become_smaller(subject: SearchEntry) -> None:
    kept = keep(subject, photo((3000, 1500), exif=False))
    assert (kept.width, kept.height) == (2048, 1024)


def bomb() -> io.BytesIO:
    header = (
        b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0)
    )
    return io.BytesIO(header + b"\0" * 40)


@pytest.mark.parametrize(
    "upload", [io.BytesIO(b""), io.BytesIO(b"<svg onload=alert(1)>"), io.BytesIO(b"GIF89a" + b"\0" * 9), bomb()]
)
def test_what_is_no_photo_is_refused(subject: SearchEntry, upload: io.BytesIO) -> None:
    with pytest.raises(ValidationError):
        keep(subject, upload)
    assert not StoredFile.objects.exists()


def test_too_large_is_refused(subject: SearchEntry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST_PHOTO", 100)
    with pytest.raises(ValidationError, match="文件太大"):
        keep(subject, photo())


def test_voice_and_documents_are_known_by_their_first_bytes(subject: SearchEntry) -> None:
    voice = files.store_voice(subject, io.BytesIO(b"OggS" + b"\0" * 20), at=AT, town_id=1)
    assert (voice.media_type, voice.public) == ("audio/ogg", False)
    paper = files.store_document(subject, io.BytesIO(b"%PDF-1.7"), "预算.pdf", at=AT, public=True, town_id=1)
    assert paper.media_type == "application/pdf"
    with pytest.raises(ValidationError):
        files.store_voice(subject, io.BytesIO(b"MZ\x90"), at=AT, town_id=1)
    with pytest.raises(ValidationError):
        files.store_document(subject, io.BytesIO(b"<html>"), "x.pdf", at=AT, public=True, town_id=1)


def test_without_a_guard_nobody_opens_a_file(subject: SearchEntry, client: Client) -> None:
    kept = keep(subject, photo())
    assert client.get(files.url_of(kept)).status_code == 404
    files.register_guard("core.searchentry", lambda viewer, file: file.public)
    answer = client.get(files.url_of(kept))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert "sandbox" in answer["Content-Security-Policy"]
    hidden = keep(subject, photo(), public=False)
    assert client.get(files.url_of(hidden)).status_code == 404
    del files._guards["core.searchentry"]
