"""The installation's own secret, made once and kept out of the repository."""

import os
import secrets
from pathlib import Path


def kept_key(path: Path) -> str:
    """The key in ``path``; made on first call, readable by the owner alone.

    Two processes that start together agree: the file is created exclusively,
    and the one that comes second reads what the first wrote.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    if not path.exists():
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(50))
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text()
