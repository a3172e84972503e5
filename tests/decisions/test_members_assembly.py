"""Scenario 9: 498 members, 350 take part, 331 in favour fails by one; a recount that finds it passes."""

import uuid
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from tests.decisions.halls import BORN, Hall, MakePerson, as_viewer, decision_at, made, moment, people

from yishi.core import audit
from yishi.core.verdicts import Refusal
from yishi.decisions.models import Attendance, Result, SignedBallot
from yishi.decisions.services import (
    attendance,
    ballots,
    certifying,
    counting,
    meetings,
    paper,
    proxies,
    recounting,
    rolls,
)
from yishi.network.viewers import Duty, Viewer

NOTICE, DAY = "2026-03-05", "2026-03-15"


@pytest.fixture
def members(request: pytest.FixtureRequest) -> int:
    """How many members of full capacity."""
    return int(getattr(request, "param", 30))


@pytest.fixture
def hall(town: Any, president: Viewer, supervisor: Viewer, make_person: MakePerson, members: int) -> Hall:
    """Members of full capacity and 40 minors; the draft studied, the vote to come."""
    made(people(town.area, members), "member", town.baijiexi, town.cooperative)
    made(people(town.area, 40, BORN.replace(year=2015), "孩子"), "member", town.baijiexi, town.cooperative)
    decision = decision_at(
        president, town.cooperative, "members_assembly",
        [("2026-03-02", "done", {"papers": ["text"]}), ("2026-03-04", "done", {"papers": ["opinion"]})],
        resolve="REO-MA",
    )  # fmt: skip
    secretary = make_person("何洁", office=(town.cooperative_branch, Duty.SECRETARY, "书记"))
    counters = tuple(make_person(n, office=(town.cooperative, Duty.COMMITTEE_MEMBER, n)) for n in ("计票甲", "计票乙"))
    return Hall(secretary, counters, supervisor, decision)  # type: ignore[arg-type]


def proxies_given(hall: Hall, count: int) -> None:
    """So many members authorise the one after them, of their own household."""
    for i in range(count):
        principal, agent = hall.line(1 + 3 * i), hall.line(2 + 3 * i)
        given = proxies.ProxyInput(principal, agent, "家人", "本次会议全部事项")
        proxies.record_proxy(hall.convener, hall.meeting, given, moment("2026-03-10"))


