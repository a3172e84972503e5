"""When did anything public last change? One number shared by all processes of a machine.

Every audited act moves it, after commit. The number lives in a small file that
each process maps into memory, so that asking costs nothing. Processes on
another machine (PostgreSQL) learn of an act when a cached page expires.
"""

import mmap
import struct
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.db import transaction

_FORMAT = struct.Struct("<q")
_lock = threading.Lock()
_maps: dict[Path, mmap.mmap] = {}
_MOST_KEPT, _KEPT_SECONDS = 500, 60
_kept: dict[Any, tuple[int, float, Any]] = {}
Value = TypeVar("Value")


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


def kept(key: tuple[Any, ...], make: Callable[[], Value]) -> Value:
    """What ``make`` gives, kept as it is in this process until the next act anywhere, at most a minute.

    Every thread gets the same object: it is only read.
    """
    generation, moment = current(), time.monotonic()
    found = _kept.get(key)
    if found is not None and found[0] == generation and moment < found[1]:
        value: Value = found[2]
        return value
    value = make()
    if key not in _kept and len(_kept) >= _MOST_KEPT:
        _make_room(generation)
    _kept[key] = (generation, moment + _KEPT_SECONDS, value)
    return value


def _make_room(generation: int) -> None:
    """Forget what is stale; where everything is fresh, the half that was made first."""
    with _lock:
        stale = [key for key, found in _kept.items() if found[0] != generation]
        for key in stale or list(_kept)[: _MOST_KEPT // 2]:
            _kept.pop(key, None)
