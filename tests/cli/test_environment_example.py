"""`.env.example` names every setting, with its default, and nothing else."""

import itertools
import os
import subprocess
import sys
from pathlib import Path

import pytest

from yishi.config.environment import PREFIX, Environment

EXAMPLE = Path(__file__).resolve().parents[2] / ".env.example"


def settings_in(text: str) -> dict[str, str]:
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return dict(line.split("=", 1) for line in lines)


def test_the_example_and_the_code_name_the_same_settings() -> None:
    assert set(settings_in(EXAMPLE.read_text())) == {PREFIX + name.upper() for name in Environment.model_fields}


def test_the_example_gives_the_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [n for n in os.environ if n.startswith(PREFIX)]:
        monkeypatch.delenv(name)
    assert Environment(_env_file=EXAMPLE) == Environment(_env_file=None)  # type: ignore[call-arg]


def test_every_setting_is_explained() -> None:
    lines = EXAMPLE.read_text().splitlines()
    bare = [line for before, line in itertools.pairwise(lines) if line.startswith(PREFIX) and not before]
    assert bare == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("YISHI_DATABASE_POOL", "many"), ("YISHI_DATABASE_URL", "mysql://x"), ("YISHI_LANGUAGE", "fr"),
        ("YISHI_EMAIL_URL", "pigeon:"), ("YISHI_PAGE_CACHE_SECONDS", "-1"), ("YISHI_DATBASE_URL", "x"),
    ],
)  # fmt: skip
def test_a_bad_setting_is_named_without_a_traceback(name: str, value: str, tmp_path: Path) -> None:
    env = {k: v for k, v in os.environ.items() if not k.startswith(PREFIX)} | {name: value}
    done = subprocess.run(
        [sys.executable, "-c", "from yishi.cli import app; app()", "check"], env=env, cwd=tmp_path, capture_output=True,
        text=True,
    )  # fmt: skip
    assert done.returncode != 0
    assert name in done.stderr and "Traceback" not in done.stderr
