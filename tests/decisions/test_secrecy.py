"""Of a secret vote nothing leads from the marked roll to a ballot: no column, key, order, place, time or audit entry."""

import datetime as dt
import random
import uuid
from typing import Any

import pytest
from django.db import connection
from tests.decisions.halls import Hall, MakePerson, as_viewer, decision_at, in_office, moment, people

from yishi.core import audit
from yishi.core.models import AuditEntry
from yishi.decisions.models import BoxReceipt, MarkedVoter, RollEntry, SecretBallot
from yishi.decisions.services import ballots
from yishi.network.viewers import Duty, Viewer

pytestmark = pytest.mark.django_db(transaction=True)
NOTICE, DAY, MANY = "2026-02-04", "2026-02-06", 60


@pytest.fixture
def hall(town: Any, president: Viewer, supervisor: Viewer, make_person: MakePerson) -> Hall:
    """Sixty representatives sign in for a secret vote."""
    in_office(people(town.area, MANY), town.cooperative, Duty.REPRESENTATIVE, "成员代表")
    decision = decision_at(
        president, town.cooperative, "members_representatives",
        [("2026-02-02", "done", {"papers": ["text"]}), ("2026-02-03", "done", {"papers": ["opinion"]})],
        secrecy="secret", item="7",
    )  # fmt: skip
    convener = make_person("何洁", office=(town.cooperative_branch, Duty.SECRETARY, "书记"))
    found = Hall(convener, (convener, convener), supervisor, decision)
    found.noticed(NOTICE, DAY)
    found.opened(DAY)
    found.signed_in(f"1-{MANY}", DAY)
    found.voting(DAY)
    return found


def voted(hall: Hall) -> tuple[list[int], list[str]]:
    """Everyone votes, in an order of chance, minutes apart; returns lines and receipts in the order of voting."""
    numbers = list(range(1, MANY + 1))
    random.Random(7).shuffle(numbers)
    entries, receipts = [], []
    for minute, number in enumerate(numbers):
        at = moment(DAY, 11) + dt.timedelta(minutes=minute)
        line = hall.line(number)
        cast = ballots.cast_ballot(
            as_viewer(line.person, at),
            hall.box,
            line.pk,
            ["yes" if number % 3 else "no"],
            uuid.uuid4(),
            at,  # type: ignore[arg-type]
        )
        entries.append(line.pk)
        receipts.append(cast.receipt)
    return entries, receipts


def mark_of(entry_id: int) -> str:
    """How a line voted in :func:`voted`; only the test knows."""
    return "yes" if RollEntry.objects.get(pk=entry_id).number % 3 else "no"


def places(table: str) -> list[Any]:
    """The rows of a table as they lie on disk, first column first."""
    place = "ctid" if connection.vendor == "postgresql" else "rowid"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} ORDER BY {place}")
        return cursor.fetchall()


def test_the_tables_share_nothing_but_the_box(hall: Hall) -> None:
    ours = {f.column for f in SecretBallot._meta.concrete_fields}
    roll = {f.column for f in MarkedVoter._meta.concrete_fields}
    slips = {f.column for f in BoxReceipt._meta.concrete_fields}
    assert ours & roll == ours & slips == slips & roll == {"id", "box_id"}
    kinds = {f.get_internal_type() for m in (SecretBallot, MarkedVoter, BoxReceipt) for f in m._meta.concrete_fields}
    assert not kinds & {"DateTimeField", "DateField", "TimeField"}


def test_while_the_vote_is_open(hall: Hall) -> None:
    entries, receipts = voted(hall)
    assert list(MarkedVoter.objects.order_by("pk").values_list("entry_id", flat=True)) == entries
    by_key = list(BoxReceipt.objects.order_by("pk").values_list("receipt", flat=True))
    assert sorted(by_key) == sorted(receipts) and by_key != receipts
    marks = [b.marks[0] for b in SecretBallot.objects.order_by("pk")]
    cast = [mark_of(entry) for entry in entries]
    how = dict(zip(receipts, cast, strict=True))
    assert sorted(marks) == sorted(cast) and marks not in (cast, [how[r] for r in by_key])
    assert not set(SecretBallot.objects.values_list("pk")) & set(BoxReceipt.objects.values_list("pk"))
    if connection.vendor == "sqlite":
        assert all(code in row for code, row in zip(by_key, places("decisions_boxreceipt"), strict=True))
    told = AuditEntry.objects.filter(verb="decisions.cast")
    assert told.count() == MANY
    assert {e.at for e in told} == {hall.box.opened_at}
    words = " ".join(str(v) for e in told for v in (e.subject_kind, e.verb, e.data, e.previous, e.digest))
    assert not any(r in words for r in receipts) and "yes" not in words
    assert all(set(e.data) == {"box"} and e.subject_kind == "decisions.rollentry" for e in told)
    assert all(audit.check_chain([e]) == 1 for e in told)


