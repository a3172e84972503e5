"""Real threads and processes on one database: nothing lost, nothing doubled, every chain whole."""

import datetime as dt
import subprocess
import sys
import threading
import uuid
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections
from tests.matters.stages import Desk, told

from yishi.commitments import services as commitments
from yishi.commitments.models import Commitment, Progress
from yishi.core import audit, clock
from yishi.core.models import AuditEntry
from yishi.core.verdicts import Refusal
from yishi.matters import services
from yishi.matters.models import Assignment, Extension, Matter, Merge, Report, VisitBack
from yishi.network.viewers import Viewer

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(at: dt.datetime, acts: list[Callable[[], Any]]) -> Counter[str]:
    """Run each act in its own thread, all let go together; how each ended."""
    gate = threading.Barrier(len(acts))
    ends: list[str] = []

    def run(act: Callable[[], Any]) -> None:
        try:
            with clock.standing_at(at):
                gate.wait()
                act()
            ends.append("done")
        except Refusal:
            ends.append("refused")
        except Exception as error:
            ends.append(f"{type(error).__name__}: {error}")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(ends)


def chains_hold() -> int:
    """Check every matter's chain; how many entries there are."""
    total = sum(audit.check_chain(audit.chain(m)) for m in Matter.objects.all())
    assert total == AuditEntry.objects.filter(subject_kind="matters.matter").count()
    return total


def test_one_key_raised_32_times_is_one_report(alice: Viewer, at: dt.datetime) -> None:
    key = uuid.uuid4()
    found: set[int] = set()
    ends = at_once(at, [lambda: found.add(services.raise_matter(alice, told(key), at).pk)] * 32)
    assert ends == {"done": 32}
    assert len(found) == 1 and Report.objects.count() == 1 and Matter.objects.count() == 1
    assert chains_hold() == 1


def test_32_different_reports_are_32(alice: Viewer, at: dt.datetime) -> None:
    ends = at_once(at, [lambda: services.raise_matter(alice, told(), at)] * 32)
    assert ends == {"done": 32}
    assert Report.objects.count() == Matter.objects.count() == 32
    assert chains_hold() == 32


def test_32_join_one_matter(alice: Viewer, desk: Desk, at: dt.datetime) -> None:
    matter = services.raise_matter(alice, told(), at).matter
    ends = at_once(at, [lambda: services.raise_matter(alice, told(join_reference=matter.reference), at)] * 32)
    assert ends == {"done": 32}
    matter.refresh_from_db()
    assert matter.report_count == Report.objects.filter(matter=matter).count() == 33
    assert chains_hold() == 33


def test_two_officers_sign_at_once(alice: Viewer, desk: Desk, at: dt.datetime) -> None:
    given = desk.assigned(services.raise_matter(alice, told(), at).matter)
    acts = [lambda v=v: services.sign_assignment(v, given, at) for v in (desk.officer, desk.other) for _ in range(4)]  # type: ignore[misc]
    assert at_once(at, acts) == {"done": 1, "refused": 7}
    given.refresh_from_db()
    assert given.state == "signed" and given.handler_id in (desk.officer.person_id, desk.other.person_id)
    assert chains_hold() == 4


def test_accept_and_decline_at_once(alice: Viewer, desk: Desk, at: dt.datetime) -> None:
    matter = services.raise_matter(alice, told(), at).matter
    ends = at_once(
        at,
        [
            *[lambda: desk.accepted(matter)] * 4,
            *[lambda: services.decline_matter(desk.other, matter, "属法院", "法院", "", at)] * 4,
        ],
    )
    assert ends["done"] in (1, 2) and ends["done"] + ends["refused"] == 8
    matter.refresh_from_db()
    assert matter.stage in ("accepted", "declined")
    assert chains_hold() == 1 + ends["done"]


def test_two_leads_at_once_make_one(alice: Viewer, desk: Desk, town: Any, at: dt.datetime) -> None:
    matter = services.raise_matter(alice, told(), at).matter
    desk.accepted(matter)
    places = (town.dawei_committee, town.property_company, town.owners, town.residents_hall)
    at_once(at, [lambda o=o: services.assign_matter(desk.officer, matter, o.pk, "lead", "", at) for o in places])  # type: ignore[misc]
    active = Assignment.objects.filter(matter=matter, state="sent")
    assert active.count() == 1
    matter.refresh_from_db()
    assert matter.lead_id == active.get().organisation_id
    chains_hold()


