"""Optional compiled kernels: numba where it is installed, NumPy and SciPy otherwise.

Every kernel has a twin in plain NumPy or SciPy that gives the same results; `plain_only`
switches the compiled ones off (tests compare the two). The first compilation of a kernel is
announced through the `yishi.engines` logger; afterwards it is read from numba's cache.
"""

import logging
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache, wraps
from pathlib import Path
from typing import Any, TypeVar, cast

from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped, unused-ignore]

try:
    import numba  # type: ignore[import-untyped, unused-ignore]
except ImportError:  # the `fast` extra is not installed
    numba = None  # type: ignore[assignment, unused-ignore]

log = logging.getLogger("yishi.engines")
_state = {"compiled": numba is not None}

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled_available() -> bool:
    """True while the compiled kernels are installed and not switched off."""
    return _state["compiled"]


@contextmanager
def plain_only() -> Iterator[None]:
    """Run with the NumPy and SciPy twins alone."""
    before = _state["compiled"]
    _state["compiled"] = False
    try:
        yield
    finally:
        _state["compiled"] = before


def kernel(function: Function) -> Function:
    """Compile `function` on first use (cached on disk, releases the interpreter lock)."""
    if numba is None:
        return function
    dispatcher = _prepared(function)
    started: list[bool] = []

    @wraps(function)
    def call(*arguments: Any) -> Any:
        if not started:
            started.append(True)
            _announce(function, dispatcher)
        return dispatcher(*arguments)

    return cast(Function, call)


def _prepared(function: Callable[..., Any]) -> Any:
    try:
        return numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:  # no writable place for the cache: compiled anew in each process
        return numba.njit(nogil=True)(function)


def inlined(function: Function) -> Function:
    """Compile a helper that only kernels call."""
    return function if numba is None else cast(Function, _prepared(function))


def _announce(function: Callable[..., Any], dispatcher: Any) -> None:
    folder = dispatcher.stats.cache_path
    module = Path(function.__code__.co_filename).stem
    if folder is None or not any(Path(folder).glob(f"{module}.{function.__name__}-*.nbi")):
        log.warning(
            "首次使用，正在编译 %s（几秒，以后直接读取缓存） · "
            "first use: compiling %s (a few seconds, cached afterwards)",
            function.__name__,
            function.__name__,
        )


@contextmanager
def one_blas_thread() -> Iterator[None]:
    """Linear algebra in one thread: the same digits whatever the number of processors, and faster
    at these sizes.
    """
    with _pools().limit(limits=1, user_api="blas"):
        yield


@cache
def _pools() -> ThreadpoolController:
    return ThreadpoolController()


def thread_count() -> int:
    """Processors this process may use; results never depend on it."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


def in_threads(work: Callable[[int], None], pieces: int) -> None:
    """Call `work(0) … work(pieces - 1)`, which write to separate places, on all processors."""
    if pieces == 1 or thread_count() == 1:
        for piece in range(pieces):
            work(piece)
        return
    with ThreadPoolExecutor(thread_count()) as pool:
        list(pool.map(work, range(pieces)))
