"""Files that people add: photos are made anew without location data, everything is guarded.

A photo is decoded and encoded again, so that nothing hidden in the original
(place, camera, scripts) is kept. Names are random; the digest is of what is kept.
"""

import datetime as dt
import hashlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from yishi.core import audit, clock
from yishi.core.models import StoredFile

LARGEST_PHOTO = 15 * 1024 * 1024
LARGEST_VOICE = 10 * 1024 * 1024
LARGEST_DOCUMENT = 20 * 1024 * 1024
LONGEST_SIDE = 2048
MOST_PIXELS = 80_000_000
VOICE_HEADS = {b"\x1aE\xdf\xa3": "audio/webm", b"OggS": "audio/ogg", b"RIFF": "audio/wav", b"ID3": "audio/mpeg"}
DOCUMENT_HEADS = {
    b"%PDF": "application/pdf",
    b"PK\x03\x04": "application/octet-stream",
    b"\xd0\xcf\x11\xe0": "application/octet-stream",
}

Guard = Callable[[Any, StoredFile], bool]
_guards: dict[str, Guard] = {}


def register_guard(subject_kind: str, may_view: Guard) -> None:
    """Say who may open files of a kind of subject: ``may_view(viewer, file)``. Without a guard, nobody."""
    _guards[subject_kind] = may_view


def may_open(viewer: Any, file: StoredFile) -> bool:
    """Whether this viewer may open this file."""
    guard = _guards.get(file.subject_kind)
    return guard is not None and guard(viewer, file)


def _read(upload: BinaryIO, largest: int) -> bytes:
    data = upload.read(largest + 1)
    if len(data) > largest:
        raise ValidationError(_("文件太大，最多 %(most)s MB。") % {"most": largest // 2**20})
    if not data:
        raise ValidationError(_("文件是空的，请重新选择。"))
    return data


def _reencoded(data: bytes) -> tuple[bytes, int, int]:
    """JPEG of at most :data:`LONGEST_SIDE` pixels a side, upright, without any metadata."""
    try:
        with Image.open(io.BytesIO(data)) as found:
            if found.width * found.height > MOST_PIXELS:
                raise ValidationError(_("照片像素过大，请缩小后再上传。"))
            found.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            image = ImageOps.exif_transpose(found).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError) as error:
        raise ValidationError(_("这不是能识别的照片，请上传 JPG、PNG 或 WebP。")) from error
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=82, optimize=True, progressive=True)
    return out.getvalue(), image.width, image.height


def _typed(data: bytes, heads: dict[bytes, str], words: str) -> str:
    if data[4:8] == b"ftyp":
        return "audio/mp4" if heads is VOICE_HEADS else "application/octet-stream"
    for head, media_type in heads.items():
        if data.startswith(head):
            return media_type
    raise ValidationError(words)


def _keep(
    subject: Model, data: bytes, kind: str, media_type: str, *, at: dt.datetime, public: bool, role: str,
    town_id: int, name: str = "", size: tuple[int | None, int | None] = (None, None),
) -> StoredFile:  # fmt: skip
    token = clock.new_token()
    path = f"{clock.local_day(at):%Y/%m}/{token}"
    full = Path(settings.MEDIA_ROOT) / path
    full.parent.mkdir(parents=True, exist_ok=True)
    full.write_bytes(data)
    return StoredFile.objects.create(
        town_id=town_id, token=token, subject_kind=audit.kind_of(subject), subject_id=subject.pk, kind=kind,
        role=role, public=public, name=name[:120], path=path, media_type=media_type, size=len(data),
        width=size[0], height=size[1], sha256=hashlib.sha256(data).hexdigest(), added_at=at,
    )  # fmt: skip


def store_photo(
    subject: Model, upload: BinaryIO, *, at: dt.datetime, public: bool, town_id: int, role: str = ""
) -> StoredFile:
    """Keep a photo of a subject.

    Raises:
        ValidationError: it is no photo, or too large; in words for the person.
    """
    data, width, height = _reencoded(_read(upload, LARGEST_PHOTO))
    return _keep(
        subject, data, StoredFile.Kind.PHOTO, "image/jpeg", at=at, public=public, role=role, town_id=town_id,
        size=(width, height),
    )  # fmt: skip


def store_voice(subject: Model, upload: BinaryIO, *, at: dt.datetime, town_id: int, role: str = "") -> StoredFile:
    """Keep a voice note. It is never public.

    Raises:
        ValidationError: it is no sound that phones record, or too large.
    """
    data = _read(upload, LARGEST_VOICE)
    media_type = _typed(data, VOICE_HEADS, _("这不是能识别的录音。"))
    return _keep(subject, data, StoredFile.Kind.VOICE, media_type, at=at, public=False, role=role, town_id=town_id)


def store_document(
    subject: Model, upload: BinaryIO, name: str, *, at: dt.datetime, public: bool, town_id: int, role: str = ""
) -> StoredFile:
    """Keep a PDF, Word or Excel file; always offered as a download, never opened in the page.

    Raises:
        ValidationError: another kind of file, or too large.
    """
    data = _read(upload, LARGEST_DOCUMENT)
    media_type = _typed(data, DOCUMENT_HEADS, _("请上传 PDF、Word 或 Excel 文件。"))
    return _keep(
        subject, data, StoredFile.Kind.DOCUMENT, media_type, at=at, public=public, role=role, town_id=town_id,
        name=name,
    )  # fmt: skip


def store_table(subject: Model, data: bytes, name: str, *, at: dt.datetime, town_id: int, role: str) -> StoredFile:
    """Keep an uploaded list as it came, for the import that reads it. It is never public and never served."""
    return _keep(
        subject, data, StoredFile.Kind.DOCUMENT, "application/octet-stream", at=at, public=False, role=role,
        town_id=town_id, name=name,
    )  # fmt: skip


def files_of(subject: Model, kind: str | None = None) -> list[StoredFile]:
    """The files of a subject, oldest first."""
    found = StoredFile.objects.filter(subject_kind=audit.kind_of(subject), subject_id=subject.pk)
    return list((found.filter(kind=kind) if kind else found).order_by("pk"))


def path_of(file: StoredFile) -> Path:
    """Where a file lies."""
    return Path(settings.MEDIA_ROOT) / file.path


def url_of(file: StoredFile) -> str:
    """Where a file is served."""
    return reverse("core:file", args=[file.token])
