"""Checkpoints (c2sp.org/tlog-checkpoint): the size and root of a log, signed, and witnessed by others."""

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from yishi.engines.ledger.errors import NoteError
from yishi.engines.ledger.notes import COSIGNATURE, Note, PublicKey, Signer, check_text, read_note, verify_note

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)
_ROOT = re.compile(r"[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=", re.ASCII)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Which log (`origin`), how many entries, the root over them (32 bytes), further lines."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The text that is signed."""
        lines = (self.origin, str(self.size), b64encode(self.root).decode(), *self.extensions)
        return "".join(f"{line}\n" for line in lines)


@dataclass(frozen=True, slots=True)
class Opened:
    """A checkpoint whose signatures hold: the log's, and the witnesses' with their times."""

    checkpoint: Checkpoint
    witnesses: Mapping[str, int]


def read_checkpoint(text: str) -> Checkpoint:
    """A checkpoint from the text of a note. Raises `NoteError`."""
    lines = text.removesuffix("\n").split("\n")
    if len(lines) < 3 or not all(lines) or not _SIZE.fullmatch(lines[1]) or not _ROOT.fullmatch(lines[2]):
        raise NoteError("checkpoint", "检查点须有来源、条数、根", "a checkpoint has an origin, a size and a root")
    return Checkpoint(lines[0], int(lines[1]), b64decode(lines[2]), tuple(lines[3:]))


def sign_checkpoint(checkpoint: Checkpoint, signer: Signer) -> str:
    """A signed note of the checkpoint. Raises `NoteError` for lines that it cannot hold."""
    check_text(checkpoint.text)
    read_checkpoint(checkpoint.text)
    return str(Note(checkpoint.text, (signer.sign(checkpoint.text),)))


def cosign(note: str | bytes, witness: Signer, at: int) -> str:
    """The note with a witness's cosignature of the time `at` (seconds since 1970) under it.

    The witness must have checked consistency with the last checkpoint it saw before it signs.
    """
    found = read_note(note)
    read_checkpoint(found.text)
    return str(Note(found.text, (*found.signatures, witness.sign(found.text, at))))


def open_checkpoint(
    note: str | bytes, key: PublicKey, witnesses: Iterable[PublicKey] = (), quorum: int = 0, origin: str = ""
) -> Opened:
    """The checkpoint of the log with this key; `origin` is the key's name when not said.

    Raises `NoteError`: what `read_note` and `verify_note` find, `log_unsigned` when the log's own
    signature is missing, `other_origin`, `too_few_witnesses` below the `quorum`.
    """
    found = read_note(note)
    signed = dict(verify_note(found, [key, *witnesses]))
    if key not in signed:
        raise NoteError("log_unsigned", f"缺少 {key.name} 的签名", f"the signature of {key.name} is missing")
    checkpoint = read_checkpoint(found.text)
    if checkpoint.origin != (origin or key.name):
        raise NoteError("other_origin", f"来源是 {checkpoint.origin}", f"the checkpoint is of {checkpoint.origin}")
    times = {one.name: at for one, at in signed.items() if one.kind == COSIGNATURE and at is not None}
    if len(times) < quorum:
        raise NoteError(
            "too_few_witnesses",
            f"见证签名 {len(times)} 个，不足 {quorum} 个",
            f"{len(times)} witnesses signed, not {quorum}",
        )
    return Opened(checkpoint, times)
