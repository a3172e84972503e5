"""Petitions: who signs, what counts, when it binds, who may take it back."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from tests.decisions.stages import proposal
from tests.people_fixtures import MOMENT, SINCE, viewer_of_person

from yishi.core.verdicts import Refusal
from yishi.decisions import permissions, services
from yishi.decisions.models import Decision, Petition
from yishi.network.viewers import Duty, Viewer
from yishi.people.models import Capacity

pytestmark = pytest.mark.django_db


@pytest.fixture
def owners(town: Any, make_person: Callable[..., Viewer]) -> list[Viewer]:
    """Four owners of 御水岸."""
    made = []
    for name in ("甘雨晴", "霍启山", "招惠兰", "植文杰"):
        viewer = make_person(name)
        Capacity.objects.create(
            person_id=viewer.person_id, kind="owner", area=town.yushuian, since=SINCE, verified_at=MOMENT
        )
        made.append(viewer_of_person(viewer.person_id or 0))
    return made


@pytest.fixture
def asked(owners: list[Viewer], town: Any, at: dt.datetime) -> Decision:
    """An owner asks for a vote on a charging shed."""
    given = proposal(town.owners, "owners_8", title="公共绿地建充电棚", by_petition=True)
    return services.start_decision(owners[0], given, at)


@pytest.fixture
def petition(asked: Decision, owners: list[Viewer], at: dt.datetime) -> Petition:
    """With a petition of the owners, ten in all: two are needed."""
    return services.open_petition(owners[0], asked, "owners", 10, at)


def test_a_member_brings_a_matter_only_by_petition(owners: list[Viewer], town: Any, at: dt.datetime) -> None:
    with pytest.raises(Refusal, match="负责人"):
        services.start_decision(owners[0], proposal(town.owners, "owners_8"), at)


def test_two_of_ten_oblige(petition: Petition, owners: list[Viewer], at: dt.datetime) -> None:
    services.sign_petition(owners[0], petition, at)
    with pytest.raises(Refusal) as told:
        services.hand_in_petition(owners[0], petition, at)
    assert "⌈10×1/5⌉" in str(told.value.verdict.reason) and "物业管理条例" in str(told.value.verdict.clause)
    services.sign_petition(owners[1], petition, at)
    services.sign_petition(owners[1], petition, at)
    case = services.hand_in_petition(owners[2], petition, at)
    assert case.obliged
    petition.refresh_from_db()
    assert petition.received_at == at
    services.escalate_petition(owners[3], petition, at)


def test_a_petition_that_binds_is_left_not_taken_back(
    petition: Petition, owners: list[Viewer], at: dt.datetime
) -> None:
    for one in owners[:2]:
        services.sign_petition(one, petition, at)
    services.hand_in_petition(owners[0], petition, at)
    with pytest.raises(Refusal, match="提出人不能撤回"):
        services.withdraw_decision(owners[0], petition.decision, "算了", at)
    services.withdraw_signature(owners[1], petition, at)
    services.withdraw_decision(owners[0], petition.decision, "物业已同意另选地点", at)
    assert Decision.objects.get().status == "withdrawn"


def test_paper_counts_once(
    petition: Petition, owners: list[Viewer], town: Any, make_person: Any, at: dt.datetime
) -> None:
    clerk = make_person("梁惠", office=(town.owners, Duty.OFFICER, "秘书"))
    services.enter_signature(clerk, petition, owners[1].person_id or 0, at)
    with pytest.raises(ValidationError, match="一人只算一次"):
        services.enter_signature(clerk, petition, owners[1].person_id or 0, at)
    assert petition.signatures.get().paper


def test_whose_signature_does_not_count(petition: Petition, alice: Viewer, at: dt.datetime) -> None:
    with pytest.raises(Refusal, match="只算"):
        services.sign_petition(alice, petition, at)


def test_no_petition_where_the_rules_are_not_verified(
    town: Any, alice: Viewer, secretary: Viewer, at: dt.datetime
) -> None:
    given = proposal(town.dawei_committee, "public_fundraising", title="筹资修桥", by_petition=True)
    made = services.start_decision(alice, given, at)
    assert made.procedure == "assembly"
    with pytest.raises(ValidationError, match="尚未核定"):
        services.open_petition(alice, made, "adults", 100, at)


def test_a_recall_needs_its_petition_first(village: Any, make_person: Any, at: dt.datetime) -> None:
    head = make_person("简国雄", office=(village, Duty.COMMITTEE_MEMBER, "委员"))
    made = services.start_decision(head, proposal(village, "recall", title="罢免案"), at)
    assert made.secrecy == "secret"
    with pytest.raises(Refusal, match="联名"):
        services.do_step(head, made, {"reasons": services.PaperInput("长期不履职")}, at)


def test_one_petition_at_a_time(petition: Petition, owners: list[Viewer], at: dt.datetime) -> None:
    with pytest.raises(ValidationError, match="已有一份联名"):
        services.open_petition(owners[1], petition.decision, "owners", 10, at)
    assert permissions.may_escalate_petition(owners[0], petition, at).reason == "联名还没有达到法定人数，尚无召集义务。"
