"""When did anything public last change? One number shared by all processes of a machine.

Every audited act moves it, after commit. The number lives in a small file that
each process maps into memory, so that asking costs nothing. Processes on
another machine (PostgreSQL) learn of an act when a cached page expires.
"""

import mmap
import struct
import threading
import time
from pathlib import Path

from django.conf import settings
from django.db import transaction

_FORMAT = struct.Struct("<q")
_lock = threading.Lock()
_maps: dict[Path, mmap.mmap] = {}


def _shared() -> mmap.mmap:
    path = Path(settings.DATA_DIR) / "generation"
    with _lock:
        if path not in _maps:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("a+b") as file:
                if path.stat().st_size < _FORMAT.size:
                    file.truncate(_FORMAT.size)
                _maps[path] = mmap.mmap(file.fileno(), _FORMAT.size)
        return _maps[path]


def current() -> int:
    """The present generation; a page made under another is stale."""
    return int(_FORMAT.unpack_from(_shared())[0])


def move() -> None:
    """Make every cached page stale now."""
    _FORMAT.pack_into(_shared(), 0, time.time_ns())


def move_on_commit() -> None:
    """Make every cached page stale when the present transaction commits."""
    transaction.on_commit(move)
