"""`yishi serve` and `yishi worker`: one tree of processes, web and background together.

The application is loaded once and the processes are forked from it, so that
they share its memory. The first process keeps no connection to the database.
"""

import errno
import gc
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Annotated, Any

import typer
from setproctitle import setproctitle

from yishi.commands import background
from yishi.commands.console import fail, plain_errors, ready, say, tell

app = typer.Typer()
fork = multiprocessing.get_context("fork")
RESTART_SECONDS = 3.0
STOP_SECONDS = 20.0
KILL_SECONDS = 15
LIVED_SECONDS, TRIES = 10.0, 20


def load_application() -> Callable[..., Any]:
    """The WSGI application; loaded already where the parent did it before the fork."""
    background.end_with_parent()
    from yishi.config.wsgi import application

    return application


def _background_process() -> None:
    background.end_with_parent()
    setproctitle("yishi background")
    ready()
    background.run_until_stopped()


class Companion:
    """The background worker beside the web workers: started, started again when it dies, stopped with them."""

    def __init__(self) -> None:
        self.process: BaseProcess | None = None
        self.stopping = threading.Event()

    def start(self) -> None:
        """Start the process and watch it."""
        self.stopping = threading.Event()
        self._fork()
        threading.Thread(target=self._watch, args=[self.stopping], daemon=True).start()

    def _fork(self) -> None:
        self.process = fork.Process(target=_background_process, name="yishi-background")
        self.process.start()

    def _watch(self, stopping: threading.Event) -> None:
        while self.process is not None:
            self.process.join()
            if stopping.wait(RESTART_SECONDS):
                return
            self._fork()

    def stop(self) -> None:
        """Let the task in hand finish; end it after twenty seconds (it is taken up again at the next start)."""
        self.stopping.set()
        if self.process is None:
            return
        self.process.terminate()
        self.process.join(STOP_SECONDS)
        if self.process.is_alive():
            self.process.kill()

    def restart(self) -> None:
        """Stop and start, when the code changed."""
        self.stop()
        self.start()


def in_child(work: Callable[[], None]) -> None:
    """Do something in a process of its own, so that this one stays small and without connections.

    Raises:
        typer.Exit: with the child's code, when it failed.
    """

    def child() -> None:
        try:
            with plain_errors():
                work()
        except typer.Exit as leave:
            sys.exit(leave.exit_code)

    process = fork.Process(target=child)
    process.start()
    process.join()
    if process.exitcode:
        raise typer.Exit(max(process.exitcode, 1))


def prepare(migrate: bool) -> None:
    """What must be so before serving: the database up to date, the assets collected."""
    ready()
    from yishi.commands.core import bring_up_to_date, collect_assets

    if migrate:
        bring_up_to_date()
    collect_assets()


def refuse_taken_port(host: str, port: int) -> None:
    """Say so before anything starts when the address cannot be used.

    Raises:
        typer.Exit: it is taken, or is not of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            why = say("已被占用", "is taken") if error.errno == errno.EADDRINUSE else str(error.strerror)
            raise fail(
                f"{host}:{port} {why}。换一个端口：yishi serve --port {port + 1}",
                f"{host}:{port} {why}. Choose another: yishi serve --port {port + 1}",
            ) from None


def run_server(host: str, port: int, workers: int, threads: int, companion: Companion | None, reload: bool) -> None:
    """Serve until stopped. Without ``reload`` the application is loaded here once and shared by all processes."""
    from django.urls import get_resolver
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    if not reload:
        from yishi.config.wsgi import application  # noqa: F401  (loaded before the fork, shared after it)

        get_resolver().url_patterns  # noqa: B018  (every view module is loaded)
        gc.collect()
        gc.freeze()

    def once() -> None:
        server = Server(
            "yishi.config.wsgi:application", address=host, port=port, interface=Interfaces.WSGI, workers=workers,
            blocking_threads=threads, log_level=LogLevels.warning, respawn_failed_workers=True,
            workers_kill_timeout=KILL_SECONDS, process_name="yishi", reload=reload,
            reload_paths=[Path(__file__).resolve().parent.parent], websockets=False,
        )  # fmt: skip
        if companion is not None:
            server.on_startup(companion.start)
            server.on_reload(companion.restart)
            server.on_shutdown(companion.stop)
        server.serve(target_loader=load_application, wrap_loader=False)

    again_and_again(once)


def again_and_again(once: Callable[[], None]) -> None:
    """Serve, and again where the web server gave up because the same worker was killed twice within seconds.

    Raises:
        SystemExit: it served less than ten seconds twenty times in a row: then something is wrong with it.
    """
    short = 0
    while True:
        began = time.monotonic()
        try:
            return once()
        except SystemExit as end:
            short = short + 1 if time.monotonic() - began < LIVED_SECONDS else 1
            if not end.code or short == TRIES:
                raise
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        tell("网站进程接连中断，正在重新启动。", "The web processes broke off again and again; starting anew.")
        time.sleep(min(short, 5) * 0.4)


ANY = ("0.0.0.0", "::")  # noqa: S104  (compared with, not bound to)


def answer_at(host: str, port: int) -> None:
    """Where no public address is set, links and QR codes lead to the one being served."""
    if "YISHI_URL" not in os.environ and not Path(".env").exists():
        os.environ["YISHI_URL"] = f"http://{'127.0.0.1' if host in ANY else host}:{port}"


@app.command()
def serve(
    host: Annotated[str, typer.Option(help="监听地址 · address to listen on")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="端口 · port")] = 8000,
    workers: Annotated[int, typer.Option(min=1, max=64, help="网站进程数 · web processes")] = 2,
    threads: Annotated[int, typer.Option(min=1, max=64, help="每进程线程数 · threads a process")] = 4,
    migrate: Annotated[bool, typer.Option(help="先升级数据库结构 · bring the database up to date first")] = True,
    worker: Annotated[bool, typer.Option(help="同时运行后台任务 · run the background worker too")] = True,
    reload: Annotated[bool, typer.Option("--reload", help="改动代码后自动重启 · restart on changed code")] = False,
) -> None:
    """启动网站与后台任务。 Serve the site and its background worker, in one tree of processes.

    例 Examples:

    yishi serve

    yishi serve --host 0.0.0.0 --port 80 --workers 4
    """
    answer_at(host, port)
    with plain_errors():
        refuse_taken_port(host, port)
        in_child(lambda: prepare(migrate))
        tell(
            f"议事正在 http://{host}:{port} 运行；按 Ctrl+C 停止。",
            f"Yishi serves http://{host}:{port}; press Ctrl+C to stop.",
        )
        run_server(host, port, workers, threads, Companion() if worker else None, reload)
        tell("已停止。", "Stopped.")


@app.command("worker")
def worker_alone() -> None:
    """只运行后台任务（网站另开 --no-worker）。 Run the background worker alone, beside `yishi serve --no-worker`.

    例 Example: yishi worker
    """
    with plain_errors():
        ready()
        tell("后台任务正在运行；按 Ctrl+C 停止。", "The background worker runs; press Ctrl+C to stop.")
        background.run_until_stopped()
        tell("已停止。", "Stopped.")
