"""The environment, read once at start: every variable named, typed and checked.

Unknown ``YISHI_*`` variables and malformed values are refused with the name of
the variable, so that a misspelt setting never passes unnoticed.
"""

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

from dotenv import dotenv_values
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PREFIX = "YISHI_"
FILE = ".env"
TOGETHER = (("openid_server", "openid_client_id", "openid_secret"), ("wechat_app_id", "wechat_secret"))
Words = Annotated[tuple[str, ...], NoDecode]


class BadEnvironment(SystemExit):
    """The environment cannot be used; the message names each variable at fault."""


class Environment(BaseSettings):
    """All settings that an installation may give. Documented in ``.env.example``."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=FILE, env_ignore_empty=True, extra="ignore", frozen=True
    )

    debug: bool = False
    secret_key: str = ""
    hosts: Words = ("localhost", "127.0.0.1", "[::1]")
    url: str = "http://127.0.0.1:8000"
    data_dir: Path = Path("var")
    database_url: str = ""
    database_pool: int = Field(default=8, ge=1, le=200)
    https: bool = False
    town: str = ""
    language: str = Field(default="zh-hans", pattern="^(zh-hans|en)$")
    time_zone: str = "Asia/Shanghai"
    email_url: str = "console:"
    email_from: str = "yishi@localhost"
    sms_backend: str = "yishi.inbox.sms.ConsoleBackend"
    map_tiles: str = ""
    map_attribution: str = ""
    openid_name: str = ""
    openid_server: str = ""
    openid_client_id: str = ""
    openid_secret: str = ""
    wechat_app_id: str = ""
    wechat_secret: str = ""
    staff_second_factor: bool = True
    rate_limits: bool = True
    page_cache_seconds: int = Field(default=30, ge=0, le=3600)
    trusted_proxies: int = Field(default=0, ge=0, le=5)
    log_level: str = Field(default="INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$")

    @field_validator("hosts", mode="before")
    @classmethod
    def split_words(cls, value: object) -> object:
        """Hosts are written with commas: ``yishi.example,www.yishi.example``."""
        return tuple(w.strip() for w in value.split(",") if w.strip()) if isinstance(value, str) else value

    @field_validator("email_url")
    @classmethod
    def known_mail(cls, value: str) -> str:
        """``console:``, ``file:///folder`` or ``smtp://user:password@host:port``."""
        if value.split(":", 1)[0] not in {"console", "file", "smtp", "smtps", "memory"}:
            raise ValueError("use console:, file:///folder, smtp://… or smtps://…")
        return value

    @field_validator("database_url")
    @classmethod
    def known_database(cls, value: str) -> str:
        """Empty for the embedded SQLite, else ``postgresql://user:password@host:port/name``."""
        if value and not value.startswith(("postgresql://", "postgres://", "sqlite:///")):
            raise ValueError("use postgresql://user:password@host:port/name, or leave it empty")
        return value

    @field_validator("url")
    @classmethod
    def known_address(cls, value: str) -> str:
        """Where the site is reached, without a path."""
        if not value.startswith(("http://", "https://")):
            raise ValueError("use an address that begins with http:// or https://")
        return value.rstrip("/")

    @field_validator("openid_server")
    @classmethod
    def known_server(cls, value: str) -> str:
        """Empty, or the address of an OpenID Connect server."""
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("use an address that begins with https://")
        return value

    @field_validator("map_tiles")
    @classmethod
    def known_tiles(cls, value: str) -> str:
        """Empty, or an address with the three numbers of a tile."""
        if value and not all(part in value for part in ("{z}", "{x}", "{y}")):
            raise ValueError("use an address such as https://tiles.example/{z}/{x}/{y}.png, or leave it empty")
        return value

    @field_validator("time_zone")
    @classmethod
    def known_zone(cls, value: str) -> str:
        """A zone of the machine's list."""
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError("no such time zone; use a name such as Asia/Shanghai") from error
        return value

    @field_validator("sms_backend")
    @classmethod
    def known_backend(cls, value: str) -> str:
        """A class in a module that is there."""
        module, _, name = value.rpartition(".")
        try:
            found = name.isidentifier() and find_spec(module) is not None
        except (ImportError, ValueError):
            found = False
        if not found:
            raise ValueError("no such module; use the Python path of a class with send(phone, text)")
        return value

    def lacking(self) -> list[str]:
        """Settings that others make necessary, each said by name."""
        return [
            f"{PREFIX}{name.upper()}: needed beside {PREFIX}{next(n for n in group if getattr(self, n)).upper()}"
            for group in TOGETHER
            if any(getattr(self, n) for n in group)
            for name in group
            if not getattr(self, name)
        ]


def _given() -> set[str]:
    """The variables that the process or its ``.env`` file sets."""
    return {name for name in (*os.environ, *dotenv_values(FILE)) if name.startswith(PREFIX)}


def read() -> Environment:
    """Parse the environment.

    Raises:
        BadEnvironment: a variable is unknown or malformed; every one is named.
    """
    known = {PREFIX + name.upper() for name in Environment.model_fields}
    # YISHI_DATA names the folder of real data for tests; YISHI_TEST_* switch tests on.
    strangers = sorted(k for k in _given() - known if k != "YISHI_DATA" and not k.startswith("YISHI_TEST_"))
    faults = [f"{name}: unknown setting (see .env.example)" for name in strangers]
    try:
        environment = Environment()
        faults += environment.lacking()
    except ValidationError as error:
        faults += [f"{PREFIX}{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors()]
    if faults:
        raise BadEnvironment("Yishi cannot start:\n  " + "\n  ".join(faults))
    return environment
