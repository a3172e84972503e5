"""The environment of every test, set before the settings are read: nothing of the machine leaks in."""

import os
import tempfile
from pathlib import Path

DATA_DIR = Path(tempfile.mkdtemp(prefix="yishi-test-"))
KEPT = ("YISHI_DATA", "YISHI_TEST_")


def prepare() -> None:
    """Point the settings at a temporary folder; PostgreSQL where ``YISHI_TEST_DATABASE_URL`` names one."""
    for name in [n for n in os.environ if n.startswith("YISHI_") and n != KEPT[0] and not n.startswith(KEPT[1])]:
        del os.environ[name]
    (DATA_DIR / "static").mkdir(exist_ok=True)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "yishi.config.settings",
        "YISHI_DATA_DIR": str(DATA_DIR),
        "YISHI_SECRET_KEY": "for tests alone",
        "YISHI_EMAIL_URL": "memory:",
        "YISHI_RATE_LIMITS": "false",
        "YISHI_STAFF_SECOND_FACTOR": "false",
        "YISHI_DATABASE_URL": os.environ.get("YISHI_TEST_DATABASE_URL", ""),
    }


def adjust_settings() -> None:
    """What tests want besides: a database file (threads and processes share it), cheap passwords, plain assets."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database.setdefault("TEST", {})["NAME"] = str(DATA_DIR / "test.sqlite3")
