"""The one place that knows what time it is and the one source of randomness.

Everything else takes time as an argument. Tests and the demo town stand the
clock at a chosen moment with :func:`standing_at`.
"""

import datetime as dt
import secrets
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.utils import timezone

_standing: ContextVar[dt.datetime | None] = ContextVar("standing", default=None)
_process: dt.datetime | None = None
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0/O, 1/I/L: read aloud over the phone


def now() -> dt.datetime:
    """The present moment, aware of its zone."""
    return _standing.get() or _process or timezone.now()


def today() -> dt.date:
    """The present day in the installation's time zone."""
    return local_day(now())


def local_day(moment: dt.datetime) -> dt.date:
    """The calendar day on which ``moment`` falls in the installation's time zone."""
    return timezone.localtime(moment).date()


def stand_process_at(moment: dt.datetime | None) -> None:
    """Stand the clock of the whole process at ``moment``, or let it run again (None).

    For a server whose threads a test does not start itself.
    """
    global _process  # noqa: PLW0603  (one process, one clock)
    _process = moment


@contextmanager
def standing_at(moment: dt.datetime) -> Iterator[None]:
    """Stand the clock at ``moment`` (aware) for the current thread or task."""
    token = _standing.set(moment)
    try:
        yield
    finally:
        _standing.reset(token)


def new_salt() -> str:
    """128 random bits as 32 hexadecimal digits, for what is committed to and shown to one person alone."""
    return secrets.token_hex(16)


def new_reference(moment: dt.datetime) -> str:
    """A public number that can be read aloud and not be guessed in order: ``260928-K7QM4``.

    One of 31⁵ of its day: of 6,000 in a day two are the same more often than not by half, so
    whoever gives it to something asks first whether it is taken.
    """
    tail = "".join(secrets.choice(_LETTERS) for _ in range(5))
    return f"{local_day(moment):%y%m%d}-{tail}"


def new_token() -> str:
    """An unguessable word for a link or an invitation (160 bits)."""
    return secrets.token_urlsafe(20)


def new_code(length: int = 8) -> str:
    """An unguessable code that a person can type."""
    return "".join(secrets.choice(_LETTERS) for _ in range(length))


def new_key() -> uuid.UUID:
    """A key that makes an act repeatable without being doubled."""
    return uuid.uuid4()
