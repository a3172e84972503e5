"""Scenario 18: 2,135 registered, 1,068 vote (1,070 took a paper); 535 elects and 534 does not; of 1,021 in the run-off 341 elects, 340 leaves the seat empty."""

import datetime as dt
import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from tests.decisions.halls import Hall, MakePerson, decision_at, made, moment, people
from tests.decisions.test_documents import read

from yishi.core.verdicts import Refusal
from yishi.decisions import rules
from yishi.decisions.documents import get_document
from yishi.decisions.models import AgendaItem, BallotBox, Decision, MarkedVoter, Result, RollEntry
from yishi.decisions.services import ballots, certifying, counting, elections, meetings, minutes, paper, proxies, rolls
from yishi.decisions.services._acts import append, held
from yishi.decisions.views.read import page_of
from yishi.network.models import Organisation
from yishi.network.viewers import Duty, Viewer, nobody

DAY = "2026-04-26"


@pytest.fixture
def hall(town: Any, village: Organisation, town_officer: Viewer, make_person: MakePerson) -> Hall:
    """2,135 villagers of age; committee and plan are there, the roll is to be posted."""
    made(people(town.area, 2135), "villager", town.huangqi, size=5)
    convener = make_person("选委会主任", office=(village, Duty.DIRECTOR, "选举委员会主任"))
    proposer = make_person("选委会委员", office=(village, Duty.COMMITTEE_MEMBER, "委员"))
    decision = decision_at(
        proposer, village, "village_election",
        [("2026-03-01", "done", {"papers": ["minutes"]}), ("2026-03-05", "done", {"papers": ["text"]})],
        secrecy="secret", seats=2,
    )  # fmt: skip
    counters = tuple(make_person(n, office=(village, Duty.OFFICER, n)) for n in ("计票甲", "计票乙"))
    return Hall(convener, counters, town_officer, decision)  # type: ignore[arg-type]


def event(hall: Hall, on: str, kind: str, **data: Any) -> None:
    with held(hall.decision) as found:
        append(hall.convener, found, kind, moment(on), data)
    hall.decision.refresh_from_db()


def to_the_poll(hall: Hall) -> list[str]:
    """Roll posted and settled, candidates posted; returns their references in the order of the ballot."""
    rolls.draw_roll(hall.convener, hall.decision, "", moment("2026-04-01"))
    with pytest.raises(Refusal, match="20 日前公布"):
        elections.post_voter_roll(hall.convener, hall.decision, dt.date(2026, 4, 20), moment("2026-04-01"))
    roll = elections.post_voter_roll(hall.convener, hall.decision, dt.date(2026, 4, 26), moment("2026-04-01"))
    with pytest.raises(Refusal, match="申诉期"):
        elections.settle_roll(hall.convener, hall.decision, moment("2026-04-06"))
    assert elections.settle_roll(hall.convener, hall.decision, moment("2026-04-09")) == 2135
    event(hall, "2026-04-11", "done", papers=["nominations"])
    event(hall, "2026-04-14", "reviewed", result="pass", by="p1")
    standing = list(roll.entries.filter(number__in=[10, 20, 30]).order_by("-number"))
    with pytest.raises(Refusal):
        elections.post_candidates(hall.convener, hall.decision, standing[:2], moment("2026-04-16"))
    return elections.post_candidates(hall.convener, hall.decision, standing, moment("2026-04-16"))


def polled(hall: Hall) -> list[str]:
    names = to_the_poll(hall)
    hall.noticed("2026-04-17", DAY)
    blank = get_document(hall.decision, hall.convener, "ballots", word=True)
    assert blank is not None and "另选人" in read(blank)[0]
    roll = hall.item.roll
    assert roll is not None and roll.entries.count() == 2135
    for n in (1, 2, 3):
        proxies.record_proxy(
            hall.convener, hall.meeting, proxies.ProxyInput(hall.line(n), hall.line(9)), moment("2026-04-20")
        )
    with pytest.raises(Refusal, match="3 人"):
        proxies.record_proxy(
            hall.convener, hall.meeting, proxies.ProxyInput(hall.line(4), hall.line(9)), moment("2026-04-20")
        )
    with pytest.raises(Refusal, match="候选人不得接受委托"):
        proxies.record_proxy(
            hall.convener, hall.meeting, proxies.ProxyInput(hall.line(5), hall.line(10)), moment("2026-04-20")
        )
    hall.opened(DAY)
    hall.voting(DAY)
    box = hall.box
    assert box.secret and not box.online and box.choices == names
    paper.issue_papers(hall.convener, box, "1-1070", False, moment(DAY, 11))
    with pytest.raises(Refusal, match="已经领票"):
        paper.issue_papers(hall.convener, box, "1070-1072", False, moment(DAY, 12))
    with pytest.raises(Refusal, match="只清点总数"):
        paper.key_paper(hall.convener, box, 1, [names[0]], moment(DAY, 12))
    assert MarkedVoter.objects.filter(box=box).count() == 1070
    hall.closed(DAY)
    first = counting.CountInput(dict(zip(names, (535, 534, 400), strict=True)), 1070, 1068, 2, 1062, 6)
    result = hall.counted(DAY, first)
    assert result.outcome == "passed" and result.report["elected"] == [names[0]] and result.report["vacant"] == 1
    assert "需 1068 = ⌊2135×1/2⌋+1" in result.report["text"]["zh"]
    return names


