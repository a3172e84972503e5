"""A decision in one file that anyone can recompute: writing it, reading it, checking it.

See docs/engines/bundle.md.
"""

from yishi.engines.bundle.anchoring import read_trusted
from yishi.engines.bundle.archive import make_zip, read_zip
from yishi.engines.bundle.comparing import compare_editions, own_ballot
from yishi.engines.bundle.edition import commitments_of, public_edition
from yishi.engines.bundle.lines import (
    ballot_commitment,
    ballot_line,
    commit,
    receipts_bytes,
    roll_bytes,
    roll_root,
    slips_bytes,
)
from yishi.engines.bundle.model import (
    Anchor,
    Box,
    BundleError,
    Check,
    Entry,
    Evidence,
    Holder,
    LedgerProofs,
    Material,
    Minutes,
    NoticeProof,
    Photo,
    Presence,
    Publication,
    Report,
    Roll,
    Slip,
    Vote,
)
from yishi.engines.bundle.reading import read_material
from yishi.engines.bundle.verifying import verify_bundle
from yishi.engines.bundle.writing import (
    CONTENTS,
    anchored,
    box_bytes,
    contents_bytes,
    ledger_entry,
    ledger_facts,
    motion_digest,
    publication_bytes,
    write_bundle,
    write_files,
)

__all__ = [
    "CONTENTS",
    "Anchor",
    "Box",
    "BundleError",
    "Check",
    "Entry",
    "Evidence",
    "Holder",
    "LedgerProofs",
    "Material",
    "Minutes",
    "NoticeProof",
    "Photo",
    "Presence",
    "Publication",
    "Report",
    "Roll",
    "Slip",
    "Vote",
    "anchored",
    "ballot_commitment",
    "ballot_line",
    "box_bytes",
    "commit",
    "commitments_of",
    "compare_editions",
    "contents_bytes",
    "ledger_entry",
    "ledger_facts",
    "make_zip",
    "motion_digest",
    "own_ballot",
    "public_edition",
    "publication_bytes",
    "read_material",
    "read_trusted",
    "read_zip",
    "receipts_bytes",
    "roll_bytes",
    "roll_root",
    "slips_bytes",
    "verify_bundle",
    "write_bundle",
    "write_files",
]
