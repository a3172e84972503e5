"""The manifest: every file with its SHA-256, and digests of its lines in fifties, sealed by its own digest."""

import json
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

from yishi.engines.bundle.model import VERSIONS, BundleError

NAME = "manifest.json"
FORMAT = "yishi-decision"
BLOCK = 50
Tick = Callable[[int], None]


def canonical(value: Any) -> bytes:
    """JSON in its one spelling: keys sorted, no spaces, UTF-8; dates and fractions as texts."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str).encode() + b"\n"


def make_manifest(files: Mapping[str, bytes], version: int = VERSIONS[-1]) -> bytes:
    """The manifest over files (itself not among them), in that version of the format."""
    body = {
        "format": FORMAT,
        "version": version,
        "files": {name: _described(name, data) for name, data in files.items()},
    }
    return canonical({**body, "seal": _seal(body)})


def read_manifest(data: bytes) -> tuple[int, dict[str, dict[str, Any]]]:
    """The version of the format, and what the manifest says of each file. Raises `BundleError` when a byte of it has changed."""
    try:
        whole = json.loads(data)
        seal = whole.pop("seal")
        sound = canonical({**whole, "seal": seal}) == data and seal == _seal(whole)
        version = whole["version"]
        named = whole["format"] == FORMAT and type(version) is int and version in VERSIONS
        described = whole["files"]
        shaped = all(set(one) <= {"sha256", "lines"} and isinstance(one["sha256"], str) for one in described.values())
        shaped = shaped and all(isinstance(one.get("lines", []), list) for one in described.values())
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise _broken() from None
    if not sound or not shaped:
        raise _broken()
    if not named:
        known = f"{FORMAT} {VERSIONS[0]}–{VERSIONS[-1]}"
        raise BundleError(NAME, f"不是本版本能核对的决策包（须为 {known}）", f"not a bundle of {known}")
    return version, described


def version_of(files: Mapping[str, bytes]) -> int | None:
    """The version that the manifest states; None where it cannot be read."""
    try:
        return read_manifest(files.get(NAME, b""))[0]
    except BundleError:
        return None


def changed(files: Mapping[str, bytes], described: Mapping[str, dict[str, Any]], tick: Tick) -> list[str]:
    """Where files differ from the manifest: a file that is missing, added or changed; the lines where known."""
    out = [f"{name} (missing)" for name in sorted(described.keys() - files.keys())]
    out += [f"{name} (not listed)" for name in sorted(files.keys() - described.keys() - {NAME})]
    for name in sorted(files.keys() & described.keys()):
        if sha256(files[name]).hexdigest() != described[name]["sha256"]:
            out.append(_place(name, files[name], described[name].get("lines", [])))
        tick(len(files[name]))
    return out


def _described(name: str, data: bytes) -> dict[str, Any]:
    out: dict[str, Any] = {"sha256": sha256(data).hexdigest()}
    if name.endswith(".txt") and data.count(b"\n") > BLOCK:
        out["lines"] = _blocks(data)
    return out


def _blocks(data: bytes) -> list[str]:
    lines = data.split(b"\n")
    return [sha256(b"\n".join(lines[i : i + BLOCK])).hexdigest()[:8] for i in range(0, len(lines), BLOCK)]


def _place(name: str, data: bytes, said: list[Any]) -> str:
    if not said:
        return name
    found = _blocks(data)
    first = next((i for i, (a, b) in enumerate(zip(found, said, strict=False)) if a != b), min(len(found), len(said)))
    return f"{name}:{first * BLOCK + 1}-{(first + 1) * BLOCK}"


def _seal(body: Mapping[str, Any]) -> str:
    return sha256(canonical(body)).hexdigest()


def _broken() -> BundleError:
    return BundleError(NAME, "清单被改动或无法读取", "the manifest was changed or cannot be read")