def told_by_round(decision: Decision, votes: int) -> None:
    """The page names both rounds in their order, with the arithmetic of each, a line for each candidate, two seals."""
    page = page_of(nobody(moment("2026-04-28")), decision, moment("2026-04-28"))
    first, again = page["results"]
    assert (first.title, again.title) == ("投票选举（第一轮）", "另行选举")
    assert [(one.have, one.need, one.whole) for one in first.lines] == [
        (1068, 1068, 2135), (535, 535, 1068), (534, 535, 1068), (400, 535, 1068)
    ]  # fmt: skip
    assert "535 = ⌊1068×1/2⌋+1" in first.lines[1].text and "第16、17、18条" in first.lines[1].text
    assert [(one.have, one.need, one.met) for one in again.lines] == [(votes, 341, votes >= 341), (300, 341, False)]
    assert "341 = ⌈1021×1/3⌉" in again.lines[0].text and "第18条" in again.lines[0].text
    assert [seal.round for seal in page["seals"]] == ["投票选举", "另行选举"]
    html = Client().get(reverse("decisions:decision", args=[decision.reference])).content.decode()
    assert html.index("投票选举（第一轮）") < html.index(">另行选举") and "⌈1021×1/3⌉" in html


@pytest.mark.parametrize(("votes", "vacant"), [(340, 1), (341, 0)])
def test_run_off(hall: Hall, votes: int, vacant: int) -> None:
    names = polled(hall)
    box = elections.open_runoff(hall.convener, hall.item, moment(DAY, 20))
    assert sorted(box.choices) == sorted(names[1:]) and box.seats == 1
    paper.issue_papers(hall.convener, box, "1-1021", False, moment(DAY, 20))
    again = AgendaItem.objects.select_related("decision", "meeting").get(pk=box.item_id)
    ballots.close_ballot(hall.convener, again, moment(DAY, 21))
    given = counting.CountInput({names[1]: votes, names[2]: 300}, 1021, 1021, 0, 1000, 21)
    box = BallotBox.objects.select_related("item__meeting", "item__decision").get(pk=box.pk)
    for counter in hall.counters:
        counting.key_count(counter, box, given, moment(DAY, 22))
    result = counting.count_ballots(hall.counters[1], again, moment(DAY, 22))
    assert result.report["vacant"] == vacant
    assert result.report["elected"] == (names[:2] if not vacant else names[:1])
    with pytest.raises(Refusal, match="监督委员会"):
        certifying.certify_result(hall.counters[0], again, moment(DAY, 22))
    first = AgendaItem.objects.select_related("decision", "meeting").get(pk=hall.item.pk)
    with pytest.raises(Refusal, match="之后又计过票"):
        certifying.certify_result(hall.certifier, first, moment("2026-04-27"))
    BallotBox.objects.filter(item=first).update(closed_by=hall.certifier.person_id)
    with pytest.raises(Refusal, match="不同的人"):
        certifying.certify_result(hall.certifier, again, moment("2026-04-27"))
    BallotBox.objects.filter(item=first).update(closed_by=hall.convener.person_id)
    certifying.certify_result(hall.certifier, again, moment("2026-04-27"))
    assert Result.objects.filter(certified_at=None).count() == 0
    hall.decision.refresh_from_db()
    told_by_round(hall.decision, votes)
    assert hall.decision.step == "handover" and rules.case_of(hall.decision).poll.elected == tuple(
        result.report["elected"]
    )
    papers_name_both_rounds(hall, names, votes)


