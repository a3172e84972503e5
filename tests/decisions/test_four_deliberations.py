"""四议两公开 by real meetings: rolls drawn, notices, sign-in, ballots or hands, two counts, at every step."""

import io
import uuid
from typing import Any

import pytest
from tests.decisions.halls import BORN, Hall, as_viewer, in_office, made, moment, people
from tests.decisions.stages import Hands

from yishi.core.verdicts import Refusal
from yishi.decisions import rules
from yishi.decisions.models import AgendaItem, Decision, Meeting, Roll
from yishi.decisions.services import attendance, ballots, counting, meetings, minutes, rolls
from yishi.decisions.services.anchoring import export_bundle
from yishi.engines.bundle import read_zip, verify_bundle
from yishi.network.models import Post, Term
from yishi.network.viewers import Duty

NONE = counting.CountInput({})


@pytest.fixture
def village(town: Any, hands: Hands) -> Any:
    """A branch committee of five, nine in both committees, 47 voting Party members, 31 representatives."""
    branch, cooperative = town.cooperative_branch, town.cooperative
    in_office(people(town.area, 4, prefix="支委"), branch, Duty.COMMITTEE_MEMBER, "支部委员")
    in_office(people(town.area, 3, prefix="理事"), cooperative, Duty.COMMITTEE_MEMBER, "理事")
    in_office(people(town.area, 31, BORN, "代表"), cooperative, Duty.REPRESENTATIVE, "成员代表")
    made(people(town.area, 47, prefix="党员"), "party_member", town.baijiexi, branch)
    return town


def hall_of(village: Any, hands: Hands, secrecy: str) -> Hall:
    """The garden plan drafted; the Party secretary convenes."""
    decision = hands.garden(village.cooperative)
    hands.drafted(decision)
    Decision.objects.filter(pk=decision.pk).update(secrecy=secrecy)
    decision.refresh_from_db()
    return Hall(hands.secretary, (hands.town_officer, hands.supervisor), hands.supervisor, decision)


def voted(hall: Hall, item: AgendaItem, day: str, yes: int, no: int, hour: int = 9) -> None:
    """Signed in, voted (online, or by hands), closed, counted by two on the roll."""
    there = yes + no
    attendance.sign_in_numbers(hall.convener, item, f"1-{there}", moment(day, hour))
    meetings.take_up_item(hall.convener, item, moment(day, hour))
    box = ballots.open_ballot(hall.convener, item, moment(day, hour + 1))
    by_hands = counting.CountInput({"yes": yes, "no": no}, there, there, 0, there, 0)
    lines = list(box.roll.entries.order_by("number")[:there])
    if box.online:
        for n, line in enumerate(lines):
            assert line.person is not None
            voter = as_viewer(line.person, moment(day, hour + 2))
            ballots.cast_ballot(voter, box, line.pk, ["yes" if n < yes else "no"], uuid.uuid4(), moment(day, hour + 2))
    ballots.close_ballot(hall.convener, item, moment(day, hour + 3))
    free = [e for e in box.roll.entries.order_by("-number") if e.person_id not in barred(hall)][:2]
    counters = [as_viewer(e.person, moment(day, hour + 4)) for e in free if e.person]
    for counter in counters:
        box.refresh_from_db()
        counting.key_count(counter, box, NONE if box.online else by_hands, moment(day, hour + 4))
    item.refresh_from_db()
    counting.count_ballots(counters[0], item, moment(day, hour + 5))


def barred(hall: Hall) -> tuple[int | None, ...]:
    """Who closed or proposed."""
    return (hall.convener.person_id, hall.decision.proposer_id)


def held_meeting(hall: Hall, noticed: str, day: str, votes: tuple[int, int]) -> Meeting:
    """One step by one meeting: convened, told, begun, voted on, ended."""
    hall.decision.refresh_from_db()
    meeting = hall.convened(noticed, day)
    meetings.give_notice(hall.convener, meeting, meetings.NoticeInput(), moment(noticed, 11))
    meetings.record_delivery(hall.convener, meeting, meetings.DeliveryInput("board", "公示栏"), moment(noticed, 12))
    meetings.open_meeting(hall.convener, meeting, moment(day, 9))
    voted(hall, hall.item, day, *votes)
    meetings.end_meeting(hall.convener, meeting, moment(day, 15))
    minutes.draft_minutes(hall.convener, meeting, moment(day, 16))
    return meeting


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("secrecy", ["signed", "hands"])
def test_every_step_by_a_real_meeting(village: Any, hands: Hands, secrecy: str) -> None:
    hall = hall_of(village, hands, secrecy)
    steps = []
    for noticed, day, votes in (
        ("2026-09-28", "2026-09-29", (5, 0)), ("2026-09-29", "2026-09-30", (8, 1)), ("2026-09-30", "2026-10-08", (26, 12)),
        ("2026-10-09", "2026-10-20", (24, 5)),
    ):  # fmt: skip
        steps.append(rules.case_of(hall.decision).step.id)
        held_meeting(hall, noticed, day, votes)
    assert steps == ["propose", "consult", "review", "resolve"]
    case = rules.case_of(hall.decision)
    assert [r.outcome for r in case.results] == ["passed"] * 4
    assert [dict(r.counts)["yes"] for r in case.results] == [5, 8, 26, 24]
    hall.certified("2026-10-21")
    assert rules.case_of(hall.decision).step.id == "resolution_disclosure"
    kinds = list(Roll.objects.filter(decision=hall.decision).order_by("pk").values_list("kind", flat=True))
    assert kinds == ["council", "committees", "party_members", "representatives"]
    assert unproved(hall.decision) == []


