"""Who came too late, what left the agenda, and the hours and proofs that a notice binds to."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.decisions.halls import Hall, as_viewer, decision_at, moment
from tests.decisions.test_members_assembly import DAY, NOTICE, hall, members  # noqa: F401

from yishi.core.verdicts import Refusal
from yishi.decisions import rules, services
from yishi.decisions.models import AgendaItem, Attendance, Decision
from yishi.decisions.selectors.ballots import turns_of
from yishi.decisions.selectors.meetings import ready_decisions
from yishi.decisions.services import attendance, ballots, counting, meetings, minutes, paper, rolls
from yishi.decisions.services.motions import current_version
from yishi.network.viewers import Viewer

Delivery = meetings.DeliveryInput


def there(hall: Hall, numbers: str = "1-20") -> None:  # noqa: F811
    """Noticed, begun, so many signed in."""
    hall.noticed(NOTICE, DAY)
    hall.opened(DAY)
    hall.signed_in(numbers, DAY)


def test_who_comes_after_the_vote_opened_does_not_vote_on_it(hall: Hall) -> None:  # noqa: F811
    there(hall)
    hall.voting(DAY)
    late = as_viewer(hall.line(21).person, moment(DAY, 11))  # type: ignore[arg-type]
    attendance.sign_in(late, hall.meeting, "qr", moment(DAY, 11))
    attendance.sign_in_numbers(hall.convener, hall.item, "22", moment(DAY, 9))  # on its way while the vote opened
    assert not Attendance.objects.filter(entry=hall.line(22), in_at__lte=hall.box.opened_at).exists()
    assert [turn.here for turn in turns_of(late, hall.box)] == [False]
    for number in (21, 22):
        with pytest.raises(Refusal, match="开始表决时没有签到") as refused:
            hall.web(number, "yes", DAY, 12)
        assert "以后的议程" in str(refused.value.verdict.what_now)
    attendance.leave(hall.convener, hall.meeting, hall.line(5), moment(DAY, 11))
    for number in range(1, 21):
        hall.web(number, "yes", DAY, 12)
    hall.closed(DAY)
    assert hall.counted(DAY, counting.CountInput({})).outcome == "passed"


def changed(president: Viewer, decision: Decision, material: bool) -> Any:
    """The same text with one word mended."""
    text = current_version(decision).text.replace("街坊", "乡亲")
    return services.change_motion(president, decision, text, None, "text", material, "改用词", moment(NOTICE, 15))


def test_no_erratum_after_the_notice(hall: Hall, president: Viewer) -> None:  # noqa: F811
    hall.convened(NOTICE, DAY)
    changed(president, hall.decision, False)
    assert hall.item.state == AgendaItem.State.WAITING
    meetings.give_notice(hall.convener, hall.meeting, meetings.NoticeInput(proof="公示栏照片"), moment(NOTICE, 16))
    with pytest.raises(Refusal, match="发通知以后不再勘误") as refused:
        text = current_version(hall.decision).text.replace("乡亲", "街坊")
        services.change_motion(president, hall.decision, text, None, "text", False, "改用词", moment(NOTICE, 17))
    assert "农村集体经济组织法" in str(refused.value.verdict.clause)
    hall.opened(DAY)
    hall.signed_in("1-20", DAY)
    hall.voting(DAY)


def test_a_change_takes_the_item_off_the_agenda(hall: Hall, president: Viewer) -> None:  # noqa: F811
    hall.noticed(NOTICE, DAY)
    changed(president, hall.decision, True)
    assert hall.item.state == AgendaItem.State.DONE
    assert hall.item.standing == "方案有实质改动，须重新通知"
    with pytest.raises(Refusal, match="没有可以表决的事项"):
        hall.opened(DAY)
    meetings.cancel_meeting(hall.convener, hall.meeting, moment(DAY, 10))


def test_a_meeting_goes_on_without_what_was_withdrawn(
    hall: Hall, president: Viewer, town: Any, client_for: Callable[..., Client]  # noqa: F811
) -> None:  # fmt: skip
    second = decision_at(
        president, town.cooperative, "members_assembly",
        [("2026-03-02", "done", {"papers": ["text"]}), ("2026-03-04", "done", {"papers": ["opinion"]})],
        resolve="REO-MA",
    )  # fmt: skip
    both, at = [hall.decision, second], moment(NOTICE)
    for decision in both:
        rolls.draw_roll(hall.convener, decision, "", at)
    given = meetings.MeetingInput("成员大会", "祠堂", moment(DAY, 9), both)
    hall.meeting = meetings.convene(hall.convener, given, at)
    meetings.give_notice(hall.convener, hall.meeting, meetings.NoticeInput(proof="照片"), at)
    services.withdraw_decision(president, second, "另行商议", moment(NOTICE, 15))
    assert second not in ready_decisions(hall.convener, at)
    for place in ("", "/host"):
        page = client_for(hall.convener).get(f"/decisions/meetings/{hall.meeting.pk}{place}").content.decode()
        assert "事项已撤回，没有表决" in page and "已完成" not in page.split("<main")[1].split("agenda-item")[-1]
    hall.opened(DAY)
    hall.signed_in("1-20", DAY)
    hall.voting(DAY)
    with pytest.raises(Refusal):
        ballots.open_ballot(hall.convener, hall.meeting.items.get(number=2), moment(DAY, 11))
    for number in range(1, 21):
        hall.web(number, "yes", DAY, 12)
    hall.closed(DAY)
    hall.counted(DAY, counting.CountInput({}))
    assert meetings.end_meeting(hall.convener, hall.meeting, moment(DAY, 21)).state == "closed"


def test_an_adjourned_item_says_so_on_every_page(hall: Hall, client_for: Callable[..., Client]) -> None:  # noqa: F811
    there(hall, "1-5")
    meetings.adjourn_item(hall.convener, hall.item, "到会人数不够。", moment(DAY, 11))
    assert (hall.item.state, hall.item.left) == ("done", "adjourned")
    for place in ("", "/host", "/screen"):
        page = client_for(hall.convener).get(f"/decisions/meetings/{hall.meeting.pk}{place}").content.decode()
        assert "已休会，另行通知" in page and "到会人数不够。" in page and "正在计票" not in page
    meetings.end_meeting(hall.convener, hall.meeting, moment(DAY, 12))
    text = minutes.draft_minutes(hall.convener, hall.meeting, moment(DAY, 13)).text
    assert "未表决：已休会，另行通知（到会人数不够。）" in text


def test_it_does_not_begin_before_its_hour(hall: Hall) -> None:  # noqa: F811
    hall.noticed(NOTICE, DAY)
    with pytest.raises(Refusal, match=f"{DAY} 09:00，还没有到"):
        meetings.open_meeting(hall.convener, hall.meeting, moment(DAY, 8))
    hall.opened(DAY)


def proof(hall: Hall) -> str:  # noqa: F811
    """What the procedure holds as proof of the notice."""
    return rules.case_of(hall.decision).sit().proof


def test_one_delivery_proves_nothing_for_the_others(hall: Hall) -> None:  # noqa: F811
    hall.convened(NOTICE, DAY)
    meetings.give_notice(hall.convener, hall.meeting, meetings.NoticeInput(), moment(NOTICE, 11))
    at = moment(NOTICE, 12)
    meetings.record_delivery(hall.convener, hall.meeting, Delivery("hand", "当面", hall.line(1)), at)
    meetings.record_delivery(hall.convener, hall.meeting, Delivery("board"), at)
    assert proof(hall) == ""
    with pytest.raises(Refusal, match="没有通知凭证") as refused:
        hall.opened(DAY)
    assert "农村集体经济组织法" in str(refused.value.verdict.clause)
    for number in range(2, 31):
        assert proof(hall) == ""
        meetings.record_delivery(hall.convener, hall.meeting, Delivery("phone", "", hall.line(number)), at)
    assert proof(hall)
    hall.opened(DAY)


def test_an_announced_end_is_kept_unless_everyone_has_voted(hall: Hall) -> None:  # noqa: F811
    hall.noticed(NOTICE, DAY, until=DAY)
    hall.opened(DAY)
    hall.signed_in("1-20", DAY)
    hall.voting(DAY)
    for number in range(1, 20):
        hall.web(number, "yes", DAY)
    with pytest.raises(Refusal, match="20:00，还有 1 人没有投票"):
        ballots.close_ballot(hall.convener, hall.item, moment(DAY, 12))
    hall.web(20, "no", DAY)
    ballots.close_ballot(hall.convener, hall.item, moment(DAY, 12))


def test_paper_in_the_box_at_the_close_is_keyed_until_the_count(hall: Hall) -> None:  # noqa: F811
    there(hall)
    hall.voting(DAY)
    papers = paper.issue_papers(hall.convener, hall.box, "1-20", False, moment(DAY, 11))
    hall.closed(DAY)
    for one in papers[:19]:
        assert paper.key_paper(hall.convener, hall.box, one.serial, ["yes"], moment(DAY, 18)) == "counted"
    with pytest.raises(Refusal, match="截止"):
        hall.web(20, "yes", DAY, 19)
    with pytest.raises(Refusal, match="不能再发票"):
        paper.issue_papers(hall.convener, hall.box, "21", False, moment(DAY, 18))
    given = counting.CountInput({"yes": 19}, 20, 19, 1, 19, 0)
    counting.key_count(hall.counters[0], hall.box, given, moment(DAY, 19))
    with pytest.raises(Refusal, match="已经开始计票"):
        paper.key_paper(hall.convener, hall.box, papers[19].serial, ["yes"], moment(DAY, 19))
    assert hall.counted(DAY, given).counts["yes"] == 19


def test_no_roll_of_the_council_for_what_the_law_keeps_for_the_members(president: Viewer, town: Any) -> None:
    done = [(NOTICE, "done", {"papers": ["text"]})]
    kept = decision_at(president, town.cooperative, "council", done, secrecy="hands", resolve="REO-BD", item="10")
    with pytest.raises(Refusal, match="须由成员大会决定，不能由理事会决定") as refused:
        rolls.draw_roll(president, kept, "", moment(NOTICE, 11))
    assert "第26条" in str(refused.value.verdict.clause)
