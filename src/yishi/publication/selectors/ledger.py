"""Reads of the ledger: what tlog-tiles serves, and the proof of one entry in plain values."""

import datetime as dt
import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from yishi.core import audit
from yishi.core.verdicts import Refusal, hidden
from yishi.engines.ledger import (
    EMPTY_ROOT,
    Checkpoint,
    Log,
    NoteError,
    TileError,
    Tree,
    check_inclusion,
    leaf_hash,
    open_checkpoint,
    read_checkpoint,
    read_note,
    read_public_key,
)
from yishi.publication.models import LedgerCheckpoint, LedgerHead, LedgerLeaf, LedgerWitness
from yishi.publication.services._signer import signer
from yishi.publication.services.ledger import TableStore


def latest_checkpoint() -> LedgerCheckpoint | None:
    """The newest signed checkpoint, with the cosignatures under it."""
    return LedgerCheckpoint.objects.order_by("-size").first()


def resource(path: str) -> bytes:
    """A tile or entry bundle at a path of tlog-tiles. Raises `TileError`."""
    head = LedgerHead.objects.filter(pk=1).first()
    if head is None:
        raise TileError("no_tile", "账本还是空的", "the ledger is empty")
    return Log(TableStore(head)).resource(path)


def count_entries() -> int:
    """How many entries the newest checkpoint is over."""
    newest = latest_checkpoint()
    return newest.size if newest else 0


def recomputed(tick: Callable[[int], None]) -> tuple[int, str, str]:
    """Size, root reckoned from every entry, root that was signed."""
    newest = latest_checkpoint()
    if newest is None:
        return 0, EMPTY_ROOT.hex(), EMPTY_ROOT.hex()
    tree = Tree()
    rows = LedgerLeaf.objects.filter(index__lt=newest.size).order_by("index").values_list("entry", flat=True)
    for entry in rows.iterator(chunk_size=2000):
        tree.extend([bytes(entry)])
        tick(1)
    return newest.size, tree.root().hex(), read_checkpoint(read_note(newest.note).text).root.hex()


def public_key() -> str:
    """The key with which checkpoints are checked: ``name+id+key``."""
    return str(signer().public)


def plain_code(code: str) -> str:
    """A check code as it is kept: without its hyphen, in capitals."""
    return code.replace("-", "").replace(" ", "").upper()[:12]


@dataclass(frozen=True, slots=True)
class Proof:
    """One entry and, once it has been taken in, the proof that it is in the log of the newest checkpoint."""

    leaf: LedgerLeaf
    facts: dict[str, Any]
    leaf_hash: str
    size: int = 0
    root: str = ""
    path: tuple[str, ...] = ()
    note: str = ""
    signed_at: dt.datetime | None = None
    witnesses: tuple[tuple[str, dt.datetime], ...] = ()

    @property
    def holds(self) -> bool:
        """Whether it has been taken in; the proof was then checked here and now."""
        return bool(self.note)

    def as_json(self) -> dict[str, Any]:
        """Everything that someone else needs to check it without us."""
        return {
            "entry": b64encode(bytes(self.leaf.entry)).decode(), "index": self.leaf.index, "size": self.size,
            "proof": list(self.path), "checkpoint": self.note, "key": public_key(),
        }  # fmt: skip


def leaves_of(code: str) -> list[LedgerLeaf]:
    """The entries under a check code, oldest first.

    Raises:
        Refusal: hidden (404) where there is none.
    """
    found = list(LedgerLeaf.objects.filter(check_code=plain_code(code)).order_by("pk"))
    if not found:
        raise Refusal(hidden())
    return found


def entries_of(subject: Model) -> list[bytes]:
    """The entries that tell of a subject, oldest first."""
    found = LedgerLeaf.objects.filter(subject_kind=audit.kind_of(subject), subject_id=subject.pk).order_by("pk")
    return [bytes(entry) for entry in found.values_list("entry", flat=True)]


@dataclass(frozen=True, slots=True)
class Placed:
    """Where entries stand under one checkpoint: by their bytes, the index and the proof; and the signed note."""

    note: str
    keys: tuple[str, ...]
    places: dict[bytes, tuple[int, tuple[bytes, ...]]]


def placed(subject: Model) -> Placed | None:
    """Every entry of a subject that has been taken in, proved under the newest checkpoint; None before the first."""
    newest, head = latest_checkpoint(), LedgerHead.objects.filter(pk=1).first()
    if newest is None or head is None:
        return None
    log = Log(TableStore(head))
    rows = LedgerLeaf.objects.filter(
        subject_kind=audit.kind_of(subject), subject_id=subject.pk, index__lt=newest.size
    ).order_by("index")
    places: dict[bytes, tuple[int, tuple[bytes, ...]]] = {}
    for entry, index in rows.values_list("entry", "index"):
        assert index is not None
        places.setdefault(bytes(entry), (index, tuple(log.inclusion(index, newest.size))))
    witnesses = LedgerWitness.objects.order_by("pk").values_list("key", flat=True)
    return Placed(newest.note, (public_key(), *witnesses), places)


def proofs_of(code: str) -> list[Proof]:
    """The proofs of the entries under a check code, each checked as it is made.

    Raises:
        Refusal: hidden (404) where there is none.
        ProofError: the ledger does not hold what it signed.
    """
    leaves, newest = leaves_of(code), latest_checkpoint()
    head = LedgerHead.objects.filter(pk=1).first()
    log = Log(TableStore(head)) if head else None
    return [_proof(leaf, newest, log) for leaf in leaves]


def _proof(leaf: LedgerLeaf, newest: LedgerCheckpoint | None, log: Log | None) -> Proof:
    entry = bytes(leaf.entry)
    facts, hashed = json.loads(entry), leaf_hash(entry)
    if newest is None or log is None or leaf.index is None or leaf.index >= newest.size:
        return Proof(leaf, facts, hashed.hex())
    checkpoint, witnesses = _opened(newest)
    path = log.inclusion(leaf.index, checkpoint.size)
    check_inclusion(hashed, leaf.index, checkpoint.size, path, checkpoint.root)
    return Proof(
        leaf, facts, hashed.hex(), checkpoint.size, checkpoint.root.hex(),
        tuple(b64encode(step).decode() for step in path), newest.note, newest.at, witnesses,
    )  # fmt: skip


def _opened(newest: LedgerCheckpoint) -> tuple[Checkpoint, tuple[tuple[str, dt.datetime], ...]]:
    keys = [read_public_key(k) for k in LedgerWitness.objects.values_list("key", flat=True)]
    try:
        opened = open_checkpoint(newest.note, signer().public, keys)
    except NoteError:  # signed under a name that the installation had before
        return read_checkpoint(read_note(newest.note).text), ()
    times = tuple((name, dt.datetime.fromtimestamp(at, dt.UTC)) for name, at in sorted(opened.witnesses.items()))
    return opened.checkpoint, times
