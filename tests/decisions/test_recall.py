"""Whom a recall is about is named when it is asked for, is heard, and has no other hand in it; nobody certifies for another."""

from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from tests.decisions.halls import Hall, MakePerson, made, moment, people
from tests.decisions.stages import proposal

from yishi.core.verdicts import Refusal
from yishi.decisions import permissions, services
from yishi.decisions.models import Meeting
from yishi.decisions.permissions import voting
from yishi.decisions.services import ballots, certifying, counting, paper
from yishi.decisions.services._acts import append, held
from yishi.decisions.services.steps import PaperInput
from yishi.network.models import Organisation
from yishi.network.viewers import Duty, Viewer

pytestmark = pytest.mark.django_db(transaction=True)
START, NOTICE, DAY = "2026-03-02", "2026-03-06", "2026-03-20"


@pytest.fixture
def director(village: Organisation, make_person: MakePerson) -> Viewer:
    """The head of the committee, who is to be recalled."""
    return make_person("罗主任", office=(village, Duty.DIRECTOR, "主任"))


@pytest.fixture
def hall(town: Any, village: Organisation, director: Viewer, town_officer: Viewer, make_person: MakePerson) -> Hall:
    """Twenty villagers; the recall asked for, the petition binding."""
    made(people(town.area, 20), "villager", town.huangqi)
    convener = make_person("选委会主任", office=(village, Duty.COMMITTEE_MEMBER, "委员"))
    proposer = make_person("张委员", office=(village, Duty.COMMITTEE_MEMBER, "委员"))
    given = proposal(village, "recall", title="罢免罗主任", concerned_id=director.person_id)
    decision = services.start_decision(proposer, given, moment(START, 9))
    counters = tuple(make_person(n, office=(village, Duty.OFFICER, n)) for n in ("计票甲", "计票乙"))
    with held(decision) as found:
        append(convener, found, "petition_received", moment(START), {"supporters": {"voters": 5, "voters_all": 20}})
        append(convener, found, "done", moment(START, 11), {"papers": ["reasons"]})
    decision.refresh_from_db()
    return Hall(convener, counters, town_officer, decision)  # type: ignore[arg-type]


def test_the_person_is_named_and_in_office(village: Organisation, hall: Hall, alice: Viewer, director: Viewer) -> None:
    assert hall.decision.concerned_id == director.person_id
    for wrong in (None, alice.person_id):
        with pytest.raises(ValidationError, match="现任"):
            services.start_decision(
                hall.convener, proposal(village, "recall", concerned_id=wrong), moment(START, 9)
            )  # fmt: skip


def test_who_is_to_be_recalled_is_heard_and_nothing_else(hall: Hall, director: Viewer) -> None:
    decision, at = hall.decision, moment("2026-03-05")
    assert decision.step == "defence"
    for may in (permissions.may_withdraw_decision, permissions.may_change_motion, voting.may_convene_meeting):
        assert not may(director, decision, at)
    assert permissions.may_withdraw_decision(hall.convener, decision, at)
    services.do_step(director, decision, {"statement_or_waiver": PaperInput("我有话说。")}, at)
    decision.refresh_from_db()
    assert decision.step == "resolve"
    hall.noticed(NOTICE, DAY)
    Meeting.objects.filter(pk=hall.meeting.pk).update(host_id=director.person_id)
    meeting = Meeting.objects.get(pk=hall.meeting.pk)
    assert not voting.may_run_meeting(director, meeting, at) and voting.may_run_meeting(hall.convener, meeting, at)
    hall.opened(DAY)
    with pytest.raises(Refusal):
        ballots.open_ballot(director, hall.item, moment(DAY))
    assert not hall.voting(DAY).online
    with pytest.raises(Refusal, match="不在网上投票"):
        hall.web(1, "yes", DAY)
    paper.issue_papers(hall.convener, hall.box, "1-20", False, moment(DAY, 11))
    helper = replace(hall.convener, helping_id=hall.line(3).person_id)
    with pytest.raises(Refusal, match="结束代办"):
        ballots.close_ballot(helper, hall.item, moment(DAY, 12))
    hall.closed(DAY)
    papers = counting.CountInput({"yes": 15, "no": 5}, 20, 20, 0, 20, 0)
    with pytest.raises(Refusal):
        counting.key_count(director, hall.box, papers, moment(DAY, 19))
    hall.counted(DAY, papers)
    with pytest.raises(Refusal, match="结束代办"):
        certifying.certify_result(
            replace(hall.certifier, helping_id=hall.line(3).person_id), hall.item, moment(DAY, 21)
        )  # fmt: skip
    hall.decision.concerned_id = hall.certifier.person_id
    hall.decision.save()
    with pytest.raises(Refusal):
        certifying.certify_result(hall.certifier, hall.item, moment(DAY, 21))
    hall.decision.concerned_id = director.person_id
    hall.decision.save()
    assert hall.certified(DAY).certified_at