@pytest.mark.parametrize("members", [498], indirect=True)
def test_331_fails_and_332_passes(hall: Hall) -> None:
    hall.convened(NOTICE, "2026-03-14")
    with pytest.raises(Refusal, match="最早 2026-03-15 开会"):
        meetings.give_notice(hall.convener, hall.meeting, meetings.NoticeInput(), moment(NOTICE, 11))
    meetings.cancel_meeting(hall.convener, hall.meeting, moment(NOTICE, 11))
    hall.noticed(NOTICE, DAY)
    roll = hall.item.roll
    assert roll is not None and roll.counts == {"members_full_capacity": 498} and len(roll.root) == 64
    with pytest.raises(Refusal, match="同一户"):
        given = proxies.ProxyInput(hall.line(1), hall.line(9))
        proxies.record_proxy(hall.convener, hall.meeting, given, moment("2026-03-10"))
    proxies_given(hall, 22)
    with pytest.raises(Refusal, match="2026-03-15"):
        hall.opened("2026-03-14")
    hall.opened(DAY)
    online = [hall.line(n) for n in range(70, 111)]
    for entry in online:
        attendance.sign_in(as_viewer(entry.person, moment(DAY, 9)), hall.meeting, "online", moment(DAY, 9))  # type: ignore[arg-type]
    assert hall.signed_in("2-3,5-6,8-9,11-12,14-15,17-18,20-21,23-24,26-27,29-30,32-33,35-36,38-39", DAY) == 26 + 13
    assert hall.signed_in("41-42,44-45,47-48,50-51,53-54,56-57,59-60,62-63,65-66", DAY) == 18 + 9
    with pytest.raises(Refusal, match="还差 225"):
        hall.voting(DAY)
    hall.signed_in("111-334", DAY)
    assert hall.signed_in("335-354", DAY) == 20
    attendance.leave(hall.convener, hall.meeting, hall.line(354), moment(DAY, 9))
    assert attendance.there_for(hall.item) == 350
    assert Attendance.objects.filter(meeting=hall.meeting, left_at=None, channel="proxy").count() == 22
    hall.voting(DAY)
    agent = as_viewer(hall.line(2).person, moment(DAY, 11))  # type: ignore[arg-type]
    ballots.cast_ballot(agent, hall.box, hall.line(1).pk, ["yes"], uuid.uuid4(), moment(DAY, 11))
    for entry in online:
        hall.web(entry.number, "yes", DAY)
    there = sorted(
        Attendance.objects.filter(meeting=hall.meeting, left_at=None).values_list("entry__number", flat=True)
    )
    rest = [n for n in there if n != 1 and not 70 <= n <= 110]
    assert len(rest) == 350 - 42

    def some(a: int, b: int) -> str:
        return ",".join(map(str, rest[a:b]))

    hall.on_paper({some(0, 289): ["yes"], some(289, 301): ["no"], some(301, 306): ["abstain"], some(306, 307): []}, DAY)
    hall.on_paper({some(307, 308): ["yes", "no"]}, DAY)
    hall.closed(DAY)
    papers = counting.CountInput(
        {"yes": 289, "no": 12, "abstain": 5, "blank": 1, "double": 1, "repeated": 0}, 308, 308, 0, 306, 2
    )
    result = hall.counted(DAY, papers)
    assert result.outcome == "not_passed"
    assert result.counts["yes"] == 331 and result.counts["issued"] == 350 and result.counts["invalid"] == 2
    said = [v["text"]["zh"] for v in result.report["verdicts"]]
    assert any("需 332 = ⌈498×2/3⌉，农村集体经济组织法第27条；实得 331，还差 1" in s for s in said)
    sealed = hall.certified(DAY)
    assert sealed.certified_at and len(sealed.check_code) == 9
    hall.decision.refresh_from_db()
    assert hall.decision.phase == "failed" and not hall.decision.certified
    again = recounted(hall, {"yes": 332, "double": 0, "valid": 349, "invalid": 1}, "2026-03-20")
    assert again.number == 2 and again.outcome == "passed" and again.certified_at is None
    final = certifying.certify_result(hall.certifier, hall.item, moment("2026-03-20", 11))
    assert final.pk == again.pk
    hall.decision.refresh_from_db()
    assert hall.decision.certified and hall.decision.step == "resolution_disclosure"
    kept = Result.objects.get(pk=sealed.pk)
    assert kept.outcome == "not_passed" and kept.certified_at is not None


def recounted(hall: Hall, counts: dict[str, int], on: str) -> Result:
    """A recount keyed alike by two."""
    given = recounting.RecountInput("recount", counts, "一张票的勾写出格，经复核认定为赞成")
    assert recounting.key_recount(hall.counters[0], hall.item, given, moment(on)) is None
    result = recounting.key_recount(hall.counters[1], hall.item, given, moment(on))
    assert result is not None
    return result


def small(hall: Hall, yes: int = 24, no: int = 0) -> None:
    """Everyone on paper, everyone there."""
    hall.noticed(NOTICE, DAY)
    hall.opened(DAY)
    hall.signed_in("1-28", DAY)
    hall.voting(DAY)
    given = {f"1-{yes}": ["yes"]} | ({f"{yes + 1}-{yes + no}": ["no"]} if no else {})
    hall.on_paper(given, DAY)  # type: ignore[arg-type]