def test_settling_and_promising_at_once(
    alice: Viewer, desk: Desk, dispatcher: Viewer, town: Any, at: dt.datetime
) -> None:
    report = desk.answered(services.raise_matter(alice, told(), at))
    matter = report.matter

    def promise() -> None:
        commitments.make_commitment(desk.officer, matter, "换井盖", town.owners.pk, None, dt.date(2026, 10, 9), 0, at)

    at_once(at, [promise, lambda: services.settle_matter(dispatcher, matter, "已疏通。", at)] * 3)
    matter.refresh_from_db()
    assert (matter.stage == "settled") == (Commitment.objects.count() == 0)
    chains_hold()


def test_joining_while_merging_loses_nothing(alice: Viewer, bob: Viewer, desk: Desk, at: dt.datetime) -> None:
    one, two = (services.raise_matter(p, told(), at).matter for p in (alice, bob))
    for matter in (one, two):
        desk.accepted(matter)
    joining = [lambda m=m: services.raise_matter(alice, told(join_reference=m.reference), at) for m in (one, two) * 4]  # type: ignore[misc]
    ends = at_once(at, [*joining, lambda: services.merge_matter(desk.officer, two, one, "同一处", at)])
    assert ends == {"done": 9}
    assert Report.objects.filter(matter=one).count() == 10
    services.split_matter(desk.officer, Merge.objects.get(), "两处", at)
    assert Report.objects.filter(matter=one).count() == Report.objects.filter(matter=two).count() == 5
    chains_hold()


def test_judged_extended_and_accepted_once(
    alice: Viewer, desk: Desk, dispatcher: Viewer, town: Any, at: dt.datetime
) -> None:
    open_one = services.raise_matter(alice, told(), at)
    desk.doing(open_one.matter)
    assert at_once(at, [lambda: services.extend_report(desk.officer, open_one, 3, "等材料", at)] * 6)["done"] == 1
    assert Extension.objects.count() == 1
    report = desk.answered(services.raise_matter(alice, told(), at))
    assert at_once(at, [lambda: services.judge_report(alice, report, True, "satisfied", "", at)] * 6)["done"] == 1
    assert VisitBack.objects.count() == 1
    promise = commitments.make_commitment(
        desk.officer, open_one.matter, "换井盖", town.property_company.pk, None, dt.date(2026, 10, 9), 0, at
    )
    Commitment.objects.update(state="reported")
    assert at_once(at, [lambda: commitments.accept_commitment(dispatcher, promise, "看过", at)] * 6)["done"] == 1
    assert Progress.objects.count() == 1
    assert audit.check_chain(audit.chain(promise)) == 2
    chains_hold()


PROCESS = """
import sys, uuid, datetime as dt
from django.conf import settings
import django
{setup}
django.setup()
from yishi.core import clock
from yishi.matters import services
from yishi.network.selectors import viewer_of_account
from yishi.people.models import User
at = dt.datetime(2026, 9, 28, 10, tzinfo=dt.timezone(dt.timedelta(hours=8)))
with clock.standing_at(at):
    alice = viewer_of_account(User.objects.get(pk=int(sys.argv[1])), at)
    for n in range(5):
        for key in (uuid.UUID(int=n + 1), uuid.uuid4()):
            services.raise_matter(alice, services.RaiseInput(key=key, title="路灯不亮", text="永东街路灯不亮。"), at)
"""


def test_processes_raise_at_once(alice: Viewer, at: dt.datetime) -> None:
    """Four processes: five keys that all of them send, and five of their own each."""
    name = str(connection.settings_dict["NAME"])
    setup = f"settings.DATABASES['default']['NAME'] = {name!r}"
    env_root = str(Path(__file__).resolve().parents[2])
    code = "from tests import environment; environment.prepare()\n" + PROCESS.format(setup=setup)
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(alice.user_id)], cwd=env_root, stderr=subprocess.PIPE)
        for _ in range(4)
    ]
    for process in running:
        error = process.communicate()[1]
        assert process.returncode == 0, error.decode()
    assert settings.DATABASES["default"]["NAME"]
    assert Report.objects.count() == 25 and chains_hold() == 25
