"""Ballots over HTTP: voters' browsers, `yishi serve` and the database, any of them killed by -9 at random.

    python benchmarks/ballots_served.py --database postgresql --clients 32 --ballots 20000 --own-cluster
    python benchmarks/ballots_served.py --database sqlite --clients 16

Every voter is signed in and sends the form of the voting page over a kept connection: session, rights,
form, ballot, audit entry, answer. Beside it in the same run, under the same web server with as many workers
and the same database, two bare views that insert one row: one within Yishi's own site, for somebody signed
in (sessions, accounts, middleware), and one of a Django site with nothing at all. A ballot counts as
acknowledged when its answer came; afterwards none of those is lost, none doubled, and totals reconcile
(`verify` of ``ballots.py``). A client whose answer did not come sends the same form again.
"""

import argparse
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import ballots
from ballots import ROOT, SPACE
from servers import BIN, family, free_port, granian, running

MARKS = ("yes", "no", "abstain")
TOKEN = "a" * 32
RECEIPT = re.compile(rb"(?:[A-Z2-7]{5} ){5}[A-Z2-7]\b")


def arguments() -> argparse.Namespace:
    """What is measured; the last ones are for the client processes themselves."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--ballots", type=int, default=10_000)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--own-cluster", action="store_true")
    for name in ("client", "port", "box"):
        parser.add_argument(f"--{name}", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


def main() -> None:
    """Measure, or be one of the clients."""
    given = arguments()
    if given.client is not None:
        send_all(given)
        return
    with ballots.database(given) as url, tempfile.TemporaryDirectory(prefix="yishi-served-") as folder:
        os.environ |= {
            "YISHI_DATABASE_URL": url,
            "BARE_DATABASE_URL": url or f"sqlite:///{folder}/bare.sqlite3",
            "YISHI_DATA_DIR": folder,
            "YISHI_SECRET_KEY": "bench",
            "PYTHONPATH": f"{ROOT}:{ROOT / 'benchmarks'}",
        }
        ballots.start_django()
        measure(given, Path(folder))


def measure(given: argparse.Namespace, folder: Path) -> None:
    """The floor, then every kind of ballot, quietly and with kills."""
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    with connection.schema_editor() as editor:
        editor.create_model(ballots.bare_model())
    call_command("collectstatic", interactive=False, verbosity=0)
    subprocess.run([sys.executable, "benchmarks/bare/site.py"], cwd=ROOT, check=True)
    ballots.make_people(given.ballots)
    write_voters(folder)
    print(f"{given.database}, {given.clients} clients, {given.workers} workers, {given.ballots:,} ballots", flush=True)
    port = free_port()
    with running(granian("benchmarks.bare.site:application", port, given.workers), port):
        bare = phase(given, folder, "bare", port, 0)
    print(f"  a view that inserts one row, in a site with nothing else {bare:8,.0f}/s", flush=True)
    with serving(given, DJANGO_SETTINGS_MODULE="benchmarks.bare.within") as (_server, port):
        within = phase(given, folder, "within", port, -1)
    print(f"  a view that inserts one row for somebody signed in, in Yishi's site {within:8,.0f}/s", flush=True)
    for kills in (None, Counter[str]()):
        for secret in (False, True):
            box, name = ballots.make_box(secret), f"{'secret' if secret else 'signed'}{'-killed' if kills is not None else ''}"  # fmt: skip
            rate = served(given, folder, name, box, kills)
            ballots.verify(box, secret, folder, name)
            told = (
                f"; {dict(kills)} killed"
                if kills is not None
                else f"   {rate / within:.0%} of the bare view in the same site, {rate / bare:.0%} of the bare site"
            )
            print(f"  {name} ballots through the page {rate:8,.0f}/s{told}; nothing lost or doubled", flush=True)


def write_voters(folder: Path) -> None:
    """An account and a session for everybody, one line each: person, session."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.contrib.sessions.models import Session
    from django.utils.crypto import get_random_string

    from yishi.core import clock
    from yishi.people.models import Person, User

    now, persons = clock.now(), Person.objects.order_by("pk").values_list("pk", flat=True)
    accounts = [User(person_id=pk, phone=f"+86{10**10 + pk}", password="!", created_at=now) for pk in persons]
    User.objects.bulk_create(accounts, batch_size=2000)
    store, rows, lines = SessionStore(), [], []
    for user in User.objects.order_by("person_id"):
        facts = {
            SESSION_KEY: str(user.pk), HASH_SESSION_KEY: user.get_session_auth_hash(),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
        }  # fmt: skip
        key = get_random_string(32, "abcdefghijklmnopqrstuvwxyz0123456789")
        rows.append(Session(session_key=key, session_data=store.encode(facts), expire_date=now.replace(year=now.year + 1)))  # fmt: skip
        lines.append(f"{user.person_id} {key}\n")
    Session.objects.bulk_create(rows, batch_size=2000)
    (folder / "voters").write_text("".join(lines))


def write_lines(folder: Path, box: int) -> None:
    """Who sends what in this phase, one line each: the line of the roll, session."""
    from yishi.decisions.models import BallotBox

    sessions = dict(line.split() for line in (folder.parent / "voters").read_text().splitlines())
    lines = ballots.lines_of(BallotBox.objects.filter(pk=box).first())
    (folder / "voters").write_text("".join(f"{entry} {sessions[str(person)]}\n" for entry, person in lines))


