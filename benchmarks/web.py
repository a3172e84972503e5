"""Pages beside a bare Django view and an empty answer, on the same server in the same run.

``python benchmarks/web.py [--postgresql URL] [--large]``: 2,000 matters, 16
clients, 2 workers; ``--large`` asks how list, search and map grow to 200,000.
Only ratios mean anything: the clients share the machine with the server.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

from load import Outcome, measure
from servers import BIN, ROOT, free_port, granian, running, weight

ROUNDS = int(os.environ.get("ROUNDS", "3"))


def reset(url: str, folder: str) -> dict[str, str]:
    """The environment of an empty installation on SQLite or on a fresh PostgreSQL database."""
    common = {"YISHI_DATA_DIR": folder, "YISHI_STAFF_SECOND_FACTOR": "false", "YISHI_SECRET_KEY": "benchmark",
              "PYTHONPATH": f"{ROOT}:{ROOT / 'benchmarks'}"}  # fmt: skip
    if not url:
        return common | {"YISHI_DATABASE_URL": "", "BARE_DATABASE_URL": f"sqlite:///{folder}/bare.sqlite3"}
    import psycopg

    with psycopg.connect(f"{url}/postgres", autocommit=True) as link:
        for name in ("yishi_bench", "yishi_bare"):
            link.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            link.execute(f"CREATE DATABASE {name}")
    return common | {"YISHI_DATABASE_URL": f"{url}/yishi_bench", "BARE_DATABASE_URL": f"{url}/yishi_bare"}


def call(environment: dict[str, str], *command: str) -> str:
    """Run one of our own programs and give what it printed last."""
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True
    )
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    return (done.stdout.strip().splitlines() or [""])[-1]


def prepare(environment: dict[str, str], matters: int) -> dict[str, str]:
    """Migrate, collect the assets and fill in."""
    call(environment, "-m", "django", "migrate", "--settings", "yishi.config.settings", "--verbosity", "0")
    call(environment, "-m", "django", "collectstatic", "--settings", "yishi.config.settings", "--no-input", "-v", "0")
    return json.loads(call(environment, "benchmarks/fill.py", str(matters)))


def middle(port: int, path: str, headers: str = "") -> Outcome:
    """The middle one of several measurements."""
    measure(port, path, seconds=0.7, headers=headers)
    found = [measure(port, path, seconds=3, headers=headers) for _ in range(ROUNDS)]
    return sorted(found, key=lambda o: o.rate)[len(found) // 2]


def line(name: str, outcome: Outcome, floor: Outcome, empty: Outcome) -> None:
    """One row of the table."""
    wrong = f"  {outcome.wrong} wrong answers" if outcome.wrong else ""
    print(
        f"{name:<34}{outcome.rate:>9.0f}/s  p50 {outcome.middle:>6.1f} ms  p99 {outcome.tail:>7.1f} ms"
        f"  {outcome.rate / floor.rate:>6.2f} × bare  {outcome.rate / empty.rate:>5.2f} × empty{wrong}",
        flush=True,
    )


def compare(url: str) -> None:
    """Bare, empty, anonymous and signed-in pages, and the weight of all processes."""
    print(f"\n{'PostgreSQL' if url else 'SQLite'}: 2,000 matters, 16 clients, 2 workers")
    with tempfile.TemporaryDirectory() as folder:
        environment = reset(url, folder)
        known = prepare(environment, 2000)
        call(environment, "benchmarks/bare/site.py")
        bare_port, port = free_port(), free_port()
        with running(granian("benchmarks.bare.site:application", bare_port), bare_port, **environment):
            empty, bare = middle(bare_port, "/empty"), middle(bare_port, "/list")
        line("empty answer", empty, bare, empty)
        line("bare Django view", bare, bare, empty)
        matter = f"/matters/{known['reference']}"
        serve = [str(BIN / "yishi"), "serve", "--port", str(port), "--workers", "2"]
        with running(serve, port, **environment) as server:
            cookie = as_a_browser(port, known["cookie"])
            anew = f"{cookie}Cache-Control: no-cache\r\n"
            for name, path, headers in (
                ("list, anyone", "/matters/", ""), ("matter, anyone", matter, ""), ("home, anyone", "/", ""),
                ("list, signed in", "/matters/", cookie), ("matter, signed in", matter, cookie),
                ("list, signed in, made anew", "/matters/", anew), ("matter, signed in, made anew", matter, anew),
            ):  # fmt: skip
                line(name, middle(port, path, headers), bare, empty)
            print(f"{'all processes together':<34}{weight(server.pid):>9.0f} MB")


def as_a_browser(port: int, cookie: str) -> str:
    """The headers of a browser that has opened a page before: its session, and the cookie of the forms."""
    asked = urllib.request.Request(f"http://127.0.0.1:{port}/matters/new", headers={"Cookie": cookie})
    with urllib.request.urlopen(asked) as answer:
        given = answer.headers.get_all("Set-Cookie") or []
    return f"Cookie: {'; '.join([cookie, *(g.split(';')[0] for g in given)])}\r\n"


def once(port: int, path: str, headers: str = "") -> float:
    """Milliseconds of one request at a time, the middle of many."""
    return statistics.median(measure(port, path, clients=2, seconds=1.5, headers=headers).middle for _ in range(3))


def growth(url: str) -> None:
    """How much longer list, search and map take with a hundred times the matters; pages are not kept here."""
    print(f"\n{'PostgreSQL' if url else 'SQLite'}: from 2,000 to 200,000 matters, every page made anew")
    asked = {
        "list": "/matters/", "page 20": "/matters/?page=20", "stage": "/matters/?stage=doing",
        "search 电梯": "/matters/?q=%E7%94%B5%E6%A2%AF", "map": "/matters/map",
        "map, town": "/matters/map/points?zoom=13&bbox=113,23,113.3,23.2",
        "map, street": "/matters/map/points?zoom=16&bbox=113.05,23.08,113.06,23.085",
    }  # fmt: skip
    taken: dict[int, dict[str, float]] = {}
    for matters in (2000, 200_000):
        with tempfile.TemporaryDirectory() as folder:
            environment = reset(url, folder) | {"YISHI_PAGE_CACHE_SECONDS": "0"}
            prepare(environment, matters)
            port = free_port()
            with running(granian("yishi.config.wsgi:application", port), port, **environment):
                taken[matters] = {name: once(port, path) for name, path in asked.items()}
    for name in asked:
        small, large = taken[2000][name], taken[200_000][name]
        print(f"{name:<14}{small:>9.1f} ms{large:>9.1f} ms{large / small:>7.2f} ×")


def main() -> None:
    """Run what was asked."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--postgresql", default="", help="also on this server, e.g. postgresql://postgres@127.0.0.1")
    asked.add_argument("--large", action="store_true")
    options = asked.parse_args()
    Path("/tmp/yishi-bench-server.log").unlink(missing_ok=True)
    for url in ["", *([options.postgresql] if options.postgresql else [])]:
        compare(url)
        if options.large:
            growth(url)


if __name__ == "__main__":
    main()
