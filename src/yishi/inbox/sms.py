"""Text messages by a pluggable backend: ``YISHI_SMS_BACKEND`` names a class with ``send(phone, text)``."""

import logging
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)


class Backend(Protocol):
    """A gateway. ``send`` raises on failure; a delivery is then tried again."""

    def send(self, phone: str, text: str) -> None:
        """Send ``text`` to ``phone`` (E.164, ``+86…``)."""


class ConsoleBackend:
    """Says that a message would have gone out, without number or words."""

    def send(self, phone: str, text: str) -> None:
        """Log the length alone: neither number nor words are anyone's business in a log."""
        logger.info("a text message of %d characters would have been sent", len(text))


class MemoryBackend:
    """Keeps what was sent, for tests."""

    sent: list[tuple[str, str]] = []

    def send(self, phone: str, text: str) -> None:
        """Remember the message."""
        self.sent.append((phone, text))


def backend() -> Backend:
    """The backend of this installation."""
    made: Backend = import_string(settings.SMS_BACKEND)()
    return made
