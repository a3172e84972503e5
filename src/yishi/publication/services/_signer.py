"""The ledger's private key: made once, kept in the data folder, readable by the owner alone."""

import hashlib
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from yishi.core import secret
from yishi.engines.ledger import Signer


def signer() -> Signer:
    """Signs checkpoints. Its name is the log's origin: the site's host, then ``/ledger``."""
    return _signer(Path(settings.DATA_DIR) / "ledger.key", settings.SITE_URL)


@lru_cache(maxsize=4)
def _signer(path: Path, site: str) -> Signer:
    """From the kept words (50 random bytes) a seed of 32 bytes."""
    return Signer(origin(site), hashlib.sha256(secret.kept_key(path).encode()).digest())


def origin(site: str) -> str:
    """``town.example/ledger``."""
    return f"{urlsplit(site).netloc}/ledger"
