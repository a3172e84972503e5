"""Help with a vote: nobody with a hand in it helps, the voter hears of it, and what was taken back is theirs to give again."""

import uuid
from dataclasses import replace
from typing import Any

import pytest
from tests.decisions.halls import Hall, MakePerson, Tablet, moment
from tests.decisions.test_recall import director  # noqa: F401
from tests.decisions.test_recall import hall as recall  # noqa: F401
from tests.decisions.test_storms import DAY, hall  # noqa: F401

from yishi.core.verdicts import Refusal
from yishi.decisions.models import Attendance, SignedBallot
from yishi.decisions.services import attendance, ballots, counting, paper
from yishi.inbox.models import Notification
from yishi.network.viewers import Duty, Viewer

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def helper(town: Any, make_person: MakePerson) -> Viewer:
    """An officer who has nothing to do with the vote."""
    return make_person("陈帮办", office=(town.dawei_committee, Duty.OFFICER, "工作人员"))


def helping(viewer: Viewer, hall: Hall, number: int) -> Viewer:  # noqa: F811
    return replace(viewer, helping_id=hall.line(number).person_id)


def cast(hall: Hall, viewer: Viewer, number: int, mark: str = "yes") -> None:  # noqa: F811
    ballots.cast_ballot(viewer, hall.box, hall.line(number).pk, [mark], uuid.uuid4(), moment(DAY, 11))


def told(hall: Hall, number: int) -> list[str]:  # noqa: F811
    return list(Notification.objects.filter(person=hall.line(number).person).values_list("title", flat=True))


def test_who_has_a_hand_in_the_vote_does_not_help(hall: Hall, president: Viewer, helper: Viewer) -> None:  # noqa: F811
    for wrong in (president, hall.convener):
        with pytest.raises(Refusal, match="不能代办签到或代投"):
            cast(hall, helping(wrong, hall, 4), 4)
    assert not SignedBallot.objects.exists() and not told(hall, 4)
    cast(hall, helping(helper, hall, 4), 4)
    assert told(hall, 4) == ["有人代您投票"]
    hall.closed(DAY)
    with pytest.raises(Refusal, match="代投过"):
        counting.key_count(replace(helper, offices=hall.convener.offices), hall.box, counting.CountInput({}), moment(DAY, 19))  # fmt: skip


def test_a_ballot_taken_back_is_the_voters_own_again(hall: Hall, helper: Viewer) -> None:  # noqa: F811
    for number in (4, 5):
        cast(hall, helping(helper, hall, number), number)
        ballots.revoke_ballot(hall.convener, SignedBallot.objects.get(entry=hall.line(number)), moment(DAY, 11))
        assert told(hall, number)[-1:] == ["您的票已登记撤回"] or "您的票已登记撤回" in told(hall, number)
        with pytest.raises(Refusal, match="只能由本人"):
            cast(hall, helping(helper, hall, number), number, "no")
        tablet = Tablet(hall, moment(DAY, 11), label=f"票箱{number}")
        tablet.collect(number, "no")
        assert tablet.hand_in(moment(DAY, 11)).conflicts
    hall.web(4, "no", DAY, hour=12)
    issued = paper.issue_papers(hall.convener, hall.box, "5", False, moment(DAY, 12))
    assert paper.key_paper(hall.convener, hall.box, issued[0].serial, ["no"], moment(DAY, 12)) == "counted"
    standing = SignedBallot.objects.filter(revoked_at=None).values_list("entry__number", "marks")
    assert sorted(standing) == [(4, ["no"]), (5, ["no"])]


def test_where_presence_counts_the_desk_signs_in(hall: Hall, helper: Viewer) -> None:  # noqa: F811
    attendance.leave(hall.convener, hall.meeting, hall.line(6), moment(DAY, 10))
    with pytest.raises(Refusal, match="不能代办签到"):
        attendance.sign_in(helping(helper, hall, 6), hall.meeting, "qr", moment(DAY, 10))
    assert not told(hall, 6)


def test_elsewhere_help_is_told(recall: Hall, helper: Viewer) -> None:  # noqa: F811
    services_done(recall)
    recall.noticed("2026-03-06", "2026-03-20")
    at = moment("2026-03-20", 9)
    with pytest.raises(Refusal, match="不能代办签到或代投"):
        attendance.sign_in(helping(recall.convener, recall, 3), recall.meeting, "qr", at)
    attendance.sign_in(helping(helper, recall, 3), recall.meeting, "qr", at)
    assert Attendance.objects.get().entry == recall.line(3) and "有人代您签到" in told(recall, 3)


def services_done(hall: Hall) -> None:  # noqa: F811
    """The person concerned waives being heard."""
    from yishi.decisions.services._acts import append, held

    with held(hall.decision) as found:
        append(hall.convener, found, "done", moment("2026-03-05"), {"papers": ["statement_or_waiver"]})
    hall.decision.refresh_from_db()
