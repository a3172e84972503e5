"""What the demo writes for many people at once is, row for row and entry for entry, what the services write."""

import random
from typing import Any

import pytest
from tests.decisions.halls import Hall, as_viewer, decision_at, moment
from tests.decisions.test_members_assembly import DAY, NOTICE, hall, members  # noqa: F401

from yishi.core import audit
from yishi.core.models import AuditEntry
from yishi.decisions.demo import crowd
from yishi.decisions.models import Attendance, RollEntry
from yishi.decisions.services import attendance, ballots, meetings, paper, proxies
from yishi.network.viewers import Viewer

pytestmark = pytest.mark.django_db
DRAFTED = [("2026-03-02", "done", {"papers": ["text"]}), ("2026-03-04", "done", {"papers": ["opinion"]})]


def another(hall: Hall, president: Viewer, town: Any, secrecy: str) -> Hall:  # noqa: F811
    """A hall of the same people on a decision of its own."""
    made = decision_at(president, town.cooperative, "members_assembly", DRAFTED, resolve="REO-MA", secrecy=secrecy)
    return Hall(hall.convener, hall.counters, hall.certifier, made)


def represented(hall: Hall) -> None:  # noqa: F811
    """Noticed; the first of two households sends the second."""
    hall.noticed(NOTICE, DAY)
    for principal in (1, 4):
        given = proxies.ProxyInput(hall.line(principal), hall.line(principal + 1), "家人")
        proxies.record_proxy(hall.convener, hall.meeting, given, moment("2026-03-10"))
    meetings.open_meeting(hall.convener, hall.meeting, moment(DAY, 9))


def entries_of(subject: Any, box: int) -> list[Any]:
    chain = audit.chain(subject)
    audit.check_chain(chain)
    return [
        (e.verb, e.actor_id, e.on_behalf_of_id, e.at, e.town_id, e.data | {"box": e.data.get("box") == box})
        for e in chain
    ]


def written(hall: Hall) -> dict[str, Any]:  # noqa: F811
    """The rows of a vote by the numbers of the roll, with their audit entries; what is drawn by chance left out."""
    box, lines = hall.box, list(RollEntry.objects.filter(roll=hall.item.roll).order_by("number"))
    there = list(Attendance.objects.filter(meeting=hall.meeting).order_by("entry__number"))
    return {
        "there": [(a.entry.number, a.channel, a.by_id, a.in_at, a.left_at, entries_of(a, box.pk)) for a in there],
        "papers": list(box.papers.order_by("serial").values_list("serial", "entry__number", "door", "issued_by", "spoiled", "returned")),
        "signed": list(box.signed.order_by("entry__number").values_list("entry__number", "marks", "channel", "at", "by", "revoked_at")),
        "keys": [b.key == ballots.uuid.uuid5(paper.NAMESPACE, f"{box.pk}/{p.serial}") for p in box.papers.order_by("serial") for b in box.signed.filter(entry=p.entry)],
        "marked": list(box.marked.order_by("entry__number").values_list("entry__number", flat=True)),
        "audit": [entries_of(one, box.pk) for one in (hall.meeting, box, *lines)],
    }  # fmt: skip


def test_signed_ballots(hall: Hall, president: Viewer, town: Any) -> None:  # noqa: F811
    many, at = another(hall, president, town, "signed"), moment(DAY, 11)
    for each in (hall, many):
        represented(each)
    attendance.sign_in_numbers(hall.convener, hall.item, "2-3, 5-24", moment(DAY, 9))
    lines = list(RollEntry.objects.filter(roll=many.item.roll).prefetch_related("holders").order_by("number"))
    crowd.signed_in(
        many.convener, many.item, dict.fromkeys([e for e in lines[1:24] if e.number != 4], "paper"), moment(DAY, 9)
    )
    for each in (hall, many):
        each.voting(DAY)
    web = [n for n in range(1, 25) if n % crowd.WEB_EVERY == 0]
    for number in web:
        ballots.cast_ballot(
            as_viewer(hall.line(number).person, at), hall.box, hall.line(number).pk, ["no"],  # type: ignore[arg-type]
            ballots.uuid.uuid4(), at,
        )  # fmt: skip
    others = ",".join(str(n) for n in range(1, 25) if n not in web)
    for one in paper.issue_papers(hall.convener, hall.box, others, False, at):
        paper.key_paper(hall.convener, hall.box, one.serial, ["yes"], at)
    marks = {e: "no" if e.number in web else "yes" for e in lines[:24]}
    crowd.voted(many.convener, many.box, marks, random.Random(1), at)
    assert written(many) == written(hall)
    assert {len(salt) for salt in many.box.signed.values_list("salt", flat=True)} == {32}
    assert written(many)["keys"] == [True] * 16 and len(written(many)["there"]) == 24
    for each in (hall, many):
        assert each.closed(DAY).state == "closed"


def test_secret_paper_and_a_second_round_of_it(hall: Hall, president: Viewer, town: Any) -> None:  # noqa: F811
    one, many = (another(hall, president, town, "secret") for _ in range(2))
    for each in (one, many):
        represented(each)
        each.signed_in("2-3, 5-24", DAY)
        each.voting(DAY)
    paper.issue_papers(one.convener, one.box, "6-20", False, moment(DAY, 11))
    lines = list(many.item.roll.entries.filter(number__gte=6, number__lte=20).order_by("number"))
    crowd.issued(many.convener, many.box, lines, moment(DAY, 11))
    assert written(many) == written(one)
    again = crowd._chains(lines)
    assert set(again) == {e.pk for e in lines} and {number for number, _digest in again.values()} == {1}
    assert not AuditEntry.objects.filter(verb="decisions.paper_keyed").exists()
