"""Signed notes (c2sp.org/signed-note) with Ed25519, and witnesses' cosignatures (c2sp.org/tlog-cosignature)."""

import binascii
import struct
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from yishi.engines.ledger.errors import NoteError

ED25519 = 1
COSIGNATURE = 4
LARGEST = 1_000_000
MOST_SIGNATURES = 100
_KINDS = (ED25519, COSIGNATURE)
_DASH = "— "
_SECRET = "PRIVATE+KEY+"  # noqa: S105 – the prefix of the format, not a key


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: the key's name and id, and what was signed with it."""

    name: str
    key_id: bytes
    data: bytes

    @property
    def line(self) -> str:
        """As it stands in the note, newline included."""
        return f"{_DASH}{self.name} {b64encode(self.key_id + self.data).decode()}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text (its final newline included) and the signatures under it, in their order."""

    text: str
    signatures: tuple[Signature, ...]

    def __str__(self) -> str:
        return f"{self.text}\n{''.join(one.line for one in self.signatures)}"


@dataclass(frozen=True, slots=True)
class PublicKey:
    """Who signs: a name, the kind of signature (1 Ed25519, 4 cosignature) and 32 bytes of key."""

    name: str
    public: bytes
    kind: int = ED25519

    def __post_init__(self) -> None:
        if not _is_name(self.name):
            raise NoteError("key_name", "密钥名不得为空，不含空格和加号", "a key's name has no space and no plus sign")
        if len(self.public) != 32 or self.kind not in _KINDS:
            raise NoteError("key", "须为 Ed25519 公钥（类型 1 或 4）", "not an Ed25519 public key (kind 1 or 4)")

    @property
    def key_id(self) -> bytes:
        """Four bytes: SHA-256(name ‖ 0x0A ‖ kind ‖ key)."""
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{b64encode(bytes([self.kind]) + self.public).decode()}"

    def verify(self, text: str, signature: Signature) -> int | None:
        """Check a signature of this key over a text. The time of a cosignature (seconds since
        1970), None for a plain one. Raises `NoteError`."""
        data, message, at = signature.data, text.encode(), None
        if self.kind == COSIGNATURE:
            if len(data) != 72:
                raise _wrong(self.name)
            at = struct.unpack(">Q", data[:8])[0]
            message, data = _cosigned(at, text), data[8:]
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(data, message)
        except (InvalidSignature, ValueError):
            raise _wrong(self.name) from None
        return at


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key: a name and a seed of 32 bytes, which never shows itself when printed."""

    name: str
    seed: bytes = field(repr=False)
    kind: int = ED25519

    @property
    def public(self) -> PublicKey:
        """Its public key. Raises `NoteError` for a name or seed that cannot be."""
        return PublicKey(self.name, self._key().public_key().public_bytes_raw(), self.kind)

    def secret(self) -> str:
        """The private key as text, to be kept where only the log can read it."""
        return f"{_SECRET}{self.name}+{self.public.key_id.hex()}+{b64encode(bytes([self.kind]) + self.seed).decode()}"

    def sign(self, text: str, at: int = 0) -> Signature:
        """Sign a note's text; a cosignature also states the time `at` (seconds since 1970)."""
        check_text(text)
        if self.kind == COSIGNATURE:
            data = struct.pack(">Q", at) + self._key().sign(_cosigned(at, text))
        else:
            data = self._key().sign(text.encode())
        return Signature(self.name, self.public.key_id, data)

    def _key(self) -> Ed25519PrivateKey:
        if len(self.seed) != 32:
            raise NoteError("key", "私钥种子须为 32 字节", "the seed of a private key has 32 bytes")
        return Ed25519PrivateKey.from_private_bytes(self.seed)


def read_public_key(text: str) -> PublicKey:
    """A key written as `name+id+key`. Raises `NoteError`."""
    name, kind, data, stated = _read_key(text)
    key = PublicKey(name, data, kind)
    if key.key_id != stated:
        raise _no_key()
    return key


def read_signer(text: str) -> Signer:
    """A private key written by `Signer.secret`. Raises `NoteError`."""
    if not text.startswith(_SECRET):
        raise _no_key()
    name, kind, data, stated = _read_key(text.removeprefix(_SECRET))
    signer = Signer(name, data, kind)
    if signer.public.key_id != stated:
        raise _no_key()
    return signer


def read_note(raw: bytes | str) -> Note:
    """A note, its signatures not yet verified. Raises `NoteError`."""
    if len(raw) > LARGEST:
        raise NoteError("too_large", "签名文书过大", "the note is too large")
    try:
        whole = raw.decode() if isinstance(raw, bytes) else raw
    except UnicodeDecodeError:
        raise NoteError("not_utf8", "签名文书不是 UTF-8", "the note is not UTF-8") from None
    text, gap, lines = whole.rpartition("\n\n")
    if not gap or not lines.endswith("\n"):
        raise NoteError("no_signatures", "文书后没有签名", "no signatures follow the text")
    check_text(text + "\n")
    rows = lines[:-1].split("\n")
    if len(rows) > MOST_SIGNATURES:
        raise NoteError("too_many_signatures", "签名过多", "too many signatures")
    return Note(text + "\n", tuple(_read_line(row) for row in rows))


def verify_note(note: Note, keys: Iterable[PublicKey]) -> Sequence[tuple[PublicKey, int | None]]:
    """Whose signatures hold, each with the time of its cosignature. Signatures of unknown keys are
    passed over. Raises `NoteError` when one of a known key is wrong, or none is of a known key."""
    known = {(key.name, key.key_id): key for key in keys}
    out: dict[PublicKey, int | None] = {}
    for signature in note.signatures:
        key = known.get((signature.name, signature.key_id))
        if key is not None:
            out[key] = key.verify(note.text, signature)
    if not out:
        raise NoteError("unknown_signer", "没有一个签名出自已知的密钥", "no signature is by a known key")
    return list(out.items())


def check_text(text: str) -> None:
    """Raises `NoteError` for a text that cannot be signed: control characters, no final newline."""
    if not text.endswith("\n"):
        raise NoteError("text", "文书须以换行结束", "the text must end with a newline")
    if any(char < " " and char != "\n" for char in text) or any("\ud800" <= char <= "\udfff" for char in text):
        raise NoteError("text", "文书含控制字符", "the text holds a control character")


def _read_line(line: str) -> Signature:
    name, _, data = line.removeprefix(_DASH).partition(" ")
    raw = _base64(data)
    if not line.startswith(_DASH) or not _is_name(name) or raw is None or len(raw) < 5:
        raise NoteError("signature_line", "签名行格式不对", "a signature line is malformed")
    return Signature(name, raw[:4], raw[4:])


def _read_key(text: str) -> tuple[str, int, bytes, bytes]:
    name, _, rest = text.partition("+")
    stated, _, data = rest.partition("+")
    raw = _base64(data)
    if raw is None or len(raw) != 33 or len(stated) != 8 or set(stated) - set("0123456789abcdef"):
        raise _no_key()
    return name, raw[0], raw[1:], bytes.fromhex(stated)


def _base64(text: str) -> bytes | None:
    """Standard base 64 in its one canonical spelling, or None."""
    try:
        raw = b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if b64encode(raw).decode() == text else None


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(char.isspace() or char < " " for char in name)


def _cosigned(at: int, text: str) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()


def _wrong(name: str) -> NoteError:
    return NoteError("signature_wrong", f"{name} 的签名不符", f"the signature of {name} is wrong")


def _no_key() -> NoteError:
    return NoteError("key", "不是可读的密钥（名称+编号+密钥）", "not a readable key (name+id+key)")
