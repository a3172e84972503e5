"""An append-only log that anyone can check: RFC 9162 in the formats of C2SP.

See docs/engines/ledger.md.
"""

from yishi.engines.ledger.checkpoints import (
    Checkpoint,
    Opened,
    cosign,
    open_checkpoint,
    read_checkpoint,
    sign_checkpoint,
)
from yishi.engines.ledger.errors import LedgerError, NoteError, ProofError, StoreMoved, TileError
from yishi.engines.ledger.hashing import EMPTY_ROOT, leaf_hash, node_hash
from yishi.engines.ledger.log import Change, Kept, Log, MemoryStore, Store
from yishi.engines.ledger.notes import (
    COSIGNATURE,
    ED25519,
    Note,
    PublicKey,
    Signature,
    Signer,
    read_note,
    read_public_key,
    read_signer,
    verify_note,
)
from yishi.engines.ledger.proofs import check_consistency, check_inclusion
from yishi.engines.ledger.tiles import Tile, pack_entries, read_path, tiles_of, unpack_entries
from yishi.engines.ledger.tree import Tree

__all__ = [
    "COSIGNATURE",
    "ED25519",
    "EMPTY_ROOT",
    "Change",
    "Checkpoint",
    "Kept",
    "LedgerError",
    "Log",
    "MemoryStore",
    "Note",
    "NoteError",
    "Opened",
    "ProofError",
    "PublicKey",
    "Signature",
    "Signer",
    "Store",
    "StoreMoved",
    "Tile",
    "TileError",
    "Tree",
    "check_consistency",
    "check_inclusion",
    "cosign",
    "leaf_hash",
    "node_hash",
    "open_checkpoint",
    "pack_entries",
    "read_checkpoint",
    "read_note",
    "read_path",
    "read_public_key",
    "read_signer",
    "sign_checkpoint",
    "tiles_of",
    "unpack_entries",
    "verify_note",
]