def test_after_the_close_not_even_a_receipt_leads_to_its_marks(hall: Hall) -> None:
    entries, receipts = voted(hall)
    before = {r: [mark_of(e)] for e, r in zip(entries, receipts, strict=True)}
    keys = {*SecretBallot.objects.values_list("pk", flat=True), *BoxReceipt.objects.values_list("pk", flat=True)}
    hall.closed(DAY)
    assert list(BoxReceipt.objects.order_by("pk").values_list("receipt", flat=True)) == sorted(receipts)
    assert list(MarkedVoter.objects.order_by("pk").values_list("entry_id", flat=True)) == sorted(entries)
    after = list(SecretBallot.objects.order_by("pk"))
    assert not keys & {b.pk for b in after} and not keys & set(BoxReceipt.objects.values_list("pk", flat=True))
    assert sorted(b.marks[0] for b in after) == sorted(m[0] for m in before.values())
    paired = [before[r] for r in sorted(receipts)]
    assert [b.marks for b in after] != paired and [b.marks for b in after] != sorted(b.marks for b in after)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(DISTINCT xmin::text) FROM decisions_secretballot")
            assert cursor.fetchone() == (1,)
            cursor.execute("SELECT count(DISTINCT xmin::text) FROM decisions_markedvoter")
            assert cursor.fetchone() == (1,)
            cursor.execute("SELECT count(DISTINCT xmin::text) FROM decisions_boxreceipt")
            assert cursor.fetchone() == (1,)
        assert [row[0] for row in places("decisions_secretballot")] == sorted(b.pk for b in after)


def test_the_old_rows_are_given_up(hall: Hall) -> None:
    _entries, receipts = voted(hall)
    hall.closed(DAY)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_all_tables WHERE relname = 'decisions_secretballot'")
            cursor.execute("SELECT max(ctid) FROM decisions_secretballot")
        return
    name = str(connection.settings_dict["NAME"])
    for path in (name, f"{name}-wal"):
        try:
            with open(path, "rb") as file:
                data = file.read()
        except FileNotFoundError:
            continue
        assert all(data.count(r.encode()) <= 2 for r in receipts), path  # the receipt's row and its index alone
        assert not any(r.encode() + b'["' in data for r in receipts), path


def test_sent_again_it_is_the_same_ballot(hall: Hall) -> None:
    line, key, at = hall.line(5), uuid.uuid4(), moment(DAY, 11)
    voter = as_viewer(line.person, at)  # type: ignore[arg-type]
    first = ballots.cast_ballot(voter, hall.box, line.pk, ["yes"], key, at)
    again = ballots.cast_ballot(voter, hall.box, line.pk, ["yes"], key, at)
    assert again.receipt == first.receipt and again.again and not first.again
    assert SecretBallot.objects.count() == MarkedVoter.objects.count() == 1


def test_a_key_serves_one_voter_alone(hall: Hall) -> None:
    from yishi.core.verdicts import Refusal

    key, at = uuid.uuid4(), moment(DAY, 11)
    ballots.cast_ballot(as_viewer(hall.line(5).person, at), hall.box, hall.line(5).pk, ["yes"], key, at)  # type: ignore[arg-type]
    with pytest.raises(Refusal, match="再投一次"):
        ballots.cast_ballot(as_viewer(hall.line(6).person, at), hall.box, hall.line(6).pk, ["no"], key, at)  # type: ignore[arg-type]
    assert MarkedVoter.objects.count() == SecretBallot.objects.count() == 1
