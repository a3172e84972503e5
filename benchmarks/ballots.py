"""Many processes casting ballots through the real service, beside a bare Django insert of one row; killed at random.

    python benchmarks/ballots.py --database sqlite --processes 16 --ballots 100000
    python benchmarks/ballots.py --database postgresql --processes 32 --ballots 100000 [--own-cluster]

In one run: a bare ``Model.objects.create`` of one row in the same database, signed ballots, secret
ballots (mark, ballot and audit entry together), the same with processes killed by -9 at random, and
10,000 attempts by one person over all channels (``ballots_storm.py``). Each has a box and a roll of its
own. Afterwards: no acknowledged ballot is lost, none is doubled, totals reconcile, every audit entry
holds. ``--own-cluster`` starts a PostgreSQL of its own (as the user postgres), whose backends are then
killed by -9 too, each of which makes the whole server recover; without it, backends are only
terminated. Over HTTP, through the page: ``ballots_served.py``.
"""

import argparse
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
SERVER = os.environ.get("YISHI_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432")
BIN = Path("/usr/lib/postgresql")
PARTS = ("quiet", "killed", "storm")
SPACE = uuid.UUID("0d7f5c39-6a0f-4f0e-8a55-3f9a4a7f1c10")


def main() -> None:
    """Measure, or be one of the processes."""
    given = arguments()
    if given.worker is not None:
        work(given)
        return
    with database(given) as url, tempfile.TemporaryDirectory(prefix="yishi-ballots-") as folder:
        os.environ |= {
            "YISHI_DATABASE_URL": url,
            "YISHI_DATA_DIR": folder,
            "YISHI_SECRET_KEY": "bench",
            "YISHI_DATABASE_POOL": "2",
        }
        start_django()
        measure(given, Path(folder))


def arguments() -> argparse.Namespace:
    """What is measured; the last three are for the processes themselves."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--processes", type=int, default=16)
    parser.add_argument("--ballots", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--attempts", type=int, default=10_000, help="of one person in the storm")
    parser.add_argument("--own-cluster", action="store_true")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--worker", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--phase", default="", help=argparse.SUPPRESS)
    parser.add_argument("--box", type=int, default=0, help=argparse.SUPPRESS)
    return parser.parse_args()


def start_django() -> None:
    """Settings from the environment, as any process of Yishi starts."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yishi.config.settings")
    import logging

    import django

    django.setup()
    logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)  # the server goes away on purpose


@contextmanager
def database(given: argparse.Namespace) -> Iterator[str]:
    """An empty database for this run alone."""
    if given.database == "sqlite":
        yield ""
        return
    with cluster() if given.own_cluster else shared() as server:
        import psycopg

        name = f"yishi_ballots_{os.getpid()}"
        with psycopg.connect(f"{server}/postgres", autocommit=True) as link:
            link.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
        try:
            yield f"{server}/{name}"
        finally:
            with psycopg.connect(f"{server}/postgres", autocommit=True) as link:
                link.execute(f"DROP DATABASE {name} WITH (FORCE)")  # type: ignore[arg-type]


@contextmanager
def shared() -> Iterator[str]:
    """The server that is there."""
    yield SERVER


