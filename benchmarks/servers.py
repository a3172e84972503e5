"""Starting and stopping the servers that are measured, and weighing them."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent


def free_port() -> int:
    """A port that nothing listens on."""
    with socket.socket() as link:
        link.bind(("127.0.0.1", 0))
        return int(link.getsockname()[1])


def wait_for(port: int, seconds: float = 60) -> None:
    """Until something answers on the port."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with socket.socket() as link:
            if link.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError(f"nothing answers on {port}")


def family(pid: int) -> list[int]:
    """A process and all its children."""
    found = [pid]
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        found += family(int(child))
    return found


def weight(pid: int) -> float:
    """Megabytes of all processes of a tree, shared pages counted once (proportional set size)."""
    total = 0
    for one in family(pid):
        for line in Path(f"/proc/{one}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total / 1024


@contextmanager
def running(command: list[str], port: int, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """A server, stopped with everything it started."""
    log = open("/tmp/yishi-bench-server.log", "ab")  # noqa: SIM115
    started = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **environment}, stdout=log, stderr=log, start_new_session=True
    )
    try:
        wait_for(port)
        time.sleep(1)
        yield started
    finally:
        os.killpg(started.pid, signal.SIGTERM)
        try:
            started.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(started.pid, signal.SIGKILL)


def granian(target: str, port: int, workers: int = 2) -> list[str]:
    """The command of the web server, the same for every site that is measured."""
    return [
        str(BIN / "granian"), "--interface", "wsgi", "--workers", str(workers), "--port", str(port),
        "--no-ws", "--blocking-threads", "8", "--log-level", "warning", target,
    ]  # fmt: skip
