"""The installation's own secret, made once and kept out of the repository."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path


def kept_key(path: Path) -> str:
    """The key in ``path``; made on first call, readable by the owner alone.

    Two processes that start together agree: the file is created exclusively,
    and the one that comes second reads what the first wrote.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        handle, fresh = tempfile.mkstemp(dir=path.parent)  # made readable by the owner alone
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(50))
        with suppress(FileExistsError):
            os.link(fresh, path)
        os.unlink(fresh)
    return path.read_text()
