"""Entering the ledger: a leaf inside the act that it tells of, then taken into the log in batches, each signed.

The act's transaction writes its leaf and nothing of the log, so that acts do not wait for each other;
after commit whoever comes first takes in all that waits (group commit), and signs one checkpoint.
"""

import datetime as dt
import json
import logging
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from yishi.core import audit, clock, generations
from yishi.engines.ledger import (
    COSIGNATURE,
    Change,
    Kept,
    Log,
    Note,
    NoteError,
    StoreMoved,
    read_note,
    read_public_key,
    sign_checkpoint,
    verify_note,
)
from yishi.engines.ledger.tiles import WIDTH
from yishi.publication.models import LedgerCheckpoint, LedgerHead, LedgerLeaf, LedgerTile, LedgerWitness
from yishi.publication.services._signer import signer

logger = logging.getLogger(__name__)
BATCH, BUNDLE = 4096, -1


def canonical(table: Mapping[str, Any]) -> bytes:
    """JSON in one spelling: sorted keys, no spaces, UTF-8."""
    return json.dumps(table, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def enter(what: str, subject: Model, check_code: str, facts: Mapping[str, Any], at: dt.datetime) -> LedgerLeaf:
    """Write a leaf inside the present transaction; it is taken into the log after commit.

    ``facts`` are references, days, numbers and digests. Raises ``ValueError`` for anything else.
    """
    for name, value in facts.items():
        if not isinstance(value, str | int | bool | None) or (isinstance(value, str) and len(value) > 200):
            raise ValueError(f"leaf fact {name} must be a short reference, number or digest")
    table = {"v": 1, "what": what, "code": check_code, "at": at.astimezone(dt.UTC).isoformat(), **facts}
    return enter_entry(what, subject, check_code, canonical(table), at)


def enter_entry(what: str, subject: Model, check_code: str, entry: bytes, at: dt.datetime) -> LedgerLeaf:
    """Write a leaf whose bytes another format gives: canonical JSON of references and digests."""
    leaf = LedgerLeaf.objects.create(
        what=what, subject_kind=audit.kind_of(subject), subject_id=subject.pk, check_code=check_code, entry=entry,
        at=at,
    )  # fmt: skip
    transaction.on_commit(_take_in_quietly)
    return leaf


class TableStore:
    """A :class:`yishi.engines.ledger.Store` in the database; the head is locked by its caller to write."""

    def __init__(self, head: LedgerHead) -> None:
        self.head = head

    def load(self) -> Kept:
        """The state of the head: its loose entries are the leaves after the last full bundle."""
        first = self.head.size // WIDTH * WIDTH
        loose = LedgerLeaf.objects.filter(index__gte=first, index__lt=self.head.size).order_by("index")
        tail = [bytes(entry) for entry in loose.values_list("entry", flat=True)]
        return Kept(self.head.size, tail, [bytes.fromhex(edge) for edge in self.head.edges])

    def _read(self, level: int, index: int) -> bytes:
        found = LedgerTile.objects.filter(level=level, index=index).values_list("data", flat=True).first()
        if found is None:
            raise LookupError(level, index)
        return bytes(found)

    def tile(self, level: int, index: int) -> bytes:
        """A full tile. Raises `LookupError`."""
        return self._read(level, index)

    def bundle(self, index: int) -> bytes:
        """A full bundle. Raises `LookupError`."""
        return self._read(BUNDLE, index)

    def write(self, change: Change) -> None:
        """Write a change inside the transaction under way. Raises `StoreMoved`."""
        if self.head.size != change.before:
            raise StoreMoved(change.before, self.head.size)
        full = [(BUNDLE, i, data) for i, data in change.bundles] + list(change.tiles)
        LedgerTile.objects.bulk_create([LedgerTile(level=v, index=i, data=d) for v, i, d in full])
        edges = dict(enumerate(self.head.edges, 1)) | {level: edge.hex() for level, edge in change.edges}
        self.head.size, self.head.edges = change.after, [edges[level] for level in sorted(edges)]
        self.head.save()


def take_in(at: dt.datetime) -> int:
    """Take all waiting leaves into the log and sign its checkpoint; returns how many."""
    count = 0
    while fresh := _take_batch(at):
        count += fresh
    if count:
        generations.move()
    return count


def _take_batch(at: dt.datetime) -> int:
    with transaction.atomic():
        LedgerHead.objects.get_or_create(pk=1)
        head = LedgerHead.objects.select_for_update().get(pk=1)
        waiting = list(LedgerLeaf.objects.filter(index=None).order_by("pk")[:BATCH])
        if not waiting:
            return 0
        log = Log(TableStore(head))
        for leaf, index in zip(waiting, log.append(bytes(w.entry) for w in waiting), strict=True):
            leaf.index = index
        LedgerLeaf.objects.bulk_update(waiting, ["index"], batch_size=500)
        key = signer()
        note = sign_checkpoint(log.checkpoint(key.name), key)
        LedgerCheckpoint.objects.create(size=head.size, note=note, at=at)
        return len(waiting)


def _take_in_quietly() -> None:
    """After an act: a ledger that cannot be written now is tried again by the duty, the act stands."""
    try:
        take_in(clock.now())
    except Exception:
        logger.exception("the ledger could not take in what waits; it is tried again in a minute")


def add_witness(key: str, at: dt.datetime) -> LedgerWitness:
    """Accept a witness's cosignatures from now on; its key is ``name+id+key``.

    Raises:
        ValidationError: no readable key, or not one of cosignatures.
    """
    try:
        found = read_public_key(key.strip())
    except NoteError as error:
        raise ValidationError(error.text["zh"]) from error
    if found.kind != COSIGNATURE:
        raise ValidationError(_("这不是见证签名的密钥。"))
    return LedgerWitness.objects.get_or_create(key=str(found), defaults={"added_at": at})[0]


def accept_cosignatures(body: bytes) -> LedgerCheckpoint:
    """Put known witnesses' cosignatures under the checkpoint that they signed.

    Raises:
        NoteError: not a note, not one of our checkpoints, or no signature by a known witness holds.
    """
    note = read_note(body)
    keys = [read_public_key(k) for k in LedgerWitness.objects.values_list("key", flat=True)]
    with transaction.atomic():
        rows = LedgerCheckpoint.objects.select_for_update().filter(note__startswith=note.text + "\n")
        kept = rows.first()
        if kept is None:
            raise NoteError("other_checkpoint", "不是本账本的检查点", "not a checkpoint of this ledger")
        signed = {(key.name, key.key_id) for key, _at in verify_note(note, keys)}
        ours = read_note(kept.note)
        there = {(s.name, s.key_id) for s in ours.signatures}
        fresh = [s for s in note.signatures if (s.name, s.key_id) in signed - there]
        if fresh:
            kept.note = str(Note(ours.text, (*ours.signatures, *fresh)))
            kept.save(update_fields=["note"])
        return kept