@contextmanager
def cluster() -> Iterator[str]:
    """A PostgreSQL of our own, durable as it comes, to be killed at will."""
    from benchmarks.servers import free_port

    tools = sorted(BIN.glob("*/bin"))[-1]
    folder = Path(tempfile.mkdtemp(prefix="yishi-cluster-"))
    shutil.chown(folder, "postgres")
    port = free_port()

    def as_postgres(*command: str) -> None:
        subprocess.run(["runuser", "-u", "postgres", "--", *command], check=True, stdout=subprocess.DEVNULL, cwd="/")

    as_postgres(str(tools / "initdb"), "-D", str(folder / "data"), "-A", "trust", "-U", "postgres")
    options = f"-p {port} -k {folder} -c max_connections=200 -c listen_addresses=127.0.0.1"
    as_postgres(
        str(tools / "pg_ctl"), "-D", str(folder / "data"), "-o", options, "-w", "-l", str(folder / "log"), "start"
    )
    try:
        yield f"postgresql://postgres@127.0.0.1:{port}"
    finally:
        as_postgres(str(tools / "pg_ctl"), "-D", str(folder / "data"), "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def bare_model() -> Any:
    """One row: what was voted on, by which line, how, when. No rules, no audit, no foreign keys."""
    from django.db import models

    class BareVote(models.Model):
        box = models.BigIntegerField()
        entry = models.BigIntegerField()
        mark = models.CharField(max_length=10)
        at = models.DateTimeField()

        class Meta:
            app_label = "decisions"
            managed = False
            db_table = "bare_vote"
            constraints = [models.UniqueConstraint(fields=["box", "entry"], name="bare_vote_once")]

    return BareVote


def measure(given: argparse.Namespace, folder: Path) -> None:
    """Every phase in turn, each with a box of its own."""
    from django.core.management import call_command
    from django.db import connection

    from ballots_storm import storm

    call_command("migrate", verbosity=0)
    with connection.schema_editor() as editor:
        editor.create_model(bare_model())
    make_people(given.ballots)
    print(f"{given.database}, {given.processes} processes, {given.ballots:,} ballots", flush=True)
    if "quiet" in given.parts:
        measure_quiet(given, folder)
    if "killed" in given.parts:
        for name, secret in (("signed-killed", False), ("secret-killed", True)):
            box, counts = make_box(secret), Counter[str]()
            rate = phase(given, folder, name, box, counts)
            verify(box, secret, folder, name)
            told = f"{dict(counts)} killed, {rate:,.0f}/s; nothing lost, nothing doubled, totals reconcile"
            print(f"  {name}: {told}", flush=True)
    for secret in (False, True) if "storm" in given.parts else ():
        told = storm(make_box(secret), given.processes, given.attempts)
        (won,) = set(told) - {"refused"}
        name = "secret" if secret else "signed"
        print(f"  {told.total():,} attempts by one person over all channels ({name}): one ballot, by {won}", flush=True)
    own, children = (resource.getrusage(w).ru_maxrss / 1024 for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(f"  peak memory: {own:,.0f} MB here, {children:,.0f} MB the largest process")


def measure_quiet(given: argparse.Namespace, folder: Path) -> None:
    """The floor, and both kinds of ballot beside it."""
    bare = phase(given, folder, "bare", 0)
    print(f"  a bare insert of one row   {bare:8,.0f}/s", flush=True)
    for name, secret in (("signed", False), ("secret", True)):
        box = make_box(secret)
        rate = phase(given, folder, name, box)
        verify(box, secret, folder, name)
        print(f"  {name} ballots through Yishi {rate:8,.0f}/s   {rate / bare:.0%} of the bare insert", flush=True)


def make_people(count: int) -> None:
    """A town with its village and so many people, the first of whom sits on the committee."""
    from tests.decisions.halls import in_office, moment

    from yishi.network.models import Area, Organisation
    from yishi.people.models import Person

    town = Area.objects.create(kind="town", name="大沥镇", slug="dali")
    Area.objects.filter(pk=town.pk).update(town=town, path=f"/{town.pk}/")
    village = Organisation.objects.create(town=town, area=town, kind="villagers_committee", tree="civil", name="村委会")
    people = [Person(town=town, name=f"村民{i}", created_at=moment("2026-03-01")) for i in range(count)]
    in_office(Person.objects.bulk_create(people, batch_size=2000)[:1], village, "director", "主任")


def make_box(secret: bool) -> int:
    """An open box, as ``open_ballot`` leaves it, with a decision and a frozen roll of everybody of its own."""
    from tests.decisions.halls import decision_at, moment

    from yishi.core import clock
    from yishi.decisions.models import AgendaItem, BallotBox, Meeting, Roll, RollEntry
    from yishi.network.models import Organisation
    from yishi.network.viewers import Viewer
    from yishi.people.models import Person

    at, village, people = moment("2026-03-02"), Organisation.objects.get(), list(Person.objects.order_by("pk"))
    proposer = Viewer(at=at, user_id=1, person_id=people[0].pk, town_id=village.town_id)
    decision = decision_at(proposer, village, "recall", [("2026-03-01", "petition_received", {"supporters": {"voters": 1, "voters_all": 1}})], secrecy="secret")  # fmt: skip
    roll = Roll.objects.create(
        town_id=village.town_id, decision=decision, step="resolve", kind="voters", record_on=at.date(), frozen_at=at
    )
    lines = [RollEntry(roll=roll, number=i, code=f"C{i}", person=p, label=p.name, salt="s") for i, p in enumerate(people, 1)]  # fmt: skip
    RollEntry.objects.bulk_create(lines, batch_size=2000)
    meeting = Meeting.objects.create(
        town_id=roll.town_id, organisation=village, title="投票", meets_at=at, state="open",
        convened_by_id=decision.proposer_id, sign_in_code=clock.new_code(10),
    )  # fmt: skip
    item = AgendaItem.objects.create(
        meeting=meeting, number=1, decision=decision, step="resolve", roll=roll, state="voting"
    )
    return BallotBox.objects.create(
        item=item, roll=roll, secret=secret, online=True, choices=["yes", "no", "abstain"], opened_at=at
    ).pk


def start(given: argparse.Namespace, number: int, name: str, box: int) -> "subprocess.Popen[bytes]":
    """One casting process."""
    command = [sys.executable, str(Path(__file__)), "--worker", str(number), "--phase", name, "--box", str(box)]
    command += ["--processes", str(given.processes), "--ballots", str(given.ballots)]
    return subprocess.Popen(command, cwd=ROOT)


def phase(given: argparse.Namespace, folder: Path, name: str, box: int, kills: Counter[str] | None = None) -> float:
    """All processes cast their share; killed ones begin again where they stood. Returns acts a second."""
    (folder / name).mkdir()
    running = {n: start(given, n, name, box) for n in range(given.processes)}
    wait_ready(folder / name, given.processes)
    (folder / name / "go").touch()
    began, chance = time.perf_counter(), random.Random(box)
    while running:
        for number, process in list(running.items()):
            code = process.poll()
            if code == 0:
                del running[number]
            elif code is not None:
                running[number] = start(given, number, name, box)
        if kills is not None and sum(kills.values()) < given.kills and running:
            kill_one(given, running, chance, kills)
        time.sleep(0.02 if kills is None else 0.25)
    spent = time.perf_counter() - began
    return given.ballots / spent


def wait_ready(folder: Path, processes: int) -> None:
    """Until every process has connected."""
    while len(list(folder.glob("ready-*"))) < processes:
        time.sleep(0.05)


def kill_one(given: argparse.Namespace, running: dict[int, Any], chance: random.Random, kills: Counter[str]) -> None:
    """-9 to a casting process, or the end of a backend of ours."""
    if given.database == "postgresql" and chance.random() < 0.3:
        kill_backend(given, chance, kills)
        return
    chance.choice(list(running.values())).kill()
    kills["processes"] += 1


def kill_backend(given: argparse.Namespace, chance: random.Random, kills: Counter[str]) -> None:
    """-9 to a process of our own PostgreSQL, which then recovers as a whole; elsewhere a connection is ended."""
    from django.db import OperationalError, connection

    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            pids = [pid for (pid,) in cursor.fetchall()]
            if pids and given.own_cluster:
                os.kill(chance.choice(pids), signal.SIGKILL)
                kills["backends, the whole server recovering"] += 1
            elif pids:
                cursor.execute("SELECT pg_terminate_backend(%s)", [chance.choice(pids)])
                kills["connections"] += 1
    except (OperationalError, ProcessLookupError):
        connection.close()


def work(given: argparse.Namespace) -> None:
    """A casting process: its share of the roll, each acknowledged ballot written down before the next."""
    start_django()
    from yishi.decisions.models import BallotBox

    folder = Path(os.environ["YISHI_DATA_DIR"]) / given.phase
    done = folder / f"acks-{given.worker}"
    acked = done.read_text().split("\n") if done.exists() else []
    known = {int(line.split()[0]) for line in acked if line}
    box = patiently(lambda: BallotBox.objects.select_related("roll").filter(pk=given.box).first())
    share = patiently(lambda: lines_of(box))[given.worker :: given.processes]
    act = caster(given.phase, box)
    ledger = os.open(done, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    (folder / f"ready-{given.worker}").touch()
    while not (folder / "go").exists():
        time.sleep(0.01)
    for entry, person in share:
        if entry not in known:
            os.write(ledger, f"{entry} {persist(act, entry, person)}\n".encode())


def lines_of(box: Any) -> list[tuple[int, int]]:
    """Line and person of everyone on the roll of a box; for the bare insert the people alone."""
    from yishi.decisions.models import RollEntry
    from yishi.people.models import Person

    if box is None:
        return [(pk, pk) for pk in Person.objects.order_by("pk").values_list("pk", flat=True)]
    return list(RollEntry.objects.filter(roll_id=box.roll_id).order_by("number").values_list("pk", "person_id"))


def caster(name: str, box: Any) -> Any:
    """What one act is: ``act(entry, person)`` gives the receipt of a secret ballot."""
    from django.utils import timezone

    if name == "bare":
        model = bare_model()

        def insert(entry: int, person: int) -> str:
            model.objects.create(box=1, entry=entry, mark="yes", at=timezone.now())
            return ""

        return insert
    from yishi.decisions.services.ballots import cast_ballot
    from yishi.network.viewers import Viewer

    town = box.roll.town_id

    def cast(entry: int, person: int) -> str:
        at = timezone.now()
        viewer = Viewer(at=at, user_id=person, person_id=person, town_id=town)
        key = uuid.uuid5(SPACE, f"{box.pk}:{entry}")
        made = cast_ballot(viewer, box, entry, [("yes", "no", "abstain")[entry % 3]], key, at)
        return made.receipt or "cast"

    return cast


def persist(act: Any, entry: int, person: int) -> str:
    """Cast, again and again while the database is away: the same key is the same ballot."""
    return str(patiently(lambda: act(entry, person)))


def patiently(act: Callable[[], Any]) -> Any:
    """Do it, again and again while the database is away.

    Raises:
        SystemExit: it stayed away for a minute.
    """
    from django.db import InterfaceError, OperationalError, connection

    for _ in range(600):
        try:
            return act()
        except (OperationalError, InterfaceError):
            connection.close()
            time.sleep(0.1)
    raise SystemExit("the database stayed away")


def alive() -> None:
    """Our own connection, made anew once a killed server has recovered."""
    from django.db import OperationalError, connection

    for _ in range(600):
        connection.close()
        if getattr(connection, "pool", None):
            connection.close_pool()  # type: ignore[attr-defined]
        try:
            connection.ensure_connection()
        except OperationalError:
            time.sleep(0.1)
        else:
            break


def verify(box: int, secret: bool, folder: Path, name: str) -> None:
    """No acknowledged ballot lost, none doubled, totals reconcile, the audit whole; a secret box shuffles."""
    from django.db import transaction

    from yishi.core.models import AuditEntry
    from yishi.decisions.models import BallotBox, MarkedVoter, RollEntry, SignedBallot
    from yishi.decisions.voting.secrecy import shuffle_box
    from yishi.decisions.voting.tallying import electronic, signed_tally

    alive()
    acked = dict(line.split() for f in (folder / name).glob("acks-*") for line in f.read_text().split("\n") if line)
    found = BallotBox.objects.select_related("roll", "item").get(pk=box)
    everyone = set(RollEntry.objects.filter(roll_id=found.roll_id).values_list("pk", flat=True))
    wanted = Counter(("yes", "no", "abstain")[pk % 3] for pk in everyone)
    assert {int(pk) for pk in acked} == everyone
    voters = (MarkedVoter if secret else SignedBallot).objects.filter(box_id=box).values_list("entry_id", flat=True)
    assert Counter(voters) == Counter(everyone)
    assert AuditEntry.objects.filter(verb="decisions.cast", data__box=box).count() == len(everyone)
    if not secret:
        assert {mark: weight.heads for mark, weight in signed_tally(found).choices.items()} == dict(wanted)
        return
    assert electronic(found) == wanted
    assert set(found.receipts.values_list("receipt", flat=True)) == set(acked.values())
    with transaction.atomic():
        shuffle_box(found)
    assert electronic(found) == wanted
    assert set(found.receipts.values_list("receipt", flat=True)) == set(acked.values())


if __name__ == "__main__":
    main()
