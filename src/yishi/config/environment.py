"""The environment, read once at start: every variable named, typed and checked.

Unknown ``YISHI_*`` variables and malformed values are refused with the name of
the variable, so that a misspelt setting never passes unnoticed.
"""

import os
from pathlib import Path
from typing import Annotated

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PREFIX = "YISHI_"
Words = Annotated[tuple[str, ...], NoDecode]


class BadEnvironment(SystemExit):
    """The environment cannot be used; the message names each variable at fault."""


class Environment(BaseSettings):
    """All settings that an installation may give. Documented in ``.env.example``."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
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


def read() -> Environment:
    """Parse the environment.

    Raises:
        BadEnvironment: a variable is unknown or malformed; every one is named.
    """
    known = {PREFIX + name.upper() for name in Environment.model_fields}
    # YISHI_DATA names the folder of real data for tests; YISHI_TEST_* switch tests on.
    strangers = sorted(
        k
        for k in os.environ
        if k.startswith(PREFIX) and k not in known and k != "YISHI_DATA" and not k.startswith("YISHI_TEST_")
    )
    faults = [f"{name}: unknown setting (see .env.example)" for name in strangers]
    try:
        environment = Environment()
    except ValidationError as error:
        faults += [f"{PREFIX}{str(e['loc'][0]).upper()}: {e['msg']}" for e in error.errors()]
    if faults:
        raise BadEnvironment("Yishi cannot start:\n  " + "\n  ".join(faults))
    return environment
