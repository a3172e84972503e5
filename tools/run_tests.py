"""Run every test: on SQLite, then on PostgreSQL where a server answers; the browser where there is one.

``YISHI_TEST_POSTGRESQL`` names the server (default postgresql://postgres@127.0.0.1:5432).
With ``CI`` set, a missing server or browser is an error instead of a named skip.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SERVER = os.environ.get("YISHI_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
STORED = (
    "core",
    "people",
    "network",
    "inbox",
    "publication",
    "commitments",
    "matters",
    "decisions",
    "dashboard",
    "api",
)


def answers() -> bool:
    """Whether the PostgreSQL server lets us in."""
    import psycopg

    try:
        psycopg.connect(f"{SERVER}/postgres", connect_timeout=3).close()
    except psycopg.Error:
        return False
    return True


def run(words: str, *arguments: str, **environment: str) -> int:
    """One run of pytest, announced."""
    print(f"\n== {words}", flush=True)
    command = [sys.executable, "-m", "pytest", "-q", "--durations=8", *arguments]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}).returncode


def main() -> int:
    """Run what the machine can run; returns an exit code."""
    browser = next((b for b in map(shutil.which, BROWSERS) if b), None)
    server = answers()
    for there, words in (
        (browser, "No Chromium: the browser journeys are skipped."),
        (server, "No PostgreSQL answers: its tests are skipped."),
    ):
        if not there:
            print(words)
            if os.environ.get("CI"):
                return 1
    extra = sys.argv[1:]
    workers = ["-n", str(min(os.cpu_count() or 1, 4)), "--dist", "loadfile"]
    status = run("Everything but the browser, on SQLite", *workers, "-m", "not journey and not postgresql", *extra)
    if server:
        folders = [f"tests/{name}" for name in STORED if (ROOT / "tests" / name).is_dir()]
        status |= run(
            "Commands, pages and races on PostgreSQL",
            *workers,
            *("-m", "not journey"),
            *("--deselect", "tests/decisions/test_demo.py"),  # the demo is loaded once, above
            *("--deselect", "tests/decisions/test_vote_scale.py"),  # asks SQLite for its plans
            *folders,
            *extra,
            YISHI_TEST_DATABASE_URL=f"{SERVER}/yishi",
        )
    if browser:
        status |= run(
            "Journeys in the browser", *workers, "-m", "journey", "tests/journeys", *extra, YISHI_TEST_BROWSER=browser
        )
    return status


if __name__ == "__main__":
    raise SystemExit(main())
