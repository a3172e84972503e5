"""A model as a file that can be received from a stranger: a zip of plain numbers and one JSON.

Nothing in it is executed or unpickled. Every array is raw little-endian numbers whose kind is fixed
here and whose shape follows from the manifest; sizes are checked before anything is unpacked,
digests and value ranges afterwards. The same model gives the same bytes.
"""

import hashlib
import io
import json
import math
import zipfile
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from yishi.engines.triage.classifier import Classifier
from yishi.engines.triage.features import Vocabulary
from yishi.engines.words import Text, say

FORMAT, VERSION = "yishi-triage-model", 1
MAX_BYTES = 64_000_000
"""Largest model file accepted, and (times four) the largest it may unpack to."""
MAX_LABELS, MAX_LABEL_LENGTH, MAX_COLUMNS = 5_000, 200, 500
MAX_COUNT = 50_000_000
MIN_SCALE, MAX_SCALE, MAX_SHIFT, MAX_IDF = 1e-6, 1e4, 1e4, 100.0
"""Between these every number that follows stays finite; training keeps within them."""
_MANIFEST = "manifest.json"
_KINDS = {
    "characters": "<i4",
    "pairs": "<i8",
    "idf": "<f4",
    "weights": "<f2",
    "shift": "<f4",
}
_EPOCH = (1980, 1, 1, 0, 0, 0)


class ModelFileError(ValueError):
    """The file is not a model of this version, or it is damaged; `text` says which."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.text: Text = say(zh, en)


def _refuse(zh: str, en: str) -> ModelFileError:
    return ModelFileError(f"模型文件不能用：{zh}。", f"This model file cannot be used: {en}.")


def to_bytes(model: Classifier) -> bytes:
    """The model as the bytes of a zip file."""
    arrays = {
        "characters": model.vocabulary.characters,
        "pairs": model.vocabulary.pairs,
        "idf": model.vocabulary.idf,
        "weights": np.clip(model.weights, -6e4, 6e4),
        "shift": np.clip(model.shift, -MAX_SHIFT, MAX_SHIFT),
    }
    packed = {name: np.ascontiguousarray(a, _KINDS[name]).tobytes() for name, a in arrays.items()}
    manifest = {
        "format": FORMAT,
        "version": VERSION,
        "labels": list(model.labels),
        "characters": len(model.vocabulary.characters),
        "pairs": len(model.vocabulary.pairs),
        "scale": min(max(model.scale, MIN_SCALE), MAX_SCALE),
        "threshold": model.threshold,
        "learned_from": model.learned_from,
        "columns": list(model.columns) if _is_names(list(model.columns), 0, MAX_COLUMNS) else [],
        "sha256": {name: hashlib.sha256(data).hexdigest() for name, data in packed.items()},
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as file:
        text = json.dumps(manifest, ensure_ascii=False, sort_keys=True, indent=1)
        file.writestr(_entry(_MANIFEST), text.encode())
        for name, data in packed.items():
            file.writestr(_entry(name), data)
    return out.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def from_bytes(data: bytes) -> Classifier:
    """The model in a file's bytes. Raises `ModelFileError` for anything else."""
    if len(data) > MAX_BYTES:
        raise _refuse("文件太大", f"it is larger than {MAX_BYTES // 1_000_000} MB")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            return _unpack(file)
    except ModelFileError:
        raise
    except (zipfile.BadZipFile, zipfile.LargeZipFile, RuntimeError) as error:
        raise _refuse("不是完整的模型文件", "it is not a whole model file") from error
    except (EOFError, OSError, ValueError, OverflowError, UnicodeError) as error:
        raise _refuse("内容已损坏", "its content is damaged") from error
    except Exception as error:  # zlib.error has no public base class
        if type(error).__module__ == "zlib":
            raise _refuse("内容已损坏", "its content is damaged") from error
        raise


def _read(file: zipfile.ZipFile, name: str, size: int) -> bytes:
    """Exactly `size` bytes of an entry; a lying header cannot make it unpack more."""
    with file.open(name) as entry:
        data = entry.read(size + 1)
    if len(data) != size:
        raise _refuse(f"{name} 的大小不对", f"{name} does not have the size it should have")
    return data