def test_closing_counting_and_certifying_are_three_people(hall: Hall) -> None:
    small(hall)
    hall.closed(DAY)
    papers = counting.CountInput({"yes": 24}, 24, 24, 0, 24, 0)
    with pytest.raises(Refusal, match="停止投票的人不能计票"):
        counting.key_count(hall.convener, hall.box, papers, moment(DAY, 19))
    counting.key_count(hall.counters[0], hall.box, papers, moment(DAY, 19))
    with pytest.raises(Refusal, match="须由两人"):
        counting.count_ballots(hall.counters[0], hall.item, moment(DAY, 20))
    result = hall.counted(DAY, papers)
    assert result.outcome == "passed"
    for wrong in (hall.convener, *hall.counters):
        with pytest.raises(Refusal):
            certifying.certify_result(wrong, hall.item, moment(DAY, 21))
    hall.certified(DAY)
    assert audit.check_chain(audit.chain(hall.decision)) == hall.decision.events.count()
    with pytest.raises(DatabaseError), transaction.atomic():
        Result.objects.filter(pk=result.pk).update(outcome="not_passed")
    assert Result.objects.get(pk=result.pk).outcome == "passed"
    with pytest.raises(Refusal, match="已经确认"):
        hall.certified(DAY)


def test_two_keyings_must_agree_with_each_other_and_with_the_papers(hall: Hall) -> None:
    from django.core.exceptions import ValidationError

    small(hall, yes=20, no=4)
    hall.closed(DAY)
    with pytest.raises(ValidationError, match="发出 24 ≠ 收回 23"):
        counting.key_count(
            hall.counters[0], hall.box, counting.CountInput({"yes": 23}, 24, 23, 0, 23, 0), moment(DAY, 19)
        )
    with pytest.raises(ValidationError, match="“赞成”登记为 20，录入为 21"):
        wrong = counting.CountInput({"yes": 21, "no": 3}, 24, 24, 0, 24, 0)
        counting.key_count(hall.counters[0], hall.box, wrong, moment(DAY, 19))


def test_the_first_ballot_stands_unless_revoked_in_person(hall: Hall) -> None:
    small(hall, yes=1)
    hall.web(10, "no", DAY)
    with pytest.raises(Refusal, match="已经投过票"):
        hall.web(10, "yes", DAY)
    papers = paper.issue_papers(hall.convener, hall.box, "11", True, moment(DAY, 11))
    hall.web(11, "yes", DAY)
    assert paper.key_paper(hall.convener, hall.box, papers[0].serial, ["no"], moment(DAY, 12)) == "repeated"
    ballot = SignedBallot.objects.get(box=hall.box, entry=hall.line(10))
    ballots.revoke_ballot(hall.convener, ballot, moment(DAY, 13))
    hall.web(10, "yes", DAY, 14)
    standing = SignedBallot.objects.get(box=hall.box, entry=hall.line(10), revoked_at=None)
    assert standing.marks == ["yes"]
    assert audit.check_chain(audit.chain(hall.line(10))) == 3
    with pytest.raises(Refusal, match="还没有签到"):
        hall.web(29, "yes", DAY)
    hall.closed(DAY)
    with pytest.raises(Refusal, match="截止"):
        hall.web(12, "yes", DAY, 19)
    assert hall.box.late == 1
    with pytest.raises(Refusal, match="截止"):
        ballots.revoke_ballot(hall.convener, standing, moment(DAY, 19))


def test_recusal_leaves_the_whole_as_it_is(hall: Hall) -> None:
    hall.noticed(NOTICE, DAY)
    rolls.change_roll(hall.convener, hall.item.roll, hall.line(30), "death", "三月六日去世", moment("2026-03-08"))  # type: ignore[arg-type]
    rolls.change_roll(hall.convener, hall.item.roll, None, "joined", "新迁入二人", moment("2026-03-09"))  # type: ignore[arg-type]
    roll = hall.item.roll
    assert roll is not None and roll.counts == {"members_full_capacity": 29} and roll.changes.count() == 2
    hall.opened(DAY)
    hall.signed_in("1-25", DAY)
    attendance.recuse(hall.convener, hall.item, hall.line(7), "承租人的弟弟", moment(DAY, 9))
    hall.voting(DAY)
    assert hall.item.present == 25
    with pytest.raises(Refusal, match="回避"):
        hall.web(7, "yes", DAY)
