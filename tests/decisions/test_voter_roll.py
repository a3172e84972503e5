"""The posted roll of voters: objections ruled on, mended before it is settled; another election day."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from tests.decisions.halls import decision_at, made, moment, people
from tests.people_fixtures import viewer_of_person

from yishi.core import clock
from yishi.core.verdicts import Refusal
from yishi.decisions import rules
from yishi.decisions.models import Decision, RollObjection
from yishi.decisions.services import elections, meetings, rolls, voter_rolls
from yishi.decisions.services._acts import append, held
from yishi.decisions.services.rolls import voter_roll
from yishi.network.models import Organisation
from yishi.network.viewers import Duty, Viewer
from yishi.people.models import Capacity, Person

pytestmark = pytest.mark.django_db
MakePerson = Callable[..., Viewer]


@pytest.fixture
def convener(village: Organisation, make_person: MakePerson) -> Viewer:
    """Chair of the election committee."""
    return make_person("选委会主任", office=(village, Duty.DIRECTOR, "选举委员会主任"))


@pytest.fixture
def voters(town: Any) -> list[Person]:
    """Thirty villagers of age."""
    found = people(town.area, 30)
    made(found, "villager", town.huangqi)
    return found


@pytest.fixture
def villager(town: Any, make_person: MakePerson) -> Viewer:
    """A villager who was verified after the roll was drawn, and is missing on it."""
    found = make_person("林漏登")
    Person.objects.filter(pk=found.person_id).update(birth_date=dt.date(1980, 1, 1))
    Capacity.objects.create(
        person_id=found.person_id, kind="villager", area=town.huangqi, since=dt.date(2020, 1, 1),
        verified_at=moment("2026-04-02"),
    )  # fmt: skip
    return viewer_of_person(found.person_id or 0)


@pytest.fixture
def election(village: Organisation, voters: list[Person], convener: Viewer, make_person: MakePerson) -> Decision:
    """Its roll posted on 1 April for 26 April."""
    proposer = make_person("选委会委员", office=(village, Duty.COMMITTEE_MEMBER, "委员"))
    found = decision_at(
        proposer, village, "village_election",
        [("2026-03-01", "done", {"papers": ["minutes"]}), ("2026-03-05", "done", {"papers": ["text"]})],
        secrecy="secret", seats=2,
    )  # fmt: skip
    rolls.draw_roll(convener, found, "", moment("2026-04-01"))
    elections.post_voter_roll(convener, found, dt.date(2026, 4, 26), moment("2026-04-01"))
    found.refresh_from_db()
    return found


@pytest.fixture
def objection(election: Decision, villager: Viewer) -> RollObjection:
    """The missing one objects on the third day."""
    return voter_rolls.object_to_roll(villager, election, "名单漏了我。", moment("2026-04-03"))


def test_an_objection_holds_the_roll_until_it_is_ruled_on(
    election: Decision, objection: RollObjection, villager: Viewer, convener: Viewer, alice: Viewer
) -> None:
    with pytest.raises(Refusal, match="由本村"):
        voter_rolls.object_to_roll(alice, election, "我也要投票。", moment("2026-04-03"))
    with pytest.raises(Refusal, match="以一件成立的申诉为据"):
        voter_rolls.add_voter(convener, election, villager.person_id or 0, "补登", moment("2026-04-04"))
    with pytest.raises(Refusal):
        elections.settle_roll(convener, election, moment("2026-04-09"))
    with pytest.raises(Refusal, match="负责人召集"):
        voter_rolls.rule_on_objection(villager, objection, True, "自己说成立", moment("2026-04-04"))
    with pytest.raises(ValidationError):
        voter_rolls.rule_on_objection(convener, objection, True, " ", moment("2026-04-04"))
    ruled = voter_rolls.rule_on_objection(convener, objection, True, "经查属实。", moment("2026-04-04"))
    assert ruled.upheld and ruled.ruled_by_id == convener.person_id
    with pytest.raises(Refusal, match="已经答复过"):
        voter_rolls.rule_on_objection(convener, objection, False, "再想想", moment("2026-04-04"))
    with pytest.raises(Refusal) as told:
        voter_rolls.object_to_roll(villager, election, "太晚了。", moment("2026-04-20"))
    assert "前提出" in str(told.value.verdict.reason) and told.value.verdict.clause


def test_what_is_upheld_is_mended_and_counted(
    election: Decision, objection: RollObjection, villager: Viewer, convener: Viewer, alice: Viewer
) -> None:
    at = moment("2026-04-04", 12)
    voter_rolls.rule_on_objection(convener, objection, True, "经查属实。", moment("2026-04-04"))
    roll = voter_rolls.posted_roll(election)
    before = roll.root
    with pytest.raises(ValidationError, match="住户名册里没有"):
        voter_rolls.add_voter(convener, election, alice.person_id or 0, "补登", at)
    voter_rolls.add_voter(convener, election, villager.person_id or 0, "第 1 号申诉成立，补登", at)
    with pytest.raises(Refusal, match="一件申诉更正一行"):
        voter_rolls.strike_voter(convener, roll.entries.get(number=7), "correction", "不是本村人", at)
    voter_rolls.strike_voter(convener, roll.entries.get(number=5), "death", "四月三日去世", at)
    with pytest.raises(Refusal, match="已经不计入"):
        voter_rolls.strike_voter(convener, roll.entries.get(number=5), "death", "四月三日去世", at)
    assert elections.settle_roll(convener, election, moment("2026-04-09")) == 30
    roll.refresh_from_db()
    assert roll.counts["registered"] == 30 and roll.root != before and roll.changes.count() == 2
    assert rules.case_of(election).poll.registered == 30
    with pytest.raises(Refusal, match="没有正在公布"):
        voter_rolls.strike_voter(convener, roll.entries.get(number=6), "death", "去世", moment("2026-04-10"))


def test_a_helper_objects_by_the_right_of_whom_they_help(election: Decision, villager: Viewer, alice: Viewer) -> None:
    found = voter_rolls.object_to_roll(
        replace(alice, helping_id=villager.person_id), election, "漏了他。", moment("2026-04-02")
    )
    assert found.by_id == villager.person_id


def to_the_poll(election: Decision, convener: Viewer) -> None:
    elections.settle_roll(convener, election, moment("2026-04-09"))
    for on, kind, data in (
        ("2026-04-11", "done", {"papers": ["nominations"]}), ("2026-04-14", "reviewed", {"result": "pass", "by": "p1"}),
    ):  # fmt: skip
        with held(election) as found:
            append(convener, found, kind, moment(on), data)
    roll = voter_roll(election)
    assert roll is not None
    elections.post_candidates(convener, election, list(roll.entries.filter(number__in=[1, 2, 3])), moment("2026-04-16"))
    election.refresh_from_db()


def test_another_election_day(election: Decision, convener: Viewer, villager: Viewer) -> None:
    to_the_poll(election, convener)
    given = meetings.MeetingInput("选举大会", "祠堂前", moment("2026-04-26", 9), [election])
    meeting = meetings.convene(convener, given, moment("2026-04-17"))
    later = dt.date(2026, 5, 10)
    with pytest.raises(Refusal, match="还没有取消"):
        elections.postpone_poll(convener, election, later, moment("2026-04-18"))
    meetings.cancel_meeting(convener, meeting, moment("2026-04-18"))
    with pytest.raises(Refusal):
        elections.postpone_poll(villager, election, later, moment("2026-04-18"))
    with pytest.raises(Refusal, match="最早"):
        elections.postpone_poll(convener, election, dt.date(2026, 4, 17), moment("2026-04-18"))
    elections.postpone_poll(convener, election, later, moment("2026-04-18"))
    assert rules.case_of(election).poll.election_on == later


def test_pages(election: Decision, villager: Viewer, convener: Viewer, client_for: Callable[[Viewer], Client]) -> None:
    reference = election.reference
    with clock.standing_at(moment("2026-04-03")):
        mine = client_for(villager)
        assert "查对选民名单" in mine.get(f"/decisions/{reference}").content.decode()
        assert (
            mine.post(
                f"/decisions/elections/{reference}/roll", {"what": "missing", "words": "名单漏了我。"}
            ).status_code
            == 303
        )
        theirs, url = client_for(convener), f"/decisions/elections/{reference}"
        assert "名单漏了我。" in theirs.get(url).content.decode()
        assert theirs.post(url, {"act": "rule", "objection": 1, "upheld": "yes", "reason": ""}).status_code == 422
        sent = {"act": "rule", "objection": 1, "upheld": "yes", "reason": "属实"}
        assert theirs.post(url, sent).status_code == 303
        wrong = theirs.post(url, {"act": "mend", "reason": "correction", "who": "查无此人", "words": "补登"})
        assert wrong.status_code == 422 and "没有找到这个人" in wrong.content.decode()
        sent = {"act": "mend", "reason": "correction", "who": "林漏登", "words": "补登"}
        assert theirs.post(url, sent).status_code == 303
        assert "林漏登" in theirs.get(url).content.decode()
    assert voter_rolls.posted_roll(election).entries.filter(struck=False).count() == 31
    with clock.standing_at(moment("2026-04-18")):
        to_the_poll(election, convener)
        assert "另定选举日" in theirs.get(url).content.decode()
        assert theirs.post(url, {"act": "postpone", "election_on": "2026-05-10"}).status_code == 303
