"""A decision in one file that anyone can recompute: writing it, reading it, checking it.

See docs/engines/bundle.md.
"""

from yishi.engines.bundle.anchoring import read_trusted
from yishi.engines.bundle.archive import make_zip, read_zip
from yishi.engines.bundle.lines import commit, receipts_bytes, roll_bytes, roll_root, slips_bytes
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
    "box_bytes",
    "commit",
    "contents_bytes",
    "ledger_entry",
    "ledger_facts",
    "make_zip",
    "motion_digest",
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
