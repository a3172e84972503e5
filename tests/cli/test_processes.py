"""Real processes: served and stopped, killed in the middle and gone on."""

import os
import signal
import socket
import subprocess
import urllib.request
from pathlib import Path

import pytest
from tests.cli.installation import Installation, children, ended, wait_until
from tests.matters.imports.files import comma

from yishi.commands import serve

pytestmark = pytest.mark.slow
LINUX = Path("/proc/self/smaps_rollup").exists()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/about/", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def proportional(pid: int) -> int:
    """Memory of a process, shared pages divided among those who share them (bytes)."""
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


@pytest.mark.skipif(not LINUX, reason="process memory is read from /proc")
def test_one_tree_of_processes_serves_works_and_stops(installation: Installation) -> None:
    port = free_port()
    server = installation.start("serve", "--port", str(port), "--workers", "2")
    try:
        wait_until(lambda: answers(port))
        for _ in range(30):
            assert answers(port)
        tree = [server.pid, *children(server.pid)]
        assert len(tree) == 4  # the first, two for the web, one for the background
        assert sum(map(proportional, tree)) < 250 * 2**20
        taken = installation.run("serve", "--port", str(port), code=1)
        assert "taken" in taken.stderr
        background = children(server.pid)[0]
        os.kill(background, signal.SIGKILL)
        wait_until(lambda: len(children(server.pid)) == 3 and background not in children(server.pid))
        assert answers(port)
    finally:
        assert ended(server) == 0
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in tree), 20)


@pytest.mark.skipif(not LINUX, reason="children are read from /proc")
def test_a_worker_killed_again_and_again_does_not_close_the_site(installation: Installation) -> None:
    port = free_port()
    server = installation.start("serve", "--port", str(port), "--workers", "1", "--no-worker")
    try:
        wait_until(lambda: answers(port))
        for _ in range(4):
            (victim,) = children(server.pid)
            os.kill(victim, signal.SIGKILL)
            wait_until(lambda gone=victim: children(server.pid) not in ([], [gone]))  # type: ignore[misc]
        wait_until(lambda: answers(port))
    finally:
        assert ended(server) == 0


def test_a_site_that_cannot_live_ends_at_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serve.time, "sleep", lambda _seconds: None)
    monkeypatch.setattr(serve.signal, "signal", lambda *_given: None)
    lives: list[int] = []

    def broken() -> None:
        lives.append(1)
        raise SystemExit(1)

    with pytest.raises(SystemExit):
        serve.again_and_again(broken)
    assert len(lives) == serve.TRIES
    lives.clear()
    serve.again_and_again(lambda: lives.append(1))
    assert len(lives) == 1


@pytest.mark.skipif(not LINUX, reason="ending with the parent is the kernel's (Linux) work")
def test_nothing_is_left_running_when_the_first_process_is_killed(installation: Installation) -> None:
    port = free_port()
    server = installation.start("serve", "--port", str(port), "--workers", "1")
    wait_until(lambda: answers(port))
    tree = children(server.pid)
    assert ended(server, signal.SIGKILL) == -signal.SIGKILL
    wait_until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in tree), 30)
    assert not answers(port)


def test_an_import_killed_in_the_middle_goes_on_and_doubles_nothing(installation: Installation, tmp_path: Path) -> None:
    rows = [
        ("工单编号", "内容", "受理时间"),
        *((f"N{i:05d}", f"第 {i} 件：路灯不亮", "2026-09-01") for i in range(6000)),
    ]
    (tmp_path / "list.csv").write_bytes(comma(rows))
    running = installation.start("import", "hotline", tmp_path / "list.csv")

    def some() -> bool:
        import sqlite3

        with sqlite3.connect(f"file:{installation.folder / 'yishi.sqlite3'}?mode=ro", uri=True) as database:
            return bool(database.execute("SELECT count(*) FROM matters_report").fetchone()[0] >= 400)

    wait_until(some)
    assert ended(running, signal.SIGKILL) == -signal.SIGKILL
    half = installation.count("matters.Report")
    assert 0 < half < 6000 and half % 400 == 0
    done = installation.run("import", "hotline", tmp_path / "list.csv")
    assert f"6000 rows: {6000 - half} added, {half} unchanged, 0 refused." in done.stdout
    assert installation.count("matters.Report") == installation.count("matters.Matter") == 6000
    assert "FAULT" not in installation.run("check").stderr


def test_a_task_of_a_worker_that_died_is_taken_up_again(installation: Installation, tmp_path: Path) -> None:
    """A batch that a killed worker had begun is finished by the next one."""
    code = """
from django_tasks_db.models import DBTaskResult
from yishi.core import clock
from yishi.inbox import tasks
tasks.deliver.enqueue([])
task = DBTaskResult.objects.get()
task.claim("{name}")
print(task.status)
"""
    dead = subprocess.Popen(["sleep", "30"])
    ticks = Path(f"/proc/{dead.pid}/stat").read_text().rsplit(")", 1)[1].split()[19]
    dead.kill()
    dead.wait()
    name = f"{socket.gethostname()[:24]}/{dead.pid}/{ticks}/x"
    assert installation.python(code.format(name=name)) == "RUNNING"
    worker = installation.start("worker")
    status = "from django_tasks_db.models import DBTaskResult; print(DBTaskResult.objects.get().status)"
    try:
        wait_until(lambda: installation.python(status) == "SUCCESSFUL")
    finally:
        assert ended(worker) == 0


def test_the_demo_loads_and_is_sound(tmp_path: Path) -> None:
    new = Installation(tmp_path / "demo")
    said = new.run("demo", "--no-serve").stdout
    assert "officer@dali.example" in said and "password" in said
    assert 1900 <= new.count("matters.Matter") <= 2100
    assert "not loaded again" in new.run("demo", "--no-serve").stdout
    assert "FAULT" not in new.run("check").stderr