def papers_name_both_rounds(hall: Hall, codes: list[str], votes: int) -> None:
    """Names, never references; the votes of both rounds; who is elected in which; a run-off has its candidates only."""
    meetings.end_meeting(hall.convener, hall.meeting, moment(DAY, 23))
    text = minutes.draft_minutes(hall.convener, hall.meeting, moment(DAY, 23)).text
    first, second, third = (RollEntry.objects.get(roll=hall.item.roll, person_id=int(c[1:])).label for c in codes)
    printed = {
        slug: read(made)[0]
        for slug in ("notice", "count", "minutes", "resolution")
        if (made := get_document(hall.decision, hall.certifier, slug))
    }
    assert [slug for slug, said in printed.items() if set(re.findall(r"p\d+", said)) & set(codes)] == []
    assert f"{first} 535 票，{second} 534 票，{third} 400 票" in text and f"当选：{first} 535" in text
    assert "另行选举" in text and f"{second} {votes} 票" in text and "计票：\n" not in text
    won = "" if votes < 341 else f"、{second}（另行选举，{votes}票）"
    assert f"当选：{first}（第一次投票，535票）{won}。" in printed["resolution"]
    assert ("空缺1名" in printed["resolution"]) is (votes < 341)
    for words in (f"{first}535票（当选）", f"{second}534票", f"{third}300票", "第一次投票", "另行选举"):
        assert words in printed["resolution"], words
    for words in (
        "第一次投票",
        "1070",
        "1062",
        f"{first}535（当选）",
        "另行选举",
        "1021",
        f"{second}{votes}",
        f"{third}300",
    ):
        assert words in printed["count"], words
    assert "第16、17、18条（VEL）" in printed["notice"] and "在线签到" not in printed["notice"]
    assert "2135人" in printed["notice"] and "秘密写票处" in printed["notice"]
    blank = get_document(hall.decision, hall.certifier, "ballots", word=True)
    assert blank is not None
    ballot = read(blank)[0]
    assert "另选人" not in ballot and "选票（另行选举）" in ballot and second in ballot and first not in ballot


def test_a_candidate_neither_counts_nor_certifies(hall: Hall) -> None:
    names = polled(hall)
    candidate = Viewer(at=moment(DAY), user_id=-1, person_id=int(names[0][1:]), town_id=hall.decision.town_id)
    with pytest.raises(Refusal):
        counting.key_count(candidate, hall.box, counting.CountInput({}), moment(DAY, 22))


def test_papers_that_never_came_back_do_not_make_an_election_valid(hall: Hall) -> None:
    """Of 1,068 papers handed out 1,067 come back: one short of more than half of 2,135 (村委会组织法 on valid elections)."""
    names = to_the_poll(hall)
    hall.noticed("2026-04-17", DAY)
    hall.opened(DAY)
    hall.voting(DAY)
    paper.issue_papers(hall.convener, hall.box, "1-1068", False, moment(DAY, 11))
    hall.closed(DAY)
    votes = dict(zip(names, (1000, 900, 100), strict=True))
    with pytest.raises(ValidationError, match="登记为 1068，录入为 1069"):
        counting.key_count(
            hall.counters[0], hall.box, counting.CountInput(votes, 1069, 1068, 1, 1068, 0), moment(DAY, 19)
        )
    result = hall.counted(DAY, counting.CountInput(votes, 1068, 1067, 1, 1067, 0))
    assert result.outcome == "no_quorum" and result.counts["voters_who_voted"] == 1067
    assert "实得 1067，还差 1" in result.report["text"]["zh"]
    meetings.end_meeting(hall.convener, hall.meeting, moment(DAY, 22))
    text = minutes.draft_minutes(hall.convener, hall.meeting, moment(DAY, 23)).text
    assert "参加 1067" in text and "参加 1068" not in text


def test_a_poll_that_never_opened_does_not_keep_its_meeting_open(hall: Hall) -> None:
    """Heavy rain: nobody polls. The item leaves the agenda, the meeting ends, another election day is set and polled."""
    to_the_poll(hall)
    hall.noticed("2026-04-17", DAY)
    hall.opened(DAY)
    with pytest.raises(Refusal, match="还有议程没有表决完"):
        meetings.end_meeting(hall.convener, hall.meeting, moment(DAY, 12))
    with pytest.raises(ValidationError):
        meetings.adjourn_item(hall.convener, hall.item, " ", moment(DAY, 12))
    meetings.adjourn_item(hall.convener, hall.item, "暴雨，选民来不了。", moment(DAY, 12))
    assert hall.item.standing == "没有投票，另定选举日" and hall.item.left_words == "暴雨，选民来不了。"
    with pytest.raises(Refusal, match="没有取消或结束"):
        elections.postpone_poll(hall.convener, hall.decision, dt.date(2026, 5, 10), moment(DAY, 12))
    assert meetings.end_meeting(hall.convener, hall.meeting, moment(DAY, 13)).state == "closed"
    elections.postpone_poll(hall.convener, hall.decision, dt.date(2026, 5, 10), moment(DAY, 14))
    hall.decision.refresh_from_db()
    hall.noticed("2026-04-27", "2026-05-10")
    hall.opened("2026-05-10")
    hall.voting("2026-05-10")
    with pytest.raises(Refusal, match="投票已经开始"):
        meetings.adjourn_item(hall.convener, hall.item, "不投了", moment("2026-05-10", 11))


def test_an_election_that_ended_leads_to_its_page(hall: Hall, client_for: Any) -> None:
    here = reverse("decisions:election", args=[hall.decision.reference])
    assert client_for(hall.convener).get(here).status_code == 200
    Decision.objects.filter(pk=hall.decision.pk).update(status="settled")
    answer = Client().get(here)
    assert answer.url == reverse("decisions:decision", args=[hall.decision.reference])  # type: ignore[attr-defined]
