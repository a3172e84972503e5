"""An installation of its own for tests that run the command as a person does."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

YISHI = (sys.executable, "-c", "from yishi.cli import app; app()")
TOWN = """
from yishi.network.models import Area
district = Area.objects.create(kind="district", name="南海区")
Area.objects.filter(pk=district.pk).update(path=f"/{district.pk}/")
town = Area.objects.create(kind="town", name="大沥镇", slug="dali", parent=district)
town.town, town.path = town, f"/{district.pk}/{town.pk}/"
town.save()
one = Area.objects.create(kind="community", name="大圩社区", parent=town, town=town, latitude=23.112, longitude=113.121)
Area.objects.filter(pk=one.pk).update(path=f"{town.path}{one.pk}/")
"""


@dataclass
class Installation:
    """A data folder (or a PostgreSQL database) and the environment that points to it."""

    folder: Path
    more: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("YISHI_")}
        return kept | {"YISHI_DATA_DIR": str(self.folder), "LC_ALL": "C.UTF-8", "YISHI_LANGUAGE": "en"} | self.more

    def run(self, *arguments: str | Path, code: int | None = 0, input: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        done = subprocess.run(
            [*YISHI, *map(str, arguments)], env=self.environment, cwd=self.folder.parent, capture_output=True, text=True,
            input=input, timeout=300,
        )  # fmt: skip
        assert code is None or done.returncode == code, (done.returncode, done.stdout, done.stderr)
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def start(self, *arguments: str | Path) -> subprocess.Popen[str]:
        """Start a command."""
        return subprocess.Popen(
            [*YISHI, *map(str, arguments)], env=self.environment, cwd=self.folder.parent, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def python(self, code: str) -> str:
        """Run a few lines inside the installation; returns what they print."""
        start = "import django, json; django.setup()\n"
        done = subprocess.run(
            [sys.executable, "-c", start + code],
            env=self.environment | {"DJANGO_SETTINGS_MODULE": "yishi.config.settings"},
            cwd=self.folder.parent, capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def count(self, model: str) -> int:
        """How many rows a table has."""
        label = json.dumps(model)
        return int(self.python(f"from django.apps import apps; print(apps.get_model({label}).objects.count())"))

    def with_town(self) -> "Installation":
        """Migrated, with a small town."""
        self.run("migrate")
        self.python(TOWN)
        return self


def ended(process: subprocess.Popen[str], number: int = signal.SIGTERM, seconds: float = 40) -> int:
    """Send a signal and wait for the end; returns the exit code."""
    process.send_signal(number)
    try:
        return process.wait(seconds)
    finally:
        if process.poll() is None:
            process.kill()


def children(pid: int) -> list[int]:
    """The direct children of a process."""
    lists = [task / "children" for task in Path(f"/proc/{pid}/task").iterdir()]
    return sorted(int(word) for place in lists if place.exists() for word in place.read_text().split())


def wait_until(found: object, seconds: float = 60) -> None:
    """Wait until a condition holds, at most so long."""
    assert callable(found)
    end = time.monotonic() + seconds
    while not found():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.1)
