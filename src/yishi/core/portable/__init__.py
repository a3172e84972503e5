"""Everything out, and everything back in: the whole installation as plain tables and files.

An export is a zip (or a folder) of one CSV and one JSON Lines file a table, every
kept file, and a manifest with the SHA-256 of each entry. A restore checks all of
them before it writes anything, into an empty installation on SQLite or PostgreSQL.
See ``docs/export.md``.
"""

from yishi.core.portable.places import DamagedExport, open_source
from yishi.core.portable.reading import NotEmpty, OtherVersion, restore, verify
from yishi.core.portable.tables import FORMAT, VERSION, excluded_models, exported_models
from yishi.core.portable.writing import export

__all__ = [
    "FORMAT", "VERSION", "DamagedExport", "NotEmpty", "OtherVersion", "excluded_models", "export", "exported_models",
    "open_source", "restore", "verify",
]  # fmt: skip