def served(given: argparse.Namespace, folder: Path, name: str, box: int, kills: "Counter[str] | None") -> float:
    """One box through `yishi serve`."""
    with serving(given) as (server, port):
        return phase(given, folder, name, port, box, server, kills)


@contextmanager
def serving(given: argparse.Namespace, **environment: str) -> "Iterator[tuple[subprocess.Popen[bytes], int]]":
    """`yishi serve` on a port of its own."""
    port = free_port()
    command = [str(BIN / "yishi"), "serve", "--port", str(port), "--workers", str(given.workers), "--threads", "8", "--no-migrate", "--no-worker"]  # fmt: skip
    with running(command, port, **environment) as server:
        yield server, port


def phase(
    given: argparse.Namespace, folder: Path, name: str, port: int, box: int,
    server: "subprocess.Popen[bytes] | None" = None, kills: "Counter[str] | None" = None,
) -> float:  # fmt: skip
    """All clients send their share. Returns ballots a second."""
    (folder / name).mkdir()
    write_lines(folder / name, box)
    options = {"ballots": given.ballots, "clients": given.clients, "port": port, "box": box, "folder": folder / name}
    words = [w for key, value in options.items() for w in (f"--{key}", str(value))]
    clients = [
        subprocess.Popen([sys.executable, __file__, "--client", str(n), *words], cwd=ROOT)
        for n in range(given.clients)
    ]  # fmt: skip
    ballots.wait_ready(folder / name, given.clients)
    (folder / name / "go").touch()
    began, chance = time.perf_counter(), random.Random(box)
    while any(client.poll() is None for client in clients):
        if kills is not None and server is not None and sum(kills.values()) < given.kills:
            kill_one(given, server.pid, chance, kills)
        time.sleep(0.02 if kills is None else 0.5)
    assert not any(client.returncode for client in clients)
    return given.ballots / (time.perf_counter() - began)


def kill_one(given: argparse.Namespace, server: int, chance: random.Random, kills: "Counter[str]") -> None:
    """-9 to a web process, or to a process of the database (whose server then recovers as a whole)."""
    if given.database == "postgresql" and chance.random() < 0.3:
        ballots.kill_backend(given, chance, kills)
        return
    workers = family(server)[1:]
    if workers:
        os.kill(chance.choice(workers), signal.SIGKILL)
        kills["web processes"] += 1


def send_all(given: argparse.Namespace) -> None:
    """A client process: its share of the voters, each answer written down before the next form."""
    voters = [line.split() for line in (given.folder / "voters").read_text().splitlines()]
    ledger = os.open(given.folder / f"acks-{given.client}", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    (given.folder / f"ready-{given.client}").touch()
    while not (given.folder / "go").exists():
        time.sleep(0.01)
    link = Link(given.port)
    for entry, session in voters[given.client :: given.clients]:
        request = form(given.box, int(entry), session) if given.box else b"GET /insert HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"  # fmt: skip
        os.write(ledger, f"{entry} {link.until_answered(request)}\n".encode())


def form(box: int, entry: int, session: str) -> bytes:
    """The form of the voting page, as a browser sends it; the key names this ballot however often it is sent."""
    key = uuid.uuid5(SPACE, f"{box}:{entry}")
    said = {"csrfmiddlewaretoken": TOKEN, "key": key, "box": box, "entry": entry, "mark": MARKS[entry % 3]}
    body, place = urllib.parse.urlencode(said), f"/decisions/boxes/{box}/vote" if box > 0 else "/insert"
    return (
        f"POST {place} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Language: zh\r\n"
        f"HX-Request: true\r\nCookie: sessionid={session}; csrftoken={TOKEN}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


class Link:
    """A kept connection that is made anew when the server goes away."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket: socket.socket | None = None

    def until_answered(self, request: bytes) -> str:
        """Send again and again until a ballot is acknowledged; gives its receipt, or a word.

        Raises:
            SystemExit: an answer that is neither yes nor a server in trouble.
        """
        for _ in range(600):
            try:
                head, body = self.ask(request)
            except OSError:
                self.socket = None
                time.sleep(0.05)
                continue
            status = head[9:12]
            if status in (b"200", b"303"):
                found = RECEIPT.search(body)
                return found[0].decode().replace(" ", "") if found else "cast"
            if not status.startswith(b"5"):
                raise SystemExit(f"{head.decode()}\n{body.decode()[:2000]}")
            time.sleep(0.1)
        raise SystemExit("the server stayed away")

    def ask(self, request: bytes) -> tuple[bytes, bytes]:
        """One request, one whole answer.

        Raises:
            OSError: the connection broke before the answer was whole.
        """
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=60)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(request)
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self.more()
        head, _, body = answer.partition(b"\r\n\r\n")
        wanted = re.search(rb"(?i)content-length: *(\d+)", head)
        if wanted is None and b"chunked" in head.lower():
            while not body.endswith(b"0\r\n\r\n"):
                body += self.more()
        while wanted is not None and len(body) < int(wanted[1]):
            body += self.more()
        return head, body

    def more(self) -> bytes:
        """What comes next; nothing is a broken connection."""
        assert self.socket is not None
        found = self.socket.recv(65536)
        if not found:
            raise OSError("closed")
        return found


if __name__ == "__main__":
    main()
