"""What was acknowledged is kept: 32 clients raise and act while the server is killed in the middle."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from tests.people_fixtures import MOMENT

from yishi.core import audit
from yishi.matters.models import Matter, Report
from yishi.network.viewers import Viewer
from yishi.people.services.tokens import issue_token

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
CLIENTS, EACH, KILLS = 32, 3, 3


def free_port() -> int:
    with socket.socket() as link:
        link.bind(("127.0.0.1", 0))
        return int(link.getsockname()[1])


def start(port: int, folder: Path) -> subprocess.Popen[bytes]:
    """The real server on the test's own database."""
    database = connection.settings_dict
    url = f"sqlite:///{database['NAME']}"
    if connection.vendor == "postgresql":
        place = f"{database['HOST'] or '127.0.0.1'}:{database['PORT'] or 5432}"
        url = f"postgresql://{database['USER']}:{database['PASSWORD']}@{place}/{database['NAME']}"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("YISHI_")} | {
        "YISHI_DATABASE_URL": url, "YISHI_DATA_DIR": str(folder), "YISHI_SECRET_KEY": settings.SECRET_KEY,
        "YISHI_STAFF_SECOND_FACTOR": "false", "YISHI_RATE_LIMITS": "false", "YISHI_DEBUG": "true",
    }  # fmt: skip
    granian = Path(sys.executable).parent / "granian"
    command = [
        str(granian), "--interface", "wsgi", "--workers", "2", "--port", str(port), "--blocking-threads", "4",
        "--log-level", "error", "yishi.config.wsgi:application",
    ]  # fmt: skip
    server = subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    for _ in range(600):
        with socket.socket() as link:
            if link.connect_ex(("127.0.0.1", port)) == 0:
                return server
        time.sleep(0.1)
    raise TimeoutError("the server did not start")


def kill(server: subprocess.Popen[bytes]) -> None:
    os.killpg(server.pid, signal.SIGKILL)
    server.wait()


def post(port: int, path: str, secret: str, body: dict[str, Any]) -> dict[str, Any] | None:
    """The answer, or nothing when the server was gone."""
    asked = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/matters{path}", json.dumps(body).encode(),
        {"Content-Type": "application/json", "Authorization": f"Bearer {secret}"},
    )  # fmt: skip
    try:
        with urllib.request.urlopen(asked, timeout=20) as answer:
            found: dict[str, Any] = json.load(answer)
            return found
    except urllib.error.HTTPError as error:
        return None if error.code >= 500 else {"refused": error.code}
    except OSError:
        return None


def until_answered(send: Callable[[], dict[str, Any] | None], over: threading.Event) -> dict[str, Any]:
    while not over.is_set():
        if (answer := send()) is not None:
            return answer
        time.sleep(0.2)
    raise AssertionError("no answer in time")


def test_nothing_acknowledged_is_lost_or_doubled(town: Any, alice: Viewer, officer: Viewer, tmp_path: Path) -> None:
    _, secret = issue_token(alice, "测试", ["matters:read", "matters:write"], 300, MOMENT)
    connection.close()
    port, over = free_port(), threading.Event()
    acknowledged: dict[str, int] = {}
    server = start(port, tmp_path)

    def client(number: int) -> None:
        for n in range(EACH):
            key = str(uuid.uuid4())
            body = {
                "key": key,
                "text": f"第 {number} 户的第 {n} 件:路灯坏了",
                "nature": "help",
                "community": town.dawei.pk,
            }
            answer = until_answered(lambda body=body: post(port, "", secret, body), over)  # type: ignore[misc]
            acknowledged[key] = answer["id"]
            if n == 0:  # an act on it: the reporter takes it back; sent again, it is refused and not doubled
                way = f"/reports/{answer['id']}/withdraw"
                until_answered(lambda way=way: post(port, way, secret, {"reason": "写错了"}), over)  # type: ignore[misc]

    threads = [threading.Thread(target=client, args=(n,)) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    chance = random.Random(3)
    for _ in range(KILLS):
        time.sleep(chance.uniform(0.5, 1.2))
        kill(server)
        server = start(port, tmp_path)
    deadline = time.monotonic() + 150
    for thread in threads:
        thread.join(max(0.1, deadline - time.monotonic()))
    over.set()
    kill(server)

    assert len(acknowledged) == CLIENTS * EACH
    kept = {str(r.key): r for r in Report.objects.select_related("matter")}
    assert set(kept) == set(acknowledged)
    assert {k: r.pk for k, r in kept.items()} == acknowledged
    assert sum(r.withdrawn_at is not None for r in kept.values()) == CLIENTS
    for matter in Matter.objects.all():
        entries = audit.chain(matter)
        assert audit.check_chain(entries) == len({e.verb for e in entries})
