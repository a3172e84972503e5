"""The background worker: queued tasks as they come, registered duties every few minutes."""

import logging
import os
import secrets
import signal
import socket
import threading
from pathlib import Path
from types import FrameType

POLL_SECONDS = 1.0


def _started(pid: int) -> str:
    """When a process of this machine began, in the kernel's own ticks; empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[19]
    except (OSError, IndexError):
        return ""


def worker_name() -> str:
    """A name from which it can be told later whether that very process still lives."""
    pid = os.getpid()
    return f"{socket.gethostname()[:24]}/{pid}/{_started(pid)}/{secrets.token_hex(4)}"


def is_gone(name: str) -> bool:
    """Whether the worker of that name ran on this machine and has ended."""
    parts = name.split("/")
    if len(parts) != 4 or parts[0] != socket.gethostname()[:24] or not parts[1].isdigit():
        return False
    return _started(int(parts[1])) != parts[2]


def take_back_orphans() -> int:
    """Put tasks of workers that died back into the queue; returns how many."""
    from django_tasks_db.models import DBTaskResult

    count = 0
    for task in DBTaskResult.objects.running():
        if task.worker_ids and is_gone(task.worker_ids[-1]):
            count += DBTaskResult.objects.filter(pk=task.pk, status="RUNNING").update(status="READY", started_at=None)
    return count


class Background:
    """Runs tasks and duties until told to stop; the task in hand is finished first."""

    def __init__(self) -> None:
        from django_tasks_db.management.commands.db_worker import Worker

        logging.getLogger("django_tasks_db").setLevel(logging.WARNING)
        self.stop = threading.Event()
        self.worker = Worker(
            queue_names=["*"], interval=POLL_SECONDS, batch=True, backend_name="default", startup_delay=False,
            max_tasks=None, worker_id=worker_name(), excluded_queue_names=[],
        )  # fmt: skip

    def ask_to_stop(self, number: int = 0, frame: FrameType | None = None) -> None:
        """Stop after the task in hand."""
        self.worker.running = False
        self.stop.set()

    def round(self) -> None:
        """One look: duties whose time has come, then every task that waits."""
        from django.db import close_old_connections
        from django_tasks_db.models import DBTaskResult

        from yishi.core import clock, duties

        close_old_connections()
        if duties.run_due(clock.now()):
            take_back_orphans()
        if DBTaskResult.objects.ready().exists():
            self.worker.run()

    def run(self) -> None:
        """Look again and again until asked to stop; an unreachable database is waited for."""
        from django.db import DatabaseError

        take_back_orphans()
        while not self.stop.is_set():
            try:
                self.round()
            except DatabaseError:
                logging.getLogger(__name__).exception("the background worker could not reach the database; tries again")
                self.stop.wait(5)
            self.stop.wait(POLL_SECONDS)


def end_with_parent() -> None:
    """Ask the kernel (Linux) to stop this process when the one that started it ends."""
    try:
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGTERM)
    except (OSError, AttributeError):
        return


def run_until_stopped() -> None:
    """The whole life of a background process."""
    background = Background()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, background.ask_to_stop)
    background.run()