def _unpack(file: zipfile.ZipFile) -> Classifier:
    entries = {e.filename: e for e in file.infolist()}
    if set(entries) != {_MANIFEST, *_KINDS} or len(file.infolist()) != len(entries):
        raise _refuse("缺少或多出内容", "entries are missing or unknown")
    if sum(e.file_size for e in entries.values()) > 4 * MAX_BYTES:
        raise _refuse("解开后太大", "it would unpack to too much")
    if entries[_MANIFEST].file_size > 4_000_000:
        raise _refuse("说明过长", "its manifest is too long")
    manifest = _manifest(_read(file, _MANIFEST, entries[_MANIFEST].file_size))
    width = manifest["characters"] + manifest["pairs"]
    labels = tuple(manifest["labels"])
    shapes = {
        "characters": (manifest["characters"],),
        "pairs": (manifest["pairs"],),
        "idf": (width,),
        "weights": (2 * width, len(labels)),
        "shift": (len(labels),),
    }
    arrays: dict[str, NDArray[Any]] = {}
    for name, shape in shapes.items():
        kind = np.dtype(_KINDS[name])
        size = math.prod(shape) * kind.itemsize
        if size != entries[name].file_size:
            raise _refuse(f"{name} 的大小不对", f"{name} does not have the size it should have")
        raw = _read(file, name, size)
        if hashlib.sha256(raw).hexdigest() != manifest["sha256"].get(name):
            raise _refuse(f"{name} 已被改动", f"{name} was changed after it was written")
        arrays[name] = np.frombuffer(raw, kind).reshape(shape)
    _check_values(arrays)
    return Classifier(
        labels=labels,
        vocabulary=Vocabulary(
            arrays["characters"].astype(np.int32),
            arrays["pairs"].astype(np.int64),
            arrays["idf"].astype(np.float32),
        ),
        weights=arrays["weights"].astype(np.float32),
        scale=manifest["scale"],
        shift=arrays["shift"].astype(np.float32),
        threshold=manifest["threshold"],
        learned_from=manifest["learned_from"],
        columns=tuple(manifest["columns"]),
    )


def _manifest(data: bytes) -> dict[str, Any]:
    try:
        manifest = json.loads(data)
    except RecursionError as error:
        raise _refuse("说明有误", "its manifest is wrong") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise _refuse("不是分类模型", "it is not a triage model")
    version = manifest.get("version")
    if type(version) is int and version != VERSION:
        raise _refuse(
            f"版本是 {str(version)[:9]}，本程序读第 {VERSION} 版，请重新训练",
            f"it is of version {str(version)[:9]}, this program reads {VERSION}; train anew",
        )
    wrong = [name for name, fine in _FIELDS.items() if name not in manifest or not fine(manifest[name])]
    if wrong:
        raise _refuse(f"说明有误（{'、'.join(wrong)}）", f"its manifest is wrong ({', '.join(wrong)})")
    if len(manifest) != len(_FIELDS):
        raise _refuse("说明里有不认识的项", "its manifest has unknown fields")
    return manifest


def _is_name(value: Any) -> bool:
    """Text that may be shown and written: not empty, not too long, no half of a character."""
    if not isinstance(value, str) or not value.strip() or len(value) > MAX_LABEL_LENGTH:
        return False
    return not any("\ud800" <= sign <= "\udfff" or sign == "\0" for sign in value)


def _is_names(value: Any, fewest: int, most: int) -> bool:
    return isinstance(value, list) and fewest <= len(value) <= most and all(map(_is_name, value)) and len(set(value)) == len(value)  # fmt: skip


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value <= MAX_COUNT


def _is_between(value: Any, least: float, most: float) -> bool:
    return type(value) in (int, float) and least <= value <= most


def _is_digests(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == set(_KINDS) and all(isinstance(d, str) and len(d) == 64 for d in value.values())  # fmt: skip


_FIELDS: dict[str, Callable[[Any], bool]] = {
    "format": lambda value: value == FORMAT,
    "version": lambda value: type(value) is int and value == VERSION,
    "labels": lambda value: _is_names(value, 2, MAX_LABELS),
    "characters": _is_count,
    "pairs": _is_count,
    "scale": lambda value: _is_between(value, MIN_SCALE, MAX_SCALE),
    "threshold": lambda value: _is_between(value, 0, 1),
    "learned_from": _is_count,
    "columns": lambda value: _is_names(value, 0, MAX_COLUMNS),
    "sha256": _is_digests,
}
"""What each field of the manifest may be; all are there and no other."""


def _check_values(arrays: dict[str, NDArray[Any]]) -> None:
    characters, pairs = arrays["characters"], arrays["pairs"]
    base = len(characters) + 1
    fine = (
        all(np.isfinite(arrays[n]).all() for n in ("idf", "weights", "shift"))
        and ((arrays["idf"] > 0) & (arrays["idf"] <= MAX_IDF)).all()
        and (np.abs(arrays["shift"]) <= MAX_SHIFT).all()
        and (np.diff(characters) > 0).all()
        and (np.diff(pairs) > 0).all()
        and ((characters > 0) & (characters < 0x110000)).all()
        and ((pairs > base) & (pairs < base * base)).all()
    )
    if not fine:
        raise _refuse("数值有误", "its numbers are wrong")