def unproved(decision: Decision) -> list[Any]:
    """What `yishi verify` finds wrong in the decision's bundle."""
    report = verify_bundle(read_zip(io.BytesIO(export_bundle(decision, moment("2026-10-22")))), {})
    return [(c.code, c.subject, c.text["zh"], c.where) for c in report.checks if not c.ok]


def test_one_who_died_before_the_meeting_leaves_its_whole(village: Any, hands: Hands) -> None:
    hall = hall_of(village, hands, "signed")
    meeting = hall.convened("2026-09-28", "2026-09-29")
    meetings.give_notice(hall.convener, meeting, meetings.NoticeInput(), moment("2026-09-28", 11))
    roll = hall.item.roll
    assert roll is not None and roll.counts == {"body": 5}
    rolls.change_roll(hall.convener, roll, hall.line(5), "death", "家属来电", moment("2026-09-28", 12))
    meetings.open_meeting(hall.convener, meeting, moment("2026-09-29", 9))
    assert rules.case_of(hall.decision).sit().roll == {"body": 4}
    with pytest.raises(Refusal):
        rolls.change_roll(hall.convener, roll, hall.line(4), "death", "家属来电", moment("2026-09-29", 10))


def merged_hall(village: Any, hands: Hands) -> tuple[Hall, Meeting]:
    """One person heads both; the Party's proposal and the consultation are convened as one."""
    post = Post.objects.get(organisation=village.cooperative, duty=Duty.PRESIDENT)
    Term.objects.filter(post__organisation=village.cooperative_branch, post__duty=Duty.SECRETARY).update(
        person_id=hands.proposer.person_id
    )
    assert Term.objects.filter(post=post, person_id=hands.proposer.person_id).exists()
    hall = hall_of(village, hands, "signed")
    at = moment("2026-09-28")
    rolls.draw_roll(hall.convener, hall.decision, "", at)
    given = meetings.MeetingInput(
        "提议商议合并会", "祠堂", moment("2026-09-29", 9), [hall.decision], merged=True
    )  # fmt: skip
    hall.meeting = meetings.convene(hall.convener, given, at)
    meetings.give_notice(hall.convener, hall.meeting, meetings.NoticeInput(), moment("2026-09-28", 11))
    meetings.open_meeting(hall.convener, hall.meeting, moment("2026-09-29", 9))
    return hall, hall.meeting


@pytest.mark.django_db(transaction=True)
def test_proposal_and_consultation_merged(village: Any, hands: Hands) -> None:
    hall, meeting = merged_hall(village, hands)
    first, second = meeting.items.order_by("number")
    assert (first.step, second.step) == ("propose", "consult")
    assert first.roll is not None and second.roll is not None
    assert (first.roll.kind, second.roll.kind) == ("council", "committees")
    attendance.sign_in_numbers(hall.convener, second, "1", moment("2026-09-29", 9))
    with pytest.raises(Refusal, match="还没有完成"):
        ballots.open_ballot(hall.convener, second, moment("2026-09-29", 9))
    voted(hall, first, "2026-09-29", 5, 0)
    voted(hall, second, "2026-09-29", 7, 1, hour=15)
    meetings.end_meeting(hall.convener, meeting, moment("2026-09-29", 21))
    minutes.draft_minutes(hall.convener, meeting, moment("2026-09-29", 22))
    assert rules.case_of(hall.decision).step.id == "review"
    held_meeting(hall, "2026-09-30", "2026-10-08", (26, 12))
    held_meeting(hall, "2026-10-09", "2026-10-20", (24, 5))
    hall.certified("2026-10-21")
    assert unproved(hall.decision) == []


def test_what_was_to_follow_falls_away_when_the_proposal_fails(village: Any, hands: Hands) -> None:
    hall, meeting = merged_hall(village, hands)
    first, second = meeting.items.order_by("number")
    voted(hall, first, "2026-09-29", 2, 3)
    assert rules.case_of(hall.decision).phase == "failed"
    meetings.end_meeting(hall.convener, meeting, moment("2026-09-29", 15))
    second.refresh_from_db()
    assert second.state == AgendaItem.State.DONE


def test_only_where_one_person_heads_both(village: Any, hands: Hands) -> None:
    hall = hall_of(village, hands, "signed")
    rolls.draw_roll(hall.convener, hall.decision, "", moment("2026-09-28"))
    given = meetings.MeetingInput(
        "提议商议合并会", "祠堂", moment("2026-09-29", 9), [hall.decision], merged=True
    )  # fmt: skip
    with pytest.raises(Refusal, match="一人担任"):
        meetings.convene(hall.convener, given, moment("2026-09-28"))
