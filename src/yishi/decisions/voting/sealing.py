"""The seal of an offline booth: one way to write a batch down, its digest, and a code that is read aloud.

The tablet reckons the same without network (``web/assets/js/seal.js``). The code holds 120 bits of the digest, so
that nobody makes two batches with one code, and ten bits over code, number and device, so that a slip of the tongue or
the wrong booth is noticed while it is keyed, when it can still be mended.
"""

import hashlib
import uuid
from base64 import b32encode
from collections.abc import Iterable
from typing import Protocol

OF_DIGEST, LENGTH, GROUP = 24, 26, 4
MISREAD = str.maketrans("018", "OIB")  # the alphabet has no such digits


class Slip(Protocol):
    """A ballot of a batch."""

    @property
    def code(self) -> str: ...
    @property
    def marks(self) -> tuple[str, ...]: ...
    @property
    def key(self) -> uuid.UUID: ...


def device_of(key: uuid.UUID) -> str:
    """What is known here of a device's key."""
    return hashlib.sha256(str(key).encode()).hexdigest()


def digest_of(device: str, key: uuid.UUID, ballots: Iterable[Slip]) -> str:
    """The digest of a batch: device, the batch's key, and each ballot by the key that the tablet drew for it."""
    rows = sorted(f"{b.key} {b.code} {','.join(b.marks)}" for b in ballots)
    return hashlib.sha256("\n".join(["yishi booth", device, str(key), *rows]).encode()).hexdigest()


def code_of(device: str, digest: str, count: int) -> str:
    """The check code of a batch."""
    return _checked(device, b32encode(bytes.fromhex(digest)).decode()[:OF_DIGEST], count)


def _checked(device: str, head: str, count: int) -> str:
    tail = hashlib.sha256(f"{device} {count} {head}".encode()).digest()
    return head + b32encode(tail).decode()[: LENGTH - OF_DIGEST]


def read_code(written: str) -> str:
    """A code as it was keyed, without blanks and dashes, small letters made large."""
    return "".join(c for c in written.upper() if c.isalnum()).translate(MISREAD)


def is_code(device: str, code: str, count: int) -> bool:
    """Whether a code can be that of so many ballots on this device."""
    return len(code) == LENGTH and _checked(device, code[:OF_DIGEST], count) == code


def shown_code(code: str) -> str:
    """A code in groups that can be read aloud."""
    return " ".join(code[i : i + GROUP] for i in range(0, len(code), GROUP))
